# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# shellcheck source=/dev/null
. /zu/transition.sh
load zuwait
waiters
others
load zupatch_w functions=middle,many,deep,spin,nobody
# what is said to help, and what not
kill -CONT "$user1"
kill -STOP "$user2"
sleep 1
kill -CONT "$user2"
sleep 1
[ "$(cat "/proc/$user1/patch_state")" = 0 ] || die "SIGCONT alone helps"
[ "$(cat "/proc/$user2/patch_state")" = 1 ] || die "SIGSTOP and SIGCONT don't help"
still_open zupatch_w
