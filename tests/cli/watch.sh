#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# zunwind watch: one look at recorded transitions and made-up ones, in lines, in a
# terminal, and as metrics. That it goes on and ends is for the lab (scenario watch).
set -u
# shellcheck source=tests/cli/lib/common.bash
. "${TOP:?}/tests/cli/lib/common.bash"
data=$TOP/tests/data/transitions
captures=$TOP/tests/data/captures

exits() { # STATUS NAME
	[ "$status" -eq "$1" ] && { [ "$1" -ne 2 ] || [ ! -s out ]; }
	result $? "$2: exit status $1"
}

is() { # NAME TEXT: nothing but this line
	[ "$(cat out)" = "$2" ] && [ ! -s err ]
	result $? "$1"
}

says() { # NAME TEXT: one line on standard error
	[ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$2" err
	result $? "$1"
}

file_has() { # NAME FILE LINE...
	local name=$1 file=$2 line
	shift 2
	for line; do
		grep -qxF -- "$line" "$file" || {
			echo "# missing: $line"
			result 1 "$name"
			return
		}
	done
	result 0 "$name"
}

# json_counts FILE KEY: how many tasks zunwind transition has seen with each value
json_counts() {
	grep '^{"pid"' "$1" | grep -o '"kernel":{[^}]*}' |
		grep -o "\"$2\":\"[^\"]*\"" | sed 's/.*:"//; s/"//; s/on-stack/on_stack/' |
		sort | uniq -c | awk '{ print $2, $1 }'
}

# metric_counts FILE NAME: label and value, without those that are 0
metric_counts() {
	sed -n "s/^$2{[a-z]*=\"\([^\"]*\)\"} \([1-9][0-9]*\)\$/\1 \2/p" "$1" | sort
}

for json in "$data"/*.json; do
	name=$(basename "$json" .json)
	run watch --prometheus "$name.prom" "$data/$name.zuc"
	exits 1 "$name: metrics"
	is "$name: nothing else is said" ''
	cmp -s "$name.prom" "$data/$name.prom"
	result $? "$name: metrics as recorded"
	diff <(json_counts "$json" cause) \
		<(metric_counts "$name.prom" zunwind_livepatch_transition_pending_tasks) >out
	result $? "$name: as many by cause as zunwind transition has seen"
	diff <(json_counts "$json" reason) \
		<(metric_counts "$name.prom" zunwind_livepatch_unreliable_tasks) >out
	result $? "$name: as many by reason"
	run watch "$data/$name.zuc"
	exits 1 "$name"
	[ "$(wc -l <out)" -eq 1 ] && grep -qE '^zupatch_x to unpatched: [0-9]+ of [0-9]+ tasks pending: 30 sleeping on a patch'\''s zu_wait_many \[zuwait\]; ' out
	result $? "$name: one line"
	total=$(json_counts "$json" cause | awk '{ n += $2 } END { print n }')
	grep -q "to unpatched: $total of " out &&
		[ "$(sed 's/.* pending//' out | grep -oE '[:;] [0-9]+' | awk '{ n += $2 } END { print n }')" = "$total" ]
	result $? "$name: the sums fit"
done

status=0
# shellcheck disable=SC2086 # several words
$zunwind watch "$data/self-7.2-transition-nops.zuc" >/dev/full 2>err || status=$?
: >out
exits 2 'nowhere to write'
says 'nowhere to write' 'cannot write the output'

# the file: readable for all, whole or not at all, and nothing beside it
mkdir folder
(umask 077 && : >folder/x && chmod 600 folder/x)
umask 077
run watch --prometheus folder/x "$data/self-7.2-transition-nops.zuc"
umask 022
[ "$(stat -c %a folder/x)" = 644 ] && [ "$(ls folder)" = x ]
result $? 'metrics for other users'
run watch --prometheus nowhere/x.prom "$data/self-7.2-transition-nops.zuc"
exits 2 'no such folder'
says 'no such folder' 'cannot create a file beside nowhere/x.prom'
run watch --prometheus folder "$data/self-7.2-transition-nops.zuc"
exits 2 'a folder in place of the file'
[ "$(ls folder)" = x ] && ! compgen -G 'folder.*' >/dev/null
result $? 'nothing is left behind'
skip() { # NAME WHY
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# also root may not write everywhere then
mkdir closed && echo old >closed/x.prom && chmod 500 closed
meek=
[ ! -w closed ] || meek='setpriv --bounding-set=-dac_override,-dac_read_search'
if $meek true 2>err && ! $meek touch closed/new 2>err; then
	status=0
	# shellcheck disable=SC2086 # several words
	$meek $zunwind watch --prometheus closed/x.prom \
		"$data/self-7.2-transition-nops.zuc" >out 2>err || status=$?
	exits 2 'a folder that is closed'
	says 'a folder that is closed' 'closed/x.prom: Permission denied'
	[ "$(ls closed)" = x.prom ] && [ "$(cat closed/x.prom)" = old ]
	result $? 'a folder that is closed: what was there is as it was'
else
	skip 'a folder that is closed' 'one may write everywhere'
fi

mkdir full
# shellcheck disable=SC2016 # for the shell in there
if unshare -m true 2>err; then
	status=0
	unshare -m sh -c 'mount -t tmpfs -o size=8k none full && cd full || exit 77
		head -c 4096 /dev/zero >rest; echo old >x.prom
		'"$zunwind"' watch --prometheus x.prom "$1" || status=$?
		[ "$(ls | tr "\n" " ")" = "rest x.prom " ] && [ "$(cat x.prom)" = old ] ||
			echo lost
		exit $status' - "$data/self-7.2-transition-nops.zuc" >out 2>err || status=$?
	exits 2 'a full file system: what was there is as it was'
	says 'a full file system' 'full/x.prom: No space left on device'
else
	skip 'a full file system' 'one may not be mounted'
fi

run watch "$captures/deb-7.2-idle.zuc"
exits 2 'an older capture'
run watch --prometheus old.prom "$captures/deb-7.2-idle.zuc"
exits 2 'an older capture, metrics'
says 'an older capture, metrics' 'the capture does not hold the state of live patching'
grep -v '^#' old.prom >out
[ "$(cat out)" = 'zunwind_up 0' ]
result $? 'an older capture, metrics: no more than that'
run watch --prometheus none.prom nothing.elf
exits 2 'no such dump'
file_has 'no such dump' none.prom 'zunwind_up 0'

for words in '--interval 0' '--interval 1x' '--interval -1' '--for nan' '--for 0.01' \
	'--interval 99999999999' '--for' '--count 1' 'a b' 'live'; do
	# shellcheck disable=SC2086 # several words
	run watch $words
	exits 2 "watch $words"
done

made() { # KIND
	# shellcheck disable=SC2086 # several words
	$MAKE_DUMP "$1" "$1.elf" || { echo "Bail out! no dump $1"; exit 1; }
	run watch "$1.elf"
}

metrics() { # KIND
	run watch --prometheus "$1.prom" "$1.elf"
}

if [ -n "${MAKE_DUMP-}" ]; then
	made 7.2
	exits 2 'no live patching'
	says 'no live patching' 'this kernel has no live patching (CONFIG_LIVEPATCH)'
	metrics 7.2
	exits 0 'no live patching, metrics'
	file_has 'no live patching, metrics' 7.2.prom 'zunwind_up 1' \
		'zunwind_livepatch_supported 0'

	made patched
	exits 0 'no transition'
	is 'no transition' 'No transition goes on; 1 live patch.'
	metrics patched
	exits 0 'no transition, metrics'
	file_has 'no transition, metrics' patched.prom 'zunwind_livepatch_transition 0' \
		'zunwind_livepatch_patches{state="enabled"} 1' \
		'zunwind_livepatch_transition_pending_tasks{cause="running"} 0'

	made patching
	exits 1 'only idle tasks'
	is 'only idle tasks' \
		'fix to patched: 5 of 5 tasks pending: 2 on a CPU; 3 not in the way'
	metrics patching
	exits 1 'only idle tasks, metrics'
	file_has 'only idle tasks, metrics' patching.prom \
		'zunwind_livepatch_transition{patch="fix",target="patched"} 1' \
		'zunwind_livepatch_transition_pending_tasks{cause="unvisited"} 3'

	made hidden
	metrics hidden
	file_has 'danger, metrics' hidden.prom 'zunwind_livepatch_danger_tasks 1'

	made odd-name
	is 'an odd name' \
		'a"b\c?d to patched: 5 of 5 tasks pending: 2 on a CPU; 3 not in the way'
	metrics odd-name
	file_has 'an odd name, metrics' odd-name.prom \
		'zunwind_livepatch_transition{patch="a\"b\\c?d",target="patched"} 1'

	made patches-in-a-circle
	exits 2 'damaged'
	says 'damaged' 'the list of live patches (klp_patches)'
	metrics patches-in-a-circle
	exits 2 'damaged, metrics'
	file_has 'damaged, metrics' patches-in-a-circle.prom 'zunwind_up 0'
fi

if command -v python3 >/dev/null; then
	python3 "$TOP/tests/cli/lib/promtext.py" ./*.prom folder/x >out 2>err
	result $? 'all metrics are as Prometheus wants them'
fi

# The service and its timer, with the command as it is here
if command -v systemd-analyze >/dev/null; then
	mkdir units
	cp "$TOP"/contrib/systemd/* units
	sed -i "s|^ExecStart=/usr/bin/zunwind|ExecStart=$(type -P true)|; /^Documentation/d" units/*
	status=0
	systemd-analyze verify "$PWD"/units/* >out 2>err || status=$?
	if grep -q 'Failed to ' err; then
		skip 'systemd finds nothing' 'systemd-analyze does not work here'
	else
		[ $status -eq 0 ] && [ ! -s err ]
		result $? 'systemd finds nothing'
	fi
else
	skip 'systemd finds nothing' 'systemd-analyze is not installed'
fi

# The dashboard asks for nothing that is not written.
if command -v python3 >/dev/null; then
	python3 - "$TOP/contrib/grafana/zunwind.json" "$data/self-7.2-transition-nops.prom" \
		>out 2>err <<'END'
import json
import re
import sys

board = json.load(open(sys.argv[1], encoding='utf-8'))
asked = {name for panel in board['panels'] for target in panel['targets']
         for name in re.findall(r'zunwind_\w+', target['expr'])}
written = set(re.findall(r'^# TYPE (\w+) gauge$',
                         open(sys.argv[2], encoding='utf-8').read(), re.M))
print('not written:', asked - written, 'in no panel:', written - asked)
sys.exit(asked != written)
END
	result $? 'the dashboard shows what is written'
fi

if command -v promtool >/dev/null; then
	promtool check metrics <"$data/self-7.2-transition-nops.prom" >out 2>err
	result $? 'promtool finds nothing'
else
	skip 'promtool finds nothing' 'promtool is not installed'
fi

# In a terminal of 80 by 24
servers=0
screen() { # NAME=VALUE...: what is to be seen in the end
	# one that is about to end has its socket for a while
	servers=$((servers + 1))
	# shellcheck disable=SC2086 # several words
	tmux -S "$tmp/socket$servers" -f /dev/null new-session -d -x 80 -y 24 \
		env "$@" sh -c "$zunwind watch '$data/self-7.2-transition-nops.zuc'; echo status \$?; sleep 60" \
		>out 2>err
	for _ in {1..100}; do
		tmux -S "$tmp/socket$servers" capture-pane -p >out 2>err
		grep -q '^status' out && break
		sleep 0.2
	done
	tmux -S "$tmp/socket$servers" capture-pane -pe >colors 2>err
	tmux -S "$tmp/socket$servers" display-message -p '#{cursor_flag}' >cursor 2>err
	tmux -S "$tmp/socket$servers" kill-server
}

if command -v tmux >/dev/null; then
	screen NO_COLOR=1
	head -n 1 out | grep -qx 'zupatch_x to unpatched: 47 of 127 tasks pending, 5 rounds in vain'
	result $? 'terminal: the head'
	grep -qx '     47 |#' out &&
		grep -qx "     30 tasks  sleeping on a patch's zu_wait_many \[zuwait\]" out
	result $? 'terminal: the chart, the causes'
	grep -qE '^ +0 +[0-9]+ zu-deep +sleeping on zu_wait_deep \[zuwait\], at zu_wait_' out &&
		grep -qx '        and 4[0-9] more' out
	result $? 'terminal: the tasks'
	[ "$(grep -c . out)" -ge 18 ] && grep -qx 'status 1' out &&
		[ "$(awk 'length($0) > 80' out | wc -l)" -eq 0 ]
	result $? 'terminal: it fits, and the status'
	[ "$(cat cursor)" = 1 ]
	result $? 'terminal: the cursor is back'
	! grep -q $'\033' colors
	result $? 'terminal: no colour with NO_COLOR'
	screen NO_COLOR=
	grep -q $'\033' colors
	result $? 'terminal: else there is some'
	screen TERM=dumb
	grep -q '^zupatch_x to unpatched: 47 of 127 tasks pending: 30 sleeping' out
	result $? 'terminal: lines in a dumb one'
else
	skip terminal 'tmux is not installed'
fi

echo "1..$n"
[ $failed -eq 0 ]
