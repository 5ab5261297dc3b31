# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The guest's file system: busybox, zunwind, guest/init, the guest programs,
# modules and their tables, and one scenario's folder as /scenario.

BUSYBOX_SUITE=bookworm

busybox_unpack() {
	apt_unpack "$BUSYBOX_SUITE" busybox-static:s390x "$1/deb"
	mv "$(find "$1/deb" -path '*/bin/busybox' -print -quit)" "$1/busybox"
	rm -rf "$1/deb"
}

# guest_programs DIR: guest/*.c, each one static program in DIR
guest_programs() {
	local src prog changed
	mkdir -p "$CACHE/guest"
	for src in "$LAB"/guest/*.c; do
		prog=$CACHE/guest/$(basename "$src" .c)
		changed=$(find "$src" "$LAB"/guest/*.h -newer "$prog" 2>/dev/null ||
			echo all)
		if [ -n "$changed" ]; then
			"${CROSS}gcc" -static -O2 -Wall -Wextra -pthread \
				-o "$prog.$$" "$src"
			mv "$prog.$$" "$prog"
		fi
		cp "$prog" "$1/"
	done
}

# guest_zunwind FILE: the command as one static program, built anew only where
# the sources changed
guest_zunwind() {
	local build=$REPO/build-guest
	need meson ninja "${CROSS}gcc"
	mkdir -p "$CACHE/guest"
	(
		flock 9
		"$REPO/tools/sysroot-s390x.sh"
		"$REPO/tools/configure" build-guest \
			--cross-file .cache/sysroot-s390x/cross.ini \
			--cross-file lab/static.ini
		logged "$build/build.log" ninja -C "$build" -j"$JOBS" zunwind
		cp "$build/zunwind" "$1"
	) 9>"$CACHE/guest/zunwind.lock"
}

# kernel_modules KERNELDIR OUT NAME...: modules of the kernel itself and what
# they depend on, unpacked as OUT/NAME.ko. Names that are built in are skipped.
kernel_modules() {
	local dir=$1 out=$2 name file deps
	shift 2
	for name; do
		name=${name//-/_}
		[ ! -e "$out/$name.ko" ] || continue
		! grep -qE "/${name//_/[-_]}\.ko$" "$dir/modules/modules.builtin" ||
			continue
		file=$(find "$dir/modules/" -name "${name//_/[-_]}.ko*" -print -quit)
		[ -n "$file" ] || die "$(cat "$dir/release") has no module $name"
		case $file in
		*.xz) xz -dc "$file" >"$out/$name.ko" ;;
		*.zst) zstd -qdc "$file" >"$out/$name.ko" ;;
		*) cp "$file" "$out/$name.ko" ;;
		esac
		deps=$(modinfo -F depends "$out/$name.ko" | tr ',' ' ')
		# shellcheck disable=SC2086 # a list
		kernel_modules "$dir" "$out" $deps
	done
}

# initramfs_tables KERNELDIR ROOT TABLES: tables of the kernel and of all modules
# in ROOT; the host keeps them, to judge by the same.
initramfs_tables() {
	local dir=$1 root=$2 tables=$3 files
	mapfile -t files < <(find "$root" -name '*.ko' -type f)
	kmod_tables "$dir" "$tables" "${files[@]}"
	mkdir -p "$root/lib/firmware"
	[ ! -d "$tables" ] || cp -r "$tables" "$root/lib/firmware/zunwind"
}

# initramfs_make KERNELDIR MODULESDIR SCENARIODIR FILE: uncompressed newc, for
# kernels without any decompressor. What is in the folder $OVERLAY, if any, is
# laid over it.
initramfs_make() {
	local dir=$1 mods=$2 scenario=$3 file=$4 root lib
	once "$CACHE/busybox" busybox_unpack
	root=$(mktemp -d "$file.XXXXXX")
	mkdir -p "$root"/{bin,dev,lib/zu,proc,scenario,sys,tmp,witness,zu}
	cp "$CACHE/busybox/busybox" "$root/bin/"
	install -m 755 "$LAB/guest/init" "$root/init"
	find "$LAB/guest" \( -name '*.sh' -o -name '*.awk' \) -exec cp {} "$root/zu/" \;
	guest_programs "$root/bin"
	guest_zunwind "$root/bin/zunwind"
	# where distributions put it that have it beside the modules
	lib=$root/lib/modules/$(cat "$dir/release")
	mkdir -p "$lib"
	cp "$dir/config" "$lib/config"
	cp "$mods"/*.ko "$root/lib/zu/"
	# shellcheck disable=SC2086 # a list
	kernel_modules "$dir" "$root/lib/zu" virtio_blk $KMODS
	cp -r "$scenario/." "$root/scenario/"
	scenario_script prepare "$root" "$dir"
	[ -z "${OVERLAY-}" ] || cp -r "$OVERLAY/." "$root/"
	[ ! -e "$root/lib/zu/zunwind.ko" ] ||
		initramfs_tables "$dir" "$root" "$(dirname "$file")/tables"
	printf '%s\n' "WITNESS=$WITNESS" "ZUNWIND_KO=$ZUNWIND_KO" \
		>"$root/zu/conf"
	(cd "$root" && find . | LC_ALL=C sort |
		cpio -o -H newc -R 0:0 --quiet) >"$file"
	rm -rf "$root"
}
