#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's own answers about its stacks. "collect" writes what a user sees
# in /proc; "freeze" has the kernel write down its answers and stop for good.

# address SYMBOL: its address as 0x..., or 0 where the kernel has none
address() {
	awk -v name="$1" '
		$3 == name && !found { print "0x" $1; found = 1 }
		END { if (!found) print 0 }' /proc/kallsyms
}

collect() {
	uname -r >/witness/release
	procstacks >/witness/stacks
	dmesg >/witness/dmesg
}

freeze() {
	insmod /lib/zu/zuwitness.ko \
		reliable="$(address stack_trace_save_tsk_reliable)" \
		proc="$(address stack_trace_save_tsk)" \
		idle="$(address idle_task)" \
		sched="$(address __sched_text_start),$(address __sched_text_end)" \
		lock="$(address __lock_text_start),$(address __lock_text_end)"
}

case $1 in
collect | freeze) "$1" ;;
*) echo "usage: witness.sh collect|freeze" >&2; exit 2 ;;
esac
