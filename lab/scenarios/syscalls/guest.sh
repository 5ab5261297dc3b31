# SPDX-License-Identifier: GPL-2.0-or-later
blockers 8 64
