/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Damaged tables: what a look-up must be able to take, and what is refused. */
#ifndef ZU_TESTS_MAKE_TABLE_H
#define ZU_TESTS_MAKE_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/bytes.h"
#include "core/crc32c.h"
#include "core/table_format.h"

/* Make length and checksum right, so that the rest of a table is looked at. */
static inline void table_seal(uint8_t *bytes, size_t len)
{
	if (len < ZU_TABLE_HEADER + ZU_TABLE_CRC)
		return;
	zu_put_be32(bytes + ZU_TABLE_H_LEN, (uint32_t)len);
	zu_put_be32(bytes + len - ZU_TABLE_CRC,
		    zu_crc32c(bytes, len - ZU_TABLE_CRC));
}

static inline bool table_object_holds(const struct zu_table_object *o)
{
	uint8_t state[ZU_TABLE_STATE];
	struct zu_row row, before;
	uint32_t off, next, rows = 0;

	if (zu_table_row(o, o->size, &row) ||
	    zu_table_row(o, UINT64_MAX, &row))
		return false;
	for (off = 0; off < o->size; off = next) {
		zu_table_row(o, off, &row);
		if (!zu_table_put_state(state, &row) ||
		    (off && !memcmp(&row, &before, sizeof(row))))
			return false;
		before = row;
		next = zu_table_next(o, off);
		if (next <= off || next > o->size)
			return false;
		zu_table_row(o, next - 1, &row);
		if (memcmp(&row, &before, sizeof(row)))
			return false;
		rows++;
	}
	return rows == o->nr_rows;
}

/* Texts up to this are searched for calls at each byte. */
#define TABLE_EACH_CALL (1u << 20)

static inline bool table_calls_hold(const struct zu_table_object *o)
{
	uint32_t calls = 0, end, next = zu_table_next_call(o, 0), start;

	if (zu_table_call(o, 0) || zu_table_call(o, (uint64_t)o->size + 1) ||
	    zu_table_call(o, (uint64_t)o->size + 2) ||
	    zu_table_call(o, UINT64_MAX) || zu_table_call(o, UINT64_MAX - 1) ||
	    zu_table_next_call(o, o->size))
		return false;
	for (end = 1; o->size <= TABLE_EACH_CALL && end <= o->size; end++) {
		if (zu_table_call(o, end) != (end == next))
			return false;
		if (end != next)
			continue;
		if (end % 2 || !zu_table_func(o, end - 2, &start))
			return false;
		next = zu_table_next_call(o, end);
		calls++;
	}
	for (; next; next = zu_table_next_call(o, next), calls++)
		if (!zu_table_call(o, next))
			return false;
	return calls == o->nr_calls;
}

/* Each exit of a function is one of the words that a list may have. */
static inline bool table_exits_hold(const struct zu_table_object *o,
				    uint32_t func, uint32_t *has)
{
	struct zu_table_exits e;
	uint32_t i, off, start, before = 0;
	bool jump, jumped = false;

	zu_table_exits(o, func, &e);
	*has += e.anywhere || e.thunk || e.nr;
	for (i = 0; i < e.nr; i++) {
		off = zu_table_exit(&e, i, &jump);
		if (!zu_table_func(o, off, &start) ||
		    (jump ? start != func : start != off || jumped) ||
		    (i && jump == jumped && off <= before))
			return false;
		before = off;
		jumped = jump;
	}
	zu_table_exits(o, func + 1, &e);
	return !e.nr && !e.anywhere && !e.thunk;
}

/* Where the first function starts; o->size if there is none */
static inline uint32_t table_first_func(const struct zu_table_object *o)
{
	uint32_t start;

	return zu_table_func(o, 0, &start) ? start : zu_table_next_func(o, 0);
}

static inline bool table_funcs_hold(const struct zu_table_object *o)
{
	uint32_t funcs = 0, has = 0, off = table_first_func(o), start, next;

	if (zu_table_func(o, o->size, &start) ||
	    zu_table_func(o, UINT64_MAX, &start) ||
	    (off && off < o->size && zu_table_func(o, off - 1, &start)))
		return false;
	for (; off < o->size; off = next, funcs++) {
		next = zu_table_next_func(o, off);
		if (next <= off || next > o->size || off % 2 ||
		    !zu_table_func(o, off, &start) || start != off ||
		    !table_exits_hold(o, off, &has))
			return false;
		if (zu_table_func(o, next - 1, &start) ? start != off :
		    next - off < ZU_TABLE_MAX_BACK * ZU_TABLE_BLOCK)
			return false;
	}
	return funcs == o->nr_funcs && has == o->nr_exits;
}

/* Does a table that was accepted keep what core/table.h promises? */
static inline bool table_holds(const struct zu_table *t)
{
	struct zu_table_object o, found;
	uint32_t i;

	for (i = 0; i < t->nr_objects; i++) {
		zu_table_object(t, i, &o);
		if (!table_object_holds(&o) || !table_calls_hold(&o) ||
		    !table_funcs_hold(&o) ||
		    !zu_table_find(t, o.name, &found) ||
		    found.index != o.index ||
		    o.build_id_len > ZU_TABLE_BUILD_ID || (!o.name[0] && i))
			return false;
	}
	return t->nr_objects > 0 && !zu_table_find(t, "no such", &found);
}

#endif
