# SPDX-License-Identifier: GPL-2.0-or-later
echo 100000 >/proc/sys/kernel/threads-max
echo 100000 >/proc/sys/kernel/pid_max
blockers 40 500
