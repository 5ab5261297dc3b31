#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `stacks --format folded` as its viewers read it, on all recorded kernels.
# FlameGraph's flamegraph.pl splits a line by /^(.*)\s+?(\d+(?:\.\d*)?)$/ and
# takes a second number before that for the count of another profile;
# speedscope by /^(.*) (\d+)$/; both then split frames by ';'. So read, it has
# to be what --format json says.
set -u
cd "${TOP:?}/tests/data/captures" || exit 1
zunwind=${ZUNWIND:?}
export LC_ALL=C
n=0

result() { # STATUS NAME
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}

# Tasks and frames as a viewer counts them; what it cannot read comes through.
# shellcheck disable=SC2016 # awk's own variables
read_folded() {
	awk '
		!/^.* [0-9]+$/ { print "no count:", $0; next }
		{
			count = $NF
			sub(/ [0-9]+$/, "")
			if ($0 ~ /[ \t]([0-9]+(\.[0-9]*)?)$/)
				print "two counts:", $0
			tasks += count
			frames += count * split($0, frame, ";")
		}
		END { print tasks, "tasks,", frames, "frames" }' "$1"
}

# The same from JSON, which has a task a line. Beside its frames a stack has the
# task, and a word where there are none.
read_json() {
	awk '
		/"verdict":/ {
			tasks++
			here = gsub(/"ip":/, "")
			frames += 1 + (here ? here : 1)
		}
		END { print tasks, "tasks,", frames, "frames" }' "$1"
}

check() { # NAME
	# shellcheck disable=SC2086 # it can be a program and what runs it
	$zunwind stacks --format folded "$1.zuc" >"$tmp/folded"
	read_folded "$tmp/folded" >"$tmp/is"
	read_json "$1.json" >"$tmp/should"
	diff "$tmp/should" "$tmp/is" | sed 's/^/# /'
	cmp -s "$tmp/should" "$tmp/is"
	result $? "$1: $(cat "$tmp/should")"
	sed 's/ [0-9]*$//' "$tmp/folded" >"$tmp/stacks"
	sort -uc "$tmp/stacks"
	result $? "$1: each stack once, in order"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for file in *.zuc; do
	check "${file%.zuc}"
done
echo "1..$n"
