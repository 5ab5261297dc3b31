# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# From nothing to ready by what `zunwind doctor` says, and what it says when a
# table is taken away or spoilt.

module=/sys/module/zunwind
all=/tmp/all-tables

die() {
	echo "doctor: FAILED: $*"
	cat /tmp/said
	dmesg | tail -n 20
	sleep 1
	exit 1
}

# ask STATUS PATTERN: doctor's exit status, and a line that it has to have said
ask() {
	local status=0
	/bin/zunwind doctor >/tmp/said 2>&1 || status=$?
	[ $status = "$1" ] || die "status $status in place of $1"
	grep -Eq -- "$2" /tmp/said || die "no line like: $2"
	echo "doctor: $(tail -n 1 /tmp/said)"
}

# Where modprobe would be: that it isn't here is no matter of doctor's.
have_module() {
	mkdir -p "/lib/modules/$(uname -r)/updates"
	cp /lib/zu/zunwind.ko "/lib/modules/$(uname -r)/updates/"
}

have_module
mv /lib/firmware/zunwind $all
ask 1 '^Next: .*zunwind table '
mkdir /lib/firmware/zunwind
cp $all/*.zut /lib/firmware/zunwind/
ask 1 '^Next: .*(modprobe|insmod) .*zunwind'
insmod /lib/zu/zunwind.ko || die "insmod zunwind.ko"
ask 1 "^Next: .*$module/parameters/redirect"
echo 1 >$module/parameters/redirect || die "no redirection"
ask 0 '^Nothing is left to do'
grep -q '^missing' /tmp/said && die "ready, and something is missing"

# a module that comes and has no table
set -- "$all"/*.zut
rm /lib/firmware/zunwind/*
insmod /lib/zu/zuscen.ko || die "no module"
sleep 1
ask 1 '^missing'
cp $all/*.zut /lib/firmware/zunwind/
ask 1 '^Next: .*/sys/kernel/debug/zunwind/tables'
echo 1 >/sys/kernel/debug/zunwind/tables || die "cannot reload"
ask 0 '^Nothing is left to do'
rmmod zunwind || die "rmmod zunwind"
ask 1 '^Next: .*(modprobe|insmod) .*zunwind'
echo "doctor: $# tables, all states as they should be"
