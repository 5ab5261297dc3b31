/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes wrong with the functions that tests/make/flowgen.h makes */
#ifndef ZU_TESTS_MAKE_FLOWGEN_WRONG_H
#define ZU_TESTS_MAKE_FLOWGEN_WRONG_H

#include "tests/make/flowgen.h"

/* A register that matters to frames, more often than not */
static inline uint8_t gen_reg(struct gen *g)
{
	static const uint8_t regs[] = { 15, 15, 14, 14, 11, 1, 4, 6, 10, 13 };

	return gen_one_in(g, 5) ? (uint8_t)gen_below(g, 16) :
				  regs[gen_below(g, sizeof(regs))];
}

static inline int32_t gen_disp(struct gen *g)
{
	static const int16_t slots[] = {
		152, 152, 136, 144, 112, 128, 120, 160, 24, 72, 8, 0, 296, 312,
	};
	int32_t d = slots[gen_below(g, sizeof(slots) / sizeof(slots[0]))];

	if (gen_one_in(g, 4))
		d += g->size;
	if (gen_one_in(g, 12))
		d += (int)gen_below(g, 17) - 8;
	return d & 4095;
}

static inline int32_t gen_step(struct gen *g)
{
	static const int16_t steps[] = { -160, 160, -24, 24, -8, 8, -176, 4 };

	return steps[gen_below(g, sizeof(steps) / sizeof(steps[0]))];
}

/* A label at any instruction */
static inline uint16_t gen_anywhere(struct gen *g)
{
	uint16_t l = code_label(&g->code);

	g->code.label[l] = (uint16_t)gen_below(g, g->code.n);
	return l;
}

/* An instruction that has to do with frames */
static inline struct code_insn gen_wild(struct gen *g)
{
#define WILD(name, ...) \
	(struct code_insn){ .op = OP_##name, __VA_ARGS__ }
	uint8_t a = gen_reg(g), b = gen_reg(g), c = gen_reg(g);

	switch (gen_below(g, 30)) {
	case 0:
	case 1:
		return WILD(lgr, .r1 = a, .r2 = b);
	case 2:
		return WILD(lgr, .r1 = a, .r2 = 15);
	case 3:
		return WILD(lay, .r1 = 15, .r3 = 15, .d = gen_step(g));
	case 4:
		return WILD(aghi, .r1 = a, .i = gen_step(g));
	case 5:
	case 6:
		return WILD(stg, .r1 = a, .r3 = 15, .d = gen_disp(g));
	case 7:
		return WILD(stg, .r1 = a, .r3 = b, .d = gen_disp(g));
	case 8:
	case 9:
		return WILD(lg, .r1 = a, .r3 = 15, .d = gen_disp(g));
	case 10:
		return WILD(lmg, .r1 = a, .r2 = 15, .r3 = 15, .d = gen_disp(g));
	case 11:
		return WILD(lmg, .r1 = a, .r2 = b, .r3 = c, .d = gen_disp(g));
	case 12:
		return WILD(stmg, .r1 = a, .r2 = 15, .r3 = 15,
			    .d = gen_disp(g));
	case 13:
		return WILD(mvc, .i = 7, .r1 = 15, .d = gen_disp(g), .r2 = a,
			    .d2 = gen_disp(g));
	case 14:
		return WILD(xc, .i = 7, .r1 = 15, .d = gen_disp(g), .r2 = 15,
			    .d2 = gen_disp(g));
	case 15:
		return WILD(mvghi, .r1 = a, .d = gen_disp(g), .i = 1);
	case 16:
		return WILD(bcr, .r1 = (uint8_t)gen_below(g, 16), .r2 = a);
	case 17:
	case 18:
		return WILD(bcr, .r1 = 15, .r2 = gen_one_in(g, 2) ? 14 : a);
	case 19:
	case 20:
		return WILD(brasl, .r1 = 14, .far = gen_func(g));
	case 21:
	case 22:
		return WILD(brc, .r1 = (uint8_t)gen_below(g, 16),
			    .to = gen_anywhere(g));
	case 23:
		return WILD(cgij, .r1 = a, .m = (uint8_t)gen_below(g, 16),
			    .i = 2, .to = gen_anywhere(g));
	case 24:
		return WILD(brcl, .r1 = gen_one_in(g, 2) ? 15 : 0,
			    .to = gen_anywhere(g));
	case 25:
		return WILD(larl, .r1 = a, .to = gen_anywhere(g));
	case 26:
		return WILD(clgfi, .r1 = a, .i = gen_below(g, 16));
	case 27:
		return WILD(agr, .r1 = a, .r2 = b);
	case 28:
		return WILD(exrl, .r1 = gen_one_in(g, 2) ? 0 : a,
			    .to = gen_anywhere(g));
	default:
		return WILD(mc, .d = GEN_WARN);
	}
#undef WILD
}

/* Instructions move: labels with them */
static inline void gen_shift(struct gen *g, unsigned int at, int by)
{
	unsigned int l;

	for (l = 1; l < g->code.labels; l++)
		if (g->code.label[l] > at)
			g->code.label[l] = (uint16_t)(g->code.label[l] + by);
}

static inline void gen_insert(struct gen *g, unsigned int at,
			      struct code_insn i)
{
	struct code *c = &g->code;

	if (c->n >= CODE_MAX - 2)
		return;
	memmove(c->insn + at + 1, c->insn + at, (c->n - at) * sizeof(i));
	c->insn[at] = i;
	c->n++;
	gen_shift(g, at, 1);
}

static inline void gen_remove(struct gen *g, unsigned int at)
{
	struct code *c = &g->code;

	if (c->n < 2)
		return;
	c->n--;
	memmove(c->insn + at, c->insn + at + 1,
		(c->n - at) * sizeof(c->insn[0]));
	gen_shift(g, at, -1);
}

static inline void gen_wrong_operand(struct gen *g, struct code_insn *i)
{
	if (i->keep)
		return;
	switch (gen_below(g, 6)) {
	case 0:
		i->r1 = gen_reg(g);
		break;
	case 1:
		i->r2 = gen_reg(g);
		break;
	case 2:
		i->r3 = gen_reg(g);
		break;
	case 3:
		i->d = i->d + gen_step(g);
		break;
	case 4:
		i->i += gen_one_in(g, 2) ? 1 : -1;
		break;
	default:
		i->m = (uint8_t)gen_below(g, 16);
		if (i->to)
			i->to = gen_anywhere(g);
	}
	if (code_ops[i->op].format != CODE_RXY &&
	    code_ops[i->op].format != CODE_RSY)
		i->d &= 4095;
}

/* One thing goes wrong. */
static inline void gen_wrong(struct gen *g)
{
	struct code *c = &g->code;
	unsigned int at = gen_below(g, c->n);
	struct code_insn i;

	switch (gen_below(g, 8)) {
	case 0:
	case 1:
		gen_remove(g, at);
		break;
	case 2:
	case 3:
	case 4:
		gen_insert(g, at, gen_wild(g));
		break;
	case 5:
		i = c->insn[at];
		if (at && !i.keep && !c->insn[at - 1].keep) {
			c->insn[at] = c->insn[at - 1];
			c->insn[at - 1] = i;
		}
		break;
	default:
		gen_wrong_operand(g, &c->insn[at]);
	}
}

/* No function that anyone would write */
static inline void gen_soup(struct gen *g, uint64_t seed)
{
	unsigned int n;

	memset(g, 0, sizeof(*g));
	code_begin(&g->code, GEN_ADDR);
	g->random = seed;
	g->chain = !gen_one_in(g, 5);
	g->size = 160;
	if (gen_one_in(g, 2)) {
		g->first = 6 + gen_below(g, 9);
		gen_prologue(g);
	}
	g->code.n = g->code.n ? g->code.n : 1;
	for (n = 2 + gen_below(g, 12); n; n--)
		code_add(&g->code, gen_wild(g));
	if (g->calls && gen_one_in(g, 2))
		gen_epilogue(g);
	GEN(g, bcr, .r1 = 15, .r2 = 14);
	while (gen_one_in(g, 3))
		gen_wrong(g);
}

#endif
