/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/thunk.h"

#include <string.h>

#include "flow/flow.h"
#include "insn/insn.h"

static bool decode(struct zu_code *c, uint64_t addr, struct zu_insn *ret)
{
	const uint8_t *code = c->ops->bytes(c, addr, 2);
	size_t len;

	if (!code)
		return false;
	len = zu_insn_len(code[0]);
	code = c->ops->bytes(c, addr, len);
	return code && zu_insn_decode(ret, code, len);
}

/* Where the instruction lies that the first ones execute unchanged; 0: none */
static uint64_t executed(struct zu_code *c, uint64_t addr)
{
	struct zu_insn insn, next;

	if (!decode(c, addr, &insn) || !insn.pcrel)
		return 0;
	if (insn.flow == ZU_FLOW_EXECUTE)
		return insn.r1 ? 0 : addr + (uint64_t)insn.target;
	if (insn.op != ZU_OP_larl || !decode(c, addr + insn.len, &next))
		return 0;
	if (next.flow != ZU_FLOW_EXECUTE || next.pcrel || next.r1 ||
	    next.mem[0].base != insn.r1 || next.mem[0].index != ZU_NO_REG ||
	    next.mem[0].disp)
		return 0;
	return addr + (uint64_t)insn.target;
}

unsigned int zu_thunk_shape(struct zu_code *c, const struct zu_code_func *f)
{
	uint64_t addr = executed(c, f->addr);
	struct zu_insn insn;

	if (!addr || !decode(c, addr, &insn) || insn.flow != ZU_FLOW_JUMP_REG)
		return 0;
	return ZU_DEST_THUNK | insn.r2;
}

unsigned int zu_thunk_name(const char *name)
{
	static const char prefix[] = "__s390_indirect_jump_r";
	unsigned int reg = 0;
	const char *s;

	if (strncmp(name, prefix, sizeof(prefix) - 1))
		return 0;
	for (s = name + sizeof(prefix) - 1; *s >= '0' && *s <= '9'; s++)
		reg = reg < 16 ? reg * 10 + (unsigned int)(*s - '0') : reg;
	if (s == name + sizeof(prefix) - 1 || !reg || reg > 15)
		return 0;
	return *s && strncmp(s, "use_r", 5) ? 0 : ZU_DEST_THUNK | reg;
}
