#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# zunwind stacks --table: a table that is not of this kernel, or not whole, is
# refused in one line of causes.
set -u
# shellcheck source=tests/cli/lib/common.bash
. "${TOP:?}/tests/cli/lib/common.bash"
as=${S390X_AS:-s390x-linux-gnu-as}
captures=${TOP:?}/tests/data/captures
need "$as"

is_refusal() { # PATTERN
	[ $status -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -qE "^zunwind: .*$1" err
}

"$as" -march=z13 -o f.o - <<'EOT'
	.text
	.globl	f
	.type	f, @function
f:	br	%r14
	.size	f, .-f
EOT
run table f.o -o f.tab
[ $status -eq 0 ] && [ -s f.tab ]
result $? 'a table'

capture=$captures/deb-7.2-preempted.zuc
run stacks --table f.tab "$capture"
is_refusal 'has no rows for the kernel itself'
result $? 'a table of another kernel'

size=$(stat -c %s f.tab)
bad=0
for ((i = 0; i < size; i++)); do
	head -c $i f.tab >half.tab
	run stacks --table half.tab "$capture"
	is_refusal 'cannot read half.tab: ' || { echo "# at $i"; bad=1; }
done
result $bad 'a table cut at all lengths'

bad=0
for ((i = 0; i < size; i += 3)); do
	cp f.tab flipped.tab
	byte=$(od -An -tu1 -j $i -N 1 f.tab)
	# shellcheck disable=SC2059 # the byte is in it
	printf "\\x$(printf %02x $((byte ^ 1)))" |
		dd of=flipped.tab bs=1 seek=$i conv=notrunc status=none
	run stacks --table flipped.tab "$capture"
	is_refusal 'cannot read flipped.tab: ' || { echo "# at $i"; bad=1; }
done
result $bad 'a table with a bit flipped'

# A folder: what is named by the kernel's build-id
if [ -n "${MAKE_DUMP:-}" ]; then
	id=00112233445566778899aabbccddeeff00112233
	# shellcheck disable=SC2086 # several words
	$MAKE_DUMP 7.2 made.elf
	mkdir folder

	run stacks --table folder made.elf
	is_refusal "folder has no table of this kernel, $id.zut$"
	result $? 'an empty folder'

	cp f.tab folder/"${id/0/1}".zut
	cp f.tab folder/f.tab
	run stacks --table folder made.elf
	is_refusal "folder has no table of this kernel, $id.zut$"
	result $? 'a folder with other tables'

	cp f.tab folder/$id.zut
	run stacks --table folder made.elf
	is_refusal "folder/$id.zut has no rows for the kernel itself$"
	result $? 'a folder with a foreign table under the right name'

	echo 'a text' >folder/$id.zut
	run stacks --table folder made.elf
	is_refusal "cannot read folder/$id.zut: it is no unwind table$"
	result $? 'a folder with a text under the right name'

	head -c $((size - 1)) f.tab >folder/$id.zut
	run stacks --table folder made.elf
	is_refusal "cannot read folder/$id.zut: "
	result $? 'a folder with a damaged table'

	cp f.tab folder/$id.zut
	chmod 711 .
	if [ "$(id -u)" -eq 0 ]; then
		zunwind="setpriv --reuid 65534 --regid 65534 --clear-groups $zunwind"
	fi
	run stacks made.elf
	if [ $status -eq 0 ]; then
		chmod 0 folder/$id.zut
		run stacks --table folder made.elf
		is_refusal "cannot read folder/$id.zut: Permission denied$"
		result $? 'a table without permission'

		chmod 0 folder
		run stacks --table folder made.elf
		is_refusal "cannot read folder/$id.zut: Permission denied$"
		result $? 'a folder without permission'
	else
		n=$((n + 1))
		echo "ok $n - no permission # SKIP the command needs some itself"
	fi
fi

echo "1..$n"
exit $failed
