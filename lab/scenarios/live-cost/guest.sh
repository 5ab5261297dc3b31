# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash

die() {
	echo "live-cost: FAILED: $*"
	sleep 2
	exit 1
}

tasks() { find /proc/[0-9]*/task -maxdepth 1 -name '[0-9]*' 2>/dev/null | wc -l; }

# milliseconds FILE: user and system, as time -p says
milliseconds() { awk '$1 == "user" || $1 == "sys" { n += $2 } END { printf "%d\n", n * 1000 }' "$1"; }

# cpu WHAT: the median of five
cpu() {
	for _ in 1 2 3 4 5; do
		time -p zunwind "$1" >/tmp/said 2>/tmp/time
		[ -s /tmp/said ] || die "$(cat /tmp/time)"
		milliseconds /tmp/time
	done | sort -n | sed -n 3p
}

time -p dd if=/dev/zero of=/dev/null bs=1 count=10000 2>/tmp/time
echo "live-cost: a system call takes $(($(milliseconds /tmp/time) / 20)) us"
few_tasks=$(tasks)
few_transition=$(cpu transition)
few_stacks=$(cpu stacks)
blockers 4 500 || die "blockers"
sleep 5	# until all of them are blocked
many_tasks=$(tasks)
many_transition=$(cpu transition)
many_stacks=$(cpu stacks)

# report WHAT MS MS
report() {
	echo "$1 $2 $few_tasks $3 $many_tasks" | awk '{
		printf "live-cost: %s: %d ms for %d tasks, %d ms for %d: %.1f ms for 100 more\n",
			$1, $2, $3, $4, $5, ($4 - $2) * 100 / ($5 - $3)
	}'
}
report transition "$few_transition" "$many_transition"
report stacks "$few_stacks" "$many_stacks"
echo "live-cost: done"
sleep 2
