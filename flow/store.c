/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stores to the stack.
 *
 * Storage that no stack register points to is taken not to be the frame's:
 * code that writes into its own saved registers through other pointers breaks
 * the C language before it breaks the stack. For the same reason an array ends
 * where it should; where it begins is looked at.
 */
#include "flow/private.h"

#include "core/frame_s390x.h"

/* A function may write to arguments that came on the stack; 32 are plenty. */
#define ARGUMENTS (32 * 8)

/* A storage operand on the stack */
struct place {
	int64_t off;
	bool exact;	/* all of its address is known */
};

static zu_val value_of(const struct zu_run *r, unsigned int reg)
{
	return reg == ZU_NO_REG ? zu_val_const(0) : r->s.reg[reg];
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

/* As zu_flow_place(), with the stack pointer as base or as index */
static bool find_place(const struct zu_run *r, const struct zu_mem *m,
		       struct place *ret)
{
	zu_val a = value_of(r, m->base), b = value_of(r, m->index), t;

	if (!zu_val_is(a, ZU_VAL_SP)) {
		t = a;
		a = b;
		b = t;
	}
	if (!zu_val_is(a, ZU_VAL_SP))
		return false;
	ret->off = zu_val_num(a) + m->disp;
	ret->exact = zu_val_is_const64(b);
	if (ret->exact)
		ret->off += zu_val_num(b);
	return true;
}

/* By r15, which is somewhere below */
static bool is_below(const struct zu_run *r, const struct zu_mem *m)
{
	return (m->base == 15 || m->index == 15) && !zu_flow_knows_sp(r);
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
	if (zu_flow_overlap(off, len, ZU_SLOT_CHAIN, 8))
		return true;
	if (!zu_flow_knows_sp(r))
		return false;
	own = zu_val_num(s->reg[15]) + ZU_SLOT_CHAIN;
	if (!zu_flow_overlap(off, len, own, 8) ||
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

		if (!zu_flow_overlap(off, len, slot->off, 8) ||
		    !zu_val_is(slot->val, ZU_VAL_ENTRY) ||
		    zu_val_is_resume(slot->val))
			continue;
		if (slot->val == zu_val_entry(14) && slot->off >= 0)
			s->ra_gone = r->off + 1;
		else
			s->save_gone = r->off + 1;
	}
}

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
	if (len != 8 || !val || zu_slot_get(&r->s, off) != val)
		note_loss(r, off, len);
	zu_slot_forget(&r->s, off, len);
	r->dirty = true;
	/* addresses of other objects would make lists look empty for ever */
	if (zu_val_is(val, ZU_VAL_SP) && zu_val_num(val))
		return;
	/* below it callees and interrupts write, or may do so */
	if (len == 8 && off >= zu_state_floor(&r->s))
		zu_slot_put(&r->s, off, val);
}

/* Where the ABI has it saved */
static bool is_saved(const struct zu_run *r, const struct zu_slot *slot)
{
	int reg = slot->val == zu_val_sp(0) ? 15 : (int)zu_val_reg(slot->val);

	return (reg == 15 || zu_val_is(slot->val, ZU_VAL_ENTRY)) &&
	       !zu_val_is_resume(slot->val) &&
	       slot->off == ZU_SLOT_RA(r->env) - 8 * (14 - reg);
}

/* The lowest of the saved registers: variables lie below. NULL: there is none */
static const struct zu_slot *first_save(const struct zu_run *r)
{
	const struct zu_state *s = &r->s;
	unsigned int i;

	for (i = 0; i < s->nr_slots; i++)
		if (is_saved(r, &s->slot[i]))
			return &s->slot[i];
	return NULL;
}

/* Among saved registers? No array begins there, not at the first either. */
static bool is_in_saves(const struct zu_run *r, int64_t off)
{
	const struct zu_slot *first = first_save(r);

	return first && off >= first->off && off < ZU_FRAME_SIZE;
}

/*
 * No array begins below the stack pointer: the index has a number of its own on
 * top, that the displacement takes away again.
 */
static bool is_biased(const struct zu_run *r, int64_t off)
{
	return off < zu_val_num(r->s.reg[15]);
}

/*
 * An array on the stack: it must begin above what a callee may write to. With
 * an index it may begin below what is known of the address, or above.
 */
static void store_array(struct zu_run *r, int64_t off, bool indexed)
{
	struct zu_state *s = &r->s;

	if (r->entry)
		return;
	if (off >= ZU_FRAME_SIZE + ARGUMENTS) {
		zu_flow_find(r, ZU_FINDING_FOREIGN_WRITTEN);
		return;
	}
	if (r->env->back_chain &&
	    (zu_flow_overlap(off, 1, ZU_SLOT_CHAIN, 8) ||
	     (zu_flow_knows_sp(r) && !(indexed && is_biased(r, off)) &&
	      off <= zu_val_num(s->reg[15]) + ZU_SLOT_CHAIN)))
		zu_flow_find(r, ZU_FINDING_CHAIN_WRITTEN);
	if (!indexed && is_in_saves(r, off)) {
		note_loss(r, off, ZU_FRAME_SIZE - off);
		zu_slot_forget(s, off, ZU_FRAME_SIZE - off);
		r->dirty = true;
	}
}

/*
 * A step of a loop over storage of variable length: that its whole 256 bytes
 * fit is what the loop's count says.
 */
static bool is_block(const struct zu_insn *insn, const struct zu_mem *m)
{
	return m->len == 256 && insn->op != ZU_OP_vstm;
}

/* Vectors of addresses */
static bool is_scatter(const struct zu_insn *insn)
{
	return insn->op == ZU_OP_vscef || insn->op == ZU_OP_vsceg;
}

static int64_t end_of_variables(const struct zu_run *r)
{
	const struct zu_slot *first = first_save(r);

	return first ? first->off : 0;
}

/*
 * A member of something on the stack, by a pointer to it: inside, for the same
 * reason for which other pointers do not lead here. (The first round of a list
 * walk, were it taken, would write into what only looks like a member.)
 */
static bool is_member(const struct zu_run *r, const struct zu_mem *m)
{
	zu_val v = m->base == ZU_NO_REG ? 0 : r->s.reg[m->base];

	return m->base != 15 && (m->base != 11 || zu_flow_knows_sp(r)) &&
	       m->disp && zu_val_is(v, ZU_VAL_SP) &&
	       zu_val_num(v) && zu_val_num(v) < end_of_variables(r) &&
	       zu_flow_knows_sp(r) &&
	       zu_val_num(v) >= zu_val_num(r->s.reg[15]) + ZU_FRAME_SIZE;
}

/* What was kept among the variables themselves is gone, though. */
static void forget_variable(struct zu_run *r, const struct zu_mem *m,
			    const struct place *place)
{
	int64_t len = m->len == ZU_LEN_UNKNOWN ? 8 : m->len;
	int64_t low = zu_val_num(r->s.reg[15]) + ZU_FRAME_SIZE;

	if (place->off < low || place->off + len > end_of_variables(r))
		return;
	note_loss(r, place->off, len);
	zu_slot_forget(&r->s, place->off, len);
	r->dirty = true;
}

/* Up to where it may reach, and that it may be the frame's chain */
static void store_below(struct zu_run *r, const struct zu_mem *m, zu_val val)
{
	bool array = m->len == ZU_LEN_UNKNOWN || m->base == ZU_NO_REG ||
		     m->index != ZU_NO_REG;
	int64_t len = array ? 8 : m->len, from = INT32_MIN;
	int64_t top = r->s.floor + m->disp + len;

	if (r->env->back_chain && !r->entry && top > ZU_SLOT_CHAIN)
		zu_flow_find(r, ZU_FINDING_CHAIN_WRITTEN);
	if (r->s.nr_slots && r->s.slot[0].off < top) {
		note_loss(r, from, top - from);
		zu_slot_forget(&r->s, from, top - from);
		r->dirty = true;
	}
	if (array ? m->disp > ZU_SLOT_CHAIN :
	    !zu_flow_overlap(m->disp, len, ZU_SLOT_CHAIN, 8))
		return;
	if (!covers_chain(m, val))
		val = 0;
	if (!array && val != zu_val_sp(0) && r->s.chain == zu_val_sp(0) &&
	    r->env->back_chain && !r->entry) {
		zu_flow_find(r, ZU_FINDING_CHAIN_WRITTEN);
		return;
	}
	r->s.chain = array ? 0 : val;
	r->dirty = true;
}

void zu_flow_store(struct zu_run *r, const struct zu_insn *insn,
		   const struct zu_mem *m, zu_val val)
{
	struct place place;

	r->s.bound.base = 0;
	if (r->cmp.mem.base)
		r->cmp.valid = false;
	if (is_below(r, m)) {
		store_below(r, m, val);
		return;
	}
	if (!find_place(r, m, &place))
		return;
	if (is_member(r, m)) {
		forget_variable(r, m, &place);
		return;
	}
	if (!place.exact || m->len == ZU_LEN_UNKNOWN || is_block(insn, m) ||
	    is_scatter(insn))
		store_array(r, place.off, !place.exact);
	else
		store_known(r, place.off, m->len, val);
}
