/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Integers of the target, which is big-endian whatever the host is. They are
 * put together byte by byte: no alignment, no overlay of a struct, no swap
 * that one could forget. Compilers make one load (and bswap) of each.
 */
#ifndef ZU_CORE_BYTES_H
#define ZU_CORE_BYTES_H

#include "core/env.h"

static inline uint16_t zu_be16(const void *p)
{
	const uint8_t *b = p;

	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t zu_be32(const void *p)
{
	const uint8_t *b = p;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	       (uint32_t)b[2] << 8 | b[3];
}

static inline uint64_t zu_be64(const void *p)
{
	const uint8_t *b = p;

	return (uint64_t)zu_be32(b) << 32 | zu_be32(b + 4);
}

static inline void zu_put_be16(void *p, uint16_t v)
{
	uint8_t *b = p;

	b[0] = (uint8_t)(v >> 8);
	b[1] = (uint8_t)v;
}

static inline void zu_put_be32(void *p, uint32_t v)
{
	uint8_t *b = p;

	b[0] = (uint8_t)(v >> 24);
	b[1] = (uint8_t)(v >> 16);
	b[2] = (uint8_t)(v >> 8);
	b[3] = (uint8_t)v;
}

static inline void zu_put_be64(void *p, uint64_t v)
{
	zu_put_be32(p, (uint32_t)(v >> 32));
	zu_put_be32((uint8_t *)p + 4, (uint32_t)v);
}

#endif
