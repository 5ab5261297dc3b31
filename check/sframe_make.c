/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/sframe_make.h"

#include <inttypes.h>
#include <stdlib.h>

#include "check/sframe_format.h"
#include "check/sframe_private.h"
#include "core/bytes.h"
#include "core/frame_s390x.h"
#include "util/fail.h"
#include "util/grow.h"

#define R11 11
#define R15 15

/* The place where a row begins, a byte, and words: two for each of three */
#define WORDS_MAX 6
#define FRE_MAX (4 + 1 + WORDS_MAX * 4)

/* What is wrong with a row, or ZU_SFRAME_UNFIT: nothing */
static enum zu_sframe_unfit unfit(const struct zu_row *row)
{
	if (row->kind == ZU_ROW_REGS)
		return ZU_SFRAME_REGS;
	if (row->kind != ZU_ROW_FRAME)
		return ZU_SFRAME_UNFIT;
	if (row->cfa_rule != ZU_CFA_REG)
		return ZU_SFRAME_STACK;
	if (row->ra_place == ZU_PLACE_LOST)
		return ZU_SFRAME_RA;
	if (row->fp_place == ZU_PLACE_LOST)
		return ZU_SFRAME_FP;
	return row->cfa_off % ZU_SFRAME_CFA_UNIT ? ZU_SFRAME_OFFSET :
						   ZU_SFRAME_UNFIT;
}

static bool can_say(const struct zu_row *row)
{
	return row->kind != ZU_ROW_UNDEFINED && unfit(row) == ZU_SFRAME_UNFIT;
}

/*
 * The default type has registers r15 and r11 for the CFA, and places in the
 * frame for the rest; the place at the CFA itself means that r14 is unchanged.
 */
static bool needs_flex(const struct zu_row *row)
{
	return row->kind == ZU_ROW_FRAME &&
	       ((row->cfa_reg != R15 && row->cfa_reg != R11) ||
		row->ra_place == ZU_PLACE_REG ||
		row->fp_place == ZU_PLACE_REG ||
		(row->ra_place == ZU_PLACE_CFA && !row->ra_off));
}

static int32_t cfa_word(const struct zu_row *row)
{
	return (int32_t)(((int64_t)row->cfa_off - ZU_FRAME_SIZE) /
			 ZU_SFRAME_CFA_UNIT);
}

static unsigned int default_words(const struct zu_row *row, int32_t *word)
{
	unsigned int n = 0;

	word[n++] = cfa_word(row);
	if (row->ra_place == ZU_PLACE_CFA)
		word[n++] = row->ra_off;
	else if (row->fp_place == ZU_PLACE_CFA)
		word[n++] = ZU_SFRAME_SAME;
	if (row->fp_place == ZU_PLACE_CFA)
		word[n++] = row->fp_off;
	return n;
}

static int32_t register_word(uint8_t reg)
{
	return reg << ZU_SFRAME_W_NUMBER | ZU_SFRAME_W_REG;
}

static unsigned int place_words(uint8_t place, uint8_t reg, int32_t off,
				int32_t *word)
{
	word[0] = place == ZU_PLACE_REG ? register_word(reg) :
					  ZU_SFRAME_W_LOAD;
	word[1] = off;
	return 2;
}

static unsigned int flex_words(const struct zu_row *row, int32_t *word)
{
	unsigned int n = 0;

	word[n++] = register_word(row->cfa_reg);
	word[n++] = cfa_word(row);
	if (row->ra_place != ZU_PLACE_SAME)
		n += place_words(row->ra_place, row->ra_reg, row->ra_off,
				 word + n);
	else if (row->fp_place != ZU_PLACE_SAME)
		word[n++] = ZU_SFRAME_SAME;
	if (row->fp_place != ZU_PLACE_SAME)
		n += place_words(row->fp_place, row->fp_reg, row->fp_off,
				 word + n);
	return n;
}

static unsigned int size_of(const int32_t *word, unsigned int n)
{
	unsigned int size = ZU_SFRAME_1B, i;

	for (i = 0; i < n; i++) {
		if (word[i] != (int16_t)word[i])
			return ZU_SFRAME_4B;
		if (word[i] != (int8_t)word[i])
			size = ZU_SFRAME_2B;
	}
	return size;
}

static uint8_t *put(uint8_t *p, uint32_t v, unsigned int size)
{
	switch (size) {
	case ZU_SFRAME_1B:
		*p = (uint8_t)v;
		break;
	case ZU_SFRAME_2B:
		zu_put_be16(p, (uint16_t)v);
		break;
	default:
		zu_put_be32(p, v);
	}
	return p + (1 << size);
}

static void add_row(struct zu_buf *b, uint32_t start, unsigned int start_size,
		    const struct zu_row *row, bool flex)
{
	uint8_t *p = (uint8_t *)zu_buf_reserve(b, FRE_MAX), *at = p;
	int32_t word[WORDS_MAX];
	unsigned int n = 0, size, i, info;

	if (!p)
		return;
	if (row->kind == ZU_ROW_FRAME)
		n = flex ? flex_words(row, word) : default_words(row, word);
	size = size_of(word, n);
	info = size << ZU_SFRAME_R_SIZE | n << ZU_SFRAME_R_COUNT;
	if (n && !flex && row->cfa_reg == R15)
		info |= ZU_SFRAME_R_SP;
	at = put(at, start, start_size);
	*at++ = (uint8_t)info;
	for (i = 0; i < n; i++)
		at = put(at, (uint32_t)word[i], size);
	b->len += (size_t)(at - p);
}

/* Rows without one missing between, up to @end, as an entry of the index */
static int add_piece(struct zu_sframe_maker *m, uint64_t addr,
		     const struct zu_flow_row *rows, size_t nr, uint32_t end)
{
	uint32_t from = rows[0].offset, last = rows[nr - 1].offset - from;
	unsigned int start_size = last > UINT16_MAX ? ZU_SFRAME_4B :
				  last > UINT8_MAX ? ZU_SFRAME_2B :
						     ZU_SFRAME_1B;
	uint8_t attributes[ZU_SFRAME_ATTRIBUTES] = { 0 };
	struct zu_sframe_maker_fde *fdes;
	bool flex = false;
	size_t i;

	fdes = zu_grow(m->fdes, m->nr_fdes, &m->cap_fdes, sizeof(*fdes));
	if (!fdes)
		return ZU_ENOMEM;
	m->fdes = fdes;
	fdes[m->nr_fdes++] = (struct zu_sframe_maker_fde){
		.addr = addr + from,
		.size = end - from,
		.data = (uint32_t)m->data.len,
	};
	for (i = 0; i < nr; i++)
		flex |= needs_flex(&rows[i].row);
	zu_put_be16(attributes + ZU_SFRAME_A_NR_FRES, (uint16_t)nr);
	attributes[ZU_SFRAME_A_START_SIZE] = (uint8_t)start_size;
	attributes[ZU_SFRAME_A_TYPE] = flex ? ZU_SFRAME_TYPE_FLEX :
					      ZU_SFRAME_TYPE_DEFAULT;
	zu_buf_add(&m->data, attributes, sizeof(attributes));
	for (i = 0; i < nr; i++)
		add_row(&m->data, rows[i].offset - from, start_size,
			&rows[i].row, flex);
	m->nr_rows += nr;
	return m->data.failed ? ZU_ENOMEM : 0;
}

static int check_rows(uint64_t addr, uint32_t len,
		      const struct zu_flow_row *rows, size_t nr,
		      struct zu_error *err)
{
	size_t i;

	if (len > UINT64_MAX - addr)
		return zu_fail(err, ZU_EINVAL,
			       "the function at 0x%" PRIx64
			       " is not in its place", addr);
	for (i = 0; i < nr; i++)
		if (rows[i].offset >= len ||
		    (i && rows[i].offset <= rows[i - 1].offset))
			return zu_fail(err, ZU_EINVAL,
				       "row %zu of the function at 0x%" PRIx64
				       " is not in its place", i, addr);
	return 0;
}

int zu_sframe_maker_rows(struct zu_sframe_maker *m, uint64_t addr,
			 uint32_t len, const struct zu_flow_row *rows,
			 size_t nr, struct zu_error *err)
{
	int code = check_rows(addr, len, rows, nr, err);
	size_t i, n;

	if (code)
		return code;
	for (i = 0; i < nr; i += n) {
		for (n = 0; i + n < nr && n < ZU_SFRAME_MAX_FRES; n++)
			if (!can_say(&rows[i + n].row))
				break;
		if (n && add_piece(m, addr, rows + i, n,
				   i + n < nr ? rows[i + n].offset : len))
			return zu_fail_nomem(err);
		if (n)
			continue;
		if (rows[i].row.kind != ZU_ROW_UNDEFINED)
			m->unfit[unfit(&rows[i].row)]++;
		n = 1;
	}
	return 0;
}

static int by_addr(const void *a, const void *b)
{
	const struct zu_sframe_maker_fde *x = a, *y = b;

	return (x->addr > y->addr) - (x->addr < y->addr);
}

int zu_sframe_maker_finish(struct zu_sframe_maker *m, const uint8_t *id,
			   size_t id_len, void **bytes, size_t *len,
			   struct zu_error *err)
{
	size_t i;

	if (m->nr_fdes)
		qsort(m->fdes, m->nr_fdes, sizeof(*m->fdes), by_addr);
	for (i = 1; i < m->nr_fdes; i++)
		if (m->fdes[i].addr - m->fdes[i - 1].addr <
		    m->fdes[i - 1].size)
			return zu_fail(err, ZU_EINVAL,
				       "there are two functions at 0x%" PRIx64,
				       m->fdes[i].addr);
	return zu_sframe_write(m, id, id_len, bytes, len, err);
}

void zu_sframe_maker_deinit(struct zu_sframe_maker *m)
{
	free(m->fdes);
	zu_buf_deinit(&m->data);
	*m = (struct zu_sframe_maker)ZU_SFRAME_MAKER_INIT;
}
