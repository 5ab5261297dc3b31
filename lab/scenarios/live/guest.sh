# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154 # seconds
# First tasks that rest, whose stacks /proc shows, too. Then 200 threads that never do.

# shellcheck source=/dev/null
. /scenario/options

die() {
	echo "live: FAILED: $*"
	sleep 2
	exit 1
}

now() { cut -d. -f1 /proc/uptime; }

# switches TID: how often it left a CPU
switches() {
	awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$1/status" 2>/dev/null
}

# frames TID: symbol+offset/size, as /proc has it, where the scheduler's own are left out
frames_proc() { sed 's/^\[<0>\] //' "/proc/$1/stack" 2>/dev/null; }
frames_live() {
	zunwind stacks --pid "$1" live 2>/tmp/err | sed -n 's/^    #[0-9 ]*\(([^)]*)\)*//p' |
		sed 's/ <[a-z]*>$//; s/^ *//'
}

# compare TID: the same frames, unless it ran; kernel threads only, user tasks may
# have registers below
compare() {
	local before after
	before=$(switches "$1")
	frames_live "$1" >/tmp/live
	frames_proc "$1" >/tmp/proc
	after=$(switches "$1")
	[ -n "$after" ] && [ "$before" = "$after" ] || return 0
	[ -s /tmp/proc ] || return 0
	tail -n "$(wc -l </tmp/proc)" /tmp/live | cmp -s - /tmp/proc ||
		die "$1: /proc: $(cat /tmp/proc), zunwind: $(cat /tmp/live)"
	compared=$((compared + 1))
}

# refused TEXT COMMAND...
refused() {
	local text=$1 status=0
	shift
	"$@" >/tmp/all 2>/tmp/err || status=$?
	[ $status = 2 ] || die "$*: status $status, not 2: $(cat /tmp/err)"
	[ ! -s /tmp/all ] || die "$*: says something"
	grep -q "$text" /tmp/err || die "$*: $(cat /tmp/err)"
}

[ "$(zunwind --version)" ] || die "no zunwind"
echo "live: zunwind has $(stat -c %s /bin/zunwind) bytes"
zunwind stacks live >/tmp/all 2>/tmp/err || [ $? = 1 ] || die "$(cat /tmp/err)"
echo "live: $(tail -n 1 /tmp/all)"
compared=0
for task in /proc/[0-9]*; do
	[ -s "$task/cmdline" ] || compare "${task#/proc/}"
done
[ $compared -gt 10 ] || die "only $compared stacks to compare"
echo "live: $compared stacks are those of /proc/PID/stack"

# who may not: any other user; and root, on a kernel that is locked down
chmod 755 / /bin /bin/zunwind
refused 'only root may read /proc/kcore' anybody zunwind transition live

renice -n -20 $$ >/dev/null
pingpong 100 || die "pingpong"
waits() { cat /proc/[0-9]*/task/*/status 2>/dev/null | awk '/ctxt_switches/ { n += $2 } END { printf "%d", n }'; }
waited=$(waits)
started=$(now)
end=$((started + seconds))
rounds=0
while [ "$(now)" -lt $end ]; do
	zunwind stacks --format json --comm 'zu-*' live >/tmp/all 2>/tmp/err ||
		[ $? = 1 ] || die "$(cat /tmp/err)"
	tail -n 1 /tmp/all | grep -q '"summary"' || die "not whole"
	awk -v sums=/tmp/sums -f /scenario/legal.awk /tmp/all || die "see above"
	rounds=$((rounds + 1))
done
took=$(($(now) - started))
# of the same threads: the same may be said, and all are in it
captures=0
while [ $captures -lt 5 ]; do
	zunwind capture live -o /tmp/capture >/tmp/said 2>/tmp/err ||
		die "capture: $(cat /tmp/err)"
	zunwind stacks --format json --comm 'zu-*' /tmp/capture >/tmp/all ||
		[ $? = 1 ] || die "the capture can't be read"
	awk -v sums=/tmp/captured -f /scenario/legal.awk /tmp/all || die "see above"
	captures=$((captures + 1))
done
grep -qx '1000 stacks' /tmp/captured || die "not all are in it: $(cat /tmp/captured)"
echo "live: $captures captures, $(stat -c %s /tmp/capture) bytes: $(tr '\n' ',' </tmp/captured)"
echo "live: $rounds looks in $took s, $((($(waits) - waited) / took)) switches a second:" \
	"$(tr '\n' ',' </tmp/sums)"
grep -q ' interrupted' /tmp/sums || die "nobody was interrupted"
mount -t securityfs none /sys/kernel/security 2>/dev/null
if grep -q confidentiality /sys/kernel/security/lockdown 2>/dev/null; then
	echo confidentiality >/sys/kernel/security/lockdown
	refused 'locked down' zunwind transition live
	echo "live: $(cat /tmp/err)"
fi
echo "live: done"
sleep 2
