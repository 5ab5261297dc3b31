/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/put.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

/* Widest: "*(r15-2147483648)+160" */
#define PLACE 32

int put_flush(struct zu_buf *b, size_t chunk, struct zu_error *err)
{
	if (b->failed)
		return cmd_output(ZU_ENOMEM, err);
	if (!b->len || b->len < chunk)
		return 0;
	if (fwrite(b->data, 1, b->len, stdout) != b->len)
		return cmd_output(ZU_EIO, err);
	b->len = 0;
	return 0;
}

void put_name(struct zu_buf *b, const char *name)
{
	size_t i = b->len;

	zu_buf_add(b, name, strlen(name));
	for (; i < b->len; i++)
		if (!isprint((unsigned char)b->data[i]))
			b->data[i] = '?';
}

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

void put_row(struct zu_buf *b, const struct zu_row *row)
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
