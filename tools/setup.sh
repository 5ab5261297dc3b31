#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tools/setup.sh build|check|lab: install the Debian packages which that
# purpose needs and which are missing. Without root, or on another system,
# say what is missing and exit 2. Says nothing if all is in order.
set -euo pipefail

build=(
	gcc libc6-dev make meson ninja-build pkg-config python3
	libbpf-dev libelf-dev libkdumpfile-dev libzstd-dev zlib1g-dev
)
check=(
	"${build[@]}"
	binutils clang clang-format git groff-base libclang-rt-dev shellcheck
	debian-archive-keyring libcmocka-dev libdw-dev libjson-c-dev tmux
	gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user
)
# shellcheck disable=SC2034 # used by name
lab=(
	"${check[@]}"
	qemu-system-misc
	bc bison cpio dwarves flex kmod libssl-dev rsync xz-utils zstd
)

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "error: $*"; exit 2; }

is_installed() {
	dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null |
		grep -qx installed
}

has_candidate() {
	apt-cache policy "$1" | grep -q '^  Candidate: [^(]'
}

# quietly CMD...: its output is shown only if it fails
quietly() {
	local log
	log=$(mktemp)
	if ! DEBIAN_FRONTEND=noninteractive "$@" </dev/null >"$log" 2>&1; then
		tail -n 40 "$log" >&2
		rm -f "$log"
		return 1
	fi
	rm -f "$log"
}

install_packages() {
	quietly apt-get -qq -y -o Acquire::Retries=3 \
		--no-install-recommends install "$@"
}

update_lists() {
	say 'reading package lists'
	quietly apt-get -qq -o Acquire::Retries=3 update
}

case ${1-} in
build | check | lab) declare -n wanted=$1 ;;
*) echo 'usage: tools/setup.sh build|check|lab' >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	for tool in gcc meson ninja pkg-config; do
		command -v $tool >/dev/null ||
			die "$tool is not installed; on Debian 12 these packages do: ${wanted[*]}"
	done
	exit 0
fi

missing=()
for package in "${wanted[@]}"; do
	is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

[ "$(id -u)" -eq 0 ] ||
	die "not root; to install what is missing: apt-get install ${missing[*]}"
say "installing ${missing[*]}"
for package in "${missing[@]}"; do
	has_candidate "$package" || { update_lists; break; }
done
# Lists that are too old name packages that the mirror has no longer.
install_packages "${missing[@]}" ||
	{ update_lists && install_packages "${missing[@]}"; } ||
	die "cannot install ${missing[*]}"
