/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Look-up of objects and rows in a table that zu_table_init() has accepted: it
 * has no checks of its own.
 */
#include "core/table.h"

#include "core/bytes.h"
#include "core/table_format.h"

/* The rows of one block */
struct block {
	const uint8_t *offsets;
	uint32_t nr;
	uint32_t width;
};

static uint32_t entry_width(uint32_t entry)
{
	return entry & ZU_TABLE_WIDE ? 2 : 1;
}

static void get_block(const struct zu_table_object *o, uint32_t number,
		      struct block *ret)
{
	const uint8_t *p = o->index + (size_t)number * ZU_TABLE_ENTRY;
	uint32_t begin = zu_be32(p);
	uint32_t end = zu_be32(p + ZU_TABLE_ENTRY);
	uint32_t len = (end & ~ZU_TABLE_WIDE) - (begin & ~ZU_TABLE_WIDE);

	ret->offsets = o->rows + (begin & ~ZU_TABLE_WIDE);
	ret->width = entry_width(begin);
	ret->nr = begin & ZU_TABLE_WIDE ? len / 3 : len / 2;
}

/* How many of its rows begin at or before a halfword; at most 256 steps */
static uint32_t count_rows(const struct block *b, uint32_t halfword)
{
	uint32_t n = 0;

	while (n < b->nr && b->offsets[n] <= halfword)
		n++;
	return n;
}

/*
 * The number in front of a block's rows is the last one of the blocks before.
 * Blocks without rows are as wide as the one before them: so the width is at
 * hand.
 */
static const uint8_t *find_number(const struct zu_table_object *o,
				  uint32_t offset, uint32_t *width)
{
	uint32_t number = offset / ZU_TABLE_BLOCK;
	struct block b;
	uint32_t n;

	get_block(o, number, &b);
	n = count_rows(&b, offset % ZU_TABLE_BLOCK / 2);
	*width = b.width;
	if (n)
		return b.offsets + b.nr + (size_t)(n - 1) * b.width;
	*width = entry_width(zu_be32(o->index +
				     (size_t)(number - 1) * ZU_TABLE_ENTRY));
	return b.offsets - *width;
}

bool zu_table_row(const struct zu_table_object *o, uint64_t offset,
		  struct zu_row *ret)
{
	const uint8_t *number;
	uint32_t width;

	if (offset >= o->size) {
		memset(ret, 0, sizeof(*ret));
		return false;
	}
	number = find_number(o, (uint32_t)offset, &width);
	zu_table_get_state(o->states + ZU_TABLE_STATE *
			   (size_t)(width == 1 ? *number : zu_be16(number)),
			   ret);
	return ret->kind != ZU_ROW_UNDEFINED;
}

uint32_t zu_table_next(const struct zu_table_object *o, uint32_t offset)
{
	uint32_t blocks = zu_table_blocks(o->size);
	uint32_t number = offset / ZU_TABLE_BLOCK;
	struct block b;
	uint32_t n;

	get_block(o, number, &b);
	n = count_rows(&b, offset % ZU_TABLE_BLOCK / 2);
	while (n == b.nr) {
		if (++number >= blocks)
			return o->size;
		get_block(o, number, &b);
		n = 0;
	}
	return number * ZU_TABLE_BLOCK + b.offsets[n] * 2u;
}

void zu_table_object_rows(const struct zu_table *t, uint32_t index,
			  struct zu_table_object *ret)
{
	const uint8_t *p = t->objects + (size_t)index * ZU_TABLE_OBJECT;

	memset(ret, 0, sizeof(*ret));
	ret->name = (const char *)t->names + zu_be32(p + ZU_TABLE_O_NAME);
	ret->build_id = p + ZU_TABLE_O_ID;
	ret->build_id_len = zu_be32(p + ZU_TABLE_O_ID_LEN);
	ret->size = zu_be32(p + ZU_TABLE_O_SIZE);
	ret->nr_rows = zu_be32(p + ZU_TABLE_O_NR_ROWS);
	ret->nr_funcs = zu_be32(p + ZU_TABLE_O_NR_FUNCS);
	ret->nr_calls = zu_be32(p + ZU_TABLE_O_NR_CALLS);
	ret->nr_exits = zu_be32(p + ZU_TABLE_O_NR_EXITS);
	ret->index = t->bytes + zu_be32(p + ZU_TABLE_O_DATA);
	ret->rows = ret->index + zu_table_index_len(ret->size);
	ret->states = t->states;
}

/* A part ends where the last entry says of the index that lies before it. */
static const uint8_t *end_of(const uint8_t *part)
{
	return part + zu_be32(part - ZU_TABLE_ENTRY);
}

void zu_table_place_marks(struct zu_table_object *o)
{
	o->marks_index = end_of(o->rows);
	o->marks = o->marks_index + zu_table_index_len(o->size);
}

void zu_table_place_exits(struct zu_table_object *o)
{
	o->exits = end_of(o->marks);
}

void zu_table_object(const struct zu_table *t, uint32_t index,
		     struct zu_table_object *ret)
{
	zu_table_object_rows(t, index, ret);
	zu_table_place_marks(ret);
	zu_table_place_exits(ret);
}

/* Where a name stands among those of a table: strcmp(), which core/ lacks */
static int compare_names(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

bool zu_table_find(const struct zu_table *t, const char *name,
		   struct zu_table_object *ret)
{
	uint32_t low = 0, high = t->nr_objects;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct zu_table_object o;
		int order;

		zu_table_object_rows(t, middle, &o);
		order = compare_names(name, o.name);
		if (!order) {
			zu_table_object(t, middle, ret);
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}
