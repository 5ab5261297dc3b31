# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# A transition that is held is watched until it has ended: once let go, once turned
# round.

# shellcheck source=/dev/null
. /zu/transition.sh

say() { echo "watch: $*"; }
die() {
	say "FAILED: $*"
	cat /tmp/lines /tmp/err
	dmesg | tail -n 10
	sleep 2
	exit 1
}

patch=/sys/kernel/livepatch/zupatch_w
over=/sys/module/zuwait/parameters/over

# pending TARGET: tasks that are not there yet, as /proc has it
pending() {
	grep -s . /proc/[0-9]*/task/[0-9]*/patch_state | grep -vc ":$1\$"
}

# metric NAME: the sum of its values
metric() {
	awk -v name="$1" '{ sub(/[{].*[}]/, "", $1) } $1 == name { n += $2 } END { print n + 0 }' \
		/tmp/zunwind.prom
}

# metrics TARGET: they say what /proc says before and after
metrics() {
	local status before after tries=0
	while [ $tries -lt 10 ]; do
		status=0
		before=$(pending "$1")
		zunwind watch --prometheus /tmp/zunwind.prom 2>/tmp/err || status=$?
		after=$(pending "$1")
		[ $status = 1 ] || die "metrics: status $status"
		# who asks, and idle tasks, are switched at any moment
		[ "$before" != "$after" ] ||
			[ "$(metric zunwind_livepatch_transition_pending_tasks)" != "$after" ] ||
			break
		tries=$((tries + 1))
		sleep 1
	done
	[ $tries -lt 10 ] || die "metrics: $(cat /tmp/zunwind.prom); /proc: $before, $after"
	[ "$(metric zunwind_livepatch_transition)" = 1 ] || die "metrics: no transition"
	say "metrics: $after pending, as /proc has it, after $tries tries in vain"
}

# watch: in the background, as everybody would have its output
watch() {
	zunwind watch >/tmp/lines 2>/tmp/err &
	watcher=$!
	# it says something each 10 seconds
	sleep 14
}

# ends PATTERN: with status 0, and the line
ends() {
	local status=0
	wait $watcher || status=$?
	[ $status = 0 ] || die "status $status"
	tail -n 1 /tmp/lines | grep -q "$1" || die "no line like: $1"
	cat /tmp/lines
}

seen() { grep -q "$1" /tmp/lines || die "no line like: $1"; }

load zuwait
waiters outer,deep,many:50
load zupatch_w functions=middle,many,deep,nobody
watch
metrics 1
held=$(pending 1)
echo 1 >$over
ends ' The transition of zupatch_w to patched has ended after [0-9]* s\.$'
[ "$(cat $patch/transition)" = 0 ] || die "it has not ended"
seen " zupatch_w to patched: $held of [0-9]* tasks pending: 50 sleeping on zu_wait_many \[zuwait\]; "
seen '; longest, [0-9]* s: [0-9]* zu-'

# tasks that sleep in the patch's functions, and in the original ones
echo 0 >$over
waiters many:20
echo 0 >$patch/enabled || die "cannot disable it"
sleep 3
waiters many:10
watch
metrics 0
seen " zupatch_w to unpatched: [0-9]* of [0-9]* tasks pending: 2[0-9] sleeping on a patch's zu_wait_many \[zuwait\]"
echo 1 >$patch/enabled || die "cannot turn it round"
sleep 8
metrics 1
echo 1 >$over
ends ' The transition of zupatch_w to patched has ended after [0-9]* s\.$'
seen ' The transition of zupatch_w was turned round after [0-9]* s: to patched\.$'

# nothing goes on
zunwind watch >/tmp/lines 2>/tmp/err || die "no transition: status $?"
seen '^[0-9:]* No transition goes on; 1 live patch\.$'
zunwind watch --prometheus /tmp/zunwind.prom 2>/tmp/err || die "no transition: status $?"
[ "$(metric zunwind_livepatch_transition)" = 0 ] || die "metrics: a transition"
[ "$(stat -c %a /tmp/zunwind.prom)" = 644 ] || die "metrics: mode"

# held, and watched for a while, or until Ctrl-C
echo 0 >$over
waiters many:3
echo 0 >$patch/enabled || die "cannot disable it"
sleep 2
status=0
zunwind watch --for 3 >/tmp/lines 2>/tmp/err || status=$?
[ $status = 1 ] || die "--for: status $status"
seen ' The transition of zupatch_w to unpatched goes on after [0-9]* s\.$'
zunwind watch >/tmp/lines 2>/tmp/err &
watcher=$!
sleep 5
kill -TERM $watcher
status=0
wait $watcher || status=$?
[ $status = 1 ] || die "SIGTERM: status $status"
seen ' The transition of zupatch_w to unpatched goes on after [0-9]* s\.$'
echo 1 >$over
say "done"
sleep 2
