# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Packages of any Debian suite and architecture, without touching the
# machine's own apt: private sources, lists and cache, the machine's mirror,
# Debian's archive keyring.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirror that the machine's own apt uses for Debian's main archive.
apt_mirror() {
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(SUITE)' |
		awk '$2 == "Debian" && $3 !~ /security|updates/ { print $1; exit }'
}

# apt_private TOOL SUITE ARG...
apt_private() {
	local tool=$1 root=$CACHE/apt/$2
	shift 2
	"$tool" -q \
		-o Dir::Etc::SourceList="$root/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null \
		-o Dir::Etc::PreferencesParts=/dev/null \
		-o Dir::State="$root/state" \
		-o Dir::State::Lists="$root/lists" \
		-o Dir::State::status="$root/status" \
		-o Dir::Cache="$root/cache" \
		-o APT::Architecture=s390x \
		-o APT::Architectures='s390x,amd64' \
		-o APT::Default-Release= \
		-o APT::Sandbox::User=root \
		-o Acquire::Languages=none \
		-o Acquire::Retries=3 \
		"$@"
}

apt_make_root() {
	local suite=$1 root=$2 uri
	uri=$(apt_mirror)
	[ -n "$uri" ] || die "apt names no Debian mirror (apt-get indextargets)"
	mkdir -p "$root"/{lists,state,cache}
	: >"$root/status"
	echo "deb [signed-by=$KEYRING] $uri $suite main" >"$root/sources.list"
}

# apt_update SUITE: the suite's package lists, not older than a day
apt_update() {
	local suite=$1 root=$CACHE/apt/$1
	once "$root" apt_make_root "$suite"
	(
		flock 9
		[ -z "$(find "$root/updated" -mtime -1 2>/dev/null || :)" ] || exit 0
		say "reading package lists of Debian $suite"
		logged "$root/update.log" apt_private apt-get "$suite" \
			-o APT::Update::Error-Mode=any update
		touch "$root/updated"
	) 9>"$root/update.lock"
}

# apt_first FN "SUITE..." ARG...: the first suite for which FN SUITE ARG...
# succeeds, on stdout. FN is tried in a process of its own.
apt_first() {
	local try=$1 suites=$2 suite part parts=''
	shift 2
	for part in common apt kernel; do
		parts+=". $LAB/lib/$part.sh; "
	done
	for suite in $suites; do
		if bash -c "$parts\"\$@\"" _ "$try" "$suite" "$@" >&2; then
			echo "$suite"
			return
		fi
		say "not from Debian $suite"
	done
	die "none of these suites has what is needed now: $suites"
}

# apt_depends SUITE PACKAGE:ARCH REGEX: the dependencies that match, one a line
apt_depends() {
	apt_update "$1"
	apt_private apt-cache "$1" show --no-all-versions "$2" |
		sed -n 's/^Depends: //p' | tr -d ' ' | tr '|' ',' | tr ',' '\n' |
		sed 's/(.*//' | awk -v want="^($3)\$" '$0 ~ want'
}

# apt_deb SUITE PACKAGE:ARCH: path of the downloaded .deb, on stdout
apt_deb() {
	local suite=$1 pkg=$2 pool=$CACHE/debs/$1 file tmp
	mkdir -p "$pool"
	file=$pool/${pkg/:/_}.deb
	echo "$file"
	[ ! -e "$file" ] || return 0
	apt_update "$suite"
	say "downloading $pkg of Debian $suite"
	tmp=$(mktemp -d "$pool/.get.XXXXXX")
	(
		trap 'rm -rf "$tmp"' EXIT
		cd "$tmp" || exit
		logged "$file.log" apt_private apt-get "$suite" download "$pkg"
		mv ./*.deb "$file"
	)
	rm -f "$file.log"
}

# apt_unpack SUITE PACKAGE:ARCH DIR: its files, below DIR
apt_unpack() {
	local deb
	deb=$(apt_deb "$1" "$2")
	dpkg-deb -x "$deb" "$3"
}

# apt_reach SUITE PACKAGE:ARCH...: download them all; for apt_first
apt_reach() {
	local suite=$1 pkg
	shift
	for pkg; do
		apt_deb "$suite" "$pkg"
	done
}

# apt_tree NAME "SUITE..." PACKAGE:ARCH...: prints the folder $CACHE/NAME that
# holds the packages and all they depend on, of the first suite that has them,
# unpacked: a root for qemu-user
apt_tree() {
	local dir=$CACHE/$1 suites=$2
	shift 2
	[ -d "$dir" ] || apt_first apt_tree_of "$suites" "$dir" "$@" >/dev/null
	echo "$dir"
}

# apt_tree_of SUITE DIR PACKAGE:ARCH...
apt_tree_of() {
	local suite=$1 dir=$2
	shift 2
	once "$dir" apt_tree_make "$suite" "$@"
}

apt_tree_make() {
	local suite=$1 dir=${!#} deb part
	apt_update "$suite"
	say "downloading ${*:2:$#-2} of Debian $suite, with what they depend on"
	mkdir -p "$dir/debs/archives/partial"
	logged "$dir.log" apt_private apt-get "$suite" -y \
		-o APT::Install-Recommends=false -o Dir::Cache="$dir/debs" \
		-o Debug::NoLocking=true --download-only install "${@:2:$#-2}"
	for deb in "$dir"/debs/archives/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	for part in bin lib sbin; do
		[ -e "$dir/$part" ] || ln -s "usr/$part" "$dir/$part"
	done
	rm -rf "$dir/debs" "$dir.log"
}
