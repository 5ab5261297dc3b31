/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows as gcc's kernel functions have them, at random: a leaf or a function
 * with a prologue, one epilogue or several, code behind them that has the
 * frame again, and padding, about which nothing is known.
 */
#ifndef ZU_TESTS_MAKE_ROWS_H
#define ZU_TESTS_MAKE_ROWS_H

#include <stdint.h>
#include <string.h>

#include "flow/flow.h"

#define ROWS_MAX 64

/**
 * struct rows - a function
 * @len: its length, padding included
 * @nr: rows
 * @row: the rows
 * @random: state of the generator; any
 */
struct rows {
	uint32_t len;
	uint32_t nr;
	struct zu_flow_row row[ROWS_MAX];
	uint64_t random;
};

static inline uint32_t rows_random(struct rows *r, uint32_t below)
{
	r->random = r->random * UINT64_C(6364136223846793005) +
		    UINT64_C(1442695040888963407);
	return (uint32_t)(r->random >> 33) % below;
}

static inline struct zu_row rows_frame(int32_t cfa, int32_t ra, int32_t fp)
{
	struct zu_row row;

	memset(&row, 0, sizeof(row));
	row.kind = ZU_ROW_FRAME;
	row.cfa_reg = 15;
	row.cfa_off = cfa;
	row.ra_place = ra ? ZU_PLACE_CFA : ZU_PLACE_SAME;
	row.ra_off = ra;
	row.fp_place = fp ? ZU_PLACE_CFA : ZU_PLACE_SAME;
	row.fp_off = fp;
	return row;
}

static inline struct zu_row rows_undefined(void)
{
	struct zu_row row;

	memset(&row, 0, sizeof(row));
	return row;
}

/* Append a row, then @len bytes that it holds for */
static inline void rows_add(struct rows *r, struct zu_row row, uint32_t len)
{
	if (r->nr < ROWS_MAX &&
	    (!r->nr || memcmp(&r->row[r->nr - 1].row, &row, sizeof(row)))) {
		r->row[r->nr].offset = r->len;
		r->row[r->nr++].row = row;
	}
	r->len += len;
}

/* Most frames are small; a few are large. */
static inline int32_t rows_frame_size(struct rows *r)
{
	uint32_t kind = rows_random(r, 100);

	if (kind < 60)
		return 24 + 8 * (int32_t)rows_random(r, 12);
	if (kind < 97)
		return 64 + 8 * (int32_t)rows_random(r, 40);
	return 200 + 8 * (int32_t)rows_random(r, 300);
}

static inline void rows_pad(struct rows *r)
{
	if (r->len % 8)
		rows_add(r, rows_undefined(), 8 - r->len % 8);
}

/* The next function */
static inline void rows_next(struct rows *r)
{
	struct zu_row entry = rows_frame(160, 0, 0);
	int32_t size = rows_frame_size(r);
	int32_t fp = rows_random(r, 4) ? -48 : 0;
	uint32_t exits = rows_random(r, 8) ? 1 : 1 + rows_random(r, 6);

	r->len = 0;
	r->nr = 0;
	rows_add(r, entry, 6 + 2 * rows_random(r, 8));
	if (!rows_random(r, 5)) {
		rows_add(r, entry, 8 + 2 * rows_random(r, 60));
		rows_pad(r);
		return;
	}
	rows_add(r, entry, 6);
	rows_add(r, rows_frame(160, -24, fp), 4 + 2 * rows_random(r, 4));
	while (exits--) {
		rows_add(r, rows_frame(160 + size, -24, fp),
			 20 + 2 * rows_random(r, 200));
		rows_add(r, entry, 2);
	}
	if (!rows_random(r, 3))
		rows_add(r, rows_frame(160 + size, -24, fp),
			 6 + 2 * rows_random(r, 40));
	rows_pad(r);
}

#endif
