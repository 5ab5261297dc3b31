# SPDX-License-Identifier: GPL-2.0-or-later
# For ask.sh. Files: states1, states2 (PID patch STATE, PID stat LETTER, PID switches
# NUMBER), before and after; log (PID CAUSE by the kernel's own messages, in three
# parts: before, meanwhile, after); said (PID CAUSE), by zunwind. Variables: target, the
# state that tasks have to come to; must, PIDs that have to be compared; few, if there
# need be none.
#
# Who is pending before and after has to be named, and who was switched before may not
# be. The cause has to be what the kernel said, before and after. Of who was not asleep
# all the time it may be another one at each moment.

function bad(text) {
	print "transition: FAILED: " name ": " text
	differences++
}

file == "states1" && $2 == "patch" { before[$1] = $3 }
file == "states2" && $2 == "patch" { after[$1] = $3 }
file ~ /^states/ && $2 == "stat" && $3 == "R" { restless[$1] }
file == "states1" && $2 == "switches" { switches[$1] = $3 }
file == "states2" && $2 == "switches" && switches[$1] != $3 { restless[$1] }

file == "log" && $1 == "mark" { part++ }
file == "log" && $1 != "mark" {
	cause = substr($0, length($1) + 2)
	if (!(($1, cause) in heard))
		kinds[$1] = kinds[$1] (kinds[$1] ? ", " : "") cause
	heard[$1, cause]
	spoken[$1, part]
	# idle tasks are not in /proc
	if ($1 ~ /^swapper/)
		restless[$1]
}

file == "said" { said[$1] = substr($0, length($1) + 2) }

function judge(pid) {
	pending++
	if (!(pid in said)) {
		bad(pid " is pending, and not named")
		return
	}
	if (!((pid, 1) in spoken) || !((pid, 3) in spoken))
		return
	compared++
	done[pid]
	if (pid in restless)
		moving++
	if ((pid, said[pid]) in heard)
		return
	if (!(pid in restless) || said[pid] !~ /^(running|unreliable)$/)
		bad(pid ": the kernel: " kinds[pid] "; zunwind: " said[pid])
}

END {
	if (part != 3)
		bad(part + 0 " parts of the log, not 3")
	for (pid in before)
		if (before[pid] != target && (pid in after) && after[pid] != target)
			judge(pid)
	for (pid in kinds)
		if (pid ~ /^swapper/ && ((pid, 1) in spoken) && ((pid, 3) in spoken))
			judge(pid)
	for (pid in said)
		if ((pid in before) && before[pid] == target)
			bad(pid " is named, and was switched before")
	split(must, list, " ")
	for (i in list)
		if (!(list[i] in done))
			bad(list[i] " is not among what is compared")
	if (!compared && !few)
		bad("nothing to compare")
	print "transition: " name ": " pending + 0 " pending, " compared + 0 \
		" causes compared, " moving + 0 " of them of who did not rest, " \
		differences + 0 " differences"
	exit differences > 0
}
