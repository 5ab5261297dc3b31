# SPDX-License-Identifier: GPL-2.0-or-later
insmod /lib/zu/zuscen.ko mode=kret probe=hrtimer_nanosleep
[ "$(cat /sys/module/zuscen/parameters/status)" = 0 ] || exit
blockers 1 16
