# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034,SC2154 # variables of the other parts
# zunwind.ko comes and goes, and is used, while everything else happens too. The
# kernel may have nothing to say about it; all that is read has to be whole.

# shellcheck source=/dev/null
. /scenario/options
for part in /zu/patch.sh /scenario/work.sh /scenario/phases.sh \
	/scenario/tables.sh; do
	# shellcheck source=/dev/null
	. "$part"
done
patience=$((60 * (1 + pace) + seconds * 2))

# What kmemleak finds, if the kernel has it. It takes its time, and has to look
# twice: see leaks() in /zu/with.sh.
leaks_end() {
	local file=/sys/kernel/debug/kmemleak
	[ -e $file ] || return 0
	echo stack=on >$file || die "kmemleak has given up"
	for _ in 1 2; do
		sleep 6
		alive
		echo scan >$file
	done
	alive
	cat $file >/tmp/leaks
	say "kmemleak: $(grep -c '^unreferenced' /tmp/leaks) found, at $(($(now) / 1000)) s"
	[ ! -s /tmp/leaks ] || { head -n 60 /tmp/leaks; die "memory is lost"; }
}

# What is read of a firmware file is there until the last one who asked for it gives
# it back. When one was kept on purpose kmemleak did not notice.
no_file() { ! grep kernel_read_file /proc/vmallocinfo; }
files_end() {
	patch_until 20 no_file >/tmp/files || die "tables are kept: $(tail -n 1 /tmp/files)"
	say "no table is kept"
}

# lockdep stops at its first report, or when it has no more room
locks_checked() {
	[ ! -e /proc/lockdep_stats ] || grep -q 'debug_locks: *1' /proc/lockdep_stats
}

# whoever is killed for want of memory, it is nobody of ours
echo -1000 >/proc/self/oom_score_adj
[ -d /lib/firmware/zunwind ] || die "no tables"
alive
echo start >/tmp/phase
dmesg -c >/tmp/log
guard &
guard=$!
locks_checked || die "lockdep is off at the start"
# where all takes ten times as long, fewer are enough
insmod /lib/zu/zucycle.ko threads=$((1 + 1 / pace)) holders=1 \
	sets=leaf,direct+pointer,main,all,hold_leaf || die "no zucycle.ko"
cyclers $((1 / pace)) 1 || die "no cyclers"
for name in $phases; do
	# who is short of memory may not have kmemleak any more
	[ "$name" != pressure ] || leaks_end
	"phase_$name"
	files_end
done
case $phases in
*pressure*) ;;
*) leaks_end ;;
esac
say "$(count chains) rounds of 8 chains, $(count violations) with a violation"
locks_checked || die "lockdep is off"
kill $guard || die "nobody was on guard"
wait $guard
log_get
! grep -aE "$reports" /tmp/log || die "the kernel reports"
patch_silent /tmp/log || die "the kernel complains"
say "done"
