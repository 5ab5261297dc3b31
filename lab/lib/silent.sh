# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What a kernel prints when it finds that something is wrong: warnings, bugs,
# oopses, lockdep, KASAN, kmemleak, RCU stalls, hung tasks, corrupt lists.

# Behind the time, and who printed it where the kernel says so.
SILENT_PREFIX='^(\[ *[0-9]+\.[0-9]+\] )?(\[ *[CT][0-9]+\] )?'

SILENT_REPORTS=('WARNING: ' 'BUG: ' 'BUG [a-z]' 'kernel BUG at ' 'INFO: '
	'rcu: INFO: ' 'watchdog: ' 'Kernel panic' 'Unable to handle kernel'
	'list_(add|del)(_valid)? corruption' '.* \[#[0-9]+\]' 'UBSAN: '
	'kmemleak: [0-9]+ new suspected' 'unreferenced object ')

# guest_is_silent FILE...: answers whether none of these logs (console, dmesg,
# /sys/kernel/debug/kmemleak) has a report; those found are printed. A file that
# does not exist is no log.
guest_is_silent() {
	local file logs=() reports
	for file; do
		[ ! -e "$file" ] || logs+=("$file")
	done
	[ ${#logs[@]} -gt 0 ] || return 0
	reports=$(IFS='|'; echo "${SILENT_REPORTS[*]}")
	! cat "${logs[@]}" | tr -d '\r' | grep -aE "$SILENT_PREFIX($reports)"
}
