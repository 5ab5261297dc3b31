#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tools/sysroot-s390x.sh: Debian 12's s390x libraries in .cache/sysroot-s390x,
# and beside them cross.ini, with which Meson builds for s390x and runs the
# result under qemu-user. Nothing is done if both are there.
#
# The packages cannot be installed beside the machine's own (versions of the
# two architectures differ), so apt gets a status file, lists and a cache of
# its own, and each package is only unpacked. The mirror is the machine's.
set -euo pipefail
cd "$(dirname "$0")/.."

suite=bookworm
packages=(
	libbpf-dev libc6-dev libcmocka-dev libelf-dev libgcc-12-dev
	libjson-c-dev libkdumpfile-dev libzstd-dev
)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
root=$PWD/.cache/sysroot-s390x
work=$root.part

say() { printf 'sysroot: %s\n' "$*" >&2; }
die() { say "error: $*"; exit 2; }

# what the sysroot is made of: another list makes another one
stamp="$suite ${packages[*]}"

# The mirror that the machine's own apt uses for Debian's main archive.
mirror() {
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(CODENAME)' |
		awk -v suite=$suite '$2 == "Debian" && $3 == suite { print $1; exit }'
}

private_apt() {
	apt-get -qq \
		-o Dir::Etc::SourceList="$work/apt/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null \
		-o Dir::Etc::PreferencesParts=/dev/null \
		-o Dir::State="$work/apt/state" \
		-o Dir::State::Lists="$work/apt/lists" \
		-o Dir::State::status="$work/apt/status" \
		-o Dir::Cache="$work/apt/cache" \
		-o APT::Architecture=s390x \
		-o APT::Architectures=s390x \
		-o APT::Default-Release= \
		-o APT::Install-Recommends=false \
		-o APT::Sandbox::User=root \
		-o APT::Update::Error-Mode=any \
		-o Acquire::Languages=none \
		-o Acquire::Retries=3 \
		-o Debug::NoLocking=true \
		"$@" </dev/null
}

download() {
	local uri
	uri=$(mirror)
	[ -n "$uri" ] || die "apt names no mirror of Debian $suite"
	mkdir -p "$work"/apt/{lists,state,cache}
	: >"$work/apt/status"
	echo "deb [signed-by=$keyring] $uri $suite main" \
		>"$work/apt/sources.list"
	private_apt update || die "cannot read the package lists of $suite"
	private_apt -y --download-only install "${packages[@]}" ||
		die "cannot download packages for s390x"
}

unpack() {
	local deb
	for deb in "$work"/apt/cache/archives/*.deb; do
		dpkg-deb -x "$deb" "$work"
	done
	rm -rf "$work/apt"
}

# Absolute links would lead out of the sysroot.
relative_links() {
	local link target
	find "$work" -type l -lname '/*' | while read -r link; do
		target=$(readlink "$link")
		ln -sfnr "$work$target" "$link"
	done
}

write_cross_file() {
	cat >"$1/cross.ini" <<END
[constants]
sysroot = '$root'

[binaries]
c = ['s390x-linux-gnu-gcc', '--sysroot=' + sysroot]
ar = 's390x-linux-gnu-ar'
nm = 's390x-linux-gnu-nm'
strip = 's390x-linux-gnu-strip'
pkgconfig = 'pkg-config'
exe_wrapper = ['qemu-s390x', '-L', sysroot]

[properties]
sys_root = sysroot
pkg_config_libdir = [
	sysroot + '/usr/lib/s390x-linux-gnu/pkgconfig',
	sysroot + '/usr/share/pkgconfig']
exe_runner = ['qemu-s390x', '-L', sysroot]

[host_machine]
system = 'linux'
cpu_family = 's390x'
cpu = 's390x'
endian = 'big'

[built-in options]
werror = true
END
}

if [ "$(cat "$root/stamp" 2>/dev/null)" = "$stamp $root" ]; then
	exit 0
fi
for tool in apt-get dpkg-deb s390x-linux-gnu-gcc qemu-s390x; do
	command -v $tool >/dev/null || die "$tool is not installed"
done
say "unpacking Debian $suite's s390x libraries into .cache/sysroot-s390x"
mkdir -p .cache
rm -rf "$work" "$root"
download
unpack
relative_links
write_cross_file "$work"
echo "$stamp $root" >"$work/stamp"
mv "$work" "$root"
