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

/* Does a table that was accepted keep what core/table.h promises? */
static inline bool table_holds(const struct zu_table *t)
{
	struct zu_table_object o, found;
	uint32_t i;

	for (i = 0; i < t->nr_objects; i++) {
		zu_table_object(t, i, &o);
		if (!table_object_holds(&o) ||
		    !zu_table_find(t, o.name, &found) ||
		    found.index != o.index ||
		    o.build_id_len > ZU_TABLE_BUILD_ID || (!o.name[0] && i))
			return false;
	}
	return t->nr_objects > 0 && !zu_table_find(t, "no such", &found);
}

#endif
