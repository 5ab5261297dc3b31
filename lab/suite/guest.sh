# SPDX-License-Identifier: GPL-2.0-or-later
# Each test's line goes to the console, too: if the kernel dies, one sees where.
# shellcheck source=/dev/null
. /zu/with.sh
ONLY='*'
# shellcheck source=/dev/null
. /zu/options
mkdir -p /report/livepatch

# result STATUS NAME; and when, since that is not the same from run to run
result() {
	echo "$*" | tee -a /report/results
	echo "$(cut -d' ' -f1 /proc/uptime) s: $*" >>/report/times
}

# wanted NAME: --only names it
wanted() {
	# shellcheck disable=SC2254 # a pattern
	case $1 in
	$ONLY) ;;
	*) return 1 ;;
	esac
}

# Exit status 4 of a selftest means that it cannot run here.
livepatch() {
	for test in test-*.sh; do
		wanted "livepatch/$test" || continue
		./"$test" >"/report/livepatch/$test" 2>&1
		case $? in
		0) result "ok livepatch/$test" ;;
		4) result "skip livepatch/$test" ;;
		*) result "not ok livepatch/$test" ;;
		esac
	done
}

# KTAP: test_unwind/test_unwind_flags has a line for each of its parameters.
# A suite that says nothing at all has failed.
unwind() {
	dmesg -c >>/report/dmesg
	insmod /lib/zu/test_unwind.ko
	dmesg -c >/report/unwind
	cat /report/unwind >>/report/dmesg
	sed 's/^\[[^]]*\] //' /report/unwind | awk '
		/^ +(not )?ok [0-9]+ .*UWM_/ {
			status = $1 == "ok" ? "ok" : "not ok"
			if (/# SKIP/) status = "skip"
			sub(/^ *(not )?ok [0-9]+ (- )?/, ""); sub(/ *#.*/, "")
			gsub(/ \| /, "+")
			print status " unwind/" $0
			lines++
		}
		END { if (!lines) print "not ok unwind/KTAP" }' >/tmp/unwind
	while read -r line; do result "$line"; done </tmp/unwind
	rmmod test_unwind
}

with_load || exit
echo "$(cut -d' ' -f1 /proc/uptime) s: begin" >/report/times
cd /suite || exit
livepatch
! wanted unwind || unwind
with_unload || result "not ok unload"
leaks /report/kmemleak
dmesg >>/report/dmesg
