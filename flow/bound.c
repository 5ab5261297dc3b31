/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comparisons tell of the index of a jump table: unsigned ones only,
 * with a number, in a register or in storage.
 */
#include "flow/private.h"
#include "flow/trait.h"

/* Mask bits of a branch after a comparison */
#define EQUAL 8
#define LOW 4
#define HIGH 2

/* Of the low half of a register? */
static bool is_low(const struct zu_insn *insn)
{
	return insn->op == ZU_OP_clfi || insn->op == ZU_OP_clr ||
	       insn->op == ZU_OP_clij || insn->op == ZU_OP_clrj;
}

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
		if (!is_low(insn))
			return zu_val_is_const64(v) && *ret >= 0;
		*ret = (uint32_t)*ret;
		return zu_val_is(v, ZU_VAL_CONST);
	default:
		return false;
	}
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
			s->reg[i] = zu_val_max(zu_val_num(v) - 1,
					       ZU_MAX_LOW);
	}
}

/* What an instruction compares; false if that tells nothing */
static bool compare(const struct zu_run *r, const struct zu_insn *insn,
		    struct zu_compare *c)
{
	const struct zu_mem *m = &insn->mem[0];
	int64_t limit;

	if (!limit_of(r, insn, &limit))
		return false;
	*c = (struct zu_compare){ .limit = limit, .valid = true };
	c->low = is_low(insn);
	c->reg = insn->nr_mem ? ZU_NO_REG : insn->r1;
	if (!insn->nr_mem)
		return true;
	c->mem.base = m->base;
	c->mem.disp = m->disp;
	c->mem.len = (uint8_t)m->len;
	return m->base != ZU_NO_REG && m->index == ZU_NO_REG;
}

void zu_flow_compare(struct zu_run *r, const struct zu_insn *insn)
{
	if (zu_traits[insn->op] & ZU_TRAIT_COMPARE)
		r->cmp.valid = compare(r, insn, &r->cmp);
	/* compare-and-branch leaves the condition code alone */
	else if (insn->flow == ZU_FLOW_COND || insn->flow == ZU_FLOW_NOP)
		return;
	else if (!(zu_traits[insn->op] & ZU_TRAIT_KEEPS_CC))
		r->cmp.valid = false;
}

/* A bound of the low half is one of all where the rest is known to be 0. */
static unsigned int bits_of(zu_val v, const struct zu_compare *c)
{
	if (!c->low || (zu_val_is(v, ZU_VAL_MAX) &&
			!(zu_val_reg(v) & ZU_MAX_LOW) &&
			zu_val_num(v) <= UINT32_MAX))
		return 0;
	return ZU_MAX_LOW;
}

static void set_bound(struct zu_state *s, const struct zu_compare *c,
		      int64_t max)
{
	zu_val *v = &s->reg[c->reg];

	if (!zu_val_is_open(*v) && !zu_val_is(*v, ZU_VAL_MAX))
		return;
	if (zu_val_is(*v, ZU_VAL_MAX) &&
	    !(zu_val_reg(*v) & (ZU_MAX_WIDTH | ZU_MAX_LOW)) &&
	    zu_val_num(*v) <= max)
		return;
	*v = zu_val_max(max, bits_of(*v, c));
}

bool zu_flow_can_bound(const struct zu_run *r, const struct zu_insn *insn)
{
	return r->cmp.valid ||
	       (insn->op != ZU_OP_brc && insn->op != ZU_OP_brcl);
}

void zu_flow_bound(struct zu_run *r, const struct zu_insn *insn, bool taken,
		   struct zu_state *s)
{
	unsigned int mask = taken ? insn->mask : ~insn->mask & 15u;
	struct zu_compare c = r->cmp;
	int64_t max;

	if (insn->op != ZU_OP_brc && insn->op != ZU_OP_brcl)
		c.valid = compare(r, insn, &c);
	if (!c.valid || !insn->mask)
		return;
	max = c.limit;
	if (!(mask & LOW) && c.reg != ZU_NO_REG && c.low)
		from_below(s, c.reg, max + !(mask & EQUAL));
	if (mask & HIGH)
		return;
	if (!(mask & EQUAL))
		max--;
	if (max < 0)
		return;
	if (c.reg == ZU_NO_REG) {
		s->bound = c.mem;
		s->bound.max = max;
	} else {
		set_bound(s, &c, max);
	}
}
