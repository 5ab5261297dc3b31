# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# Applies, replaces and reverts patches of zucycle.ko at random, with tracing of
# the same functions coming and going; no task may ever see two states.

# shellcheck source=/dev/null
. /scenario/options
# shellcheck source=/dev/null
. /zu/patch.sh
wrong=
case $walk in
empty | guess | caller) wrong=yes ;;
esac
patches=25
applied=0 replaced=0 reverted=0 reversed=0 open=0

say() { echo "danger: $*"; }
die() { say "FAILED: $*"; dmesg | tail -n 20; exit 1; }

# A leaf, two in the middle, the outermost, all, those around a fault; then any
sets() {
	printf leaf,direct+pointer,main,all,main+fault
	yes ,random | head -n $((patches - 5)) | tr -d '\n'
}

trace_graph() {
	local f
	for f in leaf tiny pointer main recurse fault probed; do
		echo "zu_$f"
	done >set_ftrace_filter
	echo function_graph >current_tracer
	sleep "$((1 + $(random 4)))"
	echo nop >current_tracer
}

trace_returns() {
	echo r:zu/probed zu_probed >kprobe_events
	echo 1 >events/zu/enable
	sleep "$((1 + $(random 4)))"
	echo 0 >events/zu/enable
	echo >kprobe_events
}

trace() {
	cd /sys/kernel/tracing || exit
	echo 64 >buffer_size_kb
	while [ ! -e /tmp/stop ]; do
		if [ "$(random 2)" = 0 ]; then
			trace_graph
		else
			trace_returns
		fi
		sleep "$((1 + $(random 3)))"
	done
	touch /tmp/stopped
}

# The time of the first violation
watch() {
	while [ "$(count violations)" = 0 ]; do
		usleep 50000
	done
	say "first violation after $(($(now) - start)) ms: $(count first)"
}

# A wrong walk lets go of a patch whose functions are still in use.
unload() {
	[ -z "$wrong" ] || sleep 3
	rmmod "$1" || die "rmmod $1"
}

# One function alone can meet no other version: nothing for a wrong walk
patch_number() {
	if [ -n "$wrong" ]; then
		echo $((2 + 2 * $(random 2)))
	else
		echo $((1 + $(random $patches)))
	fi
}

apply() { # MODULE [ARG]
	insmod "/lib/zu/$1.ko" state="$(patch_number)" "${2:-replace=0}" ||
		die "insmod $1"
	if [ "$(random 6)" = 0 ]; then
		usleep "$(random 500)000"
		reversed=$((reversed + 1))
	elif patch_wait "$1" 20; then
		applied=$((applied + 1))
		usleep "$(random 1000)000"
	else
		open=$((open + 1))
		dmesg | grep klp_try_switch_task | tail -n 6
	fi
}

revert() { # MODULE
	patch_off "$1" 60 || die "$1 cannot be reverted"
	unload "$1"
	reverted=$((reverted + 1))
}

round() {
	apply zupatch_a
	if [ "$(random 3)" = 0 ] &&
		[ "$(cat /sys/kernel/livepatch/zupatch_a/transition)" = 0 ]; then
		apply zupatch_b replace=1
		if patch_gone zupatch_a; then
			unload zupatch_a
			replaced=$((replaced + 1))
			revert zupatch_b
			return
		fi
		revert zupatch_b
	fi
	revert zupatch_a
}

wrong_count() { cat "/sys/module/zuwrong/parameters/$1"; }

# A slow machine takes its time for some of them.
enough() {
	[ $(($(now) - start)) -ge $((seconds * 1000)) ] &&
		[ $((applied + reverted)) -gt 4 ]
}

preemptible() { zcat /proc/config.gz | grep -q '^CONFIG_PREEMPTION=y'; }

# Who answers what live patching asks. Without zunwind.ko a kernel with preemption
# errs now and then by itself: see README.md. There, threads that never rest are
# found in ftrace so often that a patch of all functions does not end in time.
choose_walk() {
	restless=0
	if [ -z "$walk" ] && patch_zunwind; then
		preemptible || restless=2
		walk=zunwind
		return
	fi
	if [ -z "$walk" ]; then
		walk=kernel
		! preemptible || walk=ftrace
	fi
	[ "$walk" = kernel ] || insmod /lib/zu/zuwrong.ko walk="$walk" ||
		die "no walk $walk"
}

choose_walk
say "walk: $walk"
insmod /lib/zu/zucycle.ko threads=4 restless=$restless sets="$(sets)" ||
	die "no zucycle.ko"
patch_debug
cyclers 2 1 || die "no cyclers"
start=$(now)
watch &
watcher=$!
trace &
until enough; do
	round
done
touch /tmp/stop
while [ ! -e /tmp/stopped ]; do
	usleep 100000
done
kill $watcher 2>/dev/null
say "$((($(now) - start) / 1000)) s: $applied patches applied, $replaced replaced, $reverted reverted"
say "$reversed transitions turned round at once, $open still open after 20 s"
dmesg | grep zuwrong: | head -n 30
[ "$walk" != ftrace ] ||
	say "$(wrong_count refused) stacks refused for ftrace," \
		"$(wrong_count unseen) of them about to run an unseen patch"
[ "$walk" != zunwind ] || say "$(patch_counters)"
say "$(count chains) rounds of 8 chains, $(count violations) with a violation"
[ "$(count chains)" -gt 100 ] || die "too few chains"
if [ -n "$wrong" ]; then
	[ "$(count violations)" -gt 0 ] || die "nobody saw that the walk is wrong"
	exit 0
fi
[ "$(count violations)" = 0 ] || die "$(count first)"
patch_silent || die "the kernel complains"
