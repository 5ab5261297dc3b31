#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# zunwind table --sframe: the section it writes of assembled functions and of a
# kernel with modules, and what it says of rows that SFrame can't say.
# Binutils' own view of such sections: lab/sframe.
set -u
# shellcheck source=tests/cli/lib/common.bash
. "${TOP:?}/tests/cli/lib/common.bash"
limits=(60 120)
as=${S390X_AS:-s390x-linux-gnu-as}
ld=${S390X_LD:-s390x-linux-gnu-ld}
capture=${TOP:?}/tests/data/captures/deb-7.2-preempted.zuc
need "$as" "$ld"

misuse() { # NAME PATTERN ARGUMENT...
	local name=$1 pattern=$2
	shift 2
	run "$@"
	[ $status -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 2 ] &&
		grep -qE -- "$pattern" err && grep -q "^Try 'zunwind table --help'" err
	result $? "misuse: $name"
}

# read.py FILE: the section's rows, in readelf's words
cat >read.py <<'EOT'
import struct
import sys

with open(sys.argv[1], 'rb') as file:
    elf = file.read()


def take(fmt, at):
    return struct.unpack_from('>' + fmt, elf, at)


def place(words):
    """of r14 or r11: what is said, and how many words that takes"""
    if not words or words[0] == 0:
        return 'u', 1
    if words[0] == 2:
        return f'c{words[1]:+}', 2
    assert words[0] & 7 == 1 and words[1] == 0
    return f'r{words[0] >> 3}', 2


assert elf[:7] == b'\x7fELF\2\2\1' and take('HH', 16) == (2, 22)
start, = take('Q', 40)
count, names = take('HH', 60)
heads = [take('IIQQQQ', start + 64 * i) for i in range(count)]
strings = elf[heads[names][4]:]
found = {strings[h[0]:strings.index(b'\0', h[0])].decode(): h
         for h in heads if h[1]}
if '.note.gnu.build-id' in found:
    head = found['.note.gnu.build-id']
    print('build-id', elf[head[4] + 16:head[4] + head[5]].hex())
_, kind, _, addr, at, size = found['.sframe']
assert kind == 0x6ffffff4
assert start + 64 * count == len(elf) and at + size <= start
assert take('HBBBbbB', at) == (0xdee2, 3, 5, 4, 0, 0, 0)
fdes, fres, length, index, data = take('IIIII', at + 8)
assert index == 0 and data == 16 * fdes and 28 + data + length == size
index, data = at + 28, at + 28 + data
last = rows = 0
for i in range(fdes):
    distance, func_len, where = take('qII', index + 16 * i)
    func = addr + index - at + 16 * i + distance & (1 << 64) - 1
    assert func >= last
    last = func + func_len
    nr, start_size, flex, zero = take('HBBB', data + where)
    assert flex < 2 and zero == 0 and nr
    print(f'{func:#x} {func_len}' + ' flexible' * flex)
    where += data + 5
    for _ in range(nr):
        begin, info = take('BHI'[start_size] + 'B', where)
        where += (1 << start_size) + 1
        n, word = info >> 1 & 15, info >> 5
        words = take('bhi'[word] * n, where)
        where += n << word
        rows += 1
        assert begin < func_len
        if not n:
            print(f'  +{begin:#x} end')
            continue
        if flex:
            assert words[0] & 7 == 1
            base, words = f'r{words[0] >> 3}', words[1:]
        else:
            base = 'sp' if info & 1 else 'fp'
            words = [word for i, word in enumerate(words) for word in
                     ((word,) if i == 0 else (2, word) if word else (0,))]
        ra, used = place(words[1:])
        fp, _ = place(words[1 + used:])
        print(f'  +{begin:#x} {base}{words[0] * 8 + 160:+} {fp} {ra}')
assert rows == fres
EOT

# The section of a file is what is on stdin
says() { # NAME FILE
	cat >expected
	python3 read.py "$2" >said 2>&1
	cmp -s expected said
	result $? "$1" || diff expected said | sed 's/^/# /'
}

"$as" -march=z13 -o f.o - <<'EOT'
	.macro	f name
	.balign	8
	.globl	\name
	.type	\name, @function
\name:
	.endm
	.macro	end name
	.size	\name, . - \name
	.endm
	.text
	f	leaf
	lghi	%r2, 0
	br	%r14
	end	leaf
	f	caller
	stmg	%r11, %r15, 112(%r15)
	lgr	%r1, %r15
	lay	%r15, -2000(%r15)
	stg	%r1, 152(%r15)
	lghi	%r11, 0
	brasl	%r14, leaf
	lmg	%r11, %r15, 2112(%r15)
	br	%r14
	end	caller
	f	registers
	lgr	%r0, %r11
	lgr	%r1, %r14
	lghi	%r11, 0
	lghi	%r14, 0
	lgr	%r11, %r0
	br	%r1
	end	registers
	.section .init.text, "ax"
	f	init
	br	%r14
	end	init
EOT
run table --sframe f.o -o f.sframe
cat >expected <<'EOT'
f.sframe: SFrame, 3 entries, 9 rows, 560 bytes: 62.22 a row, 700.0 % of 80 bytes of functions
f.sframe: 1 function of init text or boot code left out
EOT
[ $status -eq 0 ] && [ ! -s err ] && cmp -s expected out
result $? 'a section of an object file'
says 'its rows' f.sframe <<'EOT'
0x0 6
  +0x0 sp+160 u u
0x8 40
  +0x0 sp+160 u u
  +0x6 sp+160 c-48 c-24
  +0x10 sp+2160 c-48 c-24
  +0x26 sp+160 u u
0x30 22 flexible
  +0x0 r15+160 u u
  +0xc r15+160 r0 u
  +0x10 r15+160 r0 r1
  +0x14 r15+160 u r1
EOT
run table --sframe f.o -o -
[ $status -eq 0 ] && [ ! -s err ] && cmp -s out f.sframe
result $? 'to standard output: the same bytes, and nothing else'
run table f.o -o f.table
[ $status -eq 0 ] && head -c 8 f.table | grep -qx ZUTABLE
result $? 'without --sframe it is a table'

# Linked, addresses are the file's.
"$ld" -Ttext=0x12340000 -e leaf --build-id=0x0123abcd -o f f.o
run table --sframe f -o linked.sframe
[ $status -eq 0 ] && [ ! -s err ] && python3 read.py linked.sframe >said &&
	[ "$(head -n 2 said | xargs)" = 'build-id 0123abcd 0x12340000 6' ] &&
	grep -qx '0x12340008 40' said
result $? 'a linked file'

# What SFrame can't say is a hole: not that r11 is as it was.
"$as" -march=z13 -o hole.o - <<'EOT'
	.type	hole, @function
hole:	lghi	%r11, 0
	j	.
	.size	hole, . - hole
EOT
run table --sframe hole.o -o hole.sframe
cat >expected <<'EOT'
hole.sframe: SFrame, 1 entry, 1 rows, 472 bytes: 472.00 a row, 5900.0 % of 8 bytes of functions
hole.sframe: 1 row that SFrame cannot say left out: r11 is lost
EOT
[ $status -eq 1 ] && [ ! -s err ] && cmp -s expected out
result $? 'a row that SFrame cannot say: told, and the exit status'
says 'a row that SFrame cannot say: a hole' hole.sframe <<'EOT'
0x0 4
  +0x0 sp+160 u u
EOT

# Kernel and modules of a source are in one section, at their addresses there.
run table --sframe "$capture" -o kernel.sframe
[ $status -eq 1 ] && [ ! -s err ] && grep -q '^kernel.sframe: SFrame, ' out &&
	python3 read.py kernel.sframe >said &&
	grep -qx 'build-id 76d6b30b8b675cf41c041522d2b5d81886c0d889' said &&
	[ "$(grep -c '^0x' said)" = "$(sed -n 's/^.*SFrame, \([0-9]*\) entries.*/\1/p' out)" ]
result $? 'a kernel with modules'

misuse 'with --dump' 'goes without --sframe' table --sframe --dump f.o
misuse 'with --function' 'goes with --dump' table --sframe --function leaf f.o -o x
misuse 'no output' 'name the file to write' table --sframe f.o
mkdir folder
for from in missing folder read.py; do
	run table --sframe $from -o folder/x
	[ $status -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		[ -z "$(ls -A folder)" ]
	result $? "refused: $from; no file is left"
done
run table --sframe f.table -o folder/x
[ $status -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] && [ -z "$(ls -A folder)" ]
result $? 'refused: a table'

echo "1..$n"
exit $failed
