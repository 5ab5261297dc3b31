# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC3028 # busybox has RANDOM
# For scenarios that patch zucycle.ko: parts of a guest.sh.

# milliseconds since the boot
now() { awk '{ printf "%d\n", $1 * 1000 }' /proc/uptime; }

# random N: a number below N
random() { echo $((RANDOM % $1)); }

# count NAME: one of zucycle.ko's figures
count() { cat "/sys/module/zucycle/parameters/$1"; }

# patch_until SECONDS COMMAND...: try it until it succeeds; 1 if it does not
patch_until() {
	local end=$(($(now) + $1 * 1000))
	shift
	until "$@"; do
		[ "$(now)" -lt "$end" ] || return 1
		usleep 20000
	done
}

patch_done() { [ "$(cat "/sys/kernel/livepatch/$1/transition" 2>/dev/null)" = 0 ]; }
patch_gone() { [ ! -e "/sys/kernel/livepatch/$1" ]; }

# patch_wait MODULE SECONDS: until its transition is complete
patch_wait() { patch_until "$2" patch_done "$1"; }

# patch_off MODULE SECONDS: revert it. Refused while another patch is busy.
patch_off() {
	local end=$(($(now) + $2 * 1000))
	until { echo 0 >"/sys/kernel/livepatch/$1/enabled"; } 2>/dev/null ||
		patch_gone "$1"; do
		[ "$(now)" -lt "$end" ] || return 1
		usleep 20000
	done
	patch_until "$2" patch_gone "$1"
}

# patch_debug: have dmesg say why a task cannot be switched
patch_debug() {
	echo Y >/sys/module/printk/parameters/time
	echo 'file kernel/livepatch/transition.c +p' \
		>/sys/kernel/debug/dynamic_debug/control
}

# patch_zunwind: load zunwind.ko in place of the kernel's own walk, if the guest
# has it and its tables
patch_zunwind() {
	[ -e /lib/zu/zunwind.ko ] && [ -d /lib/firmware/zunwind ] &&
		insmod /lib/zu/zunwind.ko redirect=1
}

# patch_counters: what zunwind.ko has counted, without what is 0
patch_counters() {
	sed 's/"[a-z-]*":0,\{0,1\}//g; s/[{}"]//g; s/,refused:/, refused: /' \
		/sys/kernel/debug/zunwind/counters
}

# patch_silent [LOG]: the kernel had nothing to say
patch_silent() {
	! if [ $# = 1 ]; then cat "$1"; else dmesg; fi |
		grep -E 'WARNING:|BUG:|Oops|[Uu]nable to handle|stall'
}
