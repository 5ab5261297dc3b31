# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Modules built outside the kernel's tree, for any kernel of the lab.

# headers_unpack NAME DIR: a stock kernel's headers; kbuild's own programs come
# as amd64, since they run on the build host.
headers_unpack() {
	local dir=$2 release part parts arch
	release=$(cat "$(kernel_get "$1")/release")
	parts=$(apt_depends "$SUITE" "linux-headers-$release:s390x" \
		'linux-(headers|kbuild)-.*')
	for part in "linux-headers-$release" $parts; do
		arch=s390x
		[[ $part != linux-kbuild-* ]] || arch=amd64
		apt_unpack "$SUITE" "$part:$arch" "$dir"
	done
	# The package's makefile names its own parts by their installed paths.
	sed -i "s#/usr/src/#${dir%.part}/usr/src/#" \
		"$dir/usr/src/linux-headers-$release/Makefile"
	headers_use_own_libc "$dir"
	ln -s "usr/src/linux-headers-$release" "$dir/build"
}

# Programs of a newer suite may need its libc: unpack it beside them and start
# those that do not run here by its loader.
headers_use_own_libc() {
	local dir=$1 libc=$1/libc prog loader
	# backports are built against the libc of the suite they are for
	apt_unpack "${SUITE%-backports}" libc6:amd64 "$libc"
	loader=$(find "$libc" -name ld-linux-x86-64.so.2 -type f -print -quit)
	[ -n "$loader" ] || die "libc6 has no loader"
	loader=${dir%.part}${loader#"$dir"}
	find "$dir/usr/lib" -path '*/scripts/*' -type f -perm -u+x |
		while read -r prog; do
			ldd "$prog" 2>&1 | grep -q 'GLIBC.*not found' || continue
			mv "$prog" "$prog.elf"
			printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' \
				"$loader" "$(dirname "$loader")" \
				"${dir%.part}${prog#"$dir"}.elf" >"$prog"
			chmod +x "$prog"
		done
}

# modules_tree NAME: prints the tree that modules of that kernel build against
modules_tree() {
	kernel_load "$1"
	if [ "$KIND" = source ]; then
		echo "$(kernel_get "$1")/build"
		return
	fi
	once "$CACHE/headers/$1" headers_unpack "$1"
	realpath "$CACHE/headers/$1/build"
}

# Debian builds its kernels with a newer gcc and pahole than Debian 12 has. What
# those lack has no bearing on a module's layout, so it is switched off:
# -fmin-function-alignment (gcc 14), the stack protector's s390 form (7.2), BTF.
MODULES_OFF=(CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT= CONFIG_STACKPROTECTOR=
	CONFIG_STACKPROTECTOR_STRONG= CONFIG_DEBUG_INFO_BTF_MODULES=)

# modules_build NAME SRCDIR [DEST]: prints the folder that holds the .ko files;
# copies of them to DEST, for who must not see them change. The sources are
# copied, with what modules share with user space beside them, so that one
# source folder serves all kernels.
modules_build() {
	local name=$1 src rel tree out mods
	src=$(realpath "$2")
	rel=${src#"$REPO"/}
	[ "$rel" != "$src" ] || die "$src is not in this repository"
	need rsync "${CROSS}gcc"
	tree=$(modules_tree "$name")
	out=$CACHE/modules/$name
	mkdir -p "$out"
	(
		flock 9
		modules_copy "$rel" "$out"
		mods=$out/$rel
		find "$mods" -name '*.ko' -delete
		logged "$out/${rel//\//-}.log" make -C "$tree" M="$mods" ARCH=s390 \
			CROSS_COMPILE="$CROSS" CC="${CROSS}gcc" -j"$JOBS" \
			"${MODULES_OFF[@]}" modules
		[ -z "${3-}" ] || find "$mods" -name '*.ko' -exec cp {} "$3/" \;
	) 9>"$out.lock"
	echo "$out/$rel"
}

modules_copy() {
	local dir dirs=()
	for dir in core insn kmod "$1"; do
		[ ! -d "$REPO/$dir" ] || dirs+=("./$dir")
	done
	(cd "$REPO" && rsync -aR "${dirs[@]}" "$2/")
}
