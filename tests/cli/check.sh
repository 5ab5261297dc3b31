#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# zunwind check: what it prints of assembled functions, its exit status, and
# that bad input ends in one line of causes.
set -u
# shellcheck source=tests/cli/lib/common.bash
. "${TOP:?}/tests/cli/lib/common.bash"
as=${S390X_AS:-s390x-linux-gnu-as}
need "$as"

# The output is what is on stdin
says() { # NAME STATUS ARGUMENT...
	local name=$1 want=$2
	shift 2
	cat >expected
	run "$@"
	[ $status -eq "$want" ] && [ ! -s err ] && diff expected out | sed 's/^/# /'
	[ $status -eq "$want" ] && [ ! -s err ] && cmp -s expected out
	result $? "$name"
}

refuses() { # NAME PATTERN ARGUMENT...
	local name=$1 pattern=$2
	shift 2
	run "$@"
	[ $status -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -qE "^zunwind: .*$pattern" err && ! LC_ALL=C grep -q '[^ -~]' err
	result $? "$name"
}

misuse() { # NAME PATTERN ARGUMENT...
	local name=$1 pattern=$2
	shift 2
	run "$@"
	[ $status -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 2 ] &&
		grep -qE "$pattern" err && grep -q "^Try 'zunwind check --help'" err
	result $? "misuse: $name"
}

# assemble FILE: the functions on stdin; f NAME and end NAME enclose each
assemble() {
	{
		cat <<-'EOT'
		.macro	f name
		.balign	8
		.globl	\name
		.type	\name, @function
		\name:
		.endm
		.macro	end name
		.size	\name, . - \name
		.endm
		.macro	prologue
		stmg	%r14, %r15, 136(%r15)
		lgr	%r14, %r15
		lay	%r15, -24(%r15)
		stg	%r14, 152(%r15)
		.endm
		.macro	epilogue
		lmg	%r14, %r15, 160(%r15)
		br	%r14
		.endm
		.text
		EOT
		cat
	} | "$as" -march=z13 -o "$1" - || { echo "Bail out! $1 does not assemble"; exit 1; }
}

assemble good.o <<'EOT'
	f	leaf
	lghi	%r2, 0
	br	%r14
	end	leaf
	f	caller
	prologue
	brasl	%r14, leaf
	brasl	%r14, printk
	epilogue
	end	caller
	f	dies
	prologue
	brasl	%r14, panic
	end	dies
EOT
says 'no findings' 0 check good.o <<'EOT'
good.o: 3 functions: 3 proven, 0 hinted, 0 unproven
good.o: 15 instructions (15 with a row), 3 calls, 0 jump tables, 0 executed, 0 traps
good.o: 88 bytes of text, 0 in no function
EOT

assemble bad.o <<'EOT'
	f	no_chain
	stmg	%r14, %r15, 136(%r15)
	lay	%r15, -24(%r15)
	brasl	%r14, printk
	epilogue
	end	no_chain
	f	one_path
	ltgr	%r2, %r2
	je	1f
	br	%r14
1:	prologue
	cghi	%r2, 7
	jh	2f
	lghi	%r2, 1
2:	xc	152(8, %r15), 152(%r15)
	brasl	%r14, printk
	epilogue
	end	one_path
	f	fine
	br	%r14
	end	fine
EOT
run check bad.o
head -n 3 out >first
grep -qx 'bad.o: no_chain+0xc: call without a back chain \[no-back-chain\]' first &&
	[ $status -eq 1 ] && [ ! -s err ]
result $? 'a finding'
grep -qE '^bad.o: 3 functions: 1 proven, 0 hinted, 2 unproven \(.*no-back-chain 1' out
result $? 'sums of findings'
grep -A 1 '^bad.o: one_path+' out | grep -qx '    by the branches +0x4 to +0xa.*'
result $? 'the path to a finding'

says 'one function' 0 check --function fine bad.o <<'EOT'
bad.o: 1 function: 1 proven, 0 hinted, 0 unproven
bad.o: 1 instruction (1 with a row), 0 calls, 0 jump tables, 0 executed, 0 traps
EOT
run check --function 'no_*' bad.o
[ $status -eq 1 ] && grep -q '^bad.o: 1 function: 0 proven' out
result $? 'functions by a pattern'
refuses 'no such function' 'there is no such function' check --function x bad.o

run check --format json bad.o
[ $status -eq 1 ] && [ ! -s err ] && python3 - <<'EOT'
import json
with open('out', encoding='utf-8') as text:
    said = json.load(text)
assert said['schema'] == 'zunwind.check/1'
assert said['source'] == 'bad.o'
obj, = said['objects']
assert obj['name'] == 'bad' and obj['build_id'] == '', obj['name']
assert (obj['functions'], obj['proven'], obj['unproven']) == (3, 1, 2)
assert obj['causes']['no-back-chain'] == 1 and sum(obj['causes'].values()) == 2
first = obj['findings'][0]
assert first['function'] == 'no_chain' and first['offset'] == 12
assert first['kind'] == 'no-back-chain' and first['path'] == []
assert first['text'] == 'call without a back chain'
other = [f for f in obj['findings'] if f['function'] == 'one_path']
assert other[0]['path'][0] == {'from': 4, 'to': 10}
assert said['summary']['functions'] == 3 and said['summary']['objects'] == 1
EOT
result $? 'JSON'

# Without a back chain, gcc saves one slot higher.
assemble without.o <<'EOT'
	f	without
	stmg	%r14, %r15, 144(%r15)
	lay	%r15, -16(%r15)
	brasl	%r14, printk
	lmg	%r14, %r15, 160(%r15)
	br	%r14
	end	without
EOT
run check without.o
[ $status -eq 1 ] && grep -q '^zunwind: .*--no-back-chain' err
result $? 'built without a back chain: told'
run check --no-back-chain without.o
[ $status -eq 0 ] && [ ! -s err ]
result $? 'built without a back chain: checked'

if [ -c /dev/full ]; then
	status=0
	# shellcheck disable=SC2086
	$zunwind check bad.o >/dev/full 2>err || status=$?
	: >out
	[ $status -eq 2 ] && grep -q 'cannot write the output' err
	result $? 'output that cannot be written'
fi

misuse 'nothing' 'name a file' check
misuse 'two files' "what is 'b'" check a b
misuse 'no such format' "no format 'yaml'" check --format yaml x
misuse 'no such option' "unrecognized option" check --sideways x
misuse 'a value is missing' "requires an argument" check --function
misuse 'a machine that would stand still' 'take a dump' check gdb:1234

mkdir folder
mkfifo pipe
: >empty
echo 'hello, world' >text
head -c 100000 /dev/zero >zeros
printf '\3757zXZ\000\000\004' >module.ko.xz
head -c 100 /dev/zero >>module.ko.xz
assemble nothing.o </dev/null
refuses 'missing file' 'No such file' check missing
refuses 'directory' '' check folder
refuses 'pipe that no one writes to' '' check pipe
refuses 'empty file' 'empty' check empty
refuses 'text' '' check text
refuses 'zeros' '' check zeros
refuses 'device without end' '' check /dev/zero
refuses 'compressed module' 'xz' check module.ko.xz
refuses 'no functions' 'no functions' check nothing.o
refuses 'ELF of another machine' '' check "$(command -v bash)"

size=$(stat -c %s bad.o)
bad=0
for ((i = 1; i < size; i += i < 70 ? 3 : 41)); do
	head -c $i bad.o >half.o
	run check half.o
	if [ $status -ne 2 ] || [ -s out ] || [ "$(wc -l <err)" -ne 1 ]; then
		echo "# at $i: status $status"
		bad=1
	fi
done
result $bad 'an object file cut at all lengths'

# Whatever a bit flip makes of it: an answer, or one line of causes.
bad=0
for ((i = 0; i < size; i += 7)); do
	cp bad.o flipped.o
	printf '\xff' | dd of=flipped.o bs=1 seek=$i conv=notrunc status=none
	run check flipped.o
	if [ $status -gt 2 ] ||
		{ [ $status -eq 2 ] && [ "$(wc -l <err)" -ne 1 ]; }; then
		echo "# at $i: status $status"
		bad=1
	fi
done
result $bad 'an object file with bytes overwritten'

echo "1..$n"
exit $failed
