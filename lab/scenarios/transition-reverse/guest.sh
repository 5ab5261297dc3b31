# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck source=/dev/null
. /zu/transition.sh
load zuwait
waiters inner,outer,many:50
load zupatch_w functions=middle,many,deep,spin,nobody
sleep 3
# from here on threads are born patched
waiters outer,deep,many:20,spin
others
echo 0 >/sys/kernel/livepatch/zupatch_w/enabled || die "cannot be turned round"
still_open zupatch_w
