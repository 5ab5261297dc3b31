# SPDX-License-Identifier: GPL-2.0-or-later
# Files: PID STATE before; PID CAUSE of the kernel's last round before; what zunwind
# said, as JSON; PID STATE after; PID CAUSE of the first round after. target= the state
# that tasks have to come to. Who is pending before and after has to be named, nobody
# else may be; and the cause has to be one of the kernel's, where both are the same.

function bad(text) {
	print "transition: FAILED: " text
	failed = 1
}

FNR == 1 { file++ }
file == 1 { before[$1] = $2 }
file == 2 { was[$1] = $2 " " $3 }
file == 3 && /^\{"pid":/ {
	match($0, /"pid":[0-9]+/)
	pid = substr($0, RSTART + 6, RLENGTH - 6)
	match($0, /"kernel":\{"cause":"[a-z-]*"/)
	cause = substr($0, RSTART + 19, RLENGTH - 20)
	name = ""
	if (cause == "on-stack") {
		match($0, /"function":"[^"]*"/)
		name = substr($0, RSTART + 12, RLENGTH - 13)
	}
	said[pid] = cause " " name
}
file == 4 { after[$1] = $2 }
file == 5 { becomes[$1] = $2 " " $3 }

END {
	for (pid in before) {
		if (before[pid] == target || !(pid in after) || after[pid] == target)
			continue
		pending++
		if (!(pid in said))
			bad(pid " is pending, and not named")
		else if (was[pid] == becomes[pid] && (pid in was)) {
			compared++
			if (said[pid] == was[pid])
				continue
			# a thread that never sleeps is the one or the other
			if (said[pid] said[pid] was[pid] ~ /^((running|unreliable) )+$/)
				busy++
			else
				bad(pid ": the kernel: " was[pid] ", zunwind: " said[pid])
		}
	}
	for (pid in said)
		if (pid > 0 && before[pid] == target)
			bad(pid " is named, and was switched before")
	if (!compared && !few)
		bad("nothing to compare")
	print "transition: " pending + 0 " pending, " compared + 0 " causes compared, " busy + 0 " never at rest"
	exit failed
}
