# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Put behind the selftests' functions.sh: before each step that they log, if a
# transition is open, zunwind is asked. They see nothing of that.

renamed() { eval "kernel_$(declare -f "$1")"; }

renamed set_dynamic_debug
set_dynamic_debug() {
	kernel_set_dynamic_debug
	echo "func klp_try_switch_task +p" >"/sys/kernel/debug/dynamic_debug/control"
}

# What comes of the asking, and of the time it takes
dmesg() {
	command dmesg "$@" | grep -v -e klp_try_switch_task -e 'ask: mark$' \
		-e 'livepatch: signaling remaining tasks$'
}

ask_now() { sh /scenario/now.sh "$1" </dev/null >/dev/console 2>&1; }

renamed log
log() {
	if [[ $1 == %* ]] && grep -qs 1 /sys/kernel/livepatch/*/transition; then
		ask_now "before ${1#% }" || die "zunwind"
	fi
	kernel_log "$@"
}

# A patch that is in too fast to be seen: held by faults that nobody resolves.
renamed load_lp
load_lp() {
	if [[ $1 != test_klp_syscall ]]; then
		kernel_load_lp "$@"
		return
	fi
	uffd
	load_lp_nowait "$@"
	ask_now "$1, with $(jobs -pr | wc -l) that call it" || die "zunwind"
	killall -9 zu-uffd
	loop_until "grep -q 0 /sys/kernel/livepatch/$1/transition" ||
		die "failed to complete transition"
}
