# SPDX-License-Identifier: GPL-2.0-or-later
# Reads zunwind stacks --format json: may a thread of pingpong have the stack that
# it is said to have? Its name tells which system calls it makes, and what it can be
# doing in them. Adds up in the file named by sums=.

function bad(why) {
	print "live: FAILED: " why ": " comm ";" path
	failed = 1
}

# the calls of a stack, outermost first, from the frame where a system call begins
function in_syscall(at) {
	at = index(path, "system_call;__do_syscall;")
	return at ? substr(path, at + 25) : ""
}

# What nobody can be below, who came by another way
function strangers(names) { return path ~ ";(" names ");" }

function may_be_in(calls) {
	if (comm != "zu-socket" && strangers("__s390x_sys_socketcall|unix_[a-z_]*|sock_[a-z_]*"))
		return 0
	if (comm != "zu-futex" && strangers("do_futex|futex_[a-z_]*"))
		return 0
	if (comm != "zu-poll" && strangers("__s390x_sys_poll|do_sys_poll|pipe_poll"))
		return 0
	if (comm ~ /futex|socket/ && strangers("ksys_read|ksys_write|vfs_read|vfs_write|anon_pipe_[a-z]*|pipe_[a-z]*"))
		return 0
	if (calls ~ /^ksys_read;/ && strangers("ksys_write|vfs_write|(anon_)?pipe_write"))
		return 0
	if (calls ~ /^ksys_write;/ && strangers("ksys_read|vfs_read|(anon_)?pipe_read"))
		return 0
	if (strangers("__sys_sendto") && strangers("__sys_recvfrom|unix_stream_recvmsg"))
		return 0
	return 1
}

# One that was not interrupted sleeps where it was made to
function rests(calls) {
	if (comm == "zu-pipe")
		return calls ~ /^ksys_read;vfs_read;(anon_)?pipe_read;schedule;__schedule;$/
	if (comm == "zu-socket")
		return calls ~ /;unix_stream_read_generic;(unix_stream_data_wait;)?schedule_timeout;schedule;__schedule;$/
	if (comm == "zu-poll")
		return calls ~ /^__s390x_sys_poll;do_sys_poll;([a-z_.0-9]*;)*schedule;__schedule;$/
	return calls ~ /;futex_wait;__futex_wait;futex_(do_wait|wait_queue);schedule;__schedule;$/
}

function judge(calls) {
	if (path !~ /;__schedule;$/)
		return bad("does not end in __schedule")
	calls = in_syscall()
	if (calls == "") {
		if (path !~ /^[a-z_]*_int_handler;(do_(ext|io)_irq;)?irqentry_exit(_to_user_mode)?;/)
			bad("neither a system call nor an interrupt")
		return
	}
	if (calls ~ /^(ext_int_handler|io_int_handler|(syscall_)?exit_to_user_mode_[a-z]*|preempt_schedule|__schedule)/)
		return
	if (path ~ /preempt_schedule|_int_handler|mutex_lock|might_resched|cond_resched/)
		return may_be_in(calls) ? 0 : bad("in two places at once")
	if (!may_be_in(calls) || !rests(calls))
		bad("not where it can rest")
}

BEGIN {
	if (sums != "")
		while ((getline line < sums) > 0) {
			split(line, part, " ")
			n[part[2]] = part[1]
		}
	close(sums)
}

/^\{"pid":/ {
	match($0, /"comm":"[^"]*"/)
	comm = substr($0, RSTART + 8, RLENGTH - 9)
	if (comm !~ /^zu-/)
		next
	n["stacks"]++
	if ($0 ~ /"verdict":"running"/) {
		n["running"]++
		next
	}
	if ($0 ~ /"reason":"changed"/) {
		n["changed"]++
		next
	}
	path = ""
	rest = $0
	while (match(rest, /"symbol":"[^"]*"/)) {
		path = substr(rest, RSTART + 10, RLENGTH - 11) ";" path
		rest = substr(rest, RSTART + RLENGTH)
	}
	if ($0 !~ /"verdict":"reliable"/) {
		match($0, /"reason":"[a-z-]*"/)
		n["unreliable"]++
		n[substr($0, RSTART + 10, RLENGTH - 11)]++
		next
	}
	n["reliable"]++
	if (path ~ /_int_handler/)
		n["interrupted"]++
	judge()
}

END {
	if (sums != "") {
		for (name in n)
			print n[name], name >sums
		close(sums)
	}
	exit failed
}
