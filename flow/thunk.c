/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow/thunk.h"

#include "insn/insn.h"

static bool decode(const struct zu_flow_env *env, uint64_t addr,
		   struct zu_insn *ret)
{
	uint8_t code[6];
	size_t len;

	if (env->read(env->ctx, addr, code, 2))
		return false;
	len = zu_insn_len(code[0]);
	return !env->read(env->ctx, addr, code, len) &&
	       zu_insn_decode(ret, code, len);
}

/* Where the instruction lies that the first ones execute unchanged; 0: none */
static uint64_t executed(const struct zu_flow_env *env, uint64_t addr)
{
	struct zu_insn insn, next;

	if (!decode(env, addr, &insn) || !insn.pcrel)
		return 0;
	if (insn.flow == ZU_FLOW_EXECUTE)
		return insn.r1 ? 0 : addr + (uint64_t)insn.target;
	if (insn.op != ZU_OP_larl || !decode(env, addr + insn.len, &next) ||
	    next.flow != ZU_FLOW_EXECUTE || next.pcrel || next.r1 ||
	    next.mem[0].base != insn.r1 || next.mem[0].index != ZU_NO_REG ||
	    next.mem[0].disp)
		return 0;
	return addr + (uint64_t)insn.target;
}

unsigned int zu_flow_thunk(const struct zu_flow_env *env, uint64_t addr)
{
	uint64_t at = executed(env, addr);
	struct zu_insn insn;

	if (!at || !decode(env, at, &insn) || insn.flow != ZU_FLOW_JUMP_REG)
		return 0;
	return ZU_DEST_THUNK | insn.r2;
}
