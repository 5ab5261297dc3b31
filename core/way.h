/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The functions on the way from a call to where it can end. */
#ifndef ZU_CORE_WAY_H
#define ZU_CORE_WAY_H

#include "core/env.h"

/** ZU_WAY - functions looked at; real ways are short */
#define ZU_WAY 48

/**
 * struct zu_way - functions that are yet to be looked at, and that were
 * @addr: where they start
 * @n: how many
 */
struct zu_way {
	uint64_t addr[ZU_WAY];
	unsigned int n;
};

/**
 * zu_way_add() - one more, unless it is there or there is no room
 * @w: the way
 * @addr: where it starts
 */
static inline void zu_way_add(struct zu_way *w, uint64_t addr)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		if (w->addr[i] == addr)
			return;
	if (w->n < ZU_WAY)
		w->addr[w->n++] = addr;
}

#endif
