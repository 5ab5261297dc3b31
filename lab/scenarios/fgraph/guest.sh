# SPDX-License-Identifier: GPL-2.0-or-later
cd /sys/kernel/tracing || exit
echo 64 >buffer_size_kb
echo function_graph >current_tracer
blockers 2 16
