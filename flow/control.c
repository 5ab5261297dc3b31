/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One instruction: what it does, and where control goes behind it. */
#include "flow/private.h"

#include "core/bytes.h"

/* To the relative target of the current instruction, or out there */
static void jump(struct zu_run *r, const struct zu_insn *insn,
		 const struct zu_state *s)
{
	int64_t to = r->off + insn->target;

	if (to >= 0 && to < r->func->len)
		zu_flow_goto(r, (uint32_t)to, s);
	else
		zu_flow_leave(r, r->func->addr + (uint64_t)to);
}

/*
 * A branch that patching can turn on and off (jump labels): six bytes long
 * where a compiler would take four. Both ways are taken.
 */
static bool is_label(const struct zu_run *r, const struct zu_insn *insn)
{
	int64_t to = r->off + insn->target;

	return insn->op == ZU_OP_brcl && to > 0 && to < r->func->len &&
	       (insn->flow == ZU_FLOW_NOP ||
		(insn->target > -0x10000 && insn->target < 0x10000));
}

/*
 * j .+2, or on a condition: into its own middle, where no instruction is. How
 * compilers stop a program.
 */
static bool is_trap(const struct zu_insn *insn)
{
	return insn->target == 2;
}

static void branch(struct zu_run *r, const struct zu_insn *insn)
{
	struct zu_state taken;
	struct zu_compare cmp = r->cmp;

	if (!zu_flow_can_bound(r, insn)) {
		if (!is_trap(insn))
			jump(r, insn, &r->s);
		return;
	}
	zu_state_copy(&taken, &r->s);
	zu_flow_bound(r, insn, true, &taken);
	if (!is_trap(insn))
		jump(r, insn, &taken);
	r->cmp = cmp;
	zu_flow_bound(r, insn, false, &r->s);
}

/* b D(X,B) */
static void jump_sum(struct zu_run *r, const struct zu_insn *insn)
{
	const struct zu_mem *m = &insn->mem[0];

	/* the kernel's lpswe in absolute storage: the end of entry code */
	if (r->entry && insn->nr_mem && m->base == ZU_NO_REG &&
	    m->index == ZU_NO_REG)
		return;
	if (insn->nr_mem && !m->disp && m->base != ZU_NO_REG &&
	    m->index == ZU_NO_REG) {
		zu_flow_return(r, m->base);
		return;
	}
	if (!insn->nr_mem || (!r->w->nodes[r->node].through &&
			      !zu_flow_jumps_sum(r, insn)))
		zu_flow_find(r, ZU_FINDING_INDIRECT_JUMP);
}

/* Is there nothing behind this instruction but padding (nopr)? */
static bool is_last(const struct zu_run *r)
{
	uint32_t off = r->off + r->insn.len;

	for (; off + 2 <= r->func->len; off += 2)
		if (r->func->code[off] != 0x07 || r->func->code[off + 1] & 0xf0)
			return false;
	return true;
}

/*
 * BUG ends a path; where nothing is known of a monitor call it comes back, if
 * there is code to come back to. Bug tables know of none that is executed by
 * another instruction.
 */
static void trap(struct zu_run *r)
{
	int back = -1;

	if (r->insn.flow != ZU_FLOW_TRAP)
		return;
	if (r->env->trap)
		back = r->env->trap(r->env->ctx, r->func->addr + r->off);
	r->end = !back || (back < 0 && is_last(r));
}

/* Code that took its own address before it gave up control returns there. */
static void goto_label(struct zu_run *r, zu_val v)
{
	int64_t to = (int64_t)((uint64_t)zu_val_num(v) - r->func->addr);

	if (zu_val_is_const64(v) && to > 0 && to < r->func->len &&
	    to % 2 == 0)
		zu_flow_goto(r, (uint32_t)to, &r->s);
}

/* Entry code that switches translation on: the PSW is among its constants. */
static void load_constant_psw(struct zu_run *r)
{
	const struct zu_mem *m = &r->insn.mem[0];
	uint8_t psw[16];
	uint64_t addr;

	if (!r->insn.nr_mem || m->base == ZU_NO_REG || m->index != ZU_NO_REG ||
	    !zu_val_is_const64(r->s.reg[m->base]))
		return;
	addr = (uint64_t)(zu_val_num(r->s.reg[m->base]) + m->disp);
	if (!r->env->read(r->env->ctx, addr, psw, sizeof(psw)))
		goto_label(r, zu_val_const((int64_t)zu_be64(psw + 8)));
}

/* lpswe and its like: with a PSW on the stack that leads back (call_nodat) */
static void load_psw(struct zu_run *r)
{
	unsigned int i;

	r->end = true;
	if (r->entry) {
		load_constant_psw(r);
		return;
	}
	if (r->s.resume_kept)
		zu_flow_find(r, ZU_FINDING_TRAMPOLINE);
	for (i = 0; i < 15 && !r->again; i++)
		goto_label(r, r->s.reg[i]);
	for (i = 0; i < r->s.nr_slots && !r->again; i++)
		goto_label(r, r->s.slot[i].val);
}

static void control(struct zu_run *r, const struct zu_insn *insn);

/* ex, exrl: the other instruction, its second byte changed by a register */
static void execute(struct zu_run *r, const struct zu_insn *insn)
{
	uint64_t addr = r->func->addr + r->off + (uint64_t)insn->target;
	struct zu_insn other;
	uint8_t code[6] = { 0 };	/* it may change between the reads */
	unsigned int i;
	bool changed = insn->r1 != 0;

	if (!insn->pcrel && insn->nr_mem && insn->mem[0].index == ZU_NO_REG &&
	    insn->mem[0].base != ZU_NO_REG &&
	    zu_val_is_const64(r->s.reg[insn->mem[0].base]))
		addr = (uint64_t)(zu_val_num(r->s.reg[insn->mem[0].base]) +
				  insn->mem[0].disp);
	else if (!insn->pcrel)
		addr = 1;
	if (addr % 2 || r->env->read(r->env->ctx, addr, code, 2) ||
	    r->env->read(r->env->ctx, addr, code, zu_insn_len(code[0])) ||
	    !zu_insn_decode(&other, code, sizeof(code)) ||
	    other.op == ZU_OP_UNKNOWN || other.flow == ZU_FLOW_EXECUTE) {
		zu_flow_find(r, ZU_FINDING_EXECUTED);
		return;
	}
	/* of mvc and its like the changed byte is the length */
	if (changed && (code[0] & 0xf0) != 0xd0) {
		zu_flow_find(r, ZU_FINDING_EXECUTED);
		return;
	}
	for (i = 0; changed && i < other.nr_mem; i++)
		other.mem[i].len = ZU_LEN_UNKNOWN;
	if (other.pcrel || other.flow == ZU_FLOW_CALL_REG) {
		zu_flow_find(r, ZU_FINDING_EXECUTED);
		return;
	}
	zu_flow_data(r, &other, code);
	control(r, &other);
}

static void control(struct zu_run *r, const struct zu_insn *insn)
{
	switch (insn->flow) {
	case ZU_FLOW_JUMP:
		r->end = !is_label(r, insn);
		if (is_trap(insn))
			break;
		jump(r, insn, &r->s);
		break;
	case ZU_FLOW_NOP:
		if (is_label(r, insn))
			jump(r, insn, &r->s);
		break;
	case ZU_FLOW_COND:
		branch(r, insn);
		break;
	case ZU_FLOW_JUMP_REG:
		r->end = true;
		zu_flow_return(r, insn->r2);
		break;
	case ZU_FLOW_COND_REG:
		zu_flow_return(r, insn->r2);
		break;
	case ZU_FLOW_JUMP_MEM:
		r->end = true;
		jump_sum(r, insn);
		break;
	case ZU_FLOW_COND_MEM:
	case ZU_FLOW_COND_LOAD:
		zu_flow_find(r, ZU_FINDING_INDIRECT_JUMP);
		break;
	case ZU_FLOW_JUMP_LOAD:
		r->end = true;
		zu_flow_find(r, ZU_FINDING_INDIRECT_JUMP);
		break;
	case ZU_FLOW_CALL:
	case ZU_FLOW_CALL_REG:
	case ZU_FLOW_CALL_MEM:
		zu_flow_call(r, insn);
		break;
	case ZU_FLOW_EXECUTE:
		execute(r, insn);
		break;
	case ZU_FLOW_TRAP:
		trap(r);
		break;
	case ZU_FLOW_STOP:
		load_psw(r);
		break;
	default:
		break;
	}
}

/* One instruction. Nothing is known about one that has no name. */
void zu_flow_step(struct zu_run *r)
{
	const uint8_t *code = r->func->code + r->off;

	r->end = false;
	if (r->insn.len > r->func->len - r->off) {
		zu_flow_find(r, ZU_FINDING_TRUNCATED);
		r->end = true;
		return;
	}
	if (r->insn.op == ZU_OP_UNKNOWN) {
		zu_flow_find(r, ZU_FINDING_UNKNOWN_INSN);
		r->end = true;
		return;
	}
	if (r->insn.flow < ZU_FLOW_CALL || r->insn.flow > ZU_FLOW_CALL_MEM)
		zu_flow_data(r, &r->insn, code);
	control(r, &r->insn);
}
