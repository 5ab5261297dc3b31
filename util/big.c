/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/big.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The size of a huge page on x86-64; elsewhere it does no harm */
#define HUGE ((size_t)2 << 20)

void *zu_big_alloc(size_t len)
{
	void *p;

	/* some dozens of page faults cost what it takes to clear a huge page */
	if (len < HUGE / 8)
		return malloc(len ? len : 1);
	if (len > SIZE_MAX - HUGE)
		return NULL;
	len = (len + HUGE - 1) & ~(HUGE - 1);
	p = aligned_alloc(HUGE, len);
	/* a wish: not all systems have huge pages */
	if (p)
		(void)madvise(p, len, MADV_HUGEPAGE);
	return p;
}

void *zu_big_grow(void *old, size_t used, size_t len)
{
	void *p = zu_big_alloc(len);

	if (!p)
		return NULL;
	if (used)
		memcpy(p, old, used);
	free(old);
	return p;
}
