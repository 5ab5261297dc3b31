#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# zunwind transition: recorded transitions of real kernels, made-up ones, what
# cannot be told, and the exit status.
set -u
# shellcheck source=tests/cli/lib/common.bash
. "${TOP:?}/tests/cli/lib/common.bash"
data=$TOP/tests/data/transitions
captures=$TOP/tests/data/captures

has() { # NAME TEXT...: all of it is in the output
	local name=$1 text
	shift
	for text; do
		grep -qF -- "$text" out || {
			echo "# missing: $text"
			result 1 "$name"
			return
		}
	done
	result 0 "$name"
}

lacks() { # NAME TEXT
	! grep -qF -- "$2" out
	result $? "$1"
}

exits() { # STATUS NAME
	[ "$status" -eq "$1" ] && { [ "$1" -ne 2 ] || [ ! -s out ]; }
	result $? "$2: exit status $1"
}

says() { # NAME TEXT: one line on standard error
	[ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$2" err
	result $? "$1"
}

pid_of() { # NAME: the first one in $json
	grep "\"comm\":\"$1\"" "$json" | head -n 1 |
		sed 's/^{"pid":\([0-9]*\),.*/\1/'
}

for json in "$data"/*.json; do
	name=$(basename "$json" .json)
	cp "$data/$name.zuc" .
	run transition --format json "$name.zuc"
	exits 1 "$name"
	cmp -s out "$json"
	result $? "$name: as recorded"
	run capture "$name.zuc" -o again.zuc
	mkdir -p again && mv again.zuc "again/$name.zuc"
	(cd again && $zunwind transition --format json "$name.zuc" >../out 2>../err)
	cmp -s out "$json"
	result $? "$name: a capture of it says the same"
	run transition "$name.zuc"
	exits 1 "$name: text"
	has "$name: text" 'user tasks (S): sleeping on ' 'zu_wait_middle [zuwait], at zu_' \
		'  > #' 'could be switched now: the code proves its stack' \
		'What helps: It leaves the function on its way back' \
		'Never force it'
	lacks "$name: no danger" DANGER
	run transition --pid "$(pid_of zu-deep)" "$name.zuc"
	exits 1 "$name: one task"
	has "$name: one task" '1 kernel thread (I): sleeping on' \
		'1 task, 1 not switched yet'
	run transition --pid 2 "$name.zuc"
	exits 0 "$name: one that is switched"
	has "$name: one that is switched" '1 task, 0 not switched yet' \
		'Nothing is in the way.'
	run transition --pid 99999 "$name.zuc"
	exits 2 "$name: nobody"
	says "$name: nobody" 'there is no such task'
done

run transition "$captures/deb-7.2-idle.zuc"
exits 2 'an older capture'
says 'an older capture' 'the capture does not hold the state of live patching'

run transition
exits 2 'no source'
run transition --format xml "$captures/deb-7.2-idle.zuc"
exits 2 'no such format'
run transition --pid x "$captures/deb-7.2-idle.zuc"
exits 2 'no such pid'
run transition a b
exits 2 'two sources'
run transition live
exits 2 'no running system'

made() { # KIND
	# shellcheck disable=SC2086 # several words
	$MAKE_DUMP "$1" "$1.elf" || { echo "Bail out! no dump $1"; exit 1; }
	run transition "$1.elf"
}

if [ -n "${MAKE_DUMP-}" ]; then
	made 7.2
	exits 2 'no live patching'
	says 'no live patching' 'this kernel has no live patching (CONFIG_LIVEPATCH)'
	run capture 7.2.elf -o 7.2.zuc
	run transition 7.2.zuc
	exits 2 'no live patching in a capture'
	says 'no live patching in a capture' \
		'this kernel has no live patching (CONFIG_LIVEPATCH)'

	made patched
	exits 0 'no transition'
	has 'no transition' 'fix: enabled' '    vmlinux: patched, 1 function' \
		'        old_thing' 'No transition goes on; 1 live patch.'
	run transition --format json patched.elf
	exits 0 'no transition, JSON'
	has 'no transition, JSON' '"transition":null' '"name":"fix"'

	run transition --functions old_thing patched.elf
	exits 0 'a function that is patched already'
	has 'a function that is patched already' \
		'If old_thing were patched now (1 function):' \
		'    old_thing: 0 tasks in the patch that replaces it now' \
		'Nothing would be in the way.'
	run transition --format json --functions old_thing,gone:x patched.elf
	exits 0 'a patch to come, JSON'
	has 'a patch to come, JSON' '"prospect":{"patch":null,"replace":false,"looks":1,' \
		'"name":"x","module":"gone","sympos":0,"loaded":false,"undone":false,'
	# a cumulative patch takes back what others have patched
	made sleeping
	run transition --functions third_thing sleeping.elf
	exits 0 'a patch beside others'
	lacks 'a patch beside others' 'undone'
	run transition --functions third_thing --replace sleeping.elf
	exits 1 'a patch in place of others'
	has 'a patch in place of others' \
		'If third_thing were patched now (1 function; 1 that other patches have patched would be undone):' \
		'    third_thing: 0 tasks in the patch that replaces it now' \
		'    old_thing: 1 task in the patch that would be undone'
	run transition --functions third_thing,old_thing --replace sleeping.elf
	exits 1 'a patch in place of others that has what they have'
	has 'a patch in place of others that has what they have' \
		'    old_thing: 1 task in the patch that replaces it now'
	lacks 'a patch in place of others that has what they have' 'undone'
	run transition --functions third_thing --replace --format json sleeping.elf
	exits 1 'a patch in place of others, JSON'
	has 'a patch in place of others, JSON' '"patch":null,"replace":true,' \
		'"name":"old_thing","module":null,"sympos":0,"loaded":true,"undone":true,'
	run transition --replace sleeping.elf
	exits 2 'nothing that would replace others'

	run transition --functions not_there patched.elf
	exits 2 'no such function'
	says 'no such function' 'there is no not_there in vmlinux'
	run transition --functions schedule --for 3 patched.elf
	exits 2 'a dump has one look'
	run transition --patch patched.elf patched.elf
	exits 2 'no module'
	run transition --patch nothing --functions x patched.elf
	exits 2 'both'
	run transition --for 0 --functions x patched.elf
	exits 2 'no time'
	for word in 1m 1ss s 1e3 '' .; do
		run transition --for "$word" --functions x patched.elf
		[ $status -eq 2 ] && grep -qF "'$word' is no number of seconds from 0.1 to" err
		result $? "no time: '$word'"
	done
	run transition --for 30s --functions schedule patched.elf
	grep -qF -- '--for is for a system that runs' err
	result $? 'a time with its unit'

	made patching
	run transition --functions old_thing patching.elf
	exits 2 'a transition goes on'
	says 'a transition goes on' 'the transition of fix goes on'
	run transition patching.elf
	exits 1 'only idle tasks'
	has 'only idle tasks' 'The transition of fix to patched goes on' \
		'2 idle tasks (R): on a CPU' ': not in the way' \
		'the kernel wakes idle CPUs'
	run transition --pid 1 patching.elf
	exits 0 'nothing in the way of one'

	made hidden
	has 'danger' 'DANGER: the kernel would switch it, but by strict rules: sleeping on old_thing' \
		'1 would be switched by the kernel and should not be.'
	run transition --format json hidden.elf
	has 'danger, JSON' '"hidden":1}'

	made patches-in-a-circle
	exits 2 'damaged'
	says 'damaged' 'the list of live patches (klp_patches)'
	run capture patches-in-a-circle.elf -o circle.zuc
	exits 0 'a capture of damaged lists'
	run transition circle.zuc
	exits 2 'damaged in a capture'
	says 'damaged in a capture' 'the list of live patches (klp_patches)'
fi

echo "1..$n"
[ $failed -eq 0 ]
