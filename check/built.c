/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/built.h"

#include "insn/insn.h"

/* Votes that decide, functions asked, instructions into each, its bytes */
#define VOTES 64
#define ASKED 4096u
#define INSNS 6
#define BYTES (6u * INSNS)

/* Where stmg saves r14, from the stack pointer; -1 if it does not */
static int32_t saves_at(const struct zu_insn *insn)
{
	if (insn->op != ZU_OP_stmg || insn->mem[0].base != 15 ||
	    insn->r1 > 14 || insn->r3 < 14)
		return -1;
	return insn->mem[0].disp + 8 * (14 - insn->r1);
}

/* 1: with a back chain, -1: without, 0: does not tell */
static int vote(struct zu_code *c, const struct zu_code_func *f)
{
	size_t len = f->len < BYTES ? f->len : BYTES, at = 0;
	const uint8_t *code = c->ops->bytes(c, f->addr, len);
	struct zu_insn insn;
	int i;

	for (i = 0; code && i < INSNS; i++) {
		int32_t slot;

		if (!zu_insn_decode(&insn, code + at, len - at))
			return 0;
		slot = saves_at(&insn);
		if (slot == 136 || slot == 144)
			return slot == 136 ? 1 : -1;
		at += insn.len;
	}
	return 0;
}

bool zu_code_back_chain(struct zu_code *c)
{
	int votes = 0;
	size_t i;

	for (i = 0; i < c->nr_func && i < ASKED; i++) {
		votes += vote(c, &c->func[i]);
		if (votes == VOTES || votes == -VOTES)
			break;
	}
	return votes >= 0;
}
