/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instructions whose result can be known: addresses, sums, indices. */
#include "flow/private.h"

#include "core/bytes.h"

/* A bound that bounds nothing: any multiple of 8 that makes sense */
#define MANY (INT64_C(0xfffffffff8))

static zu_val add_num(zu_val v, int64_t num)
{
	int64_t sum;

	if (__builtin_add_overflow(zu_val_num(v), num, &sum) ||
	    sum != (int64_t)((uint64_t)sum << 8) >> 8)
		return 0;
	switch (zu_val_kind(v)) {
	case ZU_VAL_SP:
		return zu_val_sp(sum);
	case ZU_VAL_CONST:
		return zu_val_is_const64(v) ? zu_val_const(sum) : 0;
	case ZU_VAL_BELOW:
		return v;
	default:
		return num ? 0 : v;
	}
}

static bool is_stack(zu_val v)
{
	return zu_val_is(v, ZU_VAL_SP) || zu_val_is(v, ZU_VAL_BELOW);
}

static zu_val below(void)
{
	return zu_val_make(ZU_VAL_BELOW, 0, 0);
}

static zu_val add(struct zu_run *r, zu_val a, zu_val b)
{
	if (zu_val_is_const64(b) && !zu_val_is(a, ZU_VAL_TABLE))
		return add_num(a, zu_val_num(b));
	if (zu_val_is_const64(a) && !zu_val_is(b, ZU_VAL_TABLE))
		return add_num(b, zu_val_num(a));
	if (is_stack(a) || is_stack(b))
		return below();
	return zu_flow_jumps_add(r, a, b);
}

static zu_val sub(zu_val a, zu_val b)
{
	if (zu_val_is_const64(b))
		return add_num(a, -zu_val_num(b));
	return is_stack(a) ? below() : 0;
}

/* The sum that a storage operand's address is */
static zu_val address(struct zu_run *r, const struct zu_mem *m)
{
	zu_val v = m->base == ZU_NO_REG ? zu_val_const(0) : r->s.reg[m->base];

	if (m->index != ZU_NO_REG)
		v = add(r, v, r->s.reg[m->index]);
	return add_num(v, m->disp);
}

/* A constant that the code reads, such as the size of a large frame */
static zu_val literal(struct zu_run *r, const struct zu_mem *m)
{
	zu_val at = address(r, m);
	uint8_t b[8];

	if (!zu_val_is_const64(at) ||
	    r->env->read(r->env->ctx, (uint64_t)zu_val_num(at), b, sizeof(b)))
		return 0;
	return zu_val_const((int64_t)zu_be64(b));
}

/*
 * Where only the low half is bounded, as of an argument that the caller has
 * extended, a table has no more entries than that, or the index is off.
 */
static unsigned int bits_above(zu_val v)
{
	unsigned int is = zu_val_reg(v);

	return is & ZU_MAX_LOW ? (is & ~(unsigned int)ZU_MAX_LOW) | ZU_MAX_WIDTH :
				 is;
}

static zu_val shifted(struct zu_run *r, unsigned int reg, int64_t bits)
{
	zu_val v = zu_flow_bounded(&r->s, r->s.reg[reg]);
	unsigned int is = bits >= 3 ? ZU_MAX_BY4 | ZU_MAX_BY8 :
			  bits == 2 ? ZU_MAX_BY4 : 0;
	zu_val max = 0;

	if (bits < 0 || bits > 16)
		return 0;
	if (zu_val_is(v, ZU_VAL_MAX))
		max = zu_val_max(zu_val_num(v) << bits, bits_above(v) | is);
	return max || !is ? max : zu_val_max(MANY, ZU_MAX_WIDTH | is);
}

/* risbg: rotate, keep bits i3 to i4, and with the high bit of i4 clear the rest */
static zu_val rotated(struct zu_run *r, const struct zu_insn *insn,
		      const uint8_t *code)
{
	unsigned int from = code[2] & 63, to = code[3] & 63;
	unsigned int by = code[4] & 63;
	unsigned int is = to <= 60 ? ZU_MAX_BY4 | ZU_MAX_BY8 :
			  to == 61 ? ZU_MAX_BY4 : 0;
	zu_val v = zu_flow_bounded(&r->s, r->s.reg[insn->r2]);
	int64_t max;

	if (!(code[3] & 0x80) || from > to)
		return 0;
	/* the bits kept, wherever they came from, make this at most */
	max = from < 24 ? INT64_MAX :
	      (int64_t)((UINT64_C(2) << (63 - from)) - 1) &
	      ~(int64_t)((UINT64_C(1) << (63 - to)) - 1);
	/* all of its bits stay: of the low half if only that is known */
	if (zu_val_is(v, ZU_VAL_MAX) && by <= 16 && to == 63 - by &&
	    zu_val_num(v) << by <= max &&
	    (!(zu_val_reg(v) & ZU_MAX_LOW) || from + by >= 32))
		return zu_val_max(zu_val_num(v) << by, is |
				  (zu_val_reg(v) & ZU_MAX_WIDTH));
	return max <= MANY ? zu_val_max(max, ZU_MAX_WIDTH | is) :
	       is ? zu_val_max(MANY, ZU_MAX_WIDTH | is) : 0;
}

static zu_val small_load(struct zu_run *r, const struct zu_insn *insn,
			 int64_t max)
{
	const struct zu_bound *b = &r->s.bound;
	const struct zu_mem *m = &insn->mem[0];

	if (insn->nr_mem && b->base && m->index == ZU_NO_REG &&
	    m->base == b->base && m->disp == b->disp && m->len == b->len)
		return zu_val_max(b->max, 0);
	return zu_val_max(max, ZU_MAX_WIDTH);
}

/* Zero extension keeps a bound, and makes one. */
static zu_val extended(struct zu_run *r, const struct zu_insn *insn,
		       int64_t max)
{
	zu_val v = zu_flow_bounded(&r->s, r->s.reg[insn->r2]);

	if (zu_val_is(v, ZU_VAL_MAX) && zu_val_num(v) <= max)
		return v & ~((zu_val)ZU_MAX_LOW << 4);
	return zu_val_max(max, ZU_MAX_WIDTH);
}

static bool known_move(struct zu_run *r, const struct zu_insn *insn,
		       zu_val *ret)
{
	const zu_val *reg = r->s.reg;

	switch (insn->op) {
	case ZU_OP_lgr:
	case ZU_OP_ltgr:
		*ret = reg[insn->r2];
		if (insn->r2 == 15 && !*ret)
			*ret = below();
		return true;
	case ZU_OP_la:
	case ZU_OP_lay:
		*ret = address(r, &insn->mem[0]);
		return true;
	case ZU_OP_larl:
		*ret = zu_val_const((int64_t)(r->func->addr + r->off) +
				    insn->target);
		return true;
	case ZU_OP_lghi:
	case ZU_OP_lgfi:
		*ret = zu_val_const(insn->imm);
		return true;
	case ZU_OP_lhi:
		*ret = zu_val_const32((int32_t)insn->imm);
		return true;
	default:
		return false;
	}
}

static bool known_sum(struct zu_run *r, const struct zu_insn *insn,
		      zu_val *ret)
{
	const zu_val *reg = r->s.reg;

	switch (insn->op) {
	case ZU_OP_aghi:
	case ZU_OP_agfi:
	case ZU_OP_algfi:
		*ret = add_num(reg[insn->r1], insn->imm);
		return true;
	case ZU_OP_slgfi:
		*ret = add_num(reg[insn->r1], -insn->imm);
		return true;
	case ZU_OP_ahik:
		/* the high half stays, so a sum with 0 is no copy */
		*ret = insn->imm ? zu_val_make(ZU_VAL_SUM, insn->r3,
					       insn->imm) : 0;
		return insn->r1 != insn->r3;
	case ZU_OP_aghik:
		*ret = add_num(reg[insn->r3], insn->imm);
		return true;
	case ZU_OP_agr:
	case ZU_OP_algr:
		*ret = add(r, reg[insn->r1], reg[insn->r2]);
		return true;
	case ZU_OP_agrk:
	case ZU_OP_algrk:
		*ret = add(r, reg[insn->r2], reg[insn->r3]);
		return true;
	case ZU_OP_sgr:
	case ZU_OP_slgr:
		*ret = sub(reg[insn->r1], reg[insn->r2]);
		return true;
	case ZU_OP_ag:
	case ZU_OP_alg:
		*ret = zu_val_is(reg[insn->r1], ZU_VAL_SP) ?
		       add(r, reg[insn->r1], literal(r, &insn->mem[0])) : 0;
		return true;
	case ZU_OP_sg:
	case ZU_OP_slg:
		*ret = zu_val_is(reg[insn->r1], ZU_VAL_SP) ?
		       sub(reg[insn->r1], literal(r, &insn->mem[0])) : 0;
		return true;
	default:
		return false;
	}
}

static bool known_index(struct zu_run *r, const struct zu_insn *insn,
			const uint8_t *code, zu_val *ret)
{
	const zu_val *reg = r->s.reg;

	switch (insn->op) {
	case ZU_OP_sllg:
		/* a shift by a register is not known */
		*ret = code[2] >> 4 ? 0 : shifted(r, insn->r3, code[3] & 63);
		return true;
	case ZU_OP_risbg:
	case ZU_OP_risbgn:
		*ret = rotated(r, insn, code);
		return true;
	case ZU_OP_llgfr:
		/* what later is found out of the one holds for the other */
		if (insn->r1 != insn->r2 && insn->r2 < 15 &&
		    (zu_val_is_open(reg[insn->r2]) ||
		     zu_val_is(reg[insn->r2], ZU_VAL_MAX)))
			*ret = zu_val_make(ZU_VAL_SUM, insn->r2, 0);
		else
			*ret = extended(r, insn, UINT32_MAX);
		return true;
	case ZU_OP_llgcr:
		*ret = extended(r, insn, UINT8_MAX);
		return true;
	case ZU_OP_llghr:
		*ret = extended(r, insn, UINT16_MAX);
		return true;
	case ZU_OP_lgfr:
		*ret = zu_val_is(reg[insn->r2], ZU_VAL_MAX) &&
		       zu_val_num(reg[insn->r2]) <= INT32_MAX ?
		       extended(r, insn, INT32_MAX) : 0;
		return true;
	case ZU_OP_llgc:
		*ret = small_load(r, insn, UINT8_MAX);
		return true;
	case ZU_OP_llgh:
		*ret = small_load(r, insn, UINT16_MAX);
		return true;
	case ZU_OP_llgf:
		*ret = small_load(r, insn, UINT32_MAX);
		return true;
	case ZU_OP_lgf:
		*ret = zu_flow_jumps_load(r, insn);
		return true;
	default:
		return false;
	}
}

bool zu_flow_arith(struct zu_run *r, const struct zu_insn *insn,
		   const uint8_t *code, zu_val *ret)
{
	return known_move(r, insn, ret) || known_sum(r, insn, ret) ||
	       known_index(r, insn, code, ret);
}
