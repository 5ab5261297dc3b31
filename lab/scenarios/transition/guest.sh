# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck source=/dev/null
. /zu/transition.sh
load zuwait
waiters
others
load zupatch_w functions=middle,many,deep,spin,nobody
still_open zupatch_w
