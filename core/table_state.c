/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What a row says, in 8 bytes. */
#include "core/table_format.h"

#include "core/bytes.h"

#define UNIT 8
#define NR_REGS 16

static int32_t get_off(const uint8_t *p)
{
	return (int16_t)zu_be16(p) * UNIT;
}

static bool put_off(uint8_t *p, int32_t off)
{
	int32_t v = off / UNIT;

	zu_put_be16(p, (uint16_t)v);
	return v * UNIT == off && v == (int16_t)v;
}

static void get_place(uint8_t place, const uint8_t *p, uint8_t *reg,
		      int32_t *off)
{
	if (place == ZU_PLACE_REG)
		*reg = (uint8_t)zu_be16(p);
	else if (place == ZU_PLACE_CFA)
		*off = get_off(p);
}

static bool put_place(uint8_t *p, uint8_t place, uint8_t reg, int32_t off)
{
	if (place != ZU_PLACE_REG)
		return reg == 0 && put_off(p, off) &&
		       (place == ZU_PLACE_CFA || off == 0);
	zu_put_be16(p, reg);
	return reg < NR_REGS && off == 0;
}

void zu_table_get_state(const uint8_t *state, struct zu_row *row)
{
	uint8_t first = state[ZU_TABLE_S_KIND];

	memset(row, 0, sizeof(*row));
	row->kind = first >> 6;
	row->cfa_rule = first >> 4 & 3;
	row->ra_place = first >> 2 & 3;
	row->fp_place = first & 3;
	row->cfa_reg = state[ZU_TABLE_S_CFA_REG];
	row->cfa_off = get_off(state + ZU_TABLE_S_CFA);
	get_place(row->ra_place, state + ZU_TABLE_S_RA, &row->ra_reg,
		  &row->ra_off);
	get_place(row->fp_place, state + ZU_TABLE_S_FP, &row->fp_reg,
		  &row->fp_off);
}

/* Are fields 0 that the kind of row makes meaningless? */
static bool is_plain(const struct zu_row *row)
{
	if (row->zero || row->cfa_reg >= NR_REGS)
		return false;
	switch (row->kind) {
	case ZU_ROW_FRAME:
		return row->cfa_rule == ZU_CFA_REG ||
		       (row->cfa_rule == ZU_CFA_LOAD && !row->cfa_reg);
	case ZU_ROW_UNDEFINED:
	case ZU_ROW_END:
		if (row->cfa_off)
			return false;
		break;
	case ZU_ROW_REGS:
		break;
	default:
		return false;
	}
	return !row->cfa_rule && !row->cfa_reg && !row->ra_place &&
	       !row->fp_place && !row->ra_off && !row->fp_off;
}

bool zu_table_put_state(uint8_t *state, const struct zu_row *row)
{
	bool fits;

	if (!is_plain(row) || row->ra_place > ZU_PLACE_LOST ||
	    row->fp_place > ZU_PLACE_LOST)
		return false;
	state[ZU_TABLE_S_KIND] = (uint8_t)(row->kind << 6 | row->cfa_rule << 4 |
					   row->ra_place << 2 | row->fp_place);
	state[ZU_TABLE_S_CFA_REG] = row->cfa_reg;
	fits = put_off(state + ZU_TABLE_S_CFA, row->cfa_off);
	fits &= put_place(state + ZU_TABLE_S_RA, row->ra_place, row->ra_reg,
			  row->ra_off);
	fits &= put_place(state + ZU_TABLE_S_FP, row->fp_place, row->fp_reg,
			  row->fp_off);
	return fits;
}
