# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# What goes on in the background of each phase, who watches, and small parts.

debugfs=/sys/kernel/debug/zunwind
parameter=/sys/module/zunwind/parameters/redirect
workers='' working=
sum=/tmp/sum		# of the phase: a number each, in a file that says of what

say() { echo "churn: $*"; }

# Of what goes on in the background, over() and end() get to know.
die() {
	if [ -n "$working" ]; then
		echo "$*" >/tmp/bad
	else
		say "FAILED: $*"
		tail -n 30 /tmp/log
	fi
	exit 1
}

# alive: something got done: see guard()
alive() { now >/tmp/alive.new && mv /tmp/alive.new /tmp/alive; }

# add NAME NUMBER
add() { echo "$2" >>"$sum/$1"; }
total() {
	[ ! -e "$sum/$1" ] || awk '{ n += $1 } END { printf "%d", n }' "$sum/$1"
}

# must NAME...: a phase in which that never happened has shown nothing
must() {
	local name
	for name; do
		[ -e "$sum/$name" ] || die "$phase: no $name"
	done
}

# A kernel that has died in a lock would not be seen by who waits for it. What is
# printed here ends the run.
guard() {
	while :; do
		log_get
		if grep -qaE "$reports" /tmp/log; then
			say "FAILED: the kernel reports, in phase $(cat /tmp/phase)"
			tail -n 120 /tmp/log
			echo "ZU-FAIL the kernel reports"
		fi
		if [ $(($(now) - $(cat /tmp/alive))) -gt $((patience * 1000)) ]; then
			say "FAILED: phase $(cat /tmp/phase) hangs"
			echo w >/proc/sysrq-trigger
			dmesg | tail -n 120
			who_waits
			echo "ZU-FAIL hang"
		fi
		sleep 2
	done
}

# Of a transition: who is not switched, and what live patching was told
who_waits() {
	local task
	patch_counters
	cd /sys/kernel/livepatch && grep . ./*/transition ./*/enabled
	for task in /proc/[0-9]*; do
		echo "$(cat "$task/patch_state") $task $(cat "$task/comm")"
	done | grep -v '^-1' | sort | head -n 60
}

# not by way of a file of its own: guard() does it, too, at any time
log_get() { dmesg -c >>/tmp/log; }

# begin NAME PARTS: a phase, as long as so many parts of a hundred
begin() {
	phase=$1
	echo "$1" >/tmp/phase
	alive
	rm -rf /tmp/stop /tmp/bad "$sum"
	mkdir "$sum"
	began=$(now)
	until=$((began + seconds * $2 * 10))
	rounds=-1
}

# over: no time is left for another round; there is always one
over() {
	alive
	rounds=$((rounds + 1))
	[ ! -e /tmp/bad ] || die "$phase: $(cat /tmp/bad)"
	[ $rounds -gt 0 ] && [ "$(now)" -ge "$until" ]
}

# The test itself has to go on, too.
background() {
	read -r pid _ </proc/self/stat
	renice -n 5 "$pid" >/dev/null
}

# work FUNCTION ARG...: over and over, until the phase ends
work() {
	{
		working=yes
		background
		while [ ! -e /tmp/stop ]; do
			"$@"
		done
	} 2>/dev/null &
	workers="$workers $!"
}

# figure NAME: its total, in words
figure() { echo "$(total "$1") $1"; }

# end NAME...: all is at rest. What was done: these, which must have been, and others
end() {
	local name text
	touch /tmp/stop
	for name in $workers; do
		wait "$name"
	done
	workers=
	[ ! -e /tmp/bad ] || die "$phase: $(cat /tmp/bad)"
	must "$@"
	text="$phase, $((($(now) - began) / 1000)) s:"
	for name; do
		text="$text $(figure "$name"),"
	done
	for name in busy open unchecked broken unloaded same less offered; do
		[ ! -e "$sum/$name" ] || text="$text $(figure "$name"),"
	done
	say "${text%,}"
}

# ---- what goes on

# Processes that hardly live
forks() {
	for _ in 1 2 3 4 5 6 7 8; do
		(:) &
	done
	(true | true | true)
	wait
	usleep 20000
	add forks 11
}

# stacks NAME [BYTES]: read all of it, by as much at once, and look at each line.
# A file that has gone, or a module that goes, can't be opened: no harm.
stacks() {
	rm -f "/tmp/read.$1"
	if ! dd if=$debugfs/stacks of="/tmp/read.$1" bs="${2:-64k}"; then
		[ ! -s "/tmp/read.$1" ] || add broken 1
		usleep 20000
		return
	fi
	if awk -f /scenario/stacks.awk "/tmp/read.$1" >"/tmp/said.$1"; then
		add reads 1
		add lines "$(cat "/tmp/said.$1")"
	else
		cp "/tmp/read.$1" /tmp/bad.reading
		cp "/tmp/said.$1" /tmp/bad
	fi
	usleep 10000
}

# The same, not looked at: who tests has other things to do
read_stacks() { ! cat $debugfs/stacks >/dev/null || add unchecked 1; }

# The other files. Where the kernel's own function and its rules as zunwind has
# them differ, that is counted.
figures() {
	local line
	usleep 30000
	line=$(cat $debugfs/counters) || return
	case $line in
	'{"schema":"zunwind.counters/1",'*',"disagreed":0}') add counters 1 ;;
	*) echo "counters: $line" >/tmp/bad ;;
	esac
	! cat $debugfs/tables >/dev/null || add tables 1
}

redirects() {
	! random 2 >$parameter || add redirects 1
	usleep "$(random 60)000"
}

reloads() {
	! echo 1 >$debugfs/tables || add reloads 1
	usleep "$(random 200)000"
}

# ---- the module and live patches

# state OBJECT: $became: what became of its table, and why
state() {
	local name
	while read -r name _ became; do
		[ "$name" != "$1" ] || return 0
	done <"$debugfs/tables"
	die "$phase: no $1 in tables"
}

is_loaded() {
	state "$1"
	[ "$became" = loaded ]
}

# loaded OBJECT...: their tables are used, or what is done here shows little
loaded() {
	local name
	for name; do
		patch_until 20 is_loaded "$name" || die "$phase: table of $name: $became"
	done
}

# load [REDIRECT]; where memory is short there may be none for it
load() {
	if insmod /lib/zu/zunwind.ko redirect="${1:-0}" 2>/tmp/insmod; then
		add loads 1
		return 0
	fi
	if [ "$phase" != pressure ] ||
		! grep -qi 'out of memory\|cannot allocate' /tmp/insmod; then
		die "$phase: $(cat /tmp/insmod)"
	fi
	add unloaded 1
	return 1
}

# Whoever has one of its files open keeps it
unload() {
	until rmmod zunwind 2>/tmp/rmmod; do
		grep -q 'Resource temporarily' /tmp/rmmod ||
			die "$phase: $(cat /tmp/rmmod)"
		add busy 1
		usleep 20000
	done
	add unloads 1
}

# patch_on STATE: goes in, maybe to the end
patch_on() {
	insmod /lib/zu/zupatch_a.ko state="$1" ||
		die "$phase: a patch that does not go in"
	[ "$(random 3)" = 0 ] || patch_wait zupatch_a 10 || add open 1
}

patch_any() { patch_on $((1 + $(random 4))); }

patch_out() {
	patch_off zupatch_a "$patience" || die "$phase: the patch stays"
	rmmod zupatch_a || die "$phase: rmmod zupatch_a"
	add patches 1
}

patches() {
	patch_any
	usleep "$(random 500)000"
	patch_out
}
