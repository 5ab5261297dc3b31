#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Recorded captures of real kernels: what zunwind says of them does not change.
# tests/data/README.md says where each is from; lab/record makes new ones.
set -u
cd "${TOP:?}/tests/data/captures" || exit 1
zunwind=${ZUNWIND:?}
n=0

result() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
	fi
}

# The exit status must fit what the output says.
check_json() { # NAME
	local status=0 want
	$zunwind stacks --format json "$1.zuc" >"$tmp/json" || status=$?
	diff -u "$1.json" "$tmp/json" | cut -c1-200 | sed 's/^/# /' | head -20
	cmp -s "$1.json" "$tmp/json"
	result $? "$1: stacks"
	want=1
	grep -q '"unreliable":0,' "$1.json" && want=0
	[ $status -eq $want ]
	result $? "$1: exit status $want"
}

# A capture of a capture holds the same.
check_again() { # NAME
	mkdir "$tmp/$1" &&
		$zunwind capture "$1.zuc" -o "$tmp/$1/$1.zuc" >/dev/null &&
		(cd "$tmp/$1" &&
			$zunwind stacks --format json "$1.zuc") >"$tmp/again"
	cmp -s "$1.json" "$tmp/again"
	result $? "$1: a capture of it says the same"
}

check_size() { # NAME
	[ "$(stat -c %s "$1.zuc")" -lt 1000000 ]
	result $? "$1: under 1 MB"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for file in *.zuc; do
	[ -e "$file" ] || continue
	check_json "${file%.zuc}"
	check_again "${file%.zuc}"
	check_size "${file%.zuc}"
done
echo "1..$n"
[ $n -gt 0 ]
