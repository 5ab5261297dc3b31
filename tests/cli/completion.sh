#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Bash completion offers what the command takes.
set -u

# shellcheck source=/dev/null
. "$BUILD/zunwind.bash"
number=0

zunwind() {
	# shellcheck disable=SC2086 # several words where qemu-user runs it
	$ZUNWIND "$@"
}

# offers WHAT-IS-TYPED... EXPECTED: the last word typed is completed
offers() {
	local expected=${!#}
	COMP_WORDS=(zunwind "${@:1:$#-1}")
	COMP_CWORD=$(($# - 1))
	_zunwind
	number=$((number + 1))
	if [ "${COMPREPLY[*]}" = "$expected" ]; then
		echo "ok $number - ${COMP_WORDS[*]}"
	else
		echo "not ok $number - ${COMP_WORDS[*]}"
		echo "# offers: ${COMPREPLY[*]}"
		echo "# should: $expected"
	fi
}

echo 1..7
offers sta stacks
offers --ver --version
offers stacks --unr --unreliable
offers stacks --unreliable --pi --pid
offers stacks --format fo folded
offers stacks --rules k kernel
offers stacks --pid '' ''
