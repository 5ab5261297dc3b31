# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# now.sh NAME: ask zunwind about the transition that is open; a line in /tmp/results
# shellcheck source=/dev/null
. /zu/ask.sh
sources="live gdb dump"
keep_log=1
[ ! -e /tmp/spoilt ] || spoilt=1
open=$(grep -l 1 /sys/kernel/livepatch/*/transition) || die "$1: none is open"
ask "$1" "$(cat "${open%transition}enabled")" 1
echo "ok $1" >>/tmp/results
[ -z "$spoilt" ] || : >/tmp/spoilt
