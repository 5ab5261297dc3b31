# SPDX-License-Identifier: GPL-2.0-or-later
# Results are what works although the thread never sleeps; /report/facts has
# what was measured on the way: who waited, how long, and what let it go on.
# shellcheck source=/dev/null
. /zu/with.sh
LATE=no
# shellcheck source=/dev/null
. /zu/options
mkdir -p /report

PATCH=livepatch_sample
KLP=/sys/kernel/livepatch/$PATCH
STALL=/sys/module/zustall/parameters
PATIENCE=30

result() { echo "$*" | tee -a /report/results; }
fact() { echo "fact $*" | tee -a /report/facts; }

# now: hundredths of a second
now() {
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}"
}

# within SECONDS COMMAND...: until it succeeds; sets TOOK, in hundredths
within() {
	limit=$(($1 * 100)) began=$(now) TOOK=0
	shift
	until "$@"; do
		TOOK=$(($(now) - began))
		[ "$TOOK" -lt "$limit" ] || return
		sleep 0.1
	done
	TOOK=$(($(now) - began))
}

is_patched() { [ "$(cat $KLP/transition)" = 0 ]; }
is_unpatched() { [ ! -e $KLP ]; }
is_gone() { [ ! -e /sys/module/zuipmod ]; }
is_over() { ! kill -0 "$job" 2>/dev/null; }

# load: what the host wants to have loaded
load() {
	[ -s /with/list ] || return 0
	began=$(now)
	with_load || return
	fact "with: loaded within $(($(now) - began))/100 s"
}

# say WHAT STATE: who stands in the way or waits, and that the thread is busy.
# Tasks in that patch_state are still to be switched.
say() {
	fact "$1: progress=$(cat $STALL/progress)" \
		"transition=$(cat $KLP/transition 2>/dev/null || echo none)"
	for pid in /proc/[0-9]*; do
		name=$(cat "$pid/comm" 2>/dev/null) || continue
		if [ "$(cat $KLP/transition 2>/dev/null)" = 1 ] &&
			[ "$(cat "$pid/patch_state")" = "$2" ]; then
			fact "$1: not switched: $name"
		fi
		grep -qE 'synchronize_rcu_tasks|wait_rcu_gp|klp_' "$pid/stack" ||
			continue
		fact "$1: $name waits in" \
			"$(sed 's/^\[<0>\] //; s/+0x.*//' "$pid/stack" | xargs)"
	done
}

# go_on NAME CHECK PAUSE...: what does the thread have to do for CHECK to succeed?
# "nothing" should come first, so that what it takes is not a matter of time.
go_on() {
	what=$1 check=$2
	shift 2
	for pause; do
		echo "$pause" >$STALL/pause
		if within 20 "$check"; then
			fact "$what: goes on with $pause, after $TOOK/100 s"
			break
		fi
		fact "$what: still waits with $pause, after $TOOK/100 s"
	done
	echo nothing >$STALL/pause
}

# The patch goes in while the thread is busy; if not, then once it has ended.
patch() {
	insmod /lib/zu/livepatch_sample.ko || return
	if [ "$LATE" = yes ]; then
		sleep 5
		say late 0
		load || return
	fi
	if within $PATIENCE is_patched; then
		fact "patch: complete after $TOOK/100 s"
		say patch 0
		result "ok stall/patch"
		return
	fi
	say patch 0
	result "not ok stall/patch"
	echo 0 >$STALL/run
	if within 2 is_patched; then
		result "ok stall/patch-idle"
	else
		result "not ok stall/patch-idle"
	fi
	fact "patch: $TOOK/100 s after the thread had ended"
	echo 1 >$STALL/run
}

# It goes out; if its transition does not get to an end, by force.
unpatch() {
	echo 0 >$KLP/enabled &
	job=$!
	if within $PATIENCE is_unpatched; then
		fact "unpatch: complete after $TOOK/100 s"
		result "ok stall/unpatch"
		return
	fi
	say unpatch 1
	result "not ok stall/unpatch"
	if is_over; then
		fact "unpatch: the write of 0 to enabled has returned"
	fi
	if [ "$(cat "/proc/$(pidof zu-stall)/patch_state")" = 1 ]; then
		echo 1 >$KLP/force &
		within 10 is_unpatched
		say force 1
	fi
	go_on unpatch is_unpatched nothing cond_resched qs
}

# unload NAME [ARG]: any other redirection of a function: can its module go?
unload() {
	insmod /lib/zu/zuipmod.ko ${2:+"$2"} || return
	cat /proc/meminfo >/dev/null
	fact "$1: $(cat /sys/module/zuipmod/parameters/calls) calls seen"
	rmmod zuipmod &
	if within $PATIENCE is_gone; then
		result "ok stall/$1"
	else
		say "$1" x
		result "not ok stall/$1"
		go_on "$1" is_gone nothing sleep
	fi
	fact "$1: $(dmesg | sed -n 's/.*zuipmod: //p' | tail -n 1)"
}

[ "$LATE" = yes ] || load || exit
insmod /lib/zu/zustall.ko || exit
fact "cpus $(nproc)"
say start 0
patch || exit
unpatch
unload unload-ftrace
unload unload-kprobe probe=1
rmmod zustall
with_unload || result "not ok unload"
leaks /report/kmemleak
dmesg >/report/dmesg
