# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Kernels. Each is one file kernels/NAME.conf of shell variables:
#
#   KIND=debian   SUITE=trixie                 a stock image package
#   KIND=source   SUITE=trixie SOURCE=6.12     built from linux-source-6.12
#                 FRAGMENTS="zunwind"          with config/*.config on top of
#                                              allnoconfig, in this order
#                                KCFLAGS="-mno-backchain"  more compiler flags, if any
#
#   KMOD=no                                    too old for zunwind.ko
#   UNPROVEN="function..."  what zunwind check cannot prove: doc/findings.md
#   DEBUG=yes               checks itself, and is slow: booted only if it is named
#
# Kernels whose name ends in -nobc are built without a back chain. The kernel's
# own unwinder cannot work there: they are code to look at, and never booted.
#
# SUITE can name several: the first one from which the kernel can be had counts.
# A mirror that is being updated may not have all of a suite, or name packages
# that it does not have. What was chosen stays chosen until `lab clean`.
#
# A kernel's folder holds: image (what QEMU boots), config, release, modules/
# (a tree as in /lib/modules/RELEASE) and, where there is one, build (a link
# to the tree that modules are built against) and vmlinux. A stock kernel's
# vmlinux and the DWARF of its modules are fetched by kernel_debug only.

KERNEL_RUN=$CACHE/kernels

kernel_names() {
	local conf
	for conf in "$LAB"/kernels/*.conf; do
		basename "$conf" .conf
	done
}

# kernel_boot_names: those that are made to boot, and do so in little time
kernel_boot_names() {
	local name
	for name in $(kernel_names | grep -v -e '-nobc$'); do
		grep -qx DEBUG=yes "$LAB/kernels/$name.conf" || echo "$name"
	done
}

# kernel_load NAME: sets the variables of its conf
kernel_load() {
	local conf=$LAB/kernels/$1.conf
	[ -r "$conf" ] || die "no kernel '$1' (there are: $(kernel_names | xargs))"
	# shellcheck disable=SC2034 # other parts take UNPROVEN, DEBUG and KMOD
	KIND='' SUITE='' SOURCE='' FRAGMENTS='' KCFLAGS='' UNPROVEN='' DEBUG='' KMOD=yes
	# shellcheck source=/dev/null
	. "$conf"
	case $SUITE in
	*' '*) SUITE=$(kernel_suite "$1") ;;
	esac
}

# kernel_suite NAME: of several suites, the one that this kernel comes from
kernel_suite() {
	local chosen=$CACHE/suites/$1
	if [ ! -s "$chosen" ]; then
		mkdir -p "$CACHE/suites"
		apt_first kernel_reach "$SUITE" "$KIND" "$SOURCE" >"$chosen.part"
		mv "$chosen.part" "$chosen"
	fi
	cat "$chosen"
}

# kernel_reach SUITE KIND SOURCE: get the packages that must be of one version
kernel_reach() {
	local pkg=linux-source-$3:s390x
	if [ "$2" = source ]; then
		[ -d "$CACHE/src/linux-$3" ] || apt_deb "$1" "$pkg"
		return
	fi
	pkg=$(kernel_package "$1")
	apt_deb "$1" "$pkg:s390x"
	apt_deb "$1" "linux-headers-${pkg#linux-image-}:s390x"
}

# kernel_package SUITE: the package of its stock kernel
kernel_package() {
	local meta=linux-image-s390x:s390x pkg
	pkg=$(apt_depends "$1" $meta 'linux-image-.*')
	[ -n "$pkg" ] || die "Debian $1 has no $meta"
	echo "$pkg"
}

# kernel_get NAME: prints the kernel's folder, made if need be
kernel_get() {
	local dir=$KERNEL_RUN/$1
	kernel_load "$1"
	case $KIND in
	debian) once "$dir" kernel_from_debian ;;
	source) kernel_from_source "$1" "$dir" ;;
	*) die "kernels/$1.conf: KIND is '$KIND', must be debian or source" ;;
	esac
	echo "$dir"
}

# Up to 7.0 linux-image-* holds everything; later it only depends on
# linux-binary-*, linux-modules-* and linux-base-*.
kernel_from_debian() {
	local dir=$1 deb=$1/deb pkg release parts part
	pkg=$(kernel_package "$SUITE")
	release=${pkg#linux-image-}
	parts=$(apt_depends "$SUITE" "$pkg:s390x" \
		"linux-(binary|modules|base)-[0-9].*")
	for part in $pkg $parts; do
		apt_unpack "$SUITE" "$part:s390x" "$deb"
	done
	kernel_pick "$deb" "*/vmlinuz-$release" "*/$release/vmlinuz" "$dir/image"
	kernel_pick "$deb" "*/config-$release" "*/$release/config" "$dir/config"
	kernel_pick "$deb" "*/lib/modules/$release" - "$dir/modules"
	rm -rf "$deb"
	echo "$release" >"$dir/release"
}

# kernel_debug NAME: prints the folder that holds the kernel's vmlinux and, below
# it, its modules or their separate DWARF (*.ko). For a stock kernel that is
# the package of its debug symbols: 0.5 GB to load, 3.5 GB unpacked.
kernel_debug() {
	local dir
	dir=$(kernel_get "$1")
	kernel_load "$1"
	case $KIND in
	debian)
		once "$dir/debug" kernel_debug_unpack "$(cat "$dir/release")"
		ln -sfn debug/vmlinux "$dir/vmlinux"
		echo "$dir/debug"
		;;
	source) echo "$dir/build" ;;
	esac
}

kernel_debug_unpack() {
	local release=$1 dir=$2 deb=$2/deb pkg=linux-image-$1-dbg:s390x
	apt_unpack "$SUITE" "$pkg" "$deb"
	find "$deb" -type l -name 'vmlinux*' -delete
	kernel_pick "$deb" "*/lib/debug/*/vmlinux" \
		"*/lib/debug/*/vmlinux-$release" "$dir/vmlinux"
	kernel_pick "$deb" "*/modules/$release/kernel" - "$dir/kernel"
	rm -rf "$deb" "$CACHE/debs/$SUITE/${pkg/:/_}.deb"
}

# kernel_pick TREE PATTERN OTHER TARGET: move what matches, before or after 7.0
kernel_pick() {
	local found
	found=$(find "$1" -path "$2" -print -quit -o -path "$3" -print -quit)
	[ -n "$found" ] || die "no $2 in the kernel's packages"
	mv "$found" "$4"
}

# What a self-built kernel depends on: a change of it means a new build.
kernel_key() {
	local src=$1 part
	{
		make -s -C "$src" kernelversion
		"${CROSS}gcc" --version
		for part in $FRAGMENTS; do
			cat "$LAB/config/$part.config"
		done
		[ -z "$KCFLAGS" ] || echo "$KCFLAGS"
	} | sha256sum | cut -d' ' -f1
}

# kernel_from_source NAME DIR: the build tree is kept, so that a stopped build
# goes on where it was; the stamp is written last.
kernel_from_source() {
	local name=$1 dir=$2 src key
	need "${CROSS}gcc" make bc flex bison pahole rsync kmod
	src=$(source_get "$SUITE" "$SOURCE")
	key=$(kernel_key "$src")
	mkdir -p "$dir"
	(
		flock 9
		[ "$key" != "$(cat "$dir/stamp" 2>/dev/null || :)" ] || exit 0
		rm -f "$dir/stamp"
		say "building $name (log: $dir/build.log)"
		kernel_configure "$src" "$dir/build" "$dir/config.log"
		logged "$dir/build.log" kernel_make "$src" "$dir/build" -j"$JOBS" all
		kernel_install "$src" "$dir"
		echo "$key" >"$dir/stamp"
	) 9>"$dir.lock"
}

kernel_make() {
	local src=$1 out=$2
	shift 2
	make -C "$src" O="$out" ARCH=s390 CROSS_COMPILE="$CROSS" \
		KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=lab \
		KBUILD_BUILD_HOST=lab KCFLAGS="$KCFLAGS" "$@"
}

kernel_configure() {
	local src=$1 out=$2 log=$3 part files=()
	for part in $FRAGMENTS; do
		files+=("$LAB/config/$part.config")
	done
	mkdir -p "$out"
	cat "${files[@]}" >"$out/lab.config"
	logged "$log" kernel_make "$src" "$out" \
		KCONFIG_ALLCONFIG="$out/lab.config" allnoconfig
}

kernel_install() {
	local src=$1 dir=$2 out=$2/build release
	release=$(kernel_make "$src" "$out" -s kernelrelease)
	rm -rf "$dir/modules" "$dir/inst"
	logged "$dir/install.log" kernel_make "$src" "$out" \
		INSTALL_MOD_PATH="$dir/inst" INSTALL_MOD_STRIP=1 modules_install
	mv "$dir/inst/lib/modules/$release" "$dir/modules"
	rm -rf "$dir/inst"
	cp "$out/arch/s390/boot/bzImage" "$dir/image"
	cp "$out/.config" "$dir/config"
	ln -sfn build/vmlinux "$dir/vmlinux"
	echo "$release" >"$dir/release"
}
