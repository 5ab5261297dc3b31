/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for reasons, and for how a frame was found. */
#include "core/why.c"
#include "core/from.c"
