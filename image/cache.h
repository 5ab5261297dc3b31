/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages of an image that were read last, by their absolute address.
 *
 * It is small on purpose. A walk comes back to the page tables and to the
 * task at hand, and to nothing else; and each page of memory that is used for
 * the first time costs more than to read one again.
 */
#ifndef ZU_IMAGE_CACHE_H
#define ZU_IMAGE_CACHE_H

#include <stddef.h>
#include <stdint.h>

#define ZU_CACHE_PAGE	4096	/* a page of s390x */
#define ZU_CACHE_SLOTS	512	/* a power of two */

/**
 * struct zu_cache - the pages
 * @held: what each slot has: page address | 1, 0 = nothing
 * @page: the slots
 *
 * Zeroed is empty.
 */
struct zu_cache {
	uint64_t held[ZU_CACHE_SLOTS];
	uint8_t page[ZU_CACHE_SLOTS][ZU_CACHE_PAGE];
};

/* Stacks are powers of two apart: multiply by 2^64 / phi, take upper bits */
static inline size_t zu_cache_slot_(uint64_t addr)
{
	uint64_t hash = addr / ZU_CACHE_PAGE * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(hash / (UINT64_MAX / ZU_CACHE_SLOTS + 1));
}

/**
 * zu_cache_find() - a page
 * @c: the cache
 * @addr: address of the page
 *
 * Return: its bytes, valid until the next zu_cache_claim(); NULL if it is not
 * here.
 */
static inline const uint8_t *zu_cache_find(const struct zu_cache *c,
					   uint64_t addr)
{
	size_t slot = zu_cache_slot_(addr);

	return c->held[slot] == (addr | 1) ? c->page[slot] : NULL;
}

/**
 * zu_cache_claim() - room for a page; another one has to leave
 * @c: the cache
 * @addr: address of the page
 *
 * Return: where its bytes go. When they are there, zu_cache_keep() it.
 */
static inline uint8_t *zu_cache_claim(struct zu_cache *c, uint64_t addr)
{
	size_t slot = zu_cache_slot_(addr);

	c->held[slot] = 0;
	return c->page[slot];
}

/**
 * zu_cache_keep() - the page is complete
 * @c: the cache
 * @addr: address of the page
 */
static inline void zu_cache_keep(struct zu_cache *c, uint64_t addr)
{
	c->held[zu_cache_slot_(addr)] = addr | 1;
}

#endif
