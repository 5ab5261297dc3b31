# SPDX-License-Identifier: GPL-2.0-or-later
# System calls, page faults, pipes, timers, processes that come and go; threads
# that are preempted; and tracing that changes every few seconds.
load &

insmod /lib/zu/zuscen.ko mode=busy,kret probe=ksys_read
[ "$(cat /sys/module/zuscen/parameters/status)" = 0 ] || exit
echo "section zuscen $(cat /sys/module/zuscen/sections/.text)"

cd /sys/kernel/tracing || exit
echo 64 >buffer_size_kb
for functions in '__s390x_sys_*' 'ksys_*' 'vfs_*' 'do_*' 'pipe_*' '*_fault*' \
	'wake_up_*' '*timer*' 'try_to_wake_up'; do
	echo "$functions" >>set_ftrace_filter
done
while :; do
	for tracer in function_graph nop function nop; do
		echo "$tracer" >current_tracer
		sleep 3
	done
done &
while ! grep -q graph current_tracer; do sleep 1; done
# threads that never sleep may not take more than their share
for pid in $(pidof zu-busy); do
	renice -n 10 "$pid" >/dev/null
done
