# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The newest binutils for s390x, which know more instructions than Debian 12's
# and SFrame. They bring their own libraries and loader.

BINUTILS_SUITE=forky

# binutils_get: prints the folder with s390x-linux-gnu-objdump, -readelf, -as, ...
binutils_get() {
	once "$CACHE/binutils" binutils_make
	echo "$CACHE/binutils/bin"
}

binutils_make() {
	local dir=$1 final=${1%.part} lib loader prog
	for lib in binutils-s390x-linux-gnu libsframe3 libc6 libzstd1 zlib1g \
		libjansson4; do
		apt_unpack "$BINUTILS_SUITE" "$lib:amd64" "$dir"
	done
	lib=$final/usr/lib/x86_64-linux-gnu
	loader=$(find "$dir" -name ld-linux-x86-64.so.2 -type f -print -quit)
	[ -n "$loader" ] || die "libc6 has no loader"
	loader=$final${loader#"$dir"}
	mkdir "$dir/bin"
	for prog in "$dir"/usr/bin/s390x-linux-gnu-*; do
		printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' \
			"$loader" "$lib" "$final${prog#"$dir"}" \
			>"$dir/bin/${prog##*/}"
	done
	chmod +x "$dir"/bin/*
}
