/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls, and the ways out of a function: where the rules must hold. */
#include "flow/private.h"

#include "util/grow.h"

static bool ra_in_slot(const struct zu_run *r)
{
	const struct zu_state *s = &r->s;
	zu_val ra = zu_val_entry(14);
	unsigned int i;

	if (zu_slot_get(s, ZU_SLOT_RA(r->env)) == ra)
		return true;
	/* without a chain rows alone have to find it, anywhere */
	for (i = 0; !r->env->back_chain && i < s->nr_slots; i++)
		if (s->slot[i].val == ra)
			return true;
	return false;
}

static bool chain_is_set(const struct zu_run *r)
{
	const struct zu_state *s = &r->s;

	if (!zu_val_is(s->reg[15], ZU_VAL_SP))
		return s->chain == zu_val_sp(0);
	return zu_slot_get(s, zu_val_num(s->reg[15]) + ZU_SLOT_CHAIN) ==
	       zu_val_sp(0);
}

/* Of two offsets the one that explains, else here. */
static void find_cause(struct zu_run *r, uint32_t gone,
		       enum zu_finding_kind kind)
{
	if (gone)
		zu_flow_find_at(r, ZU_FINDING_SAVE_WRITTEN, gone - 1);
	else
		zu_flow_find(r, kind);
}

/* Facts of the ABI: what a callee leaves, and what it may write to. */
static void forget_by_call(struct zu_run *r)
{
	struct zu_state *s = &r->s;
	unsigned int i;

	for (i = 0; i <= 5; i++)
		zu_flow_set(r, i, 0);
	zu_flow_set(r, 14, 0);
	r->cmp.valid = false;
	s->bound.base = 0;
	zu_state_call(s, r->env->back_chain ? ZU_SLOT_CHAIN : 160);
	r->dirty = true;
}

/* Function tracing, switched on, keeps all but r0 and r1. */
static void forget_by_ftrace(struct zu_run *r)
{
	zu_flow_set(r, 0, 0);
	zu_flow_set(r, 1, 0);
	r->cmp.valid = false;
}

/* The callee saves its registers below the back chain: above is ours. */
static bool has_room(const struct zu_run *r)
{
	return zu_state_floor(&r->s) <= (r->env->back_chain ? -24 : -16);
}

/*
 * A call that breaks a rule is said once: where its path meets one that does
 * not, what it lacked is not missed a second time.
 */
static void repair(struct zu_state *s, const struct zu_flow_env *env)
{
	zu_slot_put(s, ZU_SLOT_RA(env), zu_val_entry(14));
	if (zu_val_is(s->reg[15], ZU_VAL_SP))
		zu_slot_put(s, zu_val_num(s->reg[15]) + ZU_SLOT_CHAIN,
			    zu_val_sp(0));
	else
		s->chain = zu_val_sp(0);
}

static void check_call(struct zu_run *r)
{
	const struct zu_state *s = &r->s;
	uint32_t doubts = r->doubts;

	if (r->entry) {
		if (!zu_val_is(s->chain, ZU_VAL_CONST) || zu_val_num(s->chain))
			zu_flow_find(r, ZU_FINDING_NO_FRAME);
		return;
	}
	if (!has_room(r))
		zu_flow_find(r, ZU_FINDING_NO_FRAME);
	else if (!ra_in_slot(r))
		find_cause(r, s->ra_gone, ZU_FINDING_NO_RETURN_ADDRESS);
	else if (r->env->back_chain && !chain_is_set(r))
		zu_flow_find(r, ZU_FINDING_NO_BACK_CHAIN);
	if (r->doubts != doubts && r->env->back_chain)
		repair(&r->s, r->env);
}

/* What is called, bits of enum zu_dest */
static unsigned int callee(struct zu_run *r, const struct zu_insn *insn)
{
	unsigned int dest;

	if (insn->flow != ZU_FLOW_CALL || !r->env->dest)
		return 0;
	dest = r->env->dest(r->env->ctx, r->func->addr + r->off +
			    (uint64_t)insn->target, r->strict);
	if (dest & ZU_DEST_THUNK)
		r->w->mark[r->off / 2] |= ZU_MARK_THUNK;
	return dest;
}

/* A trampoline can call the traced function, too: until then that is to come. */
static bool calls_traced(const struct zu_run *r, const struct zu_insn *insn,
			 unsigned int dest)
{
	unsigned int reg = dest & ZU_DEST_THUNK ? dest & ZU_DEST_THUNK_REG :
			   insn->flow == ZU_FLOW_CALL_REG ? insn->r2 :
							    ZU_NO_REG;

	return reg < 16 && !r->entry && !r->func->recorded &&
	       zu_val_is_resume(r->s.reg[reg]);
}

/* Code that takes its own address: a jump that leaves it in a register. */
static bool is_local(const struct zu_run *r, const struct zu_insn *insn)
{
	int64_t to = r->off + insn->target;

	return insn->flow == ZU_FLOW_CALL && to > 0 && to < r->func->len;
}

/* By a register, into its own middle */
static bool calls_itself(const struct zu_run *r, const struct zu_insn *insn)
{
	zu_val to;

	if (insn->flow != ZU_FLOW_CALL_REG || insn->r2 == ZU_NO_REG)
		return false;
	to = r->s.reg[insn->r2];
	return zu_val_is_const64(to) && (uint64_t)zu_val_num(to) -
	       r->func->addr - 1 < r->func->len - 1;
}

void zu_flow_call(struct zu_run *r, const struct zu_insn *insn)
{
	uint32_t to = (uint32_t)(r->off + insn->target);
	unsigned int dest;

	if (is_local(r, insn)) {
		zu_flow_set(r, insn->link, zu_val_const((int64_t)
			    (r->func->addr + r->off + insn->len)));
		zu_flow_goto(r, to, &r->s);
		r->end = true;
		return;
	}
	if (insn->link == 0 && r->off == 0) {
		forget_by_ftrace(r);
		return;
	}
	if (insn->link != 14 || calls_itself(r, insn)) {
		zu_flow_find(r, ZU_FINDING_INDIRECT_JUMP);
		return;
	}
	dest = callee(r, insn);
	if (calls_traced(r, insn, dest))
		zu_flow_find(r, ZU_FINDING_TRAMPOLINE);
	check_call(r);
	forget_by_call(r);
	r->end = dest & ZU_DEST_NORETURN;
}

/* The registers that a function owes its caller, and the stack. */
static void check_exit(struct zu_run *r)
{
	const struct zu_state *s = &r->s;
	unsigned int i;

	if (s->reg[15] != zu_val_sp(0)) {
		zu_flow_find(r, ZU_FINDING_STACK_EXIT);
		return;
	}
	for (i = 6; i <= 13; i++) {
		if (s->reg[i] == zu_val_entry(i) || r->hint)
			continue;
		find_cause(r, s->save_gone, ZU_FINDING_REGISTER_LOST);
		return;
	}
}

/* Most jumps have one address, and then there is nothing to search for. */
static bool is_noted(struct zu_run *r, uint64_t addr)
{
	uint8_t *mark = &r->w->mark[r->off / 2];
	const struct zu_flow *f = r->f;
	size_t i = f->nr_leaves;

	if (!(*mark & ZU_MARK_LEAVES)) {
		*mark |= ZU_MARK_LEAVES;
		return false;
	}
	while (i && (f->leaves[i - 1].offset != r->off ||
		     f->leaves[i - 1].addr != addr))
		i--;
	zu_flow_spend(r, (unsigned int)(f->nr_leaves - i) / 8);
	return i;
}

static void note_leave(struct zu_run *r, uint64_t addr)
{
	struct zu_flow *f = r->f;
	struct zu_flow_leave *l;

	if (is_noted(r, addr))
		return;
	l = zu_grow(f->leaves, f->nr_leaves, &r->w->cap_leaves, sizeof(*l));
	if (!l) {
		r->nomem = true;
		return;
	}
	f->leaves = l;
	l[f->nr_leaves++] = (struct zu_flow_leave){
		.offset = r->off,
		.direct = r->insn.op == ZU_OP_brcl && addr == r->func->addr +
			  r->off + (uint64_t)r->insn.target,
		.addr = addr,
	};
}

static void check_tail_call(struct zu_run *r, uint64_t addr,
			    unsigned int dest)
{
	/* with another stack pointer it is a fault, or a path nobody takes */
	if (r->s.reg[15] == zu_val_sp(0))
		note_leave(r, addr);
	if (r->s.reg[15] == zu_val_sp(0) && r->s.reg[14] != zu_val_entry(14))
		find_cause(r, r->s.ra_gone, ZU_FINDING_RETURN_LOST);
	else
		check_exit(r);
	if (!(dest & ZU_DEST_NORETURN))
		r->f->returns = true;
}

static void go_const(struct zu_run *r, uint64_t addr, unsigned int reg)
{
	/* a pointer to a function that is not set: not followed by who checks it */
	if (!addr)
		check_tail_call(r, 0, 0);
	else if (addr - r->func->addr < r->func->len)
		zu_flow_goto(r, (uint32_t)(addr - r->func->addr), &r->s);
	else if (reg == 14)
		find_cause(r, r->s.ra_gone, ZU_FINDING_RETURN_LOST);
	else
		zu_flow_leave(r, addr);
}

void zu_flow_return(struct zu_run *r, unsigned int reg)
{
	zu_val to = r->s.reg[reg];

	if (r->entry) {
		zu_flow_find(r, ZU_FINDING_RETURN_LOST);
		return;
	}
	if (zu_val_is_resume(to)) {
		zu_flow_find(r, ZU_FINDING_TRAMPOLINE);
	} else if (to == zu_val_entry(14)) {
		r->f->returns = r->came_back = true;
		check_exit(r);
	} else if (zu_val_is_const64(to)) {
		go_const(r, (uint64_t)zu_val_num(to), reg);
	} else if (zu_flow_jumps_follow(r, to)) {
		/* stays inside */
	} else if (reg == 14 && (r->s.reg[15] == zu_val_sp(0) ||
				 zu_val_is(to, ZU_VAL_SP))) {
		find_cause(r, r->s.ra_gone, ZU_FINDING_RETURN_LOST);
	} else if (r->s.reg[15] != zu_val_sp(0) ||
		   zu_flow_jumps_is_own(r, to)) {
		zu_flow_find(r, ZU_FINDING_INDIRECT_JUMP);
	} else {
		check_tail_call(r, 0, 0);
	}
}

/* An entry that function tracing has switched to its trampoline */
static bool is_ftrace(const struct zu_run *r, uint64_t addr)
{
	uint8_t code[2];

	return !r->off && r->insn.op == ZU_OP_brcl &&
	       !r->env->read(r->env->ctx, addr, code, sizeof(code)) &&
	       code[0] == 0xc0 && code[1] == 0x15;
}

void zu_flow_leave(struct zu_run *r, uint64_t addr)
{
	unsigned int dest;

	if (is_ftrace(r, addr)) {
		forget_by_ftrace(r);
		r->end = false;
		return;
	}
	dest = r->env->dest ? r->env->dest(r->env->ctx, addr, r->strict) :
			      ZU_DEST_ENTRY;
	if (dest & ZU_DEST_THUNK)
		zu_flow_return(r, dest & ZU_DEST_THUNK_REG);
	else if (!(dest & ZU_DEST_ENTRY))
		zu_flow_find(r, ZU_FINDING_BAD_TARGET);
	else if (!r->entry)
		check_tail_call(r, addr, dest);
}
