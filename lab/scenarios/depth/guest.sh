# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Patches one function at a time while tasks are held in it or below it:
#
#	zu-spin		in zu_hold_leaf, whose caller is zu_hold_middle
#	zu-<function>	in a tight loop of calls that zu_hold_middle makes, so that
#			most interrupts hit a prologue, an epilogue or a thunk
#	zu-fault	asleep in a page fault taken in kernel mode, below zu_main
#
# While they are held none may be switched, and once they may leave the
# transition has to complete.

# shellcheck source=/dev/null
. /scenario/options
# shellcheck source=/dev/null
. /zu/patch.sh
seconds=8 failed=0 unproven=

say() { echo "depth: $*"; }
die() { say "FAILED: $*"; dmesg | tail -n 20; exit 1; }
fail() { say "FAILED: $*"; failed=1; }

# tasks NAME...: ids of all threads that are called so
tasks() {
	local name dir
	for name; do
		for dir in /proc/[0-9]*; do
			[ "$(cat "$dir/comm")" != "$name" ] || echo "${dir#/proc/}"
		done
	done 2>/dev/null
}

# how often they were preempted
preempted() {
	local pid
	for pid; do
		cat "/proc/$pid/status"
	done | awk '/^nonvoluntary/ { sum += $2 } END { print sum + 0 }'
}

switched() {
	local pid
	for pid; do
		[ "$(cat "/proc/$pid/patch_state")" = 0 ] || cat "/proc/$pid/comm"
	done
}

hold() {
	touch /tmp/zu-hold
	echo 1 >/sys/module/zucycle/parameters/hold
	sleep 1
}

release() {
	rm -f /tmp/zu-hold
	echo 0 >/sys/module/zucycle/parameters/hold
}

# unproven PID...: those with zu_alloca on their stacks, which has no rows: whether its
# room reaches what it saved cannot be told from its code. No walk accepts them.
unproven() {
	local pid
	[ "$walk" = zunwind ] || return 0
	for pid; do
		grep "\"pid\":$pid," /sys/kernel/debug/zunwind/stacks |
			grep -q '"zu_alloca"' && echo "$pid"
	done
}

# why PID...: what live patching said of them, without the numbers
why() {
	local pid
	for pid; do
		dmesg | grep "klp_try_switch_task: [^ ]*:$pid "
	done | sed 's/.*:[0-9]* //' | sort | uniq -c | sort -rn | head -n 4 |
		awk '{ n = $1; $1 = ""; printf "%s%s (%d)", sep, $0, n; sep = "," }'
}

# held WHAT STATE TASKS: STATE is a patch of a function that all of them are in
# or below
held() {
	local what="$1" state="$2" before after moved
	shift 2
	[ $# -gt 0 ] || die "$what: no tasks"
	dmesg -c >/dev/null
	insmod /lib/zu/zupatch_a.ko state="$state" || die "$what: insmod"
	before=$(preempted "$@")
	sleep $seconds
	after=$(preempted "$@")
	moved=$(switched "$@" | xargs)
	unproven=$(unproven "$@")
	patch_done zupatch_a && fail "$what: the transition is complete"
	[ -z "$moved" ] || fail "$what: switched: $moved"
	said=$(why "$@")
	release
	patch_wait zupatch_a 60 || fail "$what: still open, nobody is held"
	say "$what: $# tasks held, preempted $((after - before)) times:$said"
	patch_off zupatch_a 60 || die "$what: cannot be reverted"
	rmmod zupatch_a || die "$what: rmmod"
	hold
}

choose_walk() {
	if [ -z "$walk" ]; then
		walk=kernel
		! patch_zunwind || walk=zunwind
	fi
	case $walk in
	kernel | zunwind) ;;
	*) insmod /lib/zu/zuwrong.ko walk="$walk" || die "no walk $walk" ;;
	esac
	say "walk: $walk"
}

# all_but_unproven PID...: these are switched
all_but_unproven() {
	local pid left
	left=$(unproven "$@" | xargs)
	for pid; do
		case " $left " in *" $pid "*) continue ;; esac
		[ "$(cat "/proc/$pid/patch_state")" != 0 ] || return 1
	done
}

# With zunwind.ko, a reason must have been found, but for what has no rows; without,
# in a kernel with preemption, there is none to see.
expect() {
	[ "$walk" != zunwind ] || [ -n "$unproven" ] || case $said in
	*"sleeping on function $1"*) ;;
	*) fail "nobody was seen in $1" ;;
	esac
}

choose_walk
insmod /lib/zu/zucycle.ko holders=1 \
	sets=hold_leaf,hold_middle,hold_main,main,nobody || die "no zucycle.ko"
patch_debug
echo 0 >/sys/module/printk/parameters/time
hold
cyclers 1 0 || die "no cyclers"
sleep 1
spin=$(tasks zu-spin)
loops=$(tasks zu-leaf zu-tiny zu-early zu-big zu-alloca zu-recurse zu-thunk \
	zu-tail zu-jump zu-direct)
faulting=$(tasks zu-fault)

# shellcheck disable=SC2086 # lists
{
	held "the interrupted function" 1 $spin
	expect zu_hold_leaf
	held "its caller" 2 $spin
	expect zu_hold_middle
	held "the thread's first function" 3 $spin
	expect zu_hold_main
	held "tight loops" 2 $loops
	expect zu_hold_middle
	held "a page fault" 4 $faulting
	expect zu_main
}

cd /sys/kernel/tracing || exit
release
echo 64 >buffer_size_kb
for function in main hold_main hold_middle hold_leaf tiny leaf recurse; do
	echo "zu_$function"
done >set_ftrace_filter
echo function_graph >current_tracer
hold
# shellcheck disable=SC2086 # lists
{
	held "the first function, traced" 3 $spin $loops
	expect zu_hold_main
	held "a page fault, traced" 4 $faulting
	expect zu_main
}
release
echo nop >current_tracer

# Not on the patched function, see zu_probed()
echo r:zu/middle zu_hold_middle >kprobe_events
echo r:zu/fault zu_fault >>kprobe_events
echo 1 >events/zu/enable
hold
# shellcheck disable=SC2086 # lists
{
	held "the first function, below a return probe" 3 $spin $loops
	expect zu_hold_main
	held "a page fault, below a return probe" 4 $faulting
	expect zu_main
}

# A function that no task is in: what all of this is for
release
echo 0 >events/zu/enable
hold
insmod /lib/zu/zupatch_a.ko state=5 || die "insmod"
# shellcheck disable=SC2086 # lists
if patch_until 20 all_but_unproven $spin $loops $faulting; then
	say "a function that nobody is in: all are switched" \
		"but for zu_alloca's: $(unproven $spin $loops $faulting | wc -l)"
else
	say "a function that nobody is in: still open after 20 s"
	[ "$walk" != zunwind ] || fail "a function that nobody is in"
fi
release
patch_wait zupatch_a 60 || fail "still open, nobody is held"
[ "$(count violations)" = 0 ] || fail "$(count first)"
[ "$failed" = 0 ] || die "see above"
patch_silent || die "the kernel complains"
