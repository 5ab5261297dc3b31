# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck source=/dev/null
. /zu/transition.sh
freeze
