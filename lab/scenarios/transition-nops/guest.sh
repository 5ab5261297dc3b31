# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck source=/dev/null
. /zu/transition.sh
load zuwait
load zupatch_w functions=middle,many,deep,spin
patch_wait zupatch_w 60 || die "not applied"
waiters outer,many:20
load zupatch_x functions=many,nobody replace=1
sleep 3
waiters outer,deep,many:30,spin
others
echo 0 >/sys/kernel/livepatch/zupatch_x/enabled || die "cannot be turned round"
still_open zupatch_x
