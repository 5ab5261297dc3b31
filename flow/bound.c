/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comparisons tell of the index of a jump table: unsigned ones only,
 * with a number, in a register or in storage.
 */
#include "flow/private.h"

/* Mask bits of a branch after a comparison */
#define EQUAL 8
#define LOW 4
#define HIGH 2

static bool limit_of(const struct zu_run *r, const struct zu_insn *insn,
		     int64_t *ret)
{
	zu_val v;

	switch (insn->op) {
	case ZU_OP_clgfi:
	case ZU_OP_clfi:
	case ZU_OP_cli:
	case ZU_OP_cliy:
	case ZU_OP_clhhsi:
	case ZU_OP_clfhsi:
	case ZU_OP_clghsi:
	case ZU_OP_clgij:
	case ZU_OP_clij:
		*ret = insn->imm;
		return true;
	case ZU_OP_clgr:
	case ZU_OP_clr:
	case ZU_OP_clgrj:
	case ZU_OP_clrj:
		v = r->s.reg[insn->r2];
		*ret = zu_val_num(v);
		if (insn->op == ZU_OP_clr || insn->op == ZU_OP_clrj)
			*ret = (uint32_t)*ret;
		return zu_val_is(v, ZU_VAL_CONST) && *ret >= 0;
	default:
		return false;
	}
}

/* Instructions that leave the condition code alone, and often stand between */
static bool keeps_cc(const struct zu_insn *insn)
{
	switch (insn->op) {
	case ZU_OP_lg:
	case ZU_OP_l:
	case ZU_OP_ly:
	case ZU_OP_lgr:
	case ZU_OP_lr:
	case ZU_OP_la:
	case ZU_OP_lay:
	case ZU_OP_larl:
	case ZU_OP_lgrl:
	case ZU_OP_lghi:
	case ZU_OP_lhi:
	case ZU_OP_lgfi:
	case ZU_OP_lmg:
	case ZU_OP_stmg:
	case ZU_OP_stg:
	case ZU_OP_st:
	case ZU_OP_llgc:
	case ZU_OP_llgh:
	case ZU_OP_llgf:
	case ZU_OP_lgf:
	case ZU_OP_llgfr:
	case ZU_OP_llgcr:
	case ZU_OP_llghr:
	case ZU_OP_lgfr:
	case ZU_OP_sllg:
	case ZU_OP_srlg:
	case ZU_OP_mvi:
	case ZU_OP_mviy:
	case ZU_OP_mvghi:
	case ZU_OP_mvhi:
	case ZU_OP_mvc:
	case ZU_OP_risbgn:
		return true;
	default:
		return insn->flow == ZU_FLOW_NOP || insn->flow == ZU_FLOW_COND;
	}
}

void zu_flow_compare(struct zu_run *r, const struct zu_insn *insn)
{
	struct zu_compare *c = &r->cmp;
	const struct zu_mem *m = &insn->mem[0];
	int64_t limit;

	if (!limit_of(r, insn, &limit)) {
		if (c->valid && !keeps_cc(insn))
			c->valid = false;
		return;
	}
	*c = (struct zu_compare){ .limit = limit, .valid = true };
	c->reg = insn->nr_mem ? ZU_NO_REG : insn->r1;
	if (!insn->nr_mem)
		return;
	c->valid = m->base != ZU_NO_REG && m->index == ZU_NO_REG;
	c->mem.base = m->base;
	c->mem.disp = m->disp;
	c->mem.len = (uint8_t)m->len;
}

zu_val zu_flow_bounded(const struct zu_state *s, zu_val v)
{
	if (!zu_val_is(v, ZU_VAL_SUM))
		return v;
	if (zu_val_num(v) || !zu_val_is(s->reg[zu_val_reg(v)], ZU_VAL_MAX))
		return 0;
	return s->reg[zu_val_reg(v)];
}

/*
 * A 32-bit number of at least @min, to which another register adds so much
 * that all of these wrap: that one is small.
 */
static void from_below(struct zu_state *s, unsigned int reg, int64_t min)
{
	unsigned int i;

	for (i = 0; i < 15; i++) {
		zu_val v = s->reg[i];

		if (zu_val_is(v, ZU_VAL_SUM) && zu_val_reg(v) == reg &&
		    zu_val_num(v) > 0 && min >= 0 &&
		    min + zu_val_num(v) >= INT64_C(1) << 32)
			s->reg[i] = zu_val_max(zu_val_num(v) - 1);
	}
}

/* Does a bound that is known already say more? */
static bool is_tighter(zu_val v, int64_t max)
{
	return (zu_val_is(v, ZU_VAL_MAX) && !zu_val_reg(v) &&
		zu_val_num(v) <= max) ||
	       (v && !zu_val_is(v, ZU_VAL_MAX));
}

void zu_flow_bound(struct zu_run *r, const struct zu_insn *insn, bool taken,
		   struct zu_state *s)
{
	const struct zu_compare *c = &r->cmp;
	unsigned int mask = taken ? insn->mask : ~insn->mask & 15u;
	int64_t max = c->limit;

	if (!c->valid || !insn->mask)
		return;
	if (!(mask & LOW) && c->reg != ZU_NO_REG)
		from_below(s, c->reg, max + !(mask & EQUAL));
	if (mask & HIGH)
		return;
	if (!(mask & EQUAL))
		max--;
	if (max < 0)
		return;
	if (c->reg == ZU_NO_REG) {
		s->bound = c->mem;
		s->bound.max = max;
	} else if (!is_tighter(s->reg[c->reg], max)) {
		s->reg[c->reg] = zu_val_max(max);
	}
}
