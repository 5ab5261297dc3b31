#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# zunwind watch, look after look: a made machine behind a made gdb server
# (lib/fakegdb.py), whose memory is replaced between looks; in a terminal (tmux), and
# in pipes.
set -u
# shellcheck source=tests/cli/lib/common.bash
. "${TOP:?}/tests/cli/lib/common.bash"
need python3 tmux
if [ -z "${MAKE_DUMP-}" ]; then
	echo "1..0 # SKIP no kernels are made in this build"
	exit 0
fi

for moment in held held-less held-back held-next held-over; do
	# shellcheck disable=SC2086 # several words
	$MAKE_DUMP $moment $moment.elf || { echo "Bail out! no dump"; exit 1; }
done

moment() { # NAME: the machine from its next stop on
	cp "$1.elf" next.elf && mv next.elf now.elf
}

# It ends when this script does.
: >out
: >err
moment held
python3 "$TOP/tests/cli/lib/fakegdb.py" again unix now.elf -- \
	tail --pid=$$ -f /dev/null >/dev/null 2>&1 &
for _ in {1..100}; do
	[ -S socket ] && break
	sleep 0.1
done
watch="$zunwind watch --interval 0.3 gdb:./socket"

# comes FILE PATTERN: wait for it
comes() {
	for _ in {1..100}; do
		grep -qE -- "$2" "$1" && return
		sleep 0.1
	done
}

# As it goes, in a file
status=0
# shellcheck disable=SC2086 # several words
timeout 60 $watch >lines 2>err </dev/null &
comes lines 'to patched: 245'
moment held-less
comes lines 'to patched: 85'
moment held-back
comes lines 'to unpatched: 240'
moment held-next
comes lines 'fix_two to patched: 245'
moment held-over
wait $! || status=$?
# without times, the zeros of the long name, and what depends on how long it took
sed 's/^[0-9:]* //; s/_0*\([0-9]\)/_\1/g; s/after [0-9]* s/after N s/; s/; longest, .*//' \
	lines | uniq >out
diff - out >differences <<'END'
fix_one to patched: 245 of 245 tasks pending: 60 sleeping on held_1 [zuheld]; 60 sleeping on held_2 [zuheld]; 40 sleeping on held_3 [zuheld]; 20 sleeping on held_0 [zuheld]; 20 sleeping on held_4 [zuheld]; 20 sleeping on held_5 [zuheld]; 20 sleeping on held_6 [zuheld]; 2 on a CPU; 3 not in the way
fix_one to patched: 85 of 245 tasks pending: 40 sleeping on held_1 [zuheld]; 20 sleeping on held_0 [zuheld]; 20 sleeping on held_4 [zuheld]; 2 on a CPU; 3 not in the way
The transition of fix_one was turned round after N s: to unpatched.
fix_one to unpatched: 240 of 245 tasks pending: 240 not in the way
The transition of fix_one to unpatched has ended after N s; that of fix_two to patched goes on.
fix_two to patched: 245 of 245 tasks pending: 2 on a CPU; 243 not in the way
The transition of fix_two to patched has ended after N s.
END
result $? "lines: each change, another patch, the end"
[ $status -eq 0 ] && [ ! -s err ]
result $? "lines: the status"

status=0
# shellcheck disable=SC2086 # several words
$watch >lines 2>err </dev/null || status=$?
[ $status -eq 0 ] && [ "$(sed 's/^[0-9:]* //' lines)" = 'No transition goes on; 2 live patches.' ]
result $? "lines: none goes on"

# Nobody reads any more
unread() { # TRAP
	moment held
	: >out
	# shellcheck disable=SC2064 # as it is now
	(trap "$1" PIPE && $watch 2>err; echo $? >status) | head -n 1 >out &
	comes out 'to patched: 245'
	moment held-less
	wait $!
}

unread ''
[ "$(cat status)" = 2 ] &&
	[ "$(cat err)" = 'zunwind: cannot write the output: Broken pipe' ]
result $? "lines: nobody reads, and SIGPIPE is ignored"
unread -
[ "$(cat status)" = 141 ] && [ ! -s err ]
result $? "lines: nobody reads"

servers=0
t() {
	tmux -S "$tmp/tmux$servers" -f /dev/null "$@" 2>>err
}

look() {
	t capture-pane -p >out
}

# shows NAME PATTERN...: all of that sooner or later; !PATTERN: nothing like that
shows() {
	local name=$1 i status=1
	shift
	for ((i = 0; i < 100 && status; i++)); do
		[ "$i" -eq 0 ] || sleep 0.1
		look
		matches "$@" && status=0
	done
	result "$status" "$name"
}

matches() {
	local pattern
	for pattern; do
		if [ "${pattern#!}" = "$pattern" ]; then
			grep -qE -- "$pattern" out || return 1
		else
			! grep -qE -- "${pattern#!}" out || return 1
		fi
	done
}

cursor() {
	t display-message -p '#{cursor_flag}'
}

fits() { # COLUMNS ROWS NAME
	awk -v columns="$1" -v rows="$2" 'length($0) > columns { bad = 1 }
		NF { last = NR } END { exit bad || last > rows }' out
	result $? "$3: it fits"
}

terminal() { # COLUMNS ROWS COMMAND
	: >err
	[ "$servers" -eq 0 ] || t kill-server
	servers=$((servers + 1))
	t new-session -d -x "$1" -y "$2" env -u NO_COLOR PS1='prompt> ' sh -c "$3"
}

size() { # COLUMNS ROWS
	t resize-window -x "$1" -y "$2"
}

# A shell with jobs, and what was on its screen before
moment held
terminal 80 24 "bash --norc --noprofile -i"
# shellcheck disable=SC2016 # for the shell in there
t send-keys 'for i in {1..30}; do echo before $i; done' Enter
shows "a shell" '^before 30'
t send-keys "$watch; echo status \$?" Enter
shows "the first look" '^ *245 \|#' '^ +60 tasks  sleeping on held_1 \[zuheld\]$' \
	'^ +65 others$' '^ +[0-9]+ +1[0-9]+ sleeper-no-[0-9]+ sleeping on held_' \
	'^ +and 2[0-9]+ more$' '!before|prompt|status'
fits 80 21 "the first look"
[ "$(cursor)" = 0 ]
result $? "no cursor"
t capture-pane -p -S -40 >history
grep -qx 'before 30' history
result $? "what was on the screen has scrolled away"

moment held-less
shows "the next look" '^fix_one to patched: 85 of 245 tasks pending, for [0-9]+ s' \
	'^ *245 \|#+$' '^ +\|##+$' '^ +20 tasks  sleeping on held_0000000000'
[ "$(sed -n 3p out | tr -dc '#' | wc -c)" -lt "$(sed -n 6p out | tr -dc '#' | wc -c)" ]
result $? "the chart: fewer now"

size 40 12
shows "40 by 12" '^fix_one to patched: 85 of 245 tasks pend$' '^ing, for' \
	'^SECONDS +PID NAME +WHAT IS ?$' '^ +and [0-9]+ more' '!\|#'
fits 40 9 "40 by 12"
size 20 5
shows "20 by 5" '^fix_one to patched: ?$' '^85 of 245 tasks pend$' '!SECONDS|tasks  '
fits 20 2 "20 by 5"
size 7 1
shows "7 by 1" '^fix_one$'
size 200 60
shows "200 by 60" '^fix_one to patched: 85 .* in vain$' '^ *[0-9]+ \|#' \
	'^SECONDS' '^ +and [0-9]+ more' '!before|prompt|status'
[ "$(grep -c 'sleeper-no' out)" -gt 30 ] && [ "$(grep -c '^fix_one' out)" -eq 1 ]
result $? "200 by 60: more tasks, drawn once"
fits 200 57 "200 by 60"
size 80 24
shows "80 by 24 again" '^SECONDS +PID NAME +WHAT IS IN THE WAY *$' '^ *[0-9]+ \|#' \
	'^ +and [0-9]+ more' '!before|prompt|status'
fits 80 21 "80 by 24 again"

t send-keys C-z
shows "Ctrl-Z" Stopped
[ "$(cursor)" = 1 ]
result $? "Ctrl-Z: the cursor is back"
t send-keys 'clear; echo mean''while; bg' Enter
shows "bg" '^\[1\]\+ ' '&$' '^meanwhile$'
sleep 1
shows "bg: it leaves the screen alone" '!pending'
t send-keys fg Enter
shows "fg" '^fix_one to patched: 85 of 245 tasks pending' '^ *[0-9]+ \|#' '!while|prompt'
[ "$(cursor)" = 0 ]
result $? "fg: no cursor"
moment held-back
shows "turned round" '^fix_one to unpatched: 240 of 245' \
	'^The transition of fix_one was turned round after [0-9]+ s: to unpatched\.'
moment held-next
shows "another patch" '^fix_two to patched: 245 of 245' \
	'^The transition of fix_one to unpatched has ended after [0-9]+ s; that of'
fits 80 21 "another patch"
t send-keys C-c
shows "Ctrl-C" '^The transition of fix_two to patched goes on after [0-9]+ s\.$' \
	'^prompt> ?$' '!\^C'
[ "$(cursor)" = 1 ]
result $? "Ctrl-C: the cursor is back"
t send-keys clear Enter
shows "a clear screen" '!fix_two'
t send-keys "$watch; echo status \$?" Enter
shows "once more" '^fix_two to patched: 245 of 245' '!status'
t send-keys C-c
shows "Ctrl-C, and what comes next" '^prompt> ?$'
t send-keys clear Enter
shows "a clear screen" '!fix_two'
t send-keys "sh -c '$watch; echo status \$?'" Enter
shows "once more" '^fix_two to patched: 245 of 245' '!status'
moment held-over
shows "the end" '^fix_two to patched: 245 of 245' '^status 0$' \
	'^The transition of fix_two to patched has ended after [0-9]+ s\.$'
[ "$(cursor)" = 1 ]
result $? "the end: the cursor is back"

moment held
terminal 80 24 "trap : INT; TERM=dumb $watch; echo status \$?; exec sleep 60"
shows "a dumb terminal" '^[0-9:]+ fix_one to patched: 245 of 245 tasks pending: 60 sleeping'
t send-keys C-c
shows "a dumb terminal: Ctrl-C" '^status 1$'
terminal 80 24 "trap : INT; $watch; echo status \$?; exec sleep 60"
shows "colours" '^ *245 \|#'
t capture-pane -pe >out
grep -q $'\033\\[1m.*fix_one' out && grep -q $'\033\\[7m.*SECONDS' out
result $? "colours: of the head, of what stands above the tasks"
t send-keys C-c
shows "Ctrl-C: the status" '^status 1$'
terminal 80 24 "NO_COLOR=1 $watch; exec sleep 60"
shows "NO_COLOR" '^ *245 \|#'
t capture-pane -pe >out
! grep -q $'\033' out
result $? "NO_COLOR: none"

# Drawn at once, whenever the next look is; that is no look of its own
moment held
terminal 80 24 "trap : INT; $watch --interval 60; echo status \$?; exec sleep 60"
shows "a long interval" '^ *245 \|# *$'
size 40 12
shows "a long interval: smaller" '^ding, for' '!\|#'
size 80 24
# tmux fetches back what had scrolled away, which looks the same
sleep 0.5
shows "a long interval: larger" '^fix_one to patched: .* in vain *$' '^ *245 \|# *$' \
	'!^ding, for'
t send-keys C-c
shows "a long interval: Ctrl-C" '^status 1$'

# Without a shell that knows jobs nobody could let it go on. qemu-user would stop it.
if [ "${zunwind%% *}" = "$zunwind" ]; then
	terminal 80 24 "trap : INT; $watch; echo status \$?; exec sleep 60"
	shows "no jobs" '^ *245 \|#'
	t send-keys C-z
	sleep 0.5
	moment held-less
	shows "no jobs: Ctrl-Z does not stop it" '^fix_one to patched: 85 of 245'
	t send-keys C-c
	shows "no jobs: Ctrl-C" '^status 1$'
fi

# The machine is lost
moment held
terminal 80 24 "$watch; echo status \$?; exec sleep 60"
shows "before it is lost" '^ *245 \|#'
rm now.elf
shows "lost" '^zunwind: cannot read gdb:./socket: ' '^status 2$'
[ "$(cursor)" = 1 ]
result $? "lost: the cursor is back"
t kill-server

echo "1..$n"
[ $failed -eq 0 ]
