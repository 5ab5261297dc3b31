/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What r0 and r1 held at entry: nothing that a function may use. Who goes there
 * all the same is a trampoline that function tracing has put in the place of a
 * function: as long as it has not gone there, that function is on no stack. So,
 * where all else is forgotten, of this it is kept that it may be there.
 */
#include "flow/private.h"

static bool is_stack(const struct zu_run *r, unsigned int reg)
{
	return reg == 15 ||
	       (reg != ZU_NO_REG &&
		(zu_val_is(r->s.reg[reg], ZU_VAL_SP) ||
		 zu_val_is(r->s.reg[reg], ZU_VAL_BELOW)));
}

bool zu_flow_resume_in(const struct zu_run *r, const struct zu_mem *m)
{
	return r->s.resume_kept &&
	       (is_stack(r, m->base) || is_stack(r, m->index));
}

/* Registers that an operand's address is made of are not what is read there. */
static uint16_t reads(const struct zu_insn *insn)
{
	uint16_t regs = insn->reads;
	unsigned int i;

	for (i = 0; i < insn->nr_mem; i++) {
		const struct zu_mem *m = &insn->mem[i];

		if (!m->reads && !m->writes)
			continue;
		if (m->base != ZU_NO_REG)
			regs &= (uint16_t)~(1u << m->base);
		if (m->index != ZU_NO_REG)
			regs &= (uint16_t)~(1u << m->index);
	}
	return regs;
}

static bool takes(const struct zu_run *r, const struct zu_insn *insn)
{
	uint16_t regs = reads(insn);
	unsigned int i;

	for (i = 0; i < insn->nr_mem; i++)
		if (insn->mem[i].reads && zu_flow_resume_in(r, &insn->mem[i]))
			return true;
	for (; regs; regs &= (uint16_t)(regs - 1))
		if (zu_val_is_resume(r->s.reg[__builtin_ctz(regs)]))
			return true;
	return false;
}

/*
 * Where no register says: to storage, or to one that is not looked at. As a
 * whole: compilers have bytes and words among what a register held before.
 */
static bool keeps(const struct zu_insn *insn)
{
	unsigned int i;

	for (i = 0; i < insn->nr_mem; i++)
		if (insn->mem[i].writes && insn->mem[i].len >= 8)
			return true;
	return insn->op == ZU_OP_stgrl || insn->op == ZU_OP_ldgr ||
	       insn->op == ZU_OP_vlvg || insn->op == ZU_OP_vlvgp;
}

static bool gets_back(const struct zu_insn *insn)
{
	return insn->op == ZU_OP_lgrl || insn->op == ZU_OP_lgdr ||
	       insn->op == ZU_OP_vlgv;
}

bool zu_flow_resume(struct zu_run *r, const struct zu_insn *insn)
{
	bool is = takes(r, insn);

	if (is && keeps(insn))
		r->s.resume_kept = true;
	return is || (r->s.resume_kept && gets_back(insn));
}
