#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lab/lib/silent.sh: what a kernel prints when something is wrong is found in its
# log, in each form in which kernels print it; what is usual in a log is not.
set -u
# shellcheck source=/dev/null
. "${TOP:?}/lab/lib/silent.sh"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
number=0

# check silent|report NAME: standard input is a log
check() {
	local said=report
	cat >"$tmp/log"
	number=$((number + 1))
	if guest_is_silent "$tmp/log" >"$tmp/found"; then
		said=silent
	fi
	if [ "$said" = "$1" ]; then
		echo "ok $number - $1: $2"
	else
		echo "not ok $number - $1: $2"
		sed 's/^/# /' "$tmp/log"
	fi
}

check silent 'the words of a healthy kernel' <<END
Linux version 7.2.12 (lab@lab) (gcc, GNU ld) #1 SMP PREEMPT @0
Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar
rcu: 	RCU lockdep checking is enabled.
kmemleak: Kernel memory leak detector initialized (mem pool available: 15693)
KernelAddressSanitizer initialized (generic)
livepatch_sample: tainting kernel with TAINT_LIVEPATCH
rcu_tasks_wait_gp: rcu_tasks grace period number 1 (since boot) is 2511 jiffies old.
livepatch: failed to register ftrace handler for function 'f' (-16)
END
check silent 'an empty log' </dev/null

# Each with a line before it, and in the three ways in which lines begin.
while IFS= read -r line; do
	check report "$line" <<<"Run /init as init process"$'\n'"$line"
	check report "with time: $line" <<<"[   12.345678] $line"
	check report "with time and caller: $line" <<<"[12.345678] [  T123] $line"
done <<'END'
WARNING: kernel/livepatch/transition.c:121 at klp_complete_transition+0x1a/0x20, CPU#0: kworker/0:1/12
WARNING: CPU: 0 PID: 12 at kernel/rcu/tree.c:1 f+0x2/0x4
WARNING: possible circular locking dependency detected
WARNING: suspicious RCU usage
BUG: KASAN: slab-out-of-bounds in f+0x12/0x20
BUG: sleeping function called from invalid context at mm/slab.h:1
BUG: scheduling while atomic: sh/1/0x00000002
BUG: using smp_processor_id() in preemptible [00000000] code: sh/1
BUG kmalloc-64 (Not tainted): Poison overwritten
kernel BUG at lib/list_debug.c:56!
list_del corruption. prev->next should be 1, but was 2
list_add corruption. next->prev should be prev (1), but was 2. (next=3).
INFO: task sh:1 blocked for more than 120 seconds.
INFO: trying to register non-static key.
rcu: INFO: rcu_sched detected stalls on CPUs/tasks:
kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
unreferenced object 0x1234 (size 64):
Unable to handle kernel pointer dereference in virtual kernel address space
Oops: 0004 ilc:2 [#1]SMP
illegal operation: 0001 ilc:1 [#1]SMP
Kernel panic - not syncing: Attempted to kill init!
UBSAN: array-index-out-of-bounds in f.c:1:2
END

number=$((number + 1))
if guest_is_silent "$tmp/none"; then
	echo "ok $number - silent: no log"
else
	echo "not ok $number - silent: no log"
fi
echo "1..$number"
