/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The one header a host of core/ replaces: fixed-size integers, bool,
 * size_t, and memcpy, memset, memcmp. Nothing else of the host is used.
 */
#ifndef ZU_CORE_ENV_H
#define ZU_CORE_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ZU_STATIC_ASSERT(cond, text) _Static_assert(cond, text)

#endif
