# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# The phases but that of spoilt tables: functions for guest.sh.

# Loaded, used, unloaded; each third time with a patch
phase_load() {
	begin load 20
	work forks
	work stacks 1
	work figures
	until over; do
		load $((rounds % 2))
		if [ $((rounds % 3)) = 0 ]; then
			patch_any
			loaded vmlinux zucycle zupatch_a
			read_stacks
			patch_out
		fi
		unload
	done
	end loads patches reads lines counters forks
}

# All that can be written is, while it comes and goes, and transitions with it
phase_race() {
	begin race 20
	work patches
	work redirects
	work reloads
	work stacks 1 500
	work figures
	until over; do
		load "$(random 2)"
		usleep "$(random $((1500 * pace)))000"
		unload
	done
	end loads patches redirects reloads reads lines counters tables
}

# Tasks end while they are looked at
phase_storm() {
	begin storm 15
	load 1
	/bin/load &
	renice -n 15 $! >/dev/null
	work forks
	work forks
	work stacks 1 300
	work stacks 2 4000
	work stacks 3
	until over; do
		patches
	done
	# shellcheck disable=SC2046 # a list
	kill $(pidof load) 2>/dev/null
	end forks reads lines patches
	unload
}

# CPU 1 goes while a patch waits for tasks that are held, and somebody looks
phase_hotplug() {
	local cpu=/sys/devices/system/cpu/cpu1/online
	begin hotplug 20
	work stacks 1
	work figures
	until over; do
		load 1
		echo 1 >/sys/module/zucycle/parameters/hold
		sleep 1
		patch_on 5
		for _ in 1 2 3 4; do
			echo 0 >$cpu || die "hotplug: CPU 1 stays"
			usleep "$(random 700)000"
			[ "$(cat $cpu)" = 0 ] || die "hotplug: CPU 1 is there"
			echo 1 >$cpu || die "hotplug: CPU 1 is gone for good"
			usleep "$(random 700)000"
			add offline 1
			alive
		done
		! patch_done zupatch_a || die "hotplug: nobody was held"
		echo 0 >/sys/module/zucycle/parameters/hold
		patch_wait zupatch_a "$patience" || die "hotplug: the patch waits for nobody"
		patch_out
		unload
	done
	end offline patches reads lines loads
}

is_held() { [ "$(cat /sys/module/zuhold/parameters/held)" != 0 ]; }

# others: all that has nothing to do with that table goes on
others() {
	for _ in 1 2 3; do
		insmod /lib/zu/zustall.ko pause=sleep || die "held: insmod"
		rmmod zustall || die "held: rmmod"
		add modules 1
		alive
	done
}

# hold_table: who is to read that of zufault.ko waits
hold_table() {
	insmod /lib/zu/zuhold.ko function=kernel_read_file_from_path_initns ||
		die "held: no zuhold.ko"
	load 1
	insmod /lib/zu/zufault.ko || die "held: no zufault.ko"
	patch_until 20 is_held || die "held: nobody reads a table"
	state zufault
	[ "$became" = loading ] || die "held: zufault: $became"
	others
	is_held || die "held: not any more"
}

# A table that is read for long: to read it may take a module that others load, and
# they may not have to wait for the table.
phase_held() {
	local hold=/sys/module/zuhold/parameters/hold
	begin held 0
	work stacks 1
	work figures
	hold_table
	echo 0 >$hold
	loaded vmlinux zucycle zufault
	unload
	rmmod zuhold zufault

	hold_table
	unload &
	others
	[ -e /sys/module/zunwind ] || die "held: zunwind.ko has gone"
	echo 0 >$hold
	wait $! || die "held: rmmod zunwind"
	rmmod zuhold zufault
	end modules loads
}

available() { awk '/^MemAvailable/ { print $2 }' /proc/meminfo; }

# A process that takes all there is, until it is killed
eats() {
	sh -c 'echo 1000 >/proc/self/oom_score_adj
		exec tail -c "$0"k /dev/zero' "$1" >/dev/null
	[ $? != 137 ] || add kills 1
	usleep 300000
}

# fill KILOBYTES: leave no more than that
fill() {
	mkdir -p /tmp/fill
	mount -t tmpfs -o size=100% none /tmp/fill
	while [ "$(available)" -gt "$1" ]; do
		dd if=/dev/zero bs=1M count=8 2>/dev/null >>/tmp/fill/it || break
		alive
	done
}

# Next to no memory. The kernel has nothing to write to a disk: it drops what it can
# read again, and kills who eats.
phase_pressure() {
	fill 50000
	begin pressure 20
	work eats $(($(available) * 2))
	work stacks 1
	work forks
	until over; do
		patch_any
		if load $((rounds % 2)); then
			read_stacks
			unload
		fi
		patch_out
	done
	end kills loads patches reads lines
	umount /tmp/fill
}
