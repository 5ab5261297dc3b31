# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# For scenarios that ask zunwind, while the guest runs, who holds up a live patch,
# and compare that with /proc/PID/patch_state and the kernel's own messages.

# shellcheck source=/dev/null
. /zu/transition.sh

sources=live	# of: live, gdb, dump (the last two need ANSWERS=yes)
keep_log=	# somebody else reads the kernel's log, too
few=		# there need be nothing to compare
must=		# PIDs that have to be among what is compared
spoilt=		# wrong answers were made and found, once

# debug_on: have the kernel say of each task why it is not switched
debug_on() {
	echo "file kernel/livepatch/transition.c +p" \
		>/sys/kernel/debug/dynamic_debug/control
}

# states FILE: of all tasks: PID patch STATE, PID stat LETTER, PID switches NUMBER
states() {
	{
		grep -s . /proc/[0-9]*/task/[0-9]*/patch_state \
			/proc/[0-9]*/task/[0-9]*/stat
		grep -s ^voluntary /proc/[0-9]*/task/[0-9]*/status
	} | sed -n '
		s,.*/task/\([0-9]*\)/patch_state:,\1 patch ,p
		s,.*/task/\([0-9]*\)/stat:.*) \(.\) .*,\1 stat \2,p
		s,.*/task/\([0-9]*\)/status:.*:[^0-9]*,\1 switches ,p' >"$1"
}

mark() { echo "ask: mark" >/dev/kmsg; }

# messages: "mark", then what the kernel said since the last mark, or what is left of
# it: PID CAUSE, with the name in place of PID for idle tasks, which all have 0
messages() {
	echo mark
	# a busy thread may say the same thousands of times
	dmesg | uniq | sed -n '
		s/klp_try_switch_task: \(.*\):0 /klp_try_switch_task: :\1 /
		s/.*ask: mark$/mark/p
		s/.*klp_try_switch_task: .*:\([^ ]*\) is running$/\1 running/p
		s/.*klp_try_switch_task: .*:\([^ ]*\) has an unreliable stack$/\1 unreliable/p
		s/.*klp_try_switch_task: .*:\([^ ]*\) is sleeping on function \(.*\)$/\1 on-stack \2/p
	' | awk '$1 == "mark" { split("", seen); next }
		{ seen[$0] }
		END { for (line in seen) print line }'
}

# host WHAT: have the host look (lib/answer.py); what zunwind says, and its status
host() {
	local number asked status length tries=1200
	# in a file: this may be a subshell, or one of several programs
	number=$(($(cat /tmp/asked 2>/dev/null || echo 0) + 1))
	echo $number >/tmp/asked
	: >>/tmp/answer
	echo "ask: $number $1" >/dev/console
	until read -r asked status length </tmp/answer && [ "$asked" = $number ]; do
		sleep 0.25
		dd if=/dev/vda bs=4096 count=1 iflag=direct 2>/dev/null |
			tr -d '\0' >/tmp/answer
		[ $((tries -= 1)) -gt 0 ] || die "the host does not answer"
	done
	dd if=/dev/vda bs=4096 skip=1 count=$(((length + 4095) / 4096)) \
		iflag=direct 2>/dev/null | head -c "$length"
	return "$status"
}

# told SOURCE FILE: what zunwind says of it, and its exit status
told() {
	case $1 in
	gdb | dump) host "$1" >"$2" ;;
	*) zunwind transition --format json "$1" >"$2" 2>&1 ;;
	esac
}

# named FILE: of zunwind's JSON: PID CAUSE, as above
named() {
	sed -n '
		/^{"pid":/!d
		s/,"strict":{.*//
		s/^{"pid":0,.*"comm":"\([^"]*\)".*"kernel":/{"pid":\1,"kernel":/
		s/^{"pid":\([^,]*\),.*"kernel":{"cause":"\([a-z-]*\)".*"function":"\([^"]*\)".*/\1 \2 \3/
		s/^{"pid":\([^,]*\),.*"kernel":{"cause":"\([a-z-]*\)".*/\1 \2/
		p' "$1"
}

# compare NAME TARGET NAMED
compare() {
	awk -v name="$1" -v target="$2" -v few="$few" -v must="$must" \
		-f /zu/ask.awk file=states1 /tmp/states1 file=log /tmp/log \
		file=said "$3" file=states2 /tmp/states2
}

# wrong NAME TARGET NAMED SED: such an answer has to be found wrong
wrong() {
	sed "$4" "$3" >/tmp/wrong
	! cmp -s "$3" /tmp/wrong || die "$1: nothing to spoil"
	! compare "$1" "$2" /tmp/wrong >/tmp/found ||
		die "$1: a wrong answer ($4) is taken for right"
	grep -q FAILED /tmp/found || die "$1: compared nothing"
}

# compare_wrong NAME TARGET NAMED: by the first task asleep in a patched function: it
# is left out, has another cause or function, or there is one that was switched long ago
compare_wrong() {
	local pid
	pid=$(awk 'FNR == NR && $2 == "on-stack" { said[$0]++; next }
		FNR == NR { other[$1]; next }
		said[$0] > 1 && !($1 in other) { print $1; exit }' /tmp/log "$3")
	[ -n "$pid" ] || return 0
	wrong "$@" "/^$pid /d"
	wrong "$@" "/^$pid /s/on-stack.*/unvisited/"
	wrong "$@" "/^$pid /s/on-stack /&x/"
	wrong "$@" "\$s/\$/\n1 running/"
	say "$1: found wrong: one left out, another cause, another function, one too many"
	spoilt=1
}

# ask NAME TARGET STATUS: what zunwind says of each of the sources while one
# transition is open, in which tasks come to TARGET (1 or 0)
ask() {
	local name=$1 target=$2 want=$3 source status began
	[ -n "$keep_log" ] || dmesg -c >/dev/null
	mark
	sleep 2
	messages >/tmp/log
	states /tmp/states1
	mark
	began=$(now)
	for source in $sources; do
		status=0
		told "$source" "/tmp/said.$source" || status=$?
		if [ -n "$few" ] && ! grep -qs 1 /sys/kernel/livepatch/*/transition; then
			say "$name: it has ended meanwhile"
			return
		fi
		# those that are left may just have been freed, and wait for the next round
		[ -n "$few" ] && [ $status = 0 ] && want=0
		[ $status = "$want" ] || die "$name $source: status $status:" \
			"$(head -c 2000 "/tmp/said.$source")"
	done
	say "$name: asked within $(($(now) - began)) ms"
	messages >>/tmp/log
	mark
	states /tmp/states2
	sleep 2
	messages >>/tmp/log
	for source in $sources; do
		named "/tmp/said.$source" >/tmp/named
		compare "$name, $source" "$target" /tmp/named || die "see above"
		[ -n "$spoilt" ] ||
			compare_wrong "$name, $source" "$target" /tmp/named
	done
}
