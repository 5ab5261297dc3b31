/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/rows.h"

#include <inttypes.h>
#include <stdio.h>

/* Widest: "*(r15-2147483648)+160" */
#define PLACE 32

static void put_cfa(char *s, const struct zu_row *row)
{
	snprintf(s, PLACE,
		 row->cfa_rule == ZU_CFA_LOAD ? "*(r%u%+" PRId32 ")+160" :
		 "r%u%+" PRId32,
		 row->cfa_rule == ZU_CFA_LOAD ? 15u : row->cfa_reg,
		 row->cfa_off);
}

static void put_place(char *s, unsigned int place, unsigned int reg,
		      int32_t off, unsigned int own)
{
	switch (place) {
	case ZU_PLACE_CFA:
		snprintf(s, PLACE, "cfa%+" PRId32, off);
		break;
	case ZU_PLACE_LOST:
		snprintf(s, PLACE, "lost");
		break;
	default:
		snprintf(s, PLACE, "r%u", place == ZU_PLACE_REG ? reg : own);
	}
}

void rows_put(struct zu_buf *b, const struct zu_row *row)
{
	char cfa[PLACE], ra[PLACE], fp[PLACE];

	switch (row->kind) {
	case ZU_ROW_FRAME:
		put_cfa(cfa, row);
		put_place(ra, row->ra_place, row->ra_reg, row->ra_off, 14);
		put_place(fp, row->fp_place, row->fp_reg, row->fp_off, 11);
		zu_buf_printf(b, "cfa %-10s ra %-8s r11 %s", cfa, ra, fp);
		return;
	case ZU_ROW_REGS:
		zu_buf_printf(b, "registers at r15%+" PRId32, row->cfa_off);
		return;
	case ZU_ROW_END:
		zu_buf_printf(b, "end");
		return;
	}
	zu_buf_printf(b, "undefined");
}
