/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an instruction does to registers and to the stack.
 *
 * Storage that no stack register points to is taken not to be the frame's:
 * code that writes into its own saved registers through other pointers breaks
 * the C language before it breaks the stack.
 */
#include "flow/private.h"
#include "flow/trait.h"

#include "core/frame_s390x.h"

static bool overlap(int64_t a, int64_t alen, int64_t b, int64_t blen)
{
	return a < b + blen && b < a + alen;
}

static bool is_stack_sp(const struct zu_run *r)
{
	return zu_val_is(r->s.reg[15], ZU_VAL_SP);
}

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

/* A new stack pointer: what lies below it is nobody's. */
static void set_sp(struct zu_run *r, zu_val val)
{
	struct zu_state *s = &r->s;

	if (is_chainless(r, val))
		zu_flow_find(r, ZU_FINDING_CHAINLESS);

	if (val && val == s->reg[15])
		return;
	if (zu_val_is(s->reg[15], ZU_VAL_SP))
		s->floor = (int32_t)zu_val_num(s->reg[15]);
	s->reg[15] = val;
	s->chain = r->entry && r->hint->kind == ZU_HINT_ZEROED ?
		   zu_val_const(0) : 0;
	if (!zu_val_is(val, ZU_VAL_SP)) {
		/* raised, it would leave slots below that do not last */
		if (!r->entry && (!r->lowers || !zu_state_has_cfa(s)))
			zu_flow_find(r, ZU_FINDING_STACK_UNKNOWN);
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

bool zu_flow_place(const struct zu_run *r, const struct zu_mem *m,
		   int64_t *ret)
{
	zu_val v;

	if (m->base == ZU_NO_REG || m->index != ZU_NO_REG)
		return false;
	v = r->s.reg[m->base];
	if (!zu_val_is(v, ZU_VAL_SP))
		return false;
	*ret = zu_val_num(v) + m->disp;
	return true;
}

/* 152(r15) where r15 is not P + number */
static bool hits_chain(const struct zu_run *r, const struct zu_mem *m)
{
	return m->base == 15 && m->index == ZU_NO_REG && !is_stack_sp(r) &&
	       overlap(m->disp, m->len == ZU_LEN_UNKNOWN ? 256 : m->len,
		       ZU_SLOT_CHAIN, 8);
}

/* The slot in full; part of a longer operand only if that is all zero */
static bool covers_chain(const struct zu_mem *m, zu_val val)
{
	if (m->len == 8)
		return m->disp == ZU_SLOT_CHAIN;
	return val == zu_val_const(0) && m->len != ZU_LEN_UNKNOWN &&
	       m->disp <= ZU_SLOT_CHAIN &&
	       m->disp + m->len >= ZU_SLOT_CHAIN + 8;
}

/* The frame's own chain, once it is set, and the caller's, always */
static bool hits_rule(const struct zu_run *r, int64_t off, int64_t len,
		      zu_val val)
{
	const struct zu_state *s = &r->s;
	int64_t own;

	if (!r->env->back_chain || r->entry)
		return false;
	if (overlap(off, len, ZU_SLOT_CHAIN, 8))
		return true;
	if (!is_stack_sp(r))
		return false;
	own = zu_val_num(s->reg[15]) + ZU_SLOT_CHAIN;
	if (!overlap(off, len, own, 8) ||
	    zu_slot_get(s, own) != zu_val_sp(0))
		return false;
	return off != own || len != 8 || val != zu_val_sp(0);
}

/* Remember which store destroyed what a frame must keep. */
static void note_loss(struct zu_run *r, int64_t off, int64_t len)
{
	struct zu_state *s = &r->s;
	unsigned int i;

	for (i = 0; i < s->nr_slots; i++) {
		const struct zu_slot *slot = &s->slot[i];

		if (!overlap(off, len, slot->off, 8) ||
		    !zu_val_is(slot->val, ZU_VAL_ENTRY))
			continue;
		if (slot->val == zu_val_entry(14) && slot->off >= 0)
			s->ra_gone = r->off + 1;
		else
			s->save_gone = r->off + 1;
	}
}

/* A function may write to arguments that came on the stack; 32 are plenty. */
#define ARGUMENTS (32 * 8)

static void store_known(struct zu_run *r, int64_t off, int64_t len,
			zu_val val)
{
	if (hits_rule(r, off, len, val)) {
		zu_flow_find(r, ZU_FINDING_CHAIN_WRITTEN);
		return;
	}
	if (off + len > ZU_FRAME_SIZE + ARGUMENTS && !r->entry) {
		zu_flow_find(r, ZU_FINDING_FOREIGN_WRITTEN);
		return;
	}
	if (len != 8 || zu_slot_get(&r->s, off) != val)
		note_loss(r, off, len);
	zu_slot_forget(&r->s, off, len);
	r->dirty = true;
	/* addresses of other objects would make lists look empty for ever */
	if (zu_val_is(val, ZU_VAL_SP) && zu_val_num(val))
		return;
	if (len == 8 && (!is_stack_sp(r) || off >= zu_val_num(r->s.reg[15])))
		zu_slot_put(&r->s, off, val);
}

/* An array on the stack: it must begin above what a callee may write to. */
static void store_array(struct zu_run *r, const struct zu_mem *m)
{
	zu_val v = m->base == ZU_NO_REG ? 0 : r->s.reg[m->base];
	int64_t off = zu_val_num(v) + m->disp;

	if (!zu_val_is(v, ZU_VAL_SP) || !is_stack_sp(r) ||
	    !r->env->back_chain)
		return;
	if (off <= zu_val_num(r->s.reg[15]) + ZU_SLOT_CHAIN ||
	    overlap(off, 1, ZU_SLOT_CHAIN, 8))
		zu_flow_find(r, ZU_FINDING_CHAIN_WRITTEN);
}

/*
 * A step of a loop over storage of variable length: that its whole 256 bytes
 * fit is what the loop's count says.
 */
static bool is_block(const struct zu_mem *m)
{
	return m->len == 256;
}

/*
 * A member of something on the stack, by a pointer to it: inside, for the same
 * reason for which other pointers do not lead here. (The first round of a list
 * walk, were it taken, would write into what only looks like a member.)
 */
static bool is_member(const struct zu_run *r, const struct zu_mem *m)
{
	zu_val v = m->base == ZU_NO_REG ? 0 : r->s.reg[m->base];

	return m->base != 15 && (m->base != 11 || is_stack_sp(r)) &&
	       m->disp && zu_val_is(v, ZU_VAL_SP) &&
	       zu_val_num(v) < 0 && is_stack_sp(r) &&
	       zu_val_num(v) >= zu_val_num(r->s.reg[15]) + ZU_FRAME_SIZE;
}

/* By an r15 that is somewhere below: up to where the store may reach */
static void store_below(struct zu_run *r, const struct zu_mem *m)
{
	int64_t top = r->s.floor + m->disp + (int64_t)m->len;
	int64_t from = INT32_MIN;

	if (r->s.nr_slots && r->s.slot[0].off < top) {
		note_loss(r, from, top - from);
		zu_slot_forget(&r->s, from, top - from);
		r->dirty = true;
	}
}

static void store(struct zu_run *r, const struct zu_mem *m, zu_val val)
{
	int64_t off;

	r->s.bound.base = 0;
	if (r->cmp.mem.base)
		r->cmp.valid = false;
	if (hits_chain(r, m)) {
		r->s.chain = covers_chain(m, val) ? val : 0;
		r->dirty = true;
		return;
	}
	if (m->len == ZU_LEN_UNKNOWN || m->index != ZU_NO_REG ||
	    is_block(m))
		store_array(r, m);
	else if (is_member(r, m))
		return;
	else if (zu_flow_place(r, m, &off))
		store_known(r, off, m->len, val);
	else if (m->base == 15)
		store_below(r, m);
}

/* r14 and r11 count as saved once they are in their slots. */
static void note_save(struct zu_run *r)
{
	const struct zu_state *s = &r->s;

	if (!s->ra_saved &&
	    zu_slot_get(s, ZU_SLOT_RA(r->env)) == zu_val_entry(14))
		r->s.ra_saved = true;
	if (!s->fp_saved &&
	    zu_slot_get(s, ZU_SLOT_FP(r->env)) == zu_val_entry(11))
		r->s.fp_saved = true;
}

static void store_regs(struct zu_run *r, const struct zu_insn *insn)
{
	struct zu_mem m = insn->mem[0];
	unsigned int reg = insn->r1, last = insn->r3;

	m.len = 8;
	for (;;) {
		store(r, &m, r->s.reg[reg]);
		if (reg == last)
			break;
		reg = (reg + 1) % 16;
		m.disp += 8;
	}
	note_save(r);
}

static zu_val load(struct zu_run *r, const struct zu_mem *m)
{
	int64_t off;

	if (m->base == 15 && m->disp == ZU_SLOT_CHAIN &&
	    m->index == ZU_NO_REG && !is_stack_sp(r))
		return r->s.chain;
	return zu_flow_place(r, m, &off) ? zu_slot_get(&r->s, off) : 0;
}

static void set_loaded(struct zu_run *r, unsigned int reg, zu_val val)
{
	zu_flow_set(r, reg, val);
	if (reg == 14 && val == zu_val_entry(14))
		r->s.ra_saved = false;
	if (reg == 11 && val == zu_val_entry(11))
		r->s.fp_saved = false;
}

/* All addresses count from the base register as it was. */
static void load_regs(struct zu_run *r, const struct zu_insn *insn)
{
	struct zu_mem m = insn->mem[0];
	unsigned int reg = insn->r1, last = insn->r3, n, i;
	zu_val val[16];

	n = (last - reg) % 16 + 1;
	for (i = 0; i < n; i++, m.disp += 8)
		val[i] = load(r, &m);
	for (i = 0; i < n; i++)
		set_loaded(r, (reg + i) % 16, val[i]);
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
	       overlap(to, 8, from, 8);
}

static void move(struct zu_run *r, const struct zu_insn *insn)
{
	const struct zu_mem *from = &insn->mem[1];
	bool copies = insn->op == ZU_OP_mvc && insn->nr_mem == 2 &&
		      insn->mem[0].len == 8;
	zu_val val = copies && !is_shifted(r, insn) ? load(r, from) : 0;

	store(r, &insn->mem[0], is_clear(insn) ? zu_val_const(0) : val);
}

/* Storage is written that no register points to. */
static bool is_far_store(const struct zu_insn *insn)
{
	return insn->op == ZU_OP_strl || insn->op == ZU_OP_stgrl ||
	       insn->op == ZU_OP_sthrl;
}

static void other(struct zu_run *r, const struct zu_insn *insn)
{
	unsigned int i, reg;
	uint16_t writes = insn->writes;

	for (i = 0; i < insn->nr_mem; i++)
		if (insn->mem[i].writes)
			store(r, &insn->mem[i], 0);
	if (is_far_store(insn)) {
		r->s.bound.base = 0;
		if (r->cmp.mem.base)
			r->cmp.valid = false;
	}
	for (reg = 0; writes; reg++, writes >>= 1)
		if (writes & 1)
			zu_flow_set(r, reg, 0);
}

static void stack_data(struct zu_run *r, const struct zu_insn *insn)
{
	zu_val val;

	switch (insn->op) {
	case ZU_OP_lg:
		val = load(r, &insn->mem[0]);
		if (!val)
			val = zu_flow_jumps_load(r, insn);
		set_loaded(r, insn->r1, val);
		break;
	case ZU_OP_stg:
		store(r, &insn->mem[0], r->s.reg[insn->r1]);
		note_save(r);
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

/*
 * Does it give r15 something below what r15 is, by however much? What comes
 * from elsewhere as a whole is another stack.
 */
static bool lowers(const struct zu_run *r, const struct zu_insn *insn)
{
	const zu_val *reg = r->s.reg;

	switch (insn->op) {
	case ZU_OP_lgr:
	case ZU_OP_lg:
		return true;
	case ZU_OP_aghi:
	case ZU_OP_agfi:
		return insn->imm <= 0;
	case ZU_OP_aghik:
		return insn->r3 == 15 && insn->imm <= 0;
	case ZU_OP_slgfi:
		return true;
	case ZU_OP_lay:
		return insn->mem[0].base == 15 && insn->mem[0].disp <= 0 &&
		       insn->mem[0].index == ZU_NO_REG;
	case ZU_OP_sgr:
	case ZU_OP_slgr:
		return insn->r2 != 15 && is_size(reg[insn->r2]);
	case ZU_OP_sgrk:
	case ZU_OP_slgrk:
		return insn->r2 == 15 && insn->r3 != 15 &&
		       is_size(reg[insn->r3]);
	default:
		return false;
	}
}

void zu_flow_data(struct zu_run *r, const struct zu_insn *insn,
		  const uint8_t *code)
{
	uint8_t traits = zu_traits[insn->op];
	zu_val val;

	if (insn->writes & 1u << 15)
		r->lowers = lowers(r, insn);
	if (traits & ZU_TRAIT_STACK)
		stack_data(r, insn);
	else if (traits & ZU_TRAIT_SUM && zu_flow_arith(r, insn, code, &val))
		zu_flow_set(r, insn->r1, val);
	else
		other(r, insn);
	if (r->cmp.valid || traits & ZU_TRAIT_COMPARE)
		zu_flow_compare(r, insn);
}
