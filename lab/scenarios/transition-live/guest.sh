# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# shellcheck source=/dev/null
. /zu/ask.sh

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
debug_on
load zupatch_w functions=middle,many,deep,nobody
sleep 1
ask "goes in" 1 1
time zunwind transition >/tmp/said # without a source
zunwind transition --functions schedule >/tmp/said 2>&1
[ $? = 2 ] || die "another patch, meanwhile"
# The way back: few have to go it, or none. Whoever has may be busy, and stay.
echo 0 >/sys/kernel/livepatch/zupatch_w/enabled
sleep 3
if [ -e /sys/kernel/livepatch/zupatch_w ]; then
	few=1 ask "goes out" 0 1
else
	zunwind transition >/tmp/said || die "status $? when it is over"
	grep -q '^No transition goes on; 0 live patches' /tmp/said ||
		die "$(cat /tmp/said)"
fi
echo "transition: done"
sleep 2
