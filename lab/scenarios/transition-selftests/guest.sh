# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck source=/dev/null
. /zu/ask.sh

# script NAME: one that has to pass, and in which zunwind has to be asked
script() {
	local before after
	before=$(grep -c ^ok /tmp/results)
	"./$1" >/tmp/out 2>&1 || die "$1: $(cat /tmp/out)"
	grep -q ' ok$' /tmp/out || die "$1: $(cat /tmp/out)"
	after=$(grep -c ^ok /tmp/results)
	[ "$after" -gt "$before" ] || die "$1: no transition to ask about"
	say "$1: passed, and zunwind asked $((after - before)) times"
}

ln -s /proc/self/fd /dev/fd	# for bash, to show what differs
: >/tmp/results
cd /suite || die "no selftests"
cat /scenario/hooks.sh >>functions.sh
script test-callbacks.sh
script test-syscall.sh
insmod test_modules/test_klp_callbacks_busy.ko block_transition=Y || die "busy"
insmod test_modules/test_klp_callbacks_demo.ko || die "demo"
still_open test_klp_callbacks_demo
