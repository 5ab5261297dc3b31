/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of a table: core/table_format.h. */
#include <stdlib.h>
#include <string.h>

#include "check/table_private.h"
#include "core/bytes.h"
#include "core/crc32c.h"
#include "core/table_format.h"
#include "util/big.h"
#include "util/fail.h"

static int compare_objects(const void *a, const void *b)
{
	const struct zu_table_maker_object *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int compare_uses(const void *a, const void *b)
{
	const struct zu_table_maker_state *x = *(void *const *)a;
	const struct zu_table_maker_state *y = *(void *const *)b;

	if (x->uses != y->uses)
		return x->uses > y->uses ? -1 : 1;
	return x->key < y->key ? -1 : x->key > y->key;
}

static int compare_keys(const void *a, const void *b)
{
	const struct zu_table_maker_state *x = *(void *const *)a;
	const struct zu_table_maker_state *y = *(void *const *)b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/*
 * The states that are used, in the order they have in the file: those that
 * most rows have first, since their numbers are short; within these and within
 * the others by their bytes. NULL without memory.
 */
static struct zu_table_maker_state **sort_states(struct zu_table_maker *m,
						 size_t *nr)
{
	struct zu_table_maker_state **order =
		calloc(m->nr_states, sizeof(struct zu_table_maker_state *));
	size_t i, n = 0, narrow;

	if (!order)
		return NULL;
	for (i = 0; i < m->nr_states; i++)
		if (m->states[i].uses)
			order[n++] = &m->states[i];
	qsort(order, n, sizeof(*order), compare_uses);
	narrow = n < ZU_TABLE_NARROW ? n : ZU_TABLE_NARROW;
	qsort(order, narrow, sizeof(*order), compare_keys);
	qsort(order + narrow, n - narrow, sizeof(*order), compare_keys);
	for (i = 0; i < n; i++)
		order[i]->number = (uint32_t)i;
	*nr = n;
	return order;
}

/* Rows from one on that are in the same block; is a number of theirs wide? */
static size_t block_rows(const struct zu_table_maker *m,
			 const struct zu_table_maker_row *row,
			 const struct zu_table_maker_row *end, uint32_t block,
			 bool *wide)
{
	const struct zu_table_maker_row *p = row;

	for (; p < end && p->offset / ZU_TABLE_BLOCK == block; p++)
		*wide |= m->states[p->state].number >= ZU_TABLE_NARROW;
	return (size_t)(p - row);
}

static void put_rows(struct zu_table_out *out, const struct zu_table_maker_row *row,
		     size_t nr, bool wide)
{
	uint8_t *p = out->bytes + out->at;
	size_t i;

	for (i = 0; i < nr; i++)
		*p++ = (uint8_t)(row[i].offset % ZU_TABLE_BLOCK / 2);
	for (i = 0; i < nr; i++) {
		uint32_t number = out->m->states[row[i].state].number;

		if (wide)
			*p++ = (uint8_t)(number >> 8);
		*p++ = (uint8_t)number;
	}
	out->at = (size_t)(p - out->bytes);
}

/* Index and rows of an object, then the rest */
static void put_data(struct zu_table_out *out, const struct zu_table_maker_object *o)
{
	const struct zu_table_maker_row *row = NULL, *end = NULL;
	uint32_t blocks = zu_table_blocks(o->size), block;
	uint8_t *index = out->bytes + out->at;
	bool wide = false;
	size_t first, nr;

	if (o->nr_rows) {
		row = out->m->rows + o->first_row;
		end = row + o->nr_rows;
	}
	out->at += zu_table_index_len(o->size);
	first = out->at;
	for (block = 0; block < blocks; block++) {
		bool has_wide = false;

		nr = block_rows(out->m, row, end, block, &has_wide);
		/* a block without rows is as the one before */
		wide = nr ? has_wide : wide;
		zu_put_be32(index, (uint32_t)(out->at - first) |
				   (wide ? ZU_TABLE_WIDE : 0));
		index += ZU_TABLE_ENTRY;
		put_rows(out, row, nr, wide);
		row += nr;
	}
	zu_put_be32(index, (uint32_t)(out->at - first));
	zu_table_put_code(out, o);
}

static void put_header(struct zu_table_out *out, size_t nr_states, size_t names_len)
{
	uint8_t *p = out->bytes;

	memset(p, 0, ZU_TABLE_HEADER);
	memcpy(p, ZU_TABLE_MAGIC, ZU_TABLE_MAGIC_LEN);
	zu_put_be32(p + ZU_TABLE_H_VERSION, ZU_TABLE_VERSION);
	zu_put_be32(p + ZU_TABLE_H_NR_OBJECTS, (uint32_t)out->m->nr_objects);
	zu_put_be32(p + ZU_TABLE_H_NR_STATES, (uint32_t)nr_states);
	zu_put_be32(p + ZU_TABLE_H_NAMES_LEN, (uint32_t)names_len);
}

/* All but the header, which comes last since it has lengths */
static void put_objects(struct zu_table_out *out, uint8_t *names)
{
	const struct zu_table_maker *m = out->m;
	uint8_t *p = out->bytes + ZU_TABLE_HEADER;
	size_t i, name = 0;

	for (i = 0; i < m->nr_objects; i++) {
		const struct zu_table_maker_object *o = &m->objects[i];

		zu_put_be32(p + ZU_TABLE_O_NAME, (uint32_t)name);
		zu_put_be32(p + ZU_TABLE_O_SIZE, o->size);
		zu_put_be32(p + ZU_TABLE_O_NR_ROWS, (uint32_t)o->nr_rows);
		zu_put_be32(p + ZU_TABLE_O_NR_FUNCS, (uint32_t)o->nr_funcs);
		zu_put_be32(p + ZU_TABLE_O_NR_CALLS, (uint32_t)o->nr_calls);
		zu_put_be32(p + ZU_TABLE_O_NR_EXITS,
			    zu_table_count_exits(m, o));
		zu_put_be32(p + ZU_TABLE_O_DATA, (uint32_t)out->at);
		zu_put_be32(p + ZU_TABLE_O_ID_LEN, o->build_id_len);
		memcpy(p + ZU_TABLE_O_ID, o->build_id, ZU_TABLE_BUILD_ID);
		p += ZU_TABLE_OBJECT;
		memcpy(names + name, o->name, strlen(o->name) + 1);
		name += strlen(o->name) + 1;
		put_data(out, o);
	}
}

static void put_states(uint8_t *p, struct zu_table_maker_state **states,
		       size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		zu_put_be64(p + i * ZU_TABLE_STATE, states[i]->key);
}

/* The most that a file can take: all blocks wide */
static uint64_t most_bytes(const struct zu_table_maker *m, size_t nr_states,
			   size_t *names_len)
{
	uint64_t len = ZU_TABLE_HEADER + ZU_TABLE_CRC;
	size_t i;

	*names_len = 0;
	for (i = 0; i < m->nr_objects; i++) {
		*names_len += strlen(m->objects[i].name) + 1;
		len += ZU_TABLE_OBJECT;
		len += zu_table_index_len(m->objects[i].size);
	}
	len += (uint64_t)m->nr_rows * 3 + zu_table_code_bytes(m);
	return len + nr_states * ZU_TABLE_STATE + *names_len;
}

static int write_states(struct zu_table_maker *m,
			struct zu_table_maker_state **states, size_t nr,
			struct zu_table_out *ret, struct zu_error *err)
{
	size_t names_len, at_states;
	uint64_t most = most_bytes(m, nr, &names_len);
	struct zu_table_out out = { .m = m };

	/* so that any place in it fits an index entry, and memory */
	if (most >= ZU_TABLE_WIDE)
		return zu_fail(err, ZU_ENOTSUP, "the table would be too large");
	out.bytes = zu_big_alloc(most);
	if (!out.bytes)
		return zu_fail_nomem(err);
	at_states = ZU_TABLE_HEADER + m->nr_objects * ZU_TABLE_OBJECT;
	out.at = at_states + nr * ZU_TABLE_STATE + names_len;
	put_states(out.bytes + at_states, states, nr);
	put_header(&out, nr, names_len);
	put_objects(&out, out.bytes + at_states + nr * ZU_TABLE_STATE);
	zu_put_be32(out.bytes + ZU_TABLE_H_LEN,
		    (uint32_t)(out.at + ZU_TABLE_CRC));
	zu_put_be32(out.bytes + out.at, zu_crc32c(out.bytes, out.at));
	out.at += ZU_TABLE_CRC;
	*ret = out;
	return 0;
}

int zu_table_write(struct zu_table_maker *m, void **bytes, size_t *len,
		   struct zu_error *err)
{
	struct zu_table_maker_state **states;
	struct zu_table_out out = { .m = m };
	size_t i, nr;
	int code;

	qsort(m->objects, m->nr_objects, sizeof(*m->objects), compare_objects);
	for (i = 1; i < m->nr_objects; i++)
		if (!strcmp(m->objects[i].name, m->objects[i - 1].name))
			return zu_fail(err, ZU_EINVAL,
				       "there are two modules named %s",
				       m->objects[i].name);
	code = zu_table_sort_exits(m, err);
	if (code)
		return code;
	states = sort_states(m, &nr);
	if (!states)
		return zu_fail_nomem(err);
	code = write_states(m, states, nr, &out, err);
	free(states);
	if (code)
		return code;
	*bytes = out.bytes;
	*len = out.at;
	return 0;
}
