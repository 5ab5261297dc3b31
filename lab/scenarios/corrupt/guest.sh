# SPDX-License-Identifier: GPL-2.0-or-later

# 0x... of the first of the symbols that the kernel has
address() {
	for name; do
		awk -v name="$name" '$3 == name { print "0x" $1; exit }' /proc/kallsyms
	done | head -n 1
}

insmod /lib/zu/zuscen.ko mode=corrupt \
	fgraph="$(address return_to_handler)" \
	rethook="$(address arch_rethook_trampoline __kretprobe_trampoline)" \
	inittext="$(address _sinittext)" etext="$(address _etext)"
[ "$(cat /sys/module/zuscen/parameters/status)" = 0 ] || exit
