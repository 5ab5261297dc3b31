#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# zunwind table: what it writes and shows of assembled functions, its exit
# status, that a table is what strict rules go by, that what is refused is
# refused in one line, and that a failure leaves no file and no half of one.
set -u
# shellcheck source=tests/cli/lib/common.bash
. "${TOP:?}/tests/cli/lib/common.bash"
limits=(60 120)
as=${S390X_AS:-s390x-linux-gnu-as}
ld=${S390X_LD:-s390x-linux-gnu-ld}
page=${TOP:?}/doc/table.md
capture=$TOP/tests/data/captures/deb-7.2-preempted.zuc
need "$as" "$ld"

# The output is what is on stdin
says() { # NAME STATUS ARGUMENT...
	local name=$1 want=$2
	shift 2
	cat >expected
	run "$@"
	[ $status -eq "$want" ] && [ ! -s err ] && cmp -s expected out
	result $? "$name"
}

is_refusal() { # PATTERN
	[ $status -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -qE "^zunwind: .*$1" err && ! LC_ALL=C grep -q '[^ -~]' err
}

refuses() { # NAME PATTERN ARGUMENT...
	local name=$1 pattern=$2
	shift 2
	run "$@"
	is_refusal "$pattern"
	result $? "$name"
}

misuse() { # NAME PATTERN ARGUMENT...
	local name=$1 pattern=$2
	shift 2
	run "$@"
	[ $status -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 2 ] &&
		grep -qE -- "$pattern" err && grep -q "^Try 'zunwind table --help'" err
	result $? "misuse: $name"
}

# The bytes at an offset of a file become these (\xNN...)
poke() { # FILE OFFSET BYTES
	printf '%b' "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# The checksum of a table made right: reflected CRC-32C, at the end
seal() { # FILE
	python3 - "$1" <<-'EOT'
	import sys
	with open(sys.argv[1], 'r+b') as table:
	    data = table.read()[:-4]
	    crc = 0xffffffff
	    for byte in data:
	        crc ^= byte
	        for _ in range(8):
	            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
	    table.seek(len(data))
	    table.write((crc ^ 0xffffffff).to_bytes(4, 'big'))
	EOT
}

no_leftovers() { # FOLDER NAME...: it has these files and no other
	local folder=$1
	shift
	[ "$(cd "$folder" && printf '%s\n' * | sort | xargs)" = "$*" ]
}

# The example of the page: from source to bytes
sed -n '/^    \$ cat tiny\.s/,/^    \$ s390x/ s/^    //p' "$page" |
	sed '1d;$d' >tiny.s
sed -n '/^    \$ xxd/,/^$/ s/^    [0-9a-f]*: \([0-9a-f ]*\)  .*/\1/p' "$page" |
	tr -d ' \n' >tiny.hex
"$as" -march=z13 -o tiny.o tiny.s || { echo "Bail out! tiny.s does not assemble"; exit 1; }
says 'a table of an object file' 0 table tiny.o -o tiny.tab <<'EOT'
tiny.tab: 1 object, 4 rows, 1 function, 1 call, 162 bytes: 450.0 % of 36 bytes of functions
EOT
[ -s tiny.hex ] && od -An -v -tx1 tiny.tab | tr -d ' \n' | cmp -s - tiny.hex
result $? 'its bytes are those of doc/table.md'
says 'a table is shown' 0 table --dump tiny.tab <<'EOT'
module tiny, 36 bytes of text, 4 rows, 1 function, 1 call
    0x00000000  function, calls +0x1c
    0x00000000  cfa r15+160    ra r14      r11 r11
    0x00000006  cfa r15+160    ra cfa-24   r11 cfa-48
    0x00000010  cfa r15+328    ra cfa-24   r11 cfa-48
    0x00000022  cfa r15+160    ra r14      r11 r11
EOT
says 'code is shown' 0 table --dump tiny.o <<'EOT'
tiny
    calls +0x1c
    +0x0      cfa r15+160    ra r14      r11 r11
    +0x6      cfa r15+160    ra cfa-24   r11 cfa-48
    +0x10     cfa r15+328    ra cfa-24   r11 cfa-48
    +0x22     cfa r15+160    ra r14      r11 r11
EOT
run table tiny.o -o -
[ $status -eq 0 ] && [ ! -s err ] && cmp -s out tiny.tab
result $? 'to standard output: the same bytes, and nothing else'

# A kernel of many pages, most of them empty; init text; code that runs elsewhere
id=76d6b30b8b675cf41c041522d2b5d81886c0d889
"$as" -march=z13 -o k.o - <<'EOT'
	.macro	f name
	.type	\name, @function
\name:
	.endm
	.macro	end name
	.size	\name, . - \name
	.endm
	.text
	.globl	_stext
_stext:
	f	first
	stmg	%r14, %r15, 136(%r15)
	lay	%r15, -24(%r15)
	lgr	%r1, %r15
	lmg	%r14, %r15, 160(%r15)
	br	%r14
	end	first
	.type	gap, @object
gap:	.skip	4096
	.size	gap, . - gap
	f	second
	stmg	%r14, %r15, 136(%r15)
	lmg	%r14, %r15, 136(%r15)
	br	%r14
	end	second
	.section .init.text, "ax"
	f	init
	br	%r14
	end	init
	.section .amode31.text, "ax"
	f	low
	br	%r14
	end	low
EOT
link() { # BUILD-ID ADDRESS-OF-INIT FILE
	"$ld" --build-id="$1" -e _stext -Ttext=0x3fffe000000 \
		--section-start=.init.text="$2" \
		--section-start=.amode31.text=0x50000000000 -o "$3" k.o ||
		{ echo "Bail out! $3 does not link"; exit 1; }
}
link 0x$id 0x3fffe002000 vmlinux
run table vmlinux -o k.tab
grep -qx 'k.tab: 1 function of init text or boot code left out' out &&
	[ ! -s err ] && grep -q '^k.tab: 1 object, ' out
result $? 'a table of a vmlinux'
[ $status -eq 1 ] &&
	grep -qx 'k.tab: 1 of 4 functions have instructions without a row' out
result $? 'rows are missing: told, and exit status 1'
run table --dump k.tab
[ $status -eq 0 ] && head -n 1 out |
	grep -qE "^kernel, build-id $id, 8194 bytes of text, [0-9]+ rows, 3 functions, 0 calls$" &&
	grep -qx '    0x00002000  cfa r15+160    ra r14      r11 r11' out
result $? 'a table of a vmlinux is shown'

[ "$(grep -c '  function' out)" -eq 3 ] &&
	grep -qx '    0x00000000  function' out &&
	grep -qx '    0x00001018  function' out
result $? 'functions are shown, proven or not; data is none'

# A frame without a back chain is not proven: nobody is to go by its rows.
run table --dump --function first vmlinux
[ $status -eq 1 ] && [ ! -s err ] && [ "$(cat out)" = 'first: not proven, no rows' ]
result $? 'a function that is not proven has no rows'

# Each row of the code is in the table, at the function's place.
run table --dump --function second vmlinux
cp out second
run table --dump k.tab
sed -n 's/^    +0x\([0-9a-f]*\) *\(.*\)/\1 \2/p' second | while read -r at row; do
	grep -qx "    0x$(printf %08x $((0x1018 + 0x$at)))  $row" out || echo "$at"
done >wrong
[ "$(wc -l <second)" -ge 2 ] && [ ! -s wrong ]
result $? 'rows of code are those of the table'

# Calls, a thunk, and all ways out
"$as" -march=z13 -o ways.o - <<'EOT'
	.macro	f name
	.balign	8
	.globl	\name
	.type	\name, @function
\name:
	.endm
	.macro	end name
	.size	\name, . - \name
	.endm
	f	leaf
	br	%r14
	end	leaf
	f	caller
	stmg	%r14, %r15, 136(%r15)
	lgr	%r14, %r15
	lay	%r15, -160(%r15)
	stg	%r14, 152(%r15)
	brasl	%r14, leaf
	brasl	%r14, thunk
	basr	%r14, %r2
	bras	%r14, leaf
	bras	%r14, thunk
	lmg	%r14, %r15, 296(%r15)
	br	%r14
	end	caller
	f	tail
	ltgr	%r2, %r2
	jge	caller
	jgl	elsewhere
	jh	leaf
	jg	thunk
	end	tail
	f	thunk
	exrl	%r0, 1f
0:	j	0b
1:	br	%r3
	end	thunk
	f	wrong
	brasl	%r14, leaf
	jg	leaf
	end	wrong
EOT
run table ways.o -o ways.tab
run table --dump ways.tab
grep -o '^[^ ].*\|.*  function.*' out >ways
cat >expected <<'EOT'
module ways, 128 bytes of text, 9 rows, 5 functions, 6 calls
    0x00000000  function
    0x00000008  function, calls +0x1c +0x1e +0x22 +0x24 +0x28 +0x2c
    0x00000040  function, exits 0x00000000 0x00000008 jump+0xa anywhere
    0x00000060  function, thunk
    0x00000070  function
EOT
cmp -s ways expected
result $? 'calls and exits of a table'
run table --dump ways.o
grep -v 'cfa\|undefined' out >ways
cat >expected <<'EOT'
leaf
caller
    calls +0x1c +0x22 +0x24 +0x28 +0x2c
tail
    exits +0x4 caller, +0xa elsewhere, +0x10 leaf, +0x14 anywhere
thunk: a thunk
wrong: not proven, no rows
EOT
cmp -s ways expected
result $? 'calls and exits of code'

# A table is taken if it is of this kernel, whatever else is in it.
refuses 'a table of another object' 'tiny.tab has no rows for the kernel itself' \
	stacks --table tiny.tab "$capture"
link none 0x3fffe002000 no-id
run table no-id -o no-id.tab
refuses 'a table without a build-id' 'no-id.tab was made for another kernel' \
	stacks --table no-id.tab "$capture"
link 0x${id%9}8 0x3fffe002000 other
run table other -o other.tab
refuses 'a table whose build-id differs in the last bit' 'other.tab was made for another kernel: its build-id is not that of this kernel, 76d6' \
	stacks --table other.tab "$capture"
link 0x${id%89} 0x3fffe002000 short
run table short -o short.tab
refuses 'a table whose build-id is shorter' 'made for another kernel' \
	stacks --table short.tab "$capture"
run stacks --pid 116 --table k.tab "$capture"
cp out with
run stacks --pid 116 "$capture"
[ ! -s err ] && [ -s out ] && cmp -s out with
result $? 'a table that knows nothing of the code on a stack: code is asked'
# init text so far away that the text between, of which it knows nothing, has all
link 0x$id 0x40000000000 far
run table far -o far.tab
run stacks --pid 116 --table far.tab "$capture"
[ $status -eq 1 ] && grep -q '^116 .*: unreliable, no-row at #0 ' out
result $? 'a table that says undefined of the code on a stack: no-row'

# What is refused. The rest of it: tests/unit/test_table_bytes.c.
size=$(stat -c %s tiny.tab)
bad=0
for ((i = 0; i < size; i += i < 40 ? 1 : 5)); do
	head -c $i tiny.tab >half.tab
	run table --dump half.tab
	if [ $i -lt 8 ]; then
		is_refusal ''
	elif [ $i -lt 36 ]; then
		is_refusal 'cannot read half.tab: it is cut off in its header$'
	else
		is_refusal 'cannot read half.tab: it is cut off$'
	fi || { echo "# at $i"; bad=1; }
done
result $bad 'cut at many lengths'
{ cat tiny.tab; echo; } >long.tab
refuses 'bytes behind the end' 'there are bytes behind its end$' table --dump long.tab
cp tiny.tab damaged.tab
poke damaged.tab 96 '\x00'
refuses 'a damaged byte' 'its checksum is wrong: it is damaged$' table --dump damaged.tab
bad=0
for version in 0 1 3 255; do
	cp tiny.tab version.tab
	poke version.tab 11 "\\x$(printf %02x $version)"
	run table --dump version.tab
	is_refusal 'its format is of another version$' || bad=1
	seal version.tab
	run stacks --table version.tab "$capture"
	is_refusal 'its format is of another version$' || bad=1
done
result $bad 'other versions, with checksums of either kind'
cp tiny.tab sealed.tab
seal sealed.tab
cmp -s sealed.tab tiny.tab
result $? 'a checksum made by other means is the same'

# OFFSET BYTES MESSAGE: into tiny.tab, with the checksum made right
bad=0
while read -r at put message; do
	cp tiny.tab damaged.tab
	poke damaged.tab "$at" "$put"
	seal damaged.tab
	run table --dump damaged.tab
	is_refusal "cannot read damaged.tab: $message$" || {
		echo "# $message: $(cat err)"
		bad=1
	}
done <<'EOT'
31 \x01 a reserved field is not 0
19 \x00 it holds no object
20 \x00\x01\x00\x01 it has too many states
24 \xff its objects, states and names don't fit in the file
96 \xc0 a state is malformed
97 \x10 a state is malformed
96 \x45\x0f\x00\x29\xff\xfd\xff\xfa its states are not in order
35 \x01 a name is not where it should be
120 \x20 a name has a character that can't be printed
124 \x7a a name has no end
63 \x21 a build ID is too long
95 \x01 there are bytes behind a build ID
59 \x7e an object's data is not where it should be
36 \x80 a text is too long
36 \x00\x01 an index does not fit in the file
128 \x01 an index does not begin at the first row
132 \xff an index is not in order
129 \x80 an index does not end well
132 \x07 a block has part of a row, or too many
133 \x01 the first row is not at the start
135 \x03 rows are not in order
136 \x12 a row is behind the end of the text
140 \x03 a row has a state that is not there
138 \x00 a row is the same as the one before
43 \x05 an object has another number of rows than it says
144 \x01 an index of marks does not begin at the first
148 \x02 an index of marks is not in order
151 \x03 a block has more functions than bytes
150 \x01 a block has another function before it than it says
152 \x12 a function is behind the end of the text
153 \x12 a call is behind the end of the text
152 \x0e a call is before the first function
47 \x02 an object has another number of functions than it says
51 \x02 an object has another number of calls than it says
152 \x01 there are rows before the first function
55 \x01 exits don't fit in the file
157 \x01 exits don't begin at the first list
154 \x80 lists of exits don't end well
EOT
result $bad 'damages under a right checksum'

refuses 'no such file' 'No such file' table --dump missing
refuses 'a table is no code' 'unknown kind of file' table tiny.tab -o new.tab
: >empty
refuses 'nothing' '' table empty -o new.tab
refuses 'a folder' 'this is a directory' table . -o new.tab
refuses 'a capture has not all code' 'cannot make a table of ' table "$capture" -o new.tab
! compgen -G 'new.tab*' >/dev/null
result $? 'no file of any of these'
refuses 'no such function' 'there is no such function' table --dump --function x tiny.o

# Files: whole or not at all
mkdir there
cp tiny.tab there/old.tab
refuses 'a folder that is not there' 'cannot create a file beside nowhere/new.tab: No such file' \
	table tiny.o -o nowhere/new.tab
[ ! -e nowhere ]
result $? 'it is not made'
refuses 'SFrame: what is to be replaced is a folder' 'cannot write .*there: Is a directory' \
	table --sframe tiny.o -o there
no_leftovers there old.tab && ! compgen -G 'there.*' >/dev/null
result $? 'nothing is left beside it'

# Into a folder: a file that has the name of the build-id
refuses 'into a folder, without a build-id' \
	'cannot make a table of tiny.o: module tiny has no build-id to name a file by' \
	table tiny.o -o there
refuses 'into a folder, a kernel without one' ': the kernel has no build-id to name' \
	table no-id -o there
no_leftovers there old.tab
result $? 'nothing is written'
mkdir tables
run table vmlinux -o tables
[ $status -eq 1 ] && [ ! -s err ] && no_leftovers tables $id.zut &&
	cmp -s tables/$id.zut k.tab && grep -q "^tables/$id.zut: 1 object, " out
result $? 'into a folder: the same table, named by its build-id'
run table short -o tables/
no_leftovers tables ${id%89}.zut $id.zut
result $? 'two of them'
run table vmlinux -o tables
no_leftovers tables ${id%89}.zut $id.zut && cmp -s tables/$id.zut k.tab
result $? 'and again: it is replaced'
refuses 'bad input, a table of before' '' table empty -o there/old.tab
cmp -s there/old.tab tiny.tab && no_leftovers there old.tab
result $? 'it is as it was'
# root may write to all, unless that right is taken away
chmod a-w there
may_not=
(: >there/probe) 2>/dev/null && may_not='setpriv --bounding-set -dac_override --'
rm -f there/probe
# shellcheck disable=SC2086
if $may_not sh -c ': >there/probe' 2>/dev/null ||
		! $may_not true 2>/dev/null; then
	rm -f there/probe
	echo "ok $((++n)) - a folder that may not be written to # SKIP this user may write to all"
else
	zunwind="$may_not $zunwind"
	refuses 'a folder that may not be written to' 'cannot create a file beside .*old.tab: Permission denied' \
		table vmlinux -o there/old.tab
	cmp -s there/old.tab tiny.tab && no_leftovers there old.tab
	result $? 'the table of before is as it was'
	zunwind=$ZUNWIND
fi
chmod u+w there
run table far -o there/big.tab
status=0
# shellcheck disable=SC2086 # a command with its arguments
(trap '' XFSZ && ulimit -f 8 && exec $zunwind table far -o there/old.tab) \
	>out 2>err </dev/null || status=$?
is_refusal 'cannot write .*old.tab: File too large' &&
	cmp -s there/old.tab tiny.tab && no_leftovers there big.tab old.tab
result $? 'no room: the table of before is as it was'
run table far -o there/old.tab
cmp -s there/old.tab there/big.tab && no_leftovers there big.tab old.tab
result $? 'room again: it is replaced'
ln -s there/old.tab link
run table tiny.o -o link
[ -L link ] && cmp -s there/old.tab tiny.tab
result $? 'a link stays, the file behind it is replaced'
if [ -c /dev/full ]; then
	refuses 'a device that is full' 'cannot write /dev/full: No space' table tiny.o -o /dev/full
	status=0
	# shellcheck disable=SC2086
	$zunwind table --dump tiny.tab >/dev/full 2>err || status=$?
	: >out
	is_refusal 'cannot write the output'
	result $? 'output that cannot be written'
fi

misuse 'nothing' 'name a file with s390x code, or a dump' table
misuse 'two files' "what is 'b'" table a b -o x
misuse 'no output' 'name the file to write with -o' table tiny.o
misuse 'a value is missing' 'requires an argument' table tiny.o -o
misuse 'no such option' 'unrecognized option' table --sideways tiny.o
misuse 'shown and written' '--dump shows rows: it goes without -o' table --dump tiny.tab -o x
misuse 'shown as SFrame' 'goes without --sframe' table --dump --sframe tiny.tab
misuse 'functions of a file to write' '--function goes with --dump' table --function f tiny.o -o x
misuse 'functions of a table' 'a table has no names of functions' table --dump --function f tiny.tab
misuse 'a machine that would stand still' 'take a dump' table gdb:1234 -o x
[ ! -e x ]
result $? 'no misuse leaves a file'

echo "1..$n"
exit $failed
