/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "insn/insn.h"

static const char *const names[ZU_OP_COUNT] = {
	[ZU_OP_UNKNOWN] = "unknown",
#define ZU_INSN(name, opcode, format, effect) [ZU_OP_##name] = #name,
#include "insn/insn.def"
#undef ZU_INSN
};

const char *zu_insn_name(unsigned int op)
{
	return names[op < ZU_OP_COUNT ? op : ZU_OP_UNKNOWN];
}
