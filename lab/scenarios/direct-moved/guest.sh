# SPDX-License-Identifier: GPL-2.0-or-later
insmod /lib/zu/zuscen.ko mode=moved
[ "$(cat /sys/module/zuscen/parameters/status)" = 0 ] || exit
