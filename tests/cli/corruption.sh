#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench/corruption, with few changes: so that it does not rot, and that what it
# found stays so. The same seed makes the same changes everywhere.
set -u
cd "${TOP:?}/tests/data/captures" || exit 1
source=deb-7.2-fgraph.zuc
changes=20000
n=0

result() { # STATUS NAME
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}

# shellcheck disable=SC2086 # it can be a program and what runs it
corruption() { # OUTPUT ARGUMENT...
	local output=$1 status
	shift
	${CORRUPTION:?} "$@" >"$tmp/all" 2>"$tmp/error"
	status=$?
	grep -v '^time:' "$tmp/all" >"$output"
	sed 's/^/# /' "$tmp/error"
	return $status
}

refused() { # NAME ARGUMENT...
	local name=$1
	shift
	corruption "$tmp/refused" "$@"
	[ $? -eq 2 ] && [ "$(wc -l <"$tmp/error")" -eq 1 ]
	result $? "$name: status 2 and one line"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

corruption "$tmp/1" -n $changes -s 1 $source
result $? "$changes changes of $source"
corruption "$tmp/again" -n $changes -s 1 $source && cmp "$tmp/1" "$tmp/again"
result $? "the same seed, the same figures"
corruption "$tmp/2" -n $changes -s 2 $source && ! cmp -s "$tmp/1" "$tmp/2"
result $? "another seed, other figures"

# result: kernel PASSED of OTHER, strict PASSED of OTHER
read -r kernel of_kernel strict of_strict < <(
	sed -n 's/^result: kernel \(.*\) of \(.*\), strict \(.*\) of \(.*\)$/\1 \2 \3 \4/p' \
		"$tmp/1")
echo "# kernel ${kernel:=0} of ${of_kernel:=0}, strict ${strict:=1} of ${of_strict:=0}"
[ "$of_kernel" -gt $((changes / 2)) ] && [ "$of_strict" -gt $((changes / 2)) ]
result $? "most changes make other functions"
[ "$kernel" -gt $((of_kernel / 10)) ]
result $? "the kernel's rules call many of them reliable"
[ $((strict * 1000)) -le "$of_strict" ]
result $? "strict rules one of a thousand at most"

refused "no such file" -n 1 no-such-file
if [ -n "${MAKE_DUMP-}" ]; then
	# shellcheck disable=SC2086 # a command with its arguments
	$MAKE_DUMP 7.2 "$tmp/7.2.elf"
	refused "a kernel without code" -n 1 "$tmp/7.2.elf"
else
	n=$((n + 1))
	echo "ok $n # SKIP dumps cannot be made without libbpf"
fi
refused "no number" -n many $source
refused "no changes" -n 0 $source
refused "no source"
echo "1..$n"
