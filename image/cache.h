/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages of an image that were read last, by their absolute address.
 *
 * 16 MiB hold the page tables that a walk of 20,000 tasks comes back to, and
 * most tasks that share a page. More would gain little (that walk reads the
 * file 74,000 times with 2 MiB, 57,000 times with 8 MiB, 45,000 times with
 * 64 MiB).
 */
#ifndef ZU_IMAGE_CACHE_H
#define ZU_IMAGE_CACHE_H

#include <stddef.h>
#include <stdint.h>

#define ZU_CACHE_PAGE	4096	/* a page of s390x */
#define ZU_CACHE_SETS	1024	/* a power of two */
#define ZU_CACHE_WAYS	4
#define ZU_CACHE_FEW	64	/* sets that are forgotten one by one */

/**
 * struct zu_cache_set - pages that compete for the same room
 * @held: page address | 1, latest used first; 0 = nothing
 * @way: where each of them is
 */
struct zu_cache_set {
	uint64_t held[ZU_CACHE_WAYS];
	uint8_t way[ZU_CACHE_WAYS];
};

/**
 * struct zu_cache - the pages
 * @set: what is where
 * @page: the bytes; owned
 * @filled: the sets that pages were kept in, if they are few
 * @nr_filled: how often one was kept; more than ZU_CACHE_FEW: not few
 */
struct zu_cache {
	struct zu_cache_set set[ZU_CACHE_SETS];
	uint16_t filled[ZU_CACHE_FEW];
	unsigned int nr_filled;
	uint8_t (*page)[ZU_CACHE_WAYS][ZU_CACHE_PAGE];
};

/**
 * zu_cache_create() - an empty cache
 *
 * Return: the cache, to zu_cache_destroy(); NULL if there is no memory.
 */
struct zu_cache *zu_cache_create(void);

/**
 * zu_cache_destroy() - release it
 * @c: a cache, or NULL
 */
void zu_cache_destroy(struct zu_cache *c);

/**
 * zu_cache_forget() - empty it
 * @c: the cache
 */
void zu_cache_forget(struct zu_cache *c);

/**
 * zu_cache_find_() - find a page that was not the last used of its set
 * @c: the cache
 * @set: where it may be
 * @addr: address of the page
 *
 * Return: as zu_cache_find().
 */
const uint8_t *zu_cache_find_(struct zu_cache *c, size_t set, uint64_t addr);

/* Stacks are powers of two apart: multiply by 2^64 / phi, take upper bits */
static inline size_t zu_cache_set_(uint64_t addr)
{
	uint64_t hash = addr / ZU_CACHE_PAGE * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(hash / (UINT64_MAX / ZU_CACHE_SETS + 1));
}

/**
 * zu_cache_find() - a page
 * @c: the cache
 * @addr: address of the page
 *
 * Return: its bytes, valid until the next zu_cache_claim(); NULL if it is not
 * here.
 */
static inline const uint8_t *zu_cache_find(struct zu_cache *c, uint64_t addr)
{
	size_t set = zu_cache_set_(addr);

	if (c->set[set].held[0] == (addr | 1))
		return c->page[set][c->set[set].way[0]];
	return zu_cache_find_(c, set, addr);
}

/**
 * zu_cache_claim() - room for a page; the least used of its set has to leave
 * @c: the cache
 * @addr: address of the page, which is not here
 *
 * Return: where its bytes go. When they are there, zu_cache_keep() it before
 * anything else.
 */
uint8_t *zu_cache_claim(struct zu_cache *c, uint64_t addr);

/**
 * zu_cache_keep() - the page is complete
 * @c: the cache
 * @addr: address of the page
 */
void zu_cache_keep(struct zu_cache *c, uint64_t addr);

#endif
