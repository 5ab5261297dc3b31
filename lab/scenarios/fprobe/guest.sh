# SPDX-License-Identifier: GPL-2.0-or-later
cd /sys/kernel/tracing || exit
echo 'f:zu_sleep hrtimer_nanosleep%return' >>dynamic_events
echo 1 >events/fprobes/zu_sleep/enable
blockers 1 16
