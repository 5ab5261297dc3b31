# SPDX-License-Identifier: GPL-2.0-or-later
echo 7 >/proc/sys/kernel/printk
sleep 1000 &
cat /dev/console >/dev/null &
sleep 1
insmod /lib/zu/zucost.ko pid="$(pidof sleep | tr ' ' ','),$$,2" \
	reliable="0x$(awk '$3 == "stack_trace_save_tsk_reliable" { print $1; exit }' /proc/kallsyms)"

# A transition of 2,000 threads in system calls, each of which is looked at once:
# its clock counts instructions, and live patching has done when insmod comes back.
transition() { # WHO
	insmod /lib/zu/zupatch_a.ko state=1 || echo "cost: no zupatch_a.ko"
	patch_wait zupatch_a 60 || echo "cost: the transition does not end"
	patch_off zupatch_a 60
	rmmod zupatch_a
	dmesg | awk -v who="$1" '
		{ sub(/^.*\[ */, ""); at = $1 + 0 }
		/starting patching transition/ { start = at }
		/patching complete/ && !/unpatching/ { end = at }
		END { printf "cost: transition of 2000 threads, %s: %d us\n", who, (end - start) * 1000000 }'
}

# shellcheck source=/dev/null
. /zu/patch.sh
echo Y >/sys/module/printk/parameters/time
redirect=/sys/module/zunwind/parameters/redirect
insmod /lib/zu/zucycle.ko sets=nobody || echo "cost: no zucycle.ko"
blockers 20 100
sleep 2
for time in first second; do
	echo 0 >$redirect
	transition "kernel, $time"
	echo 1 >$redirect
	transition "zunwind, $time"
done
patch_counters
