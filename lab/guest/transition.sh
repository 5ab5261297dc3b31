# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# For the scenarios transition*: a live patch held open by tasks in all sorts of
# situations, stopped when the kernel has just tried to switch them. guest.sh
# says what is patched and when tasks begin; freeze.sh stops the machine.

# shellcheck source=/dev/null
. /zu/patch.sh

say() { echo "transition: $*"; }
die() { say "FAILED: $*"; dmesg | tail -n 20; exit 1; }

# address SYMBOL
address() { awk -v name="$1" '$3 == name { print "0x" $1; exit }' /proc/kallsyms; }

load() {
	local module="$1"
	shift
	insmod "/lib/zu/$module.ko" "$@" || die "insmod $module"
}

# waiters: kernel threads and user tasks that wait in zuwait.ko's functions. Signals,
# after 15 rounds, let user tasks in state S go, but not the one in state D, user3
waiters() {
	echo "${1:-inner,outer,deep,many:200,spin}" \
		>/sys/module/zuwait/parameters/start || die "no threads"
	cat /sys/kernel/debug/zuwait-S &
	user1=$!
	cat /sys/kernel/debug/zuwait-S &
	user2=$!
	cat /sys/kernel/debug/zuwait-S &
	cat /sys/kernel/debug/zuwait-D &
	user3=$!
	sleep 1
}

# others: what the kernel sees no way through, and what is always busy
others() {
	uffd || die "uffd"
	load zuscen mode=busy
	sleep 1
}

# patch_states: of all tasks, from /proc, in the witness's folder. One program for
# all: within 15 rounds, or the kernel sends its signals.
patch_states() {
	grep -s . /proc/[0-9]*/task/[0-9]*/patch_state |
		sed 's,.*/task/\([0-9]*\)/patch_state:,\1 ,' >/witness/patch_states
}

# freeze [ROUNDS]: have the machine stop after so many rounds, from now
freeze() {
	echo "file kernel/livepatch/transition.c +p" \
		>/sys/kernel/debug/dynamic_debug/control
	insmod /lib/zu/zuround.ko rounds="${1:-2}" idle="$(address idle_task)"
	sleep 60
}

# still_open PATCH: seen by who is not to be there when it has ended
still_open() {
	sleep 3
	[ "$(cat "/sys/kernel/livepatch/$1/transition")" = 1 ] ||
		die "$1: no transition goes on"
	patch_states
	say "$1 is open, $(cut -d ' ' -f 2 /witness/patch_states | sort |
		uniq -c | awk '{ printf "%s%s tasks in state %s", sep, $1, $2; sep = ", " }')"
}
