# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034,SC2154
# shellcheck source=/dev/null
. /zu/ask.sh
sources="live gdb dump"

disable() {
	echo 0 >"/sys/kernel/livepatch/$1/enabled" || die "$1 cannot be disabled"
}

# applied: a patch of all of them, while nobody is in them
applied() {
	load zupatch_w functions=middle,many,deep,nobody
	patch_wait zupatch_w 60 || die "not applied"
}

# pid NAME: of a task that is there once
pid() { pidof "$1" || die "no $1"; }

# unload MODULE: also where its last user is about to let it go
unload() {
	[ ! -e "/sys/module/$1" ] || patch_until 60 rmmod "$1" 2>/dev/null ||
		die "rmmod $1"
}

settled() { patch_gone "$1" || patch_done "$1"; }

# over: let all go on, and have no patch
over() {
	local patch
	must=
	[ ! -e /sys/module/zustall ] || unload zustall
	echo 1 >/sys/module/zuwait/parameters/over
	killall -9 zu-uffd 2>/dev/null
	for patch in zupatch_x zupatch_w; do
		patch_until 60 settled $patch || die "$patch stays open"
		patch_off $patch 60 || die "$patch cannot be taken out"
		unload $patch
	done
	unload zuabsent
	echo 0 >/sys/module/zuwait/parameters/over
}

revert() {
	applied
	waiters
	uffd || die "uffd"
	must="$user3 $(pid zu-deep)"
	disable zupatch_w
	ask "is taken out" 0 1
}

reverse() {
	waiters inner,outer,many:50
	load zupatch_w functions=middle,many,deep,nobody
	sleep 3
	# from here on threads are born patched
	waiters outer,deep,many:150,spin:3
	uffd || die "uffd"
	must="$user3 $(pid zu-deep)"
	disable zupatch_w
	ask "is turned round" 0 1
}

replace() {
	applied
	waiters
	uffd || die "uffd"
	# in what the replacing patch has a nop for
	must="$user3 $(pid zu-deep)"
	zunwind transition --functions zuwait:zu_wait_many,zuwait:zu_wait_nobody \
		--replace >/tmp/prospect 2>&1
	load zupatch_x functions=many,nobody replace=1
	ask "replaces another one" 1 1
	foreseen zu_wait_many zu_wait_deep
}

# foreseen FUNCTION...: so many were in it before the patch that replaces came
foreseen() {
	local function count
	named /tmp/said.live >/tmp/named
	for function; do
		count=$(grep -c "on-stack $function\$" /tmp/named)
		[ "$count" -gt 0 ] || die "nobody is in $function"
		grep -q "^    $function \[zuwait\]: $count task" /tmp/prospect ||
			die "$count tasks in $function: $(head -n 20 /tmp/prospect)"
	done
	grep -q '^    zu_wait_deep.* in the patch that would be undone$' /tmp/prospect ||
		die "undone: $(head -n 20 /tmp/prospect)"
	say "what it would undo was foreseen: $(grep -c ' would be undone$' /tmp/prospect) functions"
}

nops() {
	applied
	waiters outer,many:20
	load zupatch_x functions=many,nobody replace=1
	sleep 3
	waiters outer,deep,many:150,spin
	uffd || die "uffd"
	must="$user3 $(pid zu-deep)"
	disable zupatch_x
	ask "replacing one is turned round" 0 1
}

# No busy thread: ftrace waits for it before a module may go.
comes_and_goes() {
	load zuabsent
	waiters inner,outer,deep,many:100
	load zupatch_w functions=middle,many,deep,nobody
	must="$user3 $(pid zu-absent)"
	ask "of a module that is there" 1 1
	unload zuabsent
	must=$(pid zu-deep)
	ask "of a module that has gone" 1 1
	load zuabsent
	ask "of a module that has come" 1 1
	waiters outer,many:100
	disable zupatch_w
	# born patched, in the new version
	must="$user3 $(pid zu-absent)"
	ask "is turned round after that" 0 1
	unload zuabsent
	must=
	ask "which has gone once more" 0 1
}

# A thread that never sleeps. Where there is no preemption it has to make way for others,
# and is switched there; so it has to be in a patched function all the time.
stalled() {
	if grep -q '^CONFIG_PREEMPTION=y' "/lib/modules/$(uname -r)/config"; then
		load zustall
		must=$(pid zu-stall)
		load zupatch_w functions=nobody
	else
		waiters spin
		must=$(pid zu-spin)
		load zupatch_w functions=spin,nobody
	fi
	sleep 1
	ask "stalled by a busy thread" 1 1
}

load zuwait
debug_on
for driver in revert reverse replace nops comes_and_goes stalled; do
	$driver
	over
done
say "done"
sleep 2
