/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/cache.h"

#include <stdlib.h>
#include <string.h>

#include "util/big.h"

struct zu_cache *zu_cache_create(void)
{
	struct zu_cache *c = calloc(1, sizeof(*c));
	size_t set;
	uint8_t way;

	if (!c)
		return NULL;
	c->page = zu_big_alloc(ZU_CACHE_SETS * sizeof(*c->page));
	if (!c->page) {
		free(c);
		return NULL;
	}
	for (set = 0; set < ZU_CACHE_SETS; set++) {
		for (way = 0; way < ZU_CACHE_WAYS; way++)
			c->set[set].way[way] = way;
	}
	return c;
}

void zu_cache_destroy(struct zu_cache *c)
{
	if (!c)
		return;
	free(c->page);
	free(c);
}

static void forget_set(struct zu_cache *c, size_t set)
{
	memset(c->set[set].held, 0, sizeof(c->set[set].held));
}

void zu_cache_forget(struct zu_cache *c)
{
	size_t i;

	if (c->nr_filled <= ZU_CACHE_FEW) {
		for (i = 0; i < c->nr_filled; i++)
			forget_set(c, c->filled[i]);
	} else {
		for (i = 0; i < ZU_CACHE_SETS; i++)
			forget_set(c, i);
	}
	c->nr_filled = 0;
}

/* The @i-th of a set was used */
static void move_to_front(struct zu_cache_set *s, size_t i)
{
	uint64_t held = s->held[i];
	uint8_t way = s->way[i];

	memmove(s->held + 1, s->held, i * sizeof(s->held[0]));
	memmove(s->way + 1, s->way, i * sizeof(s->way[0]));
	s->held[0] = held;
	s->way[0] = way;
}

const uint8_t *zu_cache_find_(struct zu_cache *c, size_t set, uint64_t addr)
{
	struct zu_cache_set *s = &c->set[set];
	size_t i;

	for (i = 1; i < ZU_CACHE_WAYS; i++) {
		if (s->held[i] == (addr | 1)) {
			move_to_front(s, i);
			return c->page[set][s->way[0]];
		}
	}
	return NULL;
}

uint8_t *zu_cache_claim(struct zu_cache *c, uint64_t addr)
{
	size_t set = zu_cache_set_(addr);
	struct zu_cache_set *s = &c->set[set];

	/* if it is never kept, it is the next to leave again */
	s->held[ZU_CACHE_WAYS - 1] = 0;
	return c->page[set][s->way[ZU_CACHE_WAYS - 1]];
}

void zu_cache_keep(struct zu_cache *c, uint64_t addr)
{
	size_t set = zu_cache_set_(addr);
	struct zu_cache_set *s = &c->set[set];

	if (c->nr_filled < ZU_CACHE_FEW)
		c->filled[c->nr_filled] = (uint16_t)set;
	if (c->nr_filled <= ZU_CACHE_FEW)
		c->nr_filled++;
	s->held[ZU_CACHE_WAYS - 1] = addr | 1;
	move_to_front(s, ZU_CACHE_WAYS - 1);
}
