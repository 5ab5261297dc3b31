# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck source=/dev/null
. /zu/transition.sh
load zuwait
load zupatch_w functions=middle,many,deep,spin
patch_wait zupatch_w 60 || die "not applied"
waiters
others
load zupatch_x functions=many,nobody replace=1
still_open zupatch_x
