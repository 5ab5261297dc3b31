/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random functions as compilers for the kernel make them: all shapes of
 * prologue and epilogue, what may stand between, and what goes wrong.
 */
#ifndef ZU_TESTS_MAKE_FLOWGEN_H
#define ZU_TESTS_MAKE_FLOWGEN_H

#include "tests/make/code.h"

#define GEN_ADDR 0x1000000u
#define GEN_DATA 0x1100000u	/* constants and jump tables */
#define GEN_DATA_LEN 1024u
#define GEN_FUNCS 0x2000000u	/* a function each 256 bytes */
#define GEN_NORETURN 0x2010000u	/* the same, none returns */
#define GEN_THUNKS 0x2020000u	/* a thunk for a register each 16 bytes */
#define GEN_TRAMPOLINE 0x2030000u

#define GEN_WARN 1	/* codes of monitor calls */
#define GEN_BUG 0

struct gen_table {
	uint32_t at;
	unsigned int n;
	bool wide;
	uint16_t label[8];
};

struct gen {
	struct code code;
	uint64_t random;
	bool chain;		/* built with back chains */
	bool dynamic;		/* alloca: frame by r11 */
	bool warns, bugs;
	unsigned int first;	/* first register saved */
	bool saved;		/* registers are saved: may be used */
	bool framed;		/* there is a frame, with room for locals */
	bool calls;		/* calls are allowed */
	unsigned int depth;	/* of branches */
	int32_t size;		/* of the frame */
	uint16_t busy;		/* registers that hold something */
	unsigned int budget;

	uint16_t cold[16];	/* labels of code to make later */
	uint16_t back[16];	/* and where it goes back to */
	uint8_t cold_kind[16];
	unsigned int colds;

	struct gen_table table[4];
	unsigned int tables;
	uint32_t used;
	uint8_t data[GEN_DATA_LEN];
};

static inline uint64_t gen_any(struct gen *g)
{
	uint64_t x = g->random += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static inline unsigned int gen_below(struct gen *g, unsigned int n)
{
	return (unsigned int)((gen_any(g) >> 32) % n);
}

static inline bool gen_one_in(struct gen *g, unsigned int n)
{
	return gen_below(g, n) == 0;
}

#define GEN(g, name, ...)						\
	code_add(&(g)->code, (struct code_insn){ .op = OP_##name,	\
						 __VA_ARGS__ })

/* Where the ABI saves a register, from the stack pointer at entry */
static inline int32_t gen_slot(const struct gen *g, unsigned int reg)
{
	return 24 + 8 * (int32_t)reg + (g->chain ? 0 : 8);
}

/* A register that nothing depends on */
static inline unsigned int gen_scratch(struct gen *g)
{
	unsigned int r;

	do
		r = g->saved && gen_one_in(g, 3) ?
		    gen_one_in(g, 4) && g->calls ? 14 : 6 + gen_below(g, 8) :
		    gen_below(g, 6);
	while (g->busy >> r & 1 || (r >= 6 && r < g->first));
	return r;
}

/* The same, and it can be a base register */
static inline unsigned int gen_base(struct gen *g)
{
	unsigned int r;

	do
		r = gen_scratch(g);
	while (!r);
	return r;
}

/* A volatile one, for where saved ones may not be used */
static inline unsigned int gen_volatile(struct gen *g)
{
	unsigned int r;

	do
		r = 1 + gen_below(g, 5);
	while (g->busy >> r & 1);
	return r;
}

/* First byte above the locals; they begin at 160(r15) */
static inline int32_t gen_locals_end(const struct gen *g)
{
	return g->framed ? g->size + gen_slot(g, g->first) - 8 : 0;
}

static inline bool gen_has_locals(const struct gen *g, int32_t len)
{
	return gen_locals_end(g) - 160 - 8 >= len;
}

/* A place for a local of @len bytes, for base r15 */
static inline int32_t gen_local(struct gen *g, int32_t len)
{
	int32_t room = gen_locals_end(g) - 160 - 8 - len;

	if (room > 3000)
		room = 3000;
	return 168 + (int32_t)gen_below(g, (unsigned int)room / 8 + 1) * 8;
}

static inline uint64_t gen_func(struct gen *g)
{
	return GEN_FUNCS + 256 * gen_below(g, 64);
}

static inline void gen_store_local(struct gen *g)
{
	unsigned int base = g->dynamic ? 11 : 15;
	int32_t d;

	if (!gen_has_locals(g, 16))
		return;
	d = gen_local(g, 16);
	switch (gen_below(g, 6)) {
	case 0:
		GEN(g, stg, .r1 = gen_scratch(g), .r3 = base, .d = d);
		break;
	case 1:
		GEN(g, mvghi, .r1 = base, .d = d, .i = gen_below(g, 100));
		break;
	case 2:
		GEN(g, xc, .i = 15, .r1 = base, .d = d, .r2 = base, .d2 = d);
		break;
	case 3:
		GEN(g, st, .r1 = gen_scratch(g), .r3 = base, .d = d + 4);
		break;
	case 4:
		GEN(g, mvc, .i = 7, .r1 = base, .d = d, .r2 = base,
		    .d2 = d + 8);
		break;
	default:
		GEN(g, mvi, .r1 = base, .d = d + 3, .i = 7);
	}
}

/* Something that has nothing to do with the frame */
static inline void gen_filler(struct gen *g)
{
	switch (gen_below(g, 11)) {
	case 0:
		GEN(g, lghi, .r1 = gen_scratch(g), .i = gen_below(g, 9));
		break;
	case 1:
		GEN(g, lgr, .r1 = gen_scratch(g), .r2 = gen_scratch(g));
		break;
	case 2:
		GEN(g, agr, .r1 = gen_scratch(g), .r2 = gen_scratch(g));
		break;
	case 3:
		GEN(g, la, .r1 = gen_scratch(g), .r3 = gen_base(g), .d = 24);
		break;
	case 4:
		GEN(g, lg, .r1 = gen_scratch(g), .r3 = gen_base(g), .d = 136);
		break;
	case 5:
		GEN(g, ltgr, .r1 = gen_scratch(g), .r2 = gen_scratch(g));
		break;
	case 6:
		GEN(g, larl, .r1 = gen_scratch(g), .far = GEN_DATA + 768);
		break;
	case 7:
		GEN(g, risbg, .r1 = gen_scratch(g), .r2 = gen_scratch(g),
		    .m = 32, .i = 128 + 63, .d = (int)gen_below(g, 60));
		break;
	case 8:
		GEN(g, clgfi, .r1 = gen_scratch(g), .i = gen_below(g, 9));
		break;
	default:
		gen_store_local(g);
	}
}

static inline void gen_fillers(struct gen *g, unsigned int max)
{
	unsigned int n = gen_below(g, max + 1);

	while (n--)
		gen_filler(g);
}

/* A condition that nobody knows */
static inline void gen_branch(struct gen *g, uint16_t to)
{
	unsigned int r = gen_scratch(g), mask = 2 + 2 * gen_below(g, 6);

	switch (gen_below(g, 6)) {
	case 0:
		GEN(g, cgij, .r1 = r, .m = (uint8_t)mask, .i = 3, .to = to);
		break;
	case 1:
		GEN(g, clgij, .r1 = r, .m = (uint8_t)mask, .i = 3, .to = to);
		break;
	case 2:
		GEN(g, crj, .r1 = r, .r2 = gen_scratch(g), .m = (uint8_t)mask,
		    .to = to);
		break;
	case 3:
		GEN(g, clij, .r1 = r, .m = (uint8_t)mask, .i = 9, .to = to);
		break;
	case 4:
		GEN(g, brctg, .r1 = r, .to = to);
		break;
	default:
		GEN(g, brc, .r1 = (uint8_t)(1 + gen_below(g, 14)), .to = to);
	}
}

/* Code that is only jumped to, after the function's main part */
static inline bool gen_cold(struct gen *g, unsigned int kind, uint16_t *label)
{
	if (g->colds == 16)
		return false;
	*label = g->cold[g->colds] = code_label(&g->code);
	g->back[g->colds] = 0;
	g->cold_kind[g->colds++] = (uint8_t)kind;
	return true;
}

enum gen_cold_kind {
	GEN_COLD_BUG,
	GEN_COLD_WARN,
	GEN_COLD_NORETURN,
	GEN_COLD_MVC,
};

#include "tests/make/flowgen_shape.h"

#endif
