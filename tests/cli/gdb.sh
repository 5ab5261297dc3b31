#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine behind a gdb server. The server is made for tests (lib/fakegdb.py) and
# tells what was asked of it, above all whether the machine runs at the end.
# shellcheck source=tests/cli/lib/common.bash
. "${TOP:?}/tests/cli/lib/common.bash"
need python3
if [ -z "${MAKE_DUMP-}" ]; then
	echo "1..0 # SKIP no kernels are made in this build"
	exit 0
fi

# shellcheck disable=SC2086 # several words
$MAKE_DUMP unreliable dump.elf || exit 1
# shellcheck disable=SC2086
$zunwind stacks dump.elf >want 2>/dev/null
[ $? -eq 1 ] && [ -s want ]
result $? "what is to be seen"

# python3 may be a script that looks for one, each time
python=$(python3 -c 'import sys; print(sys.executable)')

# over COMMAND-WORD WORD...: sets $status, out, err, log. $args: more for the command
over() {
	local command=$1
	shift
	rm -f log socket
	status=0
	# shellcheck disable=SC2086
	"$python" "$TOP/tests/cli/lib/fakegdb.py" "$@" "${dump:-dump.elf}" -- \
		$zunwind "$command" @ ${args-} >out 2>err </dev/null || status=$?
}

has() { grep -qxE -- "$1" log; }
hasnot() { ! grep -qxE -- "$1" log; }
# nothing that a server like QEMU would not take
clean() { hasnot '(bad-.*|error.*)'; }
ends() { [ "$(tail -n 1 log)" = "$1" ]; }

same() { # NAME WORD...
	local name=$1
	shift
	over stacks "$@"
	[ $status -eq 1 ] && cmp -s out want && [ ! -s err ]
	result $? "$name: as the dump"
	clean && has D && has "mode 0" && ends runs
	result $? "$name: it goes on as it was"
}

same "QEMU up to 8.0"
same "QEMU from 8.1" quiet-start
same "no acknowledgements" no-ack
same "runs" rle
same "small packets" small
same "a socket in a file" unix

over stacks mode-1
clean && has D && has "mode 1" && cmp -s out want
result $? "a server in that mode stays in it"

over stacks prelaunch
[ $status -eq 1 ] && cmp -s out want && clean && hasnot '[cD]' && ends stopped
result $? "a machine that had not been started: not started"

# slow: so that it is let go and stopped again before the look
over stacks slow panics
[ $status -eq 1 ] && cmp -s out want && clean && hasnot D && ends stopped
result $? "a machine that stops of its own accord: stays so"

args="-o captured.zuc" over capture
[ $status -eq 0 ] && has D && ends runs
result $? "capture: it goes on"
# shellcheck disable=SC2086
$zunwind stacks captured.zuc >out 2>err
[ $? -eq 1 ] && cmp -s out want
result $? "capture: says the same"

# shellcheck disable=SC2086
$MAKE_DUMP patching patching.elf && $zunwind transition patching.elf >want-transition
[ $? -eq 1 ] && [ -s want-transition ]
result $? "a transition to be seen"
dump=patching.elf over transition
[ $status -eq 1 ] && cmp -s out want-transition && clean && has D && ends runs
result $? "transition: as the dump, and it goes on"
# What is read last are names, and nobody sees that one could not be read.
# shellcheck disable=SC2086
$MAKE_DUMP held held.elf || exit 1
args="--prometheus gone.prom" dump=held.elf over watch
reads=$(sed -n 's/^reads //p' log)
[ $status -eq 1 ] && grep -qx 'zunwind_up 1' gone.prom && clean && ends runs
result $? "watch: one look, and it goes on"
for at in $((reads - 3)) "$reads"; do
	args="--prometheus gone.prom" dump=held.elf over watch "close=$at"
	[ $status -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -qx 'zunwind_up 0' gone.prom
	result $? "watch: the server goes away at $at of $reads"
done
args="--pid 1001" dump=held.elf over transition
reads=$(sed -n 's/^reads //p' log)
[ $status -eq 1 ] && grep -q 'sleeping on held_' out && has D && ends runs
result $? "transition: one task, and it goes on"
args="--pid 1001" dump=held.elf over transition "close=$reads"
[ $status -eq 2 ] && [ "$(wc -l <err)" -eq 1 ]
result $? "transition: the server goes away at the end, $reads"
dump=patching.elf over transition close=40
[ $status -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ]
result $? "transition: the server goes away"

# For a look it stands still; before, only for some requests at a time (8 are sent
# at once, and a stop ends after 20 ms), however slow the server.
over stacks slow
mapfile -t counts < <(sed -n 's/^read //p' log)
[ "${#counts[@]}" -gt 4 ] && [ "${counts[-1]}" -gt 12 ] &&
	printf '%s\n' "${counts[@]::${#counts[@]}-1}" | sort -n | tail -n 1 |
	awk '{ exit $1 > 10 }'
result $? "one stop for a look, short ones before (${counts[*]})"

# How many requests that are; some of them in each part
total=$(sed -n 's/^reads //p' log)

fails() { # NAME PATTERN WORD...
	local name=$1 pattern=$2
	shift 2
	over stacks "$@"
	[ $status -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -qE "^zunwind: cannot read gdb:[^ ]*: $pattern" err
	result $? "$name: one chain of causes"
}

detached() { # NAME
	has D && has "mode 0" && ends runs
	result $? "$1: the machine goes on"
}

# before a look, in it, at its end; slow: it was let go in between
for at in 1 $((total / 2)) "$total"; do
	fails "garbage at $at of $total" 'what answers there is no gdb server' slow garbage="$at"
	detached "garbage at $at"
	fails "closed at $at" 'the gdb server has closed the connection' slow close="$at"
done
at=$((total - 3))
fails "wrong sum" 'a packet .* was damaged' bad-sum=$at
detached "wrong sum"
fails "too little" 'the gdb server was asked for ' cut=$at
detached "too little"
fails "too much" "the gdb server's answer is too long" long=$at
detached "too much"
fails "no digit" 'the gdb server answers with what is no memory' odd=$at
detached "no digit"
fails "it ran meanwhile" 'somebody else let the machine run' stop-reply=$at
detached "it ran meanwhile"

over stacks E01=1
[ $status -eq 2 ] && [ "$(wc -l <err)" -eq 1 ]
result $? "memory that is not there: one chain of causes"
detached "memory that is not there"

fails "no physical memory mode" \
	'the gdb server has no physical memory mode \(QEMU has\)$' no-mode
has D && ends runs
result $? "no physical memory mode: the machine goes on"
fails "gone at the second stop" 'the gdb server has closed' slow refuse=1

# At each of the first bytes, in each of the first packets
for at in 0 1 17 18 60 100 130 150; do
	fails "closed behind byte $at" 'the gdb server has closed' close-byte="$at"
done

# A signal waits until the machine runs
for name in SIGINT SIGTERM SIGHUP; do
	for at in 1 $((total - 2)); do
		over stacks "signal-$name=$at"
		[ $status -eq $((128 + $(kill -l "$name"))) ] && [ ! -s out ]
		result $? "$name at $at: ends it"
		has signal && has D && has "mode 0" && ends runs
		result $? "$name at $at: the machine goes on"
	done
done

# Nobody reads the output
rm -f log
"$python" "$TOP/tests/cli/lib/fakegdb.py" dump.elf -- \
	bash -c "$zunwind stacks \"\$1\" | true" bash @ >out 2>err
has D && ends runs
result $? "SIGPIPE: the machine goes on"

refused() { # NAME PATTERN SOURCE
	run stacks "$3"
	[ $status -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] && grep -qE "$2" err
	result $? "$1"
}

refused "no port" 'a gdb server is named' gdb:
refused "no number" 'a gdb server is named' gdb:localhost:ssh
refused "no port behind a host" 'a gdb server is named' gdb:localhost:
refused "nobody there" 'cannot connect' gdb:127.0.0.1:1
refused "no such socket" 'cannot connect: No such file' gdb:./nothing
refused "a long path" 'the path of a socket has' "gdb:/$(printf '%0200d' 0)"
refused "a long host" 'a gdb server is named' "gdb:$(printf '%0300d' 0):1"
refused "a port too high" 'cannot (find|connect)' gdb:127.0.0.1:99999

echo "1..$n"
exit "$failed"
