# SPDX-License-Identifier: GPL-2.0-or-later
# Modules that the host wants to have loaded, in /with: for guest.sh of a suite.

# with_load: all, in the order in which they were named
with_load() {
	while read -r file args; do
		# shellcheck disable=SC2086 # a list
		insmod "/with/$file" $args || return
	done </with/list
}

# with_unload: the last one first
with_unload() {
	sed 's/\.ko.*//; s/-/_/g; 1!G; h; $!d' /with/list | while read -r name; do
		rmmod "$name" || return
	done
}

# leaks FILE: what kmemleak finds, where the kernel has it. It has to look twice:
# what is referenced by a register only counts as leaked the first time.
leaks() {
	[ -e /sys/kernel/debug/kmemleak ] || return 0
	for _ in 1 2; do
		sleep 5
		echo scan >/sys/kernel/debug/kmemleak
	done
	cat /sys/kernel/debug/kmemleak >"$1"
}
