#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever the input: exit status 2, one line on stderr that begins with
# "zunwind" and says why, nothing on stdout, soon, and in little memory.
set -u
zunwind=${ZUNWIND:?}
n=0
failed=0

result() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# stderr: /' "$tmp/err" | head -n 20
		failed=1
	fi
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1

# Processor time, so that a busy machine is no fault; the clock only for what
# would wait for ever. Sanitizers and qemu-user begin with terabytes of
# addresses, so nothing can be said about memory there.
limits='ulimit -t 5 -v 400000'
# shellcheck disable=SC2086 # a command with its arguments
{ ($limits && exec $zunwind --version) || limits='ulimit -t 5'; } \
	>/dev/null 2>&1

run() { # ARGUMENT...: sets $status
	status=0
	# shellcheck disable=SC2086
	($limits && exec timeout -k 1 60 $zunwind "$@") \
		>out 2>err </dev/null || status=$?
}

# is_refusal PATTERN LINES: does what run() left look like one?
is_refusal() {
	[ $status -eq 2 ] || { echo "# exit status $status"; return 1; }
	[ ! -s out ] || { echo '# there is output'; return 1; }
	[ "$(wc -l <err)" -eq "$2" ] || { echo '# wrong number of lines'; return 1; }
	grep -qE "^zunwind( [a-z]+)?: .*$1" <(head -n 1 err) ||
		{ echo "# no \"$1\""; return 1; }
	! LC_ALL=C grep -q '[^ -~]' err
}

refuses() { # NAME PATTERN ARGUMENT...
	local name=$1 pattern=$2
	shift 2
	run "$@"
	is_refusal "$pattern" 1
	result $? "$name"
}

# Both commands; capture must not leave a file, whole or not.
refuses_file() { # NAME PATTERN FILE
	refuses "stacks: $1" "$2" stacks "$3"
	run capture "$3" -o made.zuc
	is_refusal "$2" 1 && [ -z "$(ls made.zuc* 2>/dev/null)" ]
	result $? "capture: $1"
}

misuse() { # NAME PATTERN ARGUMENT...
	local name=$1 pattern=$2
	shift 2
	run "$@"
	is_refusal "$pattern" 2 && grep -q "^Try 'zunwind.*--help'\.$" err
	result $? "misuse: $name"
}

# One test for all lengths, which names those that fail.
refuses_lengths() { # NAME FILE PATTERN LENGTH...
	local name=$1 file=$2 pattern=$3 bad=0 length
	shift 3
	for length; do
		head -c "$length" "$file" >half
		run stacks half
		is_refusal "$pattern" 1 || { echo "# at $length"; bad=1; }
	done
	result $bad "$name cut at $# lengths"
}

# patch FILE OFFSET HEX...: a copy with other bytes, in ./patched
patch() {
	local file=$1 offset=$2 bytes=
	shift 2
	cp "$file" patched
	bytes=$(printf '\\x%s' "$@")
	# shellcheck disable=SC2059 # it is the format that is wanted
	printf "$bytes" | dd of=patched bs=1 seek="$offset" conv=notrunc \
		status=none
}

refuses_patched() { # NAME PATTERN FILE OFFSET HEX...
	local name=$1 pattern=$2
	shift 2
	patch "$@"
	refuses_file "$name" "$pattern" patched
}

misuse 'no such command' "no command 'walk'" walk
misuse 'no such option' "unrecognized option '--frobnicate'" \
	stacks --frobnicate x
# an s390x program would look at the kernel that runs
if [ "$(od -An -tx1 -j18 -N2 "${BUILD:?}/zunwind")" != ' 00 16' ]; then
	misuse 'no source' 'name a source: a dump, a capture, or gdb:HOST:PORT' stacks
	misuse 'no source to capture' 'name a source' capture -o x
fi
misuse 'two sources' "what is 'b'" stacks a b
misuse 'a value is missing' "option '--pid' requires" stacks --pid
misuse 'a value too many' "doesn't allow an argument" stacks --unreliable=1 x
misuse 'no such format' "no format 'yaml'" stacks --format yaml x
misuse 'no such rules' "no rules 'mine'" stacks --rules mine x
for pid in one 1x '' -1 0x10 99999999999999999999; do
	misuse "pid '$pid'" "'$pid' is no process ID" stacks "--pid=$pid" x
done
misuse 'nowhere to write' 'name the file to write' capture x
run
[ $status -eq 2 ] && [ ! -s out ] && grep -q '^Usage: zunwind' err
result $? 'misuse: nothing at all'

if [ "$(uname -m)" != s390x ]; then
	refuses 'a capture of a kernel that is not of s390x' '/proc/kcore' \
		capture live -o kept
	[ ! -e kept ]
	result $? 'a capture of a kernel that is not of s390x: no file'
	refuses 'a kernel that is not of s390x' '/proc/kcore' stacks live
fi

mkdir folder
mkfifo pipe
: >empty
echo 'hello, world' >text
head -c 100000 /dev/zero >zeros
printf '\037\213\010\000' >gzip
printf '\353\237\001\000\000\000\000\030' >types
refuses_file 'missing file' 'No such file' missing
refuses_file 'directory' 'a directory' folder
refuses_file 'pipe that no one writes to' 'a pipe' pipe
refuses_file 'device without end' 'a character device' /dev/zero
refuses_file 'empty file' 'empty' empty
refuses_file 'text' 'unknown kind of file' text
refuses_file 'zeros' 'unknown kind of file' zeros
refuses_file 'compressed file' 'gzip' gzip
refuses_file 'types without memory' 'BTF' types
if [ "$(id -u)" -ne 0 ]; then
	cp text secret
	chmod 0 secret
	refuses_file 'file that may not be read' 'Permission denied' secret
fi

# ELF headers of other machines, and of other files: 64 bytes and zeros
elf() { # CLASS DATA TYPE MACHINE
	# shellcheck disable=SC2059
	printf "\\177ELF\\x$1\\x$2\\001"
	head -c 9 /dev/zero
	# shellcheck disable=SC2059
	printf "$3$4"
	head -c 4096 /dev/zero
}
elf 02 01 '\x04\x00' '\x3e\x00' >x86-64
elf 01 01 '\x04\x00' '\x03\x00' >i386
elf 02 02 '\x00\x04' '\x00\x15' >ppc64
elf 02 01 '\x04\x00' '\xb7\x00' >aarch64
elf 01 02 '\x00\x04' '\x00\x16' >s390-31
elf 02 02 '\x00\x02' '\x00\x16' >vmlinux
elf 02 02 '\x00\x01' '\x00\x16' >module.ko
elf 02 02 '\x00\x04' '\x77\x77' >unknown
refuses_file 'dump of x86-64' 'machine x86-64' x86-64
refuses_file 'dump of i386' 'machine i386' i386
refuses_file 'dump of ppc64' 'machine ppc64' ppc64
refuses_file 'dump of aarch64' 'machine aarch64' aarch64
refuses_file 'dump of 31-bit s390' '31 bit' s390-31
refuses_file 'dump of an unknown machine' 'machine 30583' unknown
refuses_file 'vmlinux' 'vmlinux' vmlinux
refuses_file 'kernel module' 'kernel module' module.ko
refuses_file 'program of this machine' 'ELF' "$(command -v bash)"

if [ -z "${MAKE_DUMP-}" ]; then
	echo "1..$n"
	echo '# dumps cannot be made without libbpf'
	exit $failed
fi
make_dump() { # KIND FILE
	# shellcheck disable=SC2086 # a command with its arguments
	$MAKE_DUMP "$1" "$2" || { echo "Bail out! no dump $1"; exit 1; }
}

# The dumps are good, or none of what follows means anything.
for kind in 6.1 6.12 7.2 unreliable; do
	make_dump $kind $kind.elf
	run stacks $kind.elf
	want=$([ $kind = unreliable ]; echo $((1 - $?)))
	[ $status -eq "$want" ] && [ -s out ] && [ ! -s err ]
	result $? "dump $kind opens"
done

size=$(stat -c %s 7.2.elf)
lengths=(1 3 4 16 63 64 65 119 120 121 4096)
for ((i = 1; i < 16; i++)); do
	lengths+=($((size * i / 16)))
done
lengths+=($((size - 4096)) $((size - 1)))
refuses_lengths dump 7.2.elf '' "${lengths[@]}"
head -c $((size / 2)) 7.2.elf >half
refuses_file 'half a dump' 'truncated' half

refuses_patched 'segments that are not there' 'truncated' 7.2.elf 56 ff fe
refuses_patched 'more segments than a header can say' '' 7.2.elf 56 ff ff
refuses_patched 'no segments' 'no segments' 7.2.elf 56 00 00
refuses_patched 'headers beyond the end' 'truncated' \
	7.2.elf 32 7f ff ff ff ff ff ff ff
refuses_patched 'headers of another size' 'program headers' 7.2.elf 54 00 20
refuses_patched 'segment beyond all' 'segment 1' 7.2.elf \
	128 ff ff ff ff ff ff ff ff
refuses_patched 'segment beyond the file' 'truncated: segment 1' 7.2.elf \
	152 00 00 00 7f 00 00 00 00 00 00 00 7f 00 00 00 00
notes=$((64 + 512 * 56))
refuses_patched 'note that lies about its length' 'note 0' 6.1.elf \
	$((notes + 4)) ff ff ff ff
refuses_patched 'note that lies about its name' 'note 0' 6.1.elf \
	$notes ff ff ff ff
refuses_patched 'note without a text' 'VMCOREINFO' 6.1.elf \
	$((notes + 24)) 00

for kind in \
	'list-in-a-circle:the list of processes is damaged' \
	'too-many-cpus:nr_cpu_ids is 4294967295' \
	'task-missing:cannot read' \
	'no-btf:--btf FILE' \
	'member-missing:task_struct.pid' \
	'no-kallsyms-all:CONFIG_KALLSYMS_ALL' \
	'no-kerneloffset:kernel symbols'; do
	make_dump "${kind%%:*}" made.elf
	refuses_file "dump: ${kind%%:*}" "${kind#*:}" made.elf
done

make_dump no-btf made.elf
make_dump btf types.btf
run stacks --btf types.btf made.elf
[ $status -eq 0 ] && [ -s out ] && [ ! -s err ]
result $? 'types from a file'
refuses 'types: missing file' 'No such file' stacks --btf missing made.elf
refuses 'types: directory' '' stacks --btf folder made.elf
refuses 'types: pipe' '' stacks --btf pipe made.elf
refuses 'types: text' 'neither BTF nor ELF' stacks --btf text made.elf
refuses 'types: empty' '' stacks --btf empty made.elf
refuses 'types: another machine' 'not of s390x' stacks --btf x86-64 made.elf
head -c 1000 types.btf >half
refuses 'types: cut' 'BTF' stacks --btf half made.elf

refuses 'table: missing file' 'No such file' stacks --table missing \
	--btf types.btf made.elf
refuses 'table: directory' 'folder has no table of this kernel' stacks --table folder \
	--btf types.btf made.elf
refuses 'table: pipe' 'no unwind table' stacks --table pipe \
	--btf types.btf made.elf
refuses 'table: text' 'no unwind table' stacks --table text \
	--btf types.btf made.elf
refuses 'table: empty' 'no unwind table' stacks --table empty \
	--btf types.btf made.elf

run stacks --pid 4711 7.2.elf
is_refusal 'no such task' 1
result $? 'no task is left'
refuses 'capture into a folder that is not there' 'No such file' \
	capture 7.2.elf -o missing/made.zuc

run capture 7.2.elf -o good.zuc
if [ $status -eq 0 ]; then
	size=$(stat -c %s good.zuc)
	lengths=(1 7 8 9 16)
	for ((i = 1; i < 16; i++)); do
		lengths+=($((size * i / 16)))
	done
	refuses_lengths capture good.zuc '' "${lengths[@]}" $((size - 1))
	head -c $((size / 2)) good.zuc >half
	refuses_file 'half a capture' '' half
	cat good.zuc text >long
	refuses_file 'capture with something behind it' '' long
else
	grep -q 'built' err
	result $? 'no capture: not built in'
fi

echo "1..$n"
exit $failed
