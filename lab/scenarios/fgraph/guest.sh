# SPDX-License-Identifier: GPL-2.0-or-later
cd /sys/kernel/tracing || exit
echo 64 >buffer_size_kb
# All functions would do as well, at eight minutes for a stock kernel.
for functions in '__s390x_sys_*' 'ksys_*' 'vfs_*' 'do_*' 'futex_*' '*pipe_*' \
	'unix_*' '*schedule*' 'wait_*' 'kthread*' 'worker_thread' 'stop_*' \
	'*_idle*'; do
	echo "$functions" >>set_ftrace_filter
done
echo function_graph >current_tracer
[ "$(cat current_tracer)" = function_graph ] || exit
blockers 2 16
