# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck source=/dev/null
. /zu/transition.sh
load zuwait
others
load zupatch_w functions=nobody
still_open zupatch_w
