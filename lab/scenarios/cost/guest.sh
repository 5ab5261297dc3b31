# SPDX-License-Identifier: GPL-2.0-or-later
echo 7 >/proc/sys/kernel/printk
sleep 1000 &
cat /dev/console >/dev/null &
sleep 1
insmod /lib/zu/zucost.ko pid="$(pidof sleep | tr ' ' ','),$$,2" \
	reliable="0x$(awk '$3 == "stack_trace_save_tsk_reliable" { print $1; exit }' /proc/kallsyms)"
