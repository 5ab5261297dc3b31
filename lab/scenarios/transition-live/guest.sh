# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# shellcheck source=/dev/null
. /zu/transition.sh

few=	# there need be none to compare

states() {
	grep -s . /proc/[0-9]*/task/[0-9]*/patch_state |
		sed 's,.*/task/\([0-9]*\)/patch_state:,\1 ,' >"$1"
}

# causes FILE: of the round that comes next, by the kernel's own messages
causes() {
	dmesg -c >/dev/null
	sleep 2
	dmesg | sed -n '
		s/.*klp_try_switch_task: .*:\([0-9]*\) is running$/\1 running /p
		s/.*klp_try_switch_task: .*:\([0-9]*\) has an unreliable stack$/\1 unreliable /p
		s/.*klp_try_switch_task: .*:\([0-9]*\) is sleeping on function \(.*\)$/\1 on-stack \2/p
	' | awk '!($1 in seen) { seen[$1]; print }' >"$1"
}

# ask TARGET STATUS [ARG]...: what zunwind says, between two rounds
ask() {
	local target=$1 want=$2 status=0
	shift 2
	causes /tmp/causes1
	states /tmp/states1
	zunwind transition --format json "$@" >/tmp/said 2>/tmp/err || status=$?
	states /tmp/states2
	causes /tmp/causes2
	[ $status = "$want" ] || die "status $status: $(cat /tmp/err)"
	awk -v target="$target" -v few="$few" -f /scenario/compare.awk /tmp/states1 \
		/tmp/causes1 /tmp/said /tmp/states2 /tmp/causes2 || die "see above"
}

zunwind transition >/tmp/said || die "no transition: status $?"
grep -q '^No transition goes on' /tmp/said || die "$(cat /tmp/said)"
load zuwait
zunwind transition --functions zuwait:zu_wait_many >/tmp/said ||
	die "nobody is in it yet: $(cat /tmp/said)"
waiters
others
zunwind transition --functions zuwait:zu_wait_many,zu_wait_nowhere >/tmp/said 2>&1
[ $? = 2 ] || die "a function that is not there"
zunwind transition --for 5 --functions zuwait:zu_wait_many,zuwait:zu_wait_nobody,zunone:x \
	>/tmp/said
[ $? = 1 ] || die "many are in it: $(cat /tmp/said)"
grep -q '^    zu_wait_many \[zuwait\]: 200 tasks, at most 200; any in \([0-9]*\) of \1 looks' \
	/tmp/said || die "$(head -n 20 /tmp/said)"
grep -q '^    zu_wait_nobody \[zuwait\]: 0 tasks' /tmp/said || die "$(cat /tmp/said)"
grep -q '^    x \[zunone\]: its module is not loaded' /tmp/said || die "$(cat /tmp/said)"
echo "transition: a patch that is to come: as it should be"
echo "file kernel/livepatch/transition.c +p" >/sys/kernel/debug/dynamic_debug/control
load zupatch_w functions=middle,many,deep,nobody
sleep 1
ask 1 1
ask 1 1 live
time zunwind transition >/tmp/said
zunwind transition --functions schedule >/tmp/said 2>&1
[ $? = 2 ] || die "another patch, meanwhile"
# The way back: few have to go it, or none. Whoever has may be busy, and stay.
echo 0 >/sys/kernel/livepatch/zupatch_w/enabled
sleep 3
if [ -e /sys/kernel/livepatch/zupatch_w ]; then
	few=1 ask 0 1
else
	zunwind transition >/tmp/said || die "status $? when it is over"
	grep -q '^No transition goes on; 0 live patches' /tmp/said ||
		die "$(cat /tmp/said)"
fi
echo "transition: done"
sleep 2
