# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Modules built outside the kernel's tree, for any kernel of the lab.

# headers_unpack NAME DIR: a stock kernel's headers; kbuild's own programs come
# as amd64, since they run on the build host.
headers_unpack() {
	local dir=$2 release part parts uri arch
	release=$(cat "$(kernel_get "$1")/release") || return
	parts=$(apt_depends "$SUITE" "linux-headers-$release:s390x" \
		'linux-(headers|kbuild)-.*') || return
	for part in "linux-headers-$release" $parts; do
		arch=s390x
		[[ $part == linux-kbuild-* ]] && arch=amd64
		apt_unpack "$SUITE" "$part:$arch" "$dir" || return
	done
	# The package's makefile names its own parts by their installed paths.
	sed -i "s#/usr/src/#${dir%.part}/usr/src/#" \
		"$dir/usr/src/linux-headers-$release/Makefile"
	ln -s "usr/src/linux-headers-$release" "$dir/build"
}

# modules_tree NAME: prints the tree that modules of that kernel build against
modules_tree() {
	kernel_load "$1"
	if [ "$KIND" = source ]; then
		echo "$(kernel_get "$1")/build"
		return
	fi
	apt_update "$SUITE"
	once "$CACHE/headers/$1" headers_unpack "$1" || exit
	realpath "$CACHE/headers/$1/build"
}

# Debian builds its kernels with a newer gcc than Debian 12's cross compiler.
# What that gcc lacks has no meaning for a module's layout, so it is switched
# off here: module BTF (needs the newer pahole) and the stack protector (7.2).
MODULES_OFF=(CONFIG_DEBUG_INFO_BTF_MODULES= CONFIG_STACKPROTECTOR=
	CONFIG_STACKPROTECTOR_STRONG=)

# modules_build NAME SRCDIR: prints the folder that holds the .ko files. The
# sources are copied, with what modules share with user space beside them, so
# that one source folder serves all kernels.
modules_build() {
	local name=$1 src rel tree out mods
	src=$(realpath "$2") || exit
	rel=${src#"$REPO"/}
	[ "$rel" != "$src" ] || die "$src is not in this repository"
	need rsync "${CROSS}gcc"
	tree=$(modules_tree "$name") || exit
	out=$CACHE/modules/$name
	mkdir -p "$out"
	(
		flock 9
		modules_copy "$rel" "$out" || exit
		mods=$out/$rel
		find "$mods" -name '*.ko' -delete
		logged "$out/${rel//\//-}.log" make -C "$tree" M="$mods" ARCH=s390 \
			CROSS_COMPILE="$CROSS" CC="${CROSS}gcc" -j"$JOBS" \
			"${MODULES_OFF[@]}" modules
	) 9>"$out.lock" || die "cannot build $rel for $name"
	echo "$out/$rel"
}

modules_copy() {
	local dir dirs=()
	for dir in core insn "$1"; do
		[ -d "$REPO/$dir" ] && dirs+=("./$dir")
	done
	(cd "$REPO" && rsync -aR "${dirs[@]}" "$2/")
}
