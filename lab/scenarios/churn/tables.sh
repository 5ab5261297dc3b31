# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# Spoilt tables are offered: one that zunwind.ko takes may not make it say more than
# the right one.

firmware=/lib/firmware/zunwind
held='zu-nest zu-noreturn zu-deep-63 zu-deep-98 zu-deep-101 zu-instead kthreadd'

# answers: of each task that stays where it is, if it is reliable, and where it is
answers() {
	awk -v held="$held" '
	BEGIN { n = split(held, names, " "); for (i = 1; i <= n; i++) is[names[i]] }
	match($0, /"comm":"[^"]*"/) {
		name = substr($0, RSTART + 8, RLENGTH - 9)
		if (!(name in is))
			next
		at = name
		line = $0
		while (match(line, /"ip":"0x[0-9a-f]*"/)) {
			at = at "," substr(line, RSTART + 6, RLENGTH - 7)
			line = substr(line, RSTART + RLENGTH)
		}
		print /"verdict":"reliable"/ ? "reliable" : "refused", at
	}' "$debugfs/stacks"
}

# no_more NAME: whatever is reliable now was it with the right tables, and is in the
# same places
no_more() {
	answers >/tmp/now
	[ "$(wc -l </tmp/now)" = "$(wc -l </tmp/right)" ] ||
		die "spoilt: $1: other tasks"
	if grep '^reliable' /tmp/now | grep -vxFf /tmp/right; then
		die "spoilt: $1: more is reliable than with the right table"
	fi
	if cmp -s /tmp/now /tmp/right; then
		add same 1
	else
		add less 1
	fi
}

# offer OBJECT NAME VALID: what is in its place is looked at
offer() {
	echo 1 >"$debugfs/tables" || die "spoilt: $2: cannot write to tables"
	state "$1"
	add offered 1
	offered=$((offered + 1))
	case $became,$2 in
	'refused '?*,*) add refused 1; return ;;
	none,raw-cut-0) add empty 1; return ;;
	loaded,crc-*) add taken 1 ;;
	*) die "spoilt: $2: $became" ;;
	esac
	is_valid "$3" || die "spoilt: $2: zunwind refuses it"
	no_more "$2"
	alive
	unload
	rm -f "$path"
	load
}

# What the kernel takes, zunwind itself does. Of the kernel's changes nobody has asked it.
is_valid() { [ -z "$1" ] || grep -qxF "$1" /spoilt/valid; }

# There are more than a slow machine has time for.
enough() {
	[ $((offered % 16)) != 0 ] || alive
	[ "$(now)" -gt "$until" ]
}

# A file each for the module
offer_files() {
	local file name
	for file in /spoilt/files/*; do
		name=${file##*/}
		cp "$file" "$path"
		offer zuscen "${name#*-}" "$name"
		! enough || return 0
	done
}

put() { # PLACE BYTES
	# shellcheck disable=SC2059 # bytes are written so
	printf "$2" | dd of="$path" bs=1 seek="$1" conv=notrunc 2>/dev/null
}

# Changes of bytes for the kernel, whose table is large
offer_changes() {
	local size end name place old new old_crc new_crc
	size=$(stat -c %s /tmp/tables/vmlinux)
	end=$((size - 4))
	for place in 0 20 100 1000 $((size / 2)) $end $((size - 1)); do
		head -c "$place" /tmp/tables/vmlinux >"$path"
		offer vmlinux raw-cut-"$place"
	done
	rm "$path"
	while read -r name place old new old_crc new_crc; do
		[ -e "$path" ] || cp /tmp/tables/vmlinux "$path"
		put "$place" "$new"
		put $end "$new_crc"
		offer vmlinux "$name"
		[ ! -e "$path" ] || { put "$place" "$old"; put $end "$old_crc"; }
		! enough || return 0
	done </spoilt/changes
}

# messages: so often somebody said that a table is refused
messages() {
	log_get
	grep -c 'is refused: ' /tmp/log
}

# offer_all OBJECT FUNCTION: with only that object's table spoilt
offer_all() {
	local before
	begin "spoilt-$1" 200
	path=$firmware/$(awk -v name="$1" '$1 == name { print $2 }' "$debugfs/tables").zut
	unload
	mv "$path" "/tmp/tables/$1"
	load
	state "$1"
	[ "$became" = none ] || die "spoilt: $1 has a table"
	before=$(messages)
	offered=0
	"$2"
	[ $(($(messages) - before)) = "$(total refused)" ] ||
		die "spoilt: $(total refused) refused, but not as many messages"
	# a slow machine may not come to one that is taken
	if [ "$pace" -gt 1 ]; then
		end refused
	else
		end refused taken
	fi
	cp "/tmp/tables/$1" "$path"
	unload
	load
}

phase_spoilt() {
	begin spoilt 0
	mkdir -p /tmp/tables
	insmod /lib/zu/zuscen.ko mode=nest,deep,direct || die "no zuscen.ko"
	[ "$(cat /sys/module/zuscen/parameters/status)" = 0 ] || die "zuscen.ko"
	sleep 1
	load
	answers >/tmp/right
	if ! grep -q '^reliable zu-nest' /tmp/right ||
		! grep -q '^refused zu-instead' /tmp/right; then
		die "spoilt: $(cat /tmp/right)"
	fi
	offer_all zuscen offer_files
	offer_all vmlinux offer_changes
	unload
}
