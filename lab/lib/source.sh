# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Kernel sources, from Debian's linux-source packages.

source_unpack() {
	local suite=$1 version=$2 dir=$3 tar
	apt_unpack "$suite" "linux-source-$version:s390x" "$dir/deb"
	tar=$dir/deb/usr/src/linux-source-$version.tar.xz
	say "unpacking linux-source-$version"
	tar -C "$dir" --strip-components=1 -xf "$tar"
	rm -rf "$dir/deb"
}

# source_get SUITE VERSION: prints the folder of the unpacked source
source_get() {
	local dir=$CACHE/src/linux-$2
	once "$dir" source_unpack "$1" "$2"
	echo "$dir"
}
