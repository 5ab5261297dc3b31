/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an instruction does to registers; loads from the stack. */
#include "flow/private.h"
#include "flow/trait.h"

#include "core/frame_s390x.h"

/* A frame that goes away, and never had its back chain */
static bool is_chainless(const struct zu_run *r, zu_val val)
{
	zu_val old = r->s.reg[15];

	return r->env->back_chain && !r->entry &&
	       zu_val_is(old, ZU_VAL_SP) && zu_val_is(val, ZU_VAL_SP) &&
	       zu_val_num(old) < 0 && zu_val_num(val) > zu_val_num(old) &&
	       zu_slot_get(&r->s, zu_val_num(old) + ZU_SLOT_CHAIN) !=
	       zu_val_sp(0);
}

/* What r15 is at most, if it is not P + number now */
static int32_t new_floor(const struct zu_run *r)
{
	int64_t floor = zu_state_floor(&r->s);

	if (r->switches)
		return ZU_FLOOR_ELSEWHERE;
	if (r->lowers)
		floor -= r->down;
	return floor > ZU_FLOOR_ELSEWHERE ? (int32_t)floor :
					    ZU_FLOOR_ELSEWHERE;
}

/* A new stack pointer: what lies below it is nobody's. */
static void set_sp(struct zu_run *r, zu_val val)
{
	struct zu_state *s = &r->s;

	if (is_chainless(r, val))
		zu_flow_find(r, ZU_FINDING_CHAINLESS);

	if (val && val == s->reg[15])
		return;
	s->floor = new_floor(r);
	s->reg[15] = val;
	s->chain = r->entry && r->hint->kind == ZU_HINT_ZEROED ?
		   zu_val_const(0) : 0;
	if (!zu_val_is(val, ZU_VAL_SP)) {
		/* raised, it would leave slots below that do not last */
		if (!r->entry && ((!r->lowers && !r->switches) ||
				  !zu_state_has_cfa(s))) {
			zu_flow_find(r, ZU_FINDING_STACK_UNKNOWN);
			/* not to miss the chain where good paths come in */
			if (zu_state_has_cfa(s))
				s->chain = zu_val_sp(0);
		}
		return;
	}
	if (zu_val_num(val) % 8)
		zu_flow_find(r, ZU_FINDING_STACK_ALIGN);
	else if (zu_val_num(val) > 0)
		zu_flow_find(r, ZU_FINDING_STACK_ABOVE);
	while (s->nr_slots && s->slot[0].off < zu_val_num(val))
		zu_slot_forget(s, s->slot[0].off, 8);
}

/* What was put together from a register is out of date with it. */
static void forget_sums(struct zu_state *s, unsigned int reg)
{
	unsigned int i;

	for (i = 0; s->nr_sums && i < 15; i++) {
		zu_val v = s->reg[i];

		if (!zu_val_is(v, ZU_VAL_SUM) || zu_val_reg(v) != reg)
			continue;
		s->reg[i] = zu_flow_bounded(s, v);
		s->nr_sums--;
	}
}

static bool can_be_named(zu_val v)
{
	return zu_val_is(v, ZU_VAL_SP) || zu_val_is(v, ZU_VAL_ENTRY);
}

void zu_flow_set(struct zu_run *r, unsigned int reg, zu_val val)
{
	struct zu_state *s = &r->s;

	/* the usual case: nothing was known of it, and nothing is */
	if (!val && !s->reg[reg] && reg < 14 && !s->bound.base &&
	    !r->cmp.valid && !s->nr_sums)
		return;
	/* rows name a register for what it holds, or for what it is */
	if (reg == 11 || reg >= 14 || can_be_named(s->reg[reg]) ||
	    can_be_named(val))
		r->dirty = true;
	if (s->bound.base == reg)
		s->bound.base = 0;
	if (r->cmp.valid && (r->cmp.reg == reg || r->cmp.mem.base == reg))
		r->cmp.valid = false;
	if (s->nr_sums) {
		s->nr_sums -= zu_val_is(s->reg[reg], ZU_VAL_SUM);
		forget_sums(s, reg);
	}
	s->nr_sums += zu_val_is(val, ZU_VAL_SUM);
	if (reg == 15) {
		/* entry code has it point to constants for a while */
		if (!zu_val_is(val, ZU_VAL_SP) &&
		    !(r->entry && zu_val_is(val, ZU_VAL_CONST)))
			val = 0;
		set_sp(r, val);
	} else {
		s->reg[reg] = val;
	}
}

/* r14 and r11 count as saved once they are stored in their slots. */
static void store_reg(struct zu_run *r, const struct zu_insn *insn,
		      const struct zu_mem *m, zu_val val)
{
	int64_t off;

	zu_flow_store(r, insn, m, val);
	if (!zu_val_is(val, ZU_VAL_ENTRY) || !zu_flow_place(r, m, &off))
		return;
	if (off == ZU_SLOT_RA(r->env) && val == zu_val_entry(14))
		r->s.ra_saved = true;
	if (off == ZU_SLOT_FP(r->env) && val == zu_val_entry(11))
		r->s.fp_saved = true;
}

static void store_regs(struct zu_run *r, const struct zu_insn *insn)
{
	struct zu_mem m = insn->mem[0];
	unsigned int reg = insn->r1, last = insn->r3;

	m.len = 8;
	for (;;) {
		store_reg(r, insn, &m, r->s.reg[reg]);
		if (reg == last)
			break;
		reg = (reg + 1) % 16;
		m.disp += 8;
	}
}

static zu_val load(struct zu_run *r, const struct zu_mem *m)
{
	int64_t off;
	zu_val val;

	if (m->base == 15 && m->disp == ZU_SLOT_CHAIN &&
	    m->index == ZU_NO_REG && !zu_flow_knows_sp(r))
		return r->s.chain;
	val = zu_flow_place(r, m, &off) ? zu_slot_get(&r->s, off) : 0;
	return !val && zu_flow_resume_in(r, m) ? zu_val_resume() : val;
}

/* The slot that the ABI has for r14, or for r11? */
static bool is_own_slot(const struct zu_run *r, unsigned int reg,
			const struct zu_mem *m)
{
	int64_t off;

	return zu_flow_place(r, m, &off) &&
	       off == (reg == 14 ? ZU_SLOT_RA(r->env) : ZU_SLOT_FP(r->env));
}

/* A register that comes from its own slot is not saved any more. */
static void set_loaded(struct zu_run *r, unsigned int reg, zu_val val,
		       bool own)
{
	zu_flow_set(r, reg, val);
	if (!own || val != zu_val_entry(reg))
		return;
	if (reg == 14)
		r->s.ra_saved = false;
	if (reg == 11)
		r->s.fp_saved = false;
}

/* All addresses count from the base register as it was. */
static void load_regs(struct zu_run *r, const struct zu_insn *insn)
{
	struct zu_mem m = insn->mem[0];
	unsigned int reg = insn->r1, last = insn->r3, n, i;
	zu_val val[16];
	bool own[16];

	n = (last - reg) % 16 + 1;
	for (i = 0; i < n; i++, m.disp += 8) {
		val[i] = load(r, &m);
		own[i] = is_own_slot(r, (reg + i) % 16, &m);
	}
	for (i = 0; i < n; i++)
		set_loaded(r, (reg + i) % 16, val[i], own[i]);
}

/* Clears storage: xc of an operand with itself */
static bool is_clear(const struct zu_insn *insn)
{
	const struct zu_mem *a = &insn->mem[0], *b = &insn->mem[1];

	return insn->op == ZU_OP_xc && insn->nr_mem == 2 &&
	       a->base == b->base && a->disp == b->disp;
}

/* mvc goes byte by byte: operands that overlap are no copy. */
static bool is_shifted(const struct zu_run *r, const struct zu_insn *insn)
{
	int64_t to, from;

	return zu_flow_place(r, &insn->mem[0], &to) &&
	       zu_flow_place(r, &insn->mem[1], &from) && to != from &&
	       zu_flow_overlap(to, 8, from, 8);
}

static void move(struct zu_run *r, const struct zu_insn *insn)
{
	const struct zu_mem *from = &insn->mem[1];
	bool copies = insn->op == ZU_OP_mvc && insn->nr_mem == 2 &&
		      insn->mem[0].len == 8;
	zu_val val = copies && !is_shifted(r, insn) ? load(r, from) : 0;

	zu_flow_store(r, insn, &insn->mem[0], is_clear(insn) ? zu_val_const(0) : val);
}

/* Storage is written that no register points to. */
static bool is_far_store(const struct zu_insn *insn)
{
	return insn->op == ZU_OP_strl || insn->op == ZU_OP_stgrl ||
	       insn->op == ZU_OP_sthrl;
}

/* ltr of a register to itself: only the condition code is new. */
static bool is_test(const struct zu_insn *insn)
{
	return (insn->op == ZU_OP_ltr || insn->op == ZU_OP_lr) &&
	       insn->r1 == insn->r2;
}

/*
 * The kernel mends faults of a copy from or to user space by a smaller length
 * (arch/s390/mm/extable.c, ex_handler_ua_mvcos(), 7.x).
 */
static void forget_length(struct zu_run *r, const struct zu_insn *insn)
{
	if (insn->op == ZU_OP_mvcos &&
	    zu_val_is(r->s.reg[insn->r3], ZU_VAL_CONST))
		zu_flow_set(r, insn->r3, 0);
}

static void other(struct zu_run *r, const struct zu_insn *insn, bool resume)
{
	unsigned int i;
	uint16_t writes = is_test(insn) ? 0 : insn->writes;

	for (i = 0; i < insn->nr_mem; i++)
		if (insn->mem[i].writes)
			zu_flow_store(r, insn, &insn->mem[i], 0);
	if (is_far_store(insn)) {
		r->s.bound.base = 0;
		if (r->cmp.mem.base)
			r->cmp.valid = false;
	}
	for (; writes; writes &= (uint16_t)(writes - 1))
		zu_flow_set(r, (unsigned int)__builtin_ctz(writes),
			    resume ? zu_val_resume() : 0);
	forget_length(r, insn);
}

static void stack_data(struct zu_run *r, const struct zu_insn *insn)
{
	zu_val val;

	switch (insn->op) {
	case ZU_OP_lg:
		val = load(r, &insn->mem[0]);
		if (!val)
			val = zu_flow_jumps_load(r, insn);
		set_loaded(r, insn->r1, val,
			   is_own_slot(r, insn->r1, &insn->mem[0]));
		break;
	case ZU_OP_stg:
		store_reg(r, insn, &insn->mem[0], r->s.reg[insn->r1]);
		break;
	case ZU_OP_stmg:
		store_regs(r, insn);
		break;
	case ZU_OP_lmg:
		load_regs(r, insn);
		break;
	default:
		move(r, insn);
		break;
	}
}

/* A size is no negative number. */
static bool is_size(zu_val v)
{
	return !zu_val_is(v, ZU_VAL_CONST) || zu_val_num(v) >= 0;
}

/* What comes from elsewhere as a whole is another stack. */
static bool switches(const struct zu_run *r, const struct zu_insn *insn)
{
	int64_t off;

	if (insn->op == ZU_OP_lgr)
		return insn->r2 != 15 &&
		       !zu_val_is(r->s.reg[insn->r2], ZU_VAL_BELOW);
	if (insn->op != ZU_OP_lg ||
	    (insn->mem[0].base == 15 && !zu_flow_knows_sp(r)))
		return false;
	/* it may have been spilled, but not to the caller's frame */
	return !zu_flow_place(r, &insn->mem[0], &off) || off < ZU_SLOT_CHAIN;
}

/* Does it give r15 something below what r15 is, and by how much at least? */
static bool lowers(const struct zu_run *r, const struct zu_insn *insn,
		   int64_t *down)
{
	const zu_val *reg = r->s.reg;

	*down = 0;
	switch (insn->op) {
	case ZU_OP_lgr:
		return insn->r2 == 15;
	case ZU_OP_aghi:
	case ZU_OP_agfi:
		*down = -insn->imm;
		return insn->imm <= 0;
	case ZU_OP_aghik:
		*down = -insn->imm;
		return insn->r3 == 15 && insn->imm <= 0;
	case ZU_OP_slgfi:
		*down = insn->imm;
		return true;
	case ZU_OP_lay:
		*down = -insn->mem[0].disp;
		return insn->mem[0].base == 15 && insn->mem[0].disp <= 0 &&
		       insn->mem[0].index == ZU_NO_REG;
	case ZU_OP_sgr:
	case ZU_OP_slgr:
	case ZU_OP_slgfr:
		return insn->r2 != 15 && is_size(reg[insn->r2]);
	case ZU_OP_sgrk:
	case ZU_OP_slgrk:
		return insn->r2 == 15 && insn->r3 != 15 &&
		       is_size(reg[insn->r3]);
	default:
		return false;
	}
}

/*
 * A query of what the CPU can do: it writes to where r1 points, and has no
 * operands. (Principles of Operation, "CIPHER MESSAGE" and its kind: bits 57-63
 * of r0 are the function code.)
 */
static bool is_query(const struct zu_run *r)
{
	return zu_val_is(r->s.reg[0], ZU_VAL_CONST) &&
	       !(zu_val_num(r->s.reg[0]) & 0x7f);
}

void zu_flow_data(struct zu_run *r, const struct zu_insn *insn,
		  const uint8_t *code)
{
	uint8_t traits = zu_traits[insn->op];
	bool resume = zu_flow_resume(r, insn);
	zu_val val;

	if (insn->writes & 1u << 15) {
		r->switches = switches(r, insn);
		r->lowers = lowers(r, insn, &r->down);
	}
	if (traits & ZU_TRAIT_STACK)
		stack_data(r, insn);
	else if (traits & ZU_TRAIT_SUM && zu_flow_arith(r, insn, code, &val))
		zu_flow_set(r, insn->r1,
			    !val && resume ? zu_val_resume() : val);
	else if (!(traits & ZU_TRAIT_FUNCTION) || !is_query(r))
		other(r, insn, resume);
	if (r->cmp.valid || traits & ZU_TRAIT_COMPARE)
		zu_flow_compare(r, insn);
}
