/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's page tables (arch/s390/mm/vmem.c, boot/vmem.c). */
#include <inttypes.h>

#include "core/bytes.h"
#include "tests/make/fk_private.h"

/* the types of tables; also the designation type in an ASCE */
enum { SEGMENT, REGION3, REGION2, REGION1, PAGE = -1 };

#define REGION_INVALID 0x20
#define PAGE_INVALID 0x400
#define LARGE 0x400
#define WHOLE_TABLE 3

static const unsigned int shift_of[] = { 20, 31, 42, 53 };

struct tables {
	struct fk *fk;
	int top;
	uint64_t origin;
};

static void put(struct fk *fk, uint64_t abs, uint64_t value)
{
	uint8_t b[8];

	zu_put_be64(b, value);
	fk_put_abs(fk, abs, b, sizeof(b));
}

static uint64_t get(struct fk *fk, uint64_t abs)
{
	return fk_get(fk, fk->identity + abs, 8);
}

static uint64_t new_table(struct fk *fk, int type)
{
	size_t n = type == PAGE ? 256 : 2048, i;
	uint64_t at = fk_alloc_abs(fk, n * 8, n * 8);

	for (i = 0; i < n; i++)
		put(fk, at + i * 8, type == PAGE ? PAGE_INVALID :
		    REGION_INVALID | (uint64_t)type << 2);
	return at;
}

/* where the entry for an address is, in a table of that type */
static uint64_t entry_at(struct tables *t, int type, uint64_t virt)
{
	uint64_t table = t->origin;
	int level;

	for (level = t->top; ; level--) {
		uint64_t at = table + (level == PAGE ? virt >> 12 & 0xff :
				       virt >> shift_of[level] & 0x7ff) * 8;
		uint64_t entry;

		if (level == type)
			return at;
		entry = get(t->fk, at);
		if (entry & REGION_INVALID) {
			entry = new_table(t->fk, level - 1) |
				(uint64_t)level << 2;
			if (level != SEGMENT)
				entry |= WHOLE_TABLE;
			put(t->fk, at, entry);
		}
		table = entry & (level == SEGMENT ? ~0x7ffULL : ~0xfffULL);
	}
}

/* Pages, segments or regions */
static void map(struct tables *t, int type, uint64_t virt, uint64_t abs,
		uint64_t size)
{
	uint64_t step = type == PAGE ? FK_PAGE : 1ULL << shift_of[type], i;
	uint64_t flags = type == PAGE ? 0 : LARGE | (uint64_t)type << 2;

	for (i = 0; i < size; i += step)
		put(t->fk, entry_at(t, type, virt + i), (abs + i) | flags);
}

uint64_t fk_tables(struct fk *fk)
{
	static const int linear[FK_RELEASES] = {
		[FK_6_1] = PAGE, [FK_6_12] = SEGMENT, [FK_7_2] = REGION3,
	};
	struct tables t = {
		.fk = fk, .top = fk->release == FK_7_2 ? REGION2 : REGION3,
	};
	unsigned int i;

	t.origin = new_table(fk, t.top);
	map(&t, linear[fk->release], fk->identity, 0, FK_STORAGE);
	if (fk->image != fk->identity)
		map(&t, PAGE, fk->image, fk->image_phys, FK_IMAGE_END);
	for (i = 0; i < fk->vpages; i++)
		map(&t, PAGE, fk->vpage[i].virt, fk->vpage[i].abs, FK_PAGE);
	return t.origin | (uint64_t)t.top << 2 | WHOLE_TABLE;
}
