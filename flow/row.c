/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what is known at an instruction to its row. */
#include "flow/private.h"

#include <string.h>

#include "core/frame_s390x.h"

/* Registers whose copies of a stack pointer survive a call come first. */
static const uint8_t cfa_regs[] = {
	15, 11, 10, 9, 8, 7, 6, 12, 13, 14, 1, 0, 2, 3, 4, 5,
};

/* Of these, the ones that do, and r15 and r11 first of all */
#define KEPT_REGS 9

static bool cfa_by_reg(const struct zu_state *s, struct zu_row *row,
		       unsigned int from, unsigned int to)
{
	unsigned int i;

	for (i = from; i < to; i++) {
		zu_val v = s->reg[cfa_regs[i]];
		int64_t off = ZU_FRAME_SIZE - zu_val_num(v);

		if (!zu_val_is(v, ZU_VAL_SP) || off != (int32_t)off)
			continue;
		row->cfa_reg = cfa_regs[i];
		row->cfa_off = (int32_t)off;
		return true;
	}
	return false;
}

static bool set_cfa(const struct zu_state *s, struct zu_row *row)
{
	if (cfa_by_reg(s, row, 0, KEPT_REGS))
		return true;
	if (s->reg[15] || s->chain != zu_val_sp(0))
		return cfa_by_reg(s, row, KEPT_REGS, sizeof(cfa_regs));
	row->cfa_rule = ZU_CFA_LOAD;
	row->cfa_off = ZU_SLOT_CHAIN;
	return true;
}

/* What a callee leaves: unwinding through a call uses the row at the call. */
static void forget_volatile(const struct zu_run *r, struct zu_state *s)
{
	static const uint8_t regs[] = { 0, 1, 2, 3, 4, 5, 14 };
	unsigned int i;

	for (i = 0; i < sizeof(regs); i++)
		s->reg[regs[i]] = 0;
	zu_state_call(s, r->env->back_chain ? ZU_SLOT_CHAIN : 160);
}

static bool is_call(const struct zu_insn *insn)
{
	return insn->link == 14 && insn->flow >= ZU_FLOW_CALL &&
	       insn->flow <= ZU_FLOW_CALL_MEM;
}

static bool find_slot(const struct zu_state *s, zu_val val, int32_t usual,
		      int32_t *off)
{
	unsigned int i;

	if (zu_slot_get(s, usual) == val) {
		*off = usual - ZU_FRAME_SIZE;
		return true;
	}
	for (i = s->nr_slots; i--; ) {
		if (s->slot[i].val != val)
			continue;
		*off = s->slot[i].off - ZU_FRAME_SIZE;
		return true;
	}
	return false;
}

static enum zu_row_place find_reg(const struct zu_state *s, zu_val val,
			      uint8_t *reg)
{
	unsigned int i;

	for (i = 0; i < 15; i++) {
		if (s->reg[i] != val)
			continue;
		*reg = (uint8_t)i;
		return ZU_PLACE_REG;
	}
	return ZU_PLACE_LOST;
}

/*
 * Where what a register held at entry is now. Storage counts from the store
 * on, the register again once it has been loaded, as in DWARF's view.
 */
static uint8_t place(const struct zu_state *s, unsigned int reg, bool saved,
		     int32_t usual, uint8_t *other, int32_t *off)
{
	zu_val val = zu_val_entry(reg);

	if (s->reg[reg] == val && !saved)
		return ZU_PLACE_SAME;
	if (find_slot(s, val, usual, off))
		return ZU_PLACE_CFA;
	if (s->reg[reg] == val)
		return ZU_PLACE_SAME;
	return (uint8_t)find_reg(s, val, other);
}

static void regs_row(const struct zu_state *s, struct zu_row *row)
{
	if (zu_val_is(s->reg[15], ZU_VAL_SP) || s->chain != zu_val_const(0))
		return;
	row->kind = ZU_ROW_REGS;
	row->cfa_off = ZU_FRAME_SIZE;
}

void zu_flow_row_now(const struct zu_run *r, struct zu_row *row)
{
	const struct zu_state *s = &r->s;
	struct zu_state at_call;

	memset(row, 0, sizeof(*row));
	if (s->bad)
		return;
	if (r->entry) {
		regs_row(s, row);
		return;
	}
	if (is_call(&r->insn)) {
		zu_state_copy(&at_call, s);
		forget_volatile(r, &at_call);
		s = &at_call;
	}
	if (!set_cfa(s, row))
		return;
	row->kind = ZU_ROW_FRAME;
	row->ra_place = place(s, 14, s->ra_saved, ZU_SLOT_RA(r->env),
			      &row->ra_reg, &row->ra_off);
	row->fp_place = place(s, 11, s->fp_saved, ZU_SLOT_FP(r->env),
			      &row->fp_reg, &row->fp_off);
}
