# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# zunwind.ko and the unwind tables it asks for.

# kmod_get NAME DIR: zunwind.ko in DIR, if the scenario wants it and that kernel has
# what it needs
kmod_get() {
	kernel_load "$1"
	[ "$KMOD" = yes ] && [ "$ZUNWIND_KO" != no ] || return 0
	modules_build "$1" "$REPO/kmod" "$2" >/dev/null
}

# kmod_table FILE OUT: its table in OUT. Status 1 of zunwind only means that some
# functions are not proven; and what has no code has no table.
kmod_table() {
	local zunwind=${ZUNWIND:-$REPO/build/zunwind} log status=0
	log=$(mktemp)
	"$zunwind" table "$1" -o "$2" >"$log" 2>&1 || status=$?
	if [ $status -gt 1 ] && ! grep -q 'there is no code' "$log"; then
		log_tail "$log"
		die "no table of $1"
	fi
	rm -f "$log"
}

# kmod_tables KERNELDIR OUT FILE.ko...: a table of the kernel, if its vmlinux is
# there, and of each module, in OUT
kmod_tables() {
	local dir=$1 out=$2 file
	shift 2
	[ -e "$dir/vmlinux" ] || return 0
	mkdir -p "$out"
	for file in "$dir/vmlinux" "$@"; do
		kmod_table "$file" "$out"
	done
}
