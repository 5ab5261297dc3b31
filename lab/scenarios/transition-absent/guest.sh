# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck source=/dev/null
. /zu/transition.sh
load zupatch_w
others
echo 0 >/sys/kernel/livepatch/zupatch_w/enabled || die "cannot be disabled"
still_open zupatch_w
