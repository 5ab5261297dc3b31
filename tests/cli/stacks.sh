#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `zunwind stacks` as a user calls it, on two recorded kernels.
set -u
zunwind=${ZUNWIND:?}
cd "${TOP:?}/tests/data/captures" || exit 1
good=deb-7.2-idle.zuc
bad=deb-7.2-preempted.zuc
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0

result() { # STATUS NAME
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}

# Run it; stdout, stderr and status are kept.
run() {
	status=0
	# shellcheck disable=SC2086 # it can be a program and what runs it
	$zunwind "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
}

exits() { # STATUS NAME ARGUMENTS...
	local want=$1 name=$2
	shift 2
	run "$@"
	[ $status -eq "$want" ]
	result $? "$name: exit status $want"
}

has() { # NAME PATTERN
	grep -qE -- "$2" "$tmp/out"
	result $? "$1"
}

hasnot() { # NAME PATTERN
	! grep -qE -- "$2" "$tmp/out"
	result $? "$1"
}

exits 0 "all reliable" stacks $good
has "sum" '^66 tasks by strict rules: 64 reliable, 0 unreliable, 2 running$'
has "a frame" '^    #4  ret_from_fork\+0xa/0x30$'
hasnot "no colour in a pipe" $'\033'

exits 0 "code goes through an interrupt" stacks $bad
has "all reliable by it" \
	'^72 tasks by strict rules: 70 reliable, 0 unreliable, 2 running$'
has "both verdicts" '^116 zu-busy \(R, CPU 1\): reliable$'
has "the kernel's reason" \
	"^    by the kernel's rules: unreliable, exception-frame at #5 "
has "the interrupted frame" '^    #5  zu_busy_leaf\+0x10/0x20 \[zuscen\] <exception>$'
has "its caller" '^    #6  zu_busy_inner\+0x26/0x50 \[zuscen\] <table>$'
exits 0 "--unreliable, none by strict rules" stacks --unreliable $bad

# Further on by the kernel's rules, by which some are not
exits 1 "some unreliable" stacks --rules kernel $bad
has "the reason, its frame and address" \
	'^116 zu-busy \(R, CPU 1\): unreliable, exception-frame at #5 \(0x[0-9a-f]+\)$'
has "the interrupted frame" '^    #5  zu_busy_leaf\+0x10/0x20 \[zuscen\] <exception>$'
has "a guess in parentheses" '^    #6  \(zu_busy_outer\+0x26/0x48 \[zuscen\]\)$'

exits 1 "--unreliable" stacks --rules kernel --unreliable $bad
[ "$(grep -c '^[0-9]* .*: unreliable' "$tmp/out")" -eq 8 ]
result $? "only those"
hasnot "no others" '^[0-9].*: reliable$'
has "the sum is of all" "^72 tasks by the kernel's rules: 62 reliable, 8 unreliable, 2 running\$"
exits 0 "--unreliable, none" stacks --unreliable $good
has "the sum of all, again" '^66 tasks by strict rules: 64 reliable, 0 unreliable, 2 running$'

exits 0 "--pid" stacks --pid 2 $bad
has "that task" '^2 kthreadd '
has "one task" '^1 task by strict rules'
exits 0 "--pid 0" stacks --pid 0 $good
has "the idle tasks" '^2 tasks by strict rules: 2 reliable, 0 unreliable, 0 running$'
exits 2 "--pid of no task" stacks --pid 99999 $good
[ ! -s "$tmp/out" ] && [ "$(cat "$tmp/err")" = "zunwind: there is no such task" ]
result $? "--pid of no task: said, nothing on stdout"

exits 1 "--comm" stacks --rules kernel --comm zu-busy $bad
has "tasks of that name" "^8 tasks by the kernel's rules"
exits 1 "--comm, a pattern" stacks --rules kernel --comm 'zu-[ab]*' $bad
has "the same tasks" "^8 tasks by the kernel's rules"
exits 2 "--comm of no task" stacks --comm nosuch $bad

exits 1 "--rules kernel" stacks --rules kernel --unreliable $bad
has "by the kernel's rules" "^72 tasks by the kernel's rules: 62 reliable, 8 unreliable"

exits 0 "--format folded" stacks --format folded --comm kthreadd $good
[ "$(cat "$tmp/out")" = \
	"kthreadd;ret_from_fork;__ret_from_fork;kthreadd;schedule;__schedule 1" ]
result $? "folded: root first, and how many"
exits 0 "--format folded, counted" stacks --format folded --comm 'zu-*' $bad
[ "$(awk '{ n += $NF } END { print n }' "$tmp/out")" -eq 8 ]
result $? "folded: each task counts once"

exits 1 "--format json" stacks --format json --rules kernel \
	--unreliable $bad
has "the schema" '^\{"schema":"zunwind.stacks/1","source":\{"kind":"capture"'
has "a task a line" '^\{"pid":116,"tgid":116,"comm":"zu-busy","state":"R","cpu":1,'
has "the sum" '"summary":\{"tasks":72,"reliable":62,"unreliable":8,"running":2\}\}$'

for args in "--pid x $good" "--pid -1 $good" "--rules lax $good" \
	"--format xml $good" "--nosuch $good" "$good $bad"; do
	# shellcheck disable=SC2086 # words
	exits 2 "misuse: stacks $args" stacks $args
	[ ! -s "$tmp/out" ] &&
		[ "$(tail -n 1 "$tmp/err")" = "Try 'zunwind stacks --help'." ]
	result $? "misuse: stacks $args: says where help is"
done
exits 2 "no such command" nosuch
exits 2 "no command"
exits 0 "--version" --version
has "version" '^zunwind [0-9]+\.[0-9]+\.[0-9]+$'
exits 0 "--help" --help
has "help names the commands" '^  capture '

if [ -e /dev/full ]; then
	for format in text json folded; do
		status=0
		# shellcheck disable=SC2086
		$zunwind stacks --format $format $good >/dev/full \
			2>"$tmp/err" || status=$?
		[ $status -eq 2 ] && [ "$(cat "$tmp/err")" = \
			"zunwind: cannot write the output: No space left on device" ]
		result $? "$format: a full disk is no answer"
	done
fi

exits 0 "capture" capture $good -o "$tmp/again.zuc"
has "what it holds" 'again\.zuc: 66 tasks, [0-9]+ bytes of kernel memory$'
exits 2 "capture onto its source" capture "$tmp/again.zuc" -o "$tmp/again.zuc"
# shellcheck disable=SC2086
$zunwind capture $good -o - | cat >"$tmp/piped.zuc"
cmp -s "$tmp/again.zuc" "$tmp/piped.zuc"
result $? "capture to standard output"
# shellcheck disable=SC2086
(echo before; $zunwind capture $good -o -) >"$tmp/behind"
tail -n +2 "$tmp/behind" | cmp -s "$tmp/again.zuc" -
result $? "capture to standard output, behind what is there"
ln -s again.zuc "$tmp/link.zuc"
exits 0 "capture to where a link leads" capture $good -o "$tmp/link.zuc"
[ -L "$tmp/link.zuc" ]
result $? "the link stays"
exits 2 "capture without -o" capture $good
exits 2 "capture into no folder" capture $good -o "$tmp/nosuch/x.zuc"
exits 2 "capture of nothing" capture "$tmp/nosuch" -o "$tmp/again.zuc"
run stacks "$tmp/again.zuc"
[ $status -eq 0 ]
result $? "a capture that failed left the old file"
echo "1..$n"
