#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Something to see, and a crash kernel for when the machine is restarted.
sleep 100000 &
sleep 100001 | cat &

[ -d /kdump ] || exit 0
# kexec asks for the size of a block of hot-plugged memory, which a kernel
# without memory hotplug does not have. Not rounding to it harms nothing.
mount -t tmpfs tmpfs /sys/devices/system &&
	mkdir /sys/devices/system/memory &&
	echo 8000000 >/sys/devices/system/memory/block_size_bytes &&
	LD_LIBRARY_PATH=/lib kexec -p /kdump/image --initrd=/kdump/initrd \
		--command-line="console=ttysclp0 maxcpus=1" &&
	umount /sys/devices/system &&
	grep -q 1 /sys/kernel/kexec_crash_loaded
