/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The second part of tests/make/flowgen.h: frames and what is in them */

static inline void gen_items(struct gen *g, unsigned int max);

/* The stack pointer's old value, kept for the back chain */
static inline unsigned int gen_chain_reg(struct gen *g)
{
	static const uint8_t usual[] = { 14, 14, 14, 1, 1, 0, 2, 3, 4, 5 };
	unsigned int r = usual[gen_below(g, sizeof(usual))];

	if (gen_one_in(g, 16) && g->first <= 11 && !g->dynamic)
		r = 11;
	return r == 14 && g->first > 14 ? 1 : r;
}

static inline void gen_lower(struct gen *g)
{
	int32_t n = g->size;

	if (n > 500000)
		gen_one_in(g, 2) ? GEN(g, slgfi, .r1 = 15, .i = n) :
				   GEN(g, agfi, .r1 = 15, .i = -n);
	else if (gen_one_in(g, 6) && n < 32000)
		GEN(g, aghi, .r1 = 15, .i = -n);
	else if (gen_one_in(g, 12) && n < 32000)
		GEN(g, aghik, .r1 = 15, .r2 = 15, .i = -n);
	else
		GEN(g, lay, .r1 = 15, .r3 = 15, .d = -n);
}

static inline void gen_size(struct gen *g)
{
	int32_t least = g->chain ? 24 : 16;

	g->size = 160 - gen_slot(g, g->first);
	if (g->size < least)
		g->size = least;
	g->size += 8 * (int32_t)gen_below(g, gen_one_in(g, 4) ? 60 : 6);
	if (gen_one_in(g, 40) && !g->dynamic)
		g->size += 600000;
}

static inline void gen_prologue(struct gen *g)
{
	unsigned int copy;
	bool early;

	g->first = g->dynamic ? 6 + gen_below(g, 6) : 6 + gen_below(g, 9);
	if (gen_one_in(g, 12))
		g->first = 2 + gen_below(g, 4);
	gen_size(g);
	copy = gen_chain_reg(g);
	early = copy < 6 && gen_one_in(g, 4);
	if (early) {
		GEN(g, lgr, .r1 = copy, .r2 = 15);
		g->busy |= (uint16_t)(1 << copy);
		gen_fillers(g, 1);
	}
	GEN(g, stmg, .r1 = g->first, .r2 = 15, .r3 = 15,
	    .d = gen_slot(g, g->first));
	g->saved = true;
	gen_fillers(g, 1);
	if (!early)
		GEN(g, lgr, .r1 = copy, .r2 = 15);
	g->busy |= (uint16_t)(1 << copy);
	gen_fillers(g, 1);
	gen_lower(g);
	g->framed = true;
	gen_fillers(g, 2);
	if (g->chain)
		GEN(g, stg, .r1 = copy, .r3 = 15, .d = 152);
	g->busy &= (uint16_t)~(1 << copy);
	g->calls = true;
	if (g->dynamic) {
		GEN(g, lgr, .r1 = 11, .r2 = 15);
		g->busy |= 1 << 11;
	}
}

/* A leaf with locals: only r15 is saved. */
static inline void gen_prologue_leaf(struct gen *g)
{
	g->first = 15;
	gen_size(g);
	GEN(g, stg, .r1 = 15, .r3 = 15, .d = gen_slot(g, 15));
	GEN(g, lgr, .r1 = 1, .r2 = 15);
	g->busy |= 2;
	gen_fillers(g, 1);
	gen_lower(g);
	g->framed = true;
	gen_fillers(g, 2);
	if (g->chain)
		GEN(g, stg, .r1 = 1, .r3 = 15, .d = 152);
	g->busy &= (uint16_t)~2;
}

/* Out by the return address in r14 */
static inline void gen_leave(struct gen *g, unsigned int tail)
{
	switch (gen_below(g, 8)) {
	case 0:
		GEN(g, brcl, .r1 = 15, .far = gen_func(g));
		break;
	case 1:
		GEN(g, brcl, .r1 = 15, .far = GEN_THUNKS + 14 * 16);
		break;
	case 2:
		if (tail) {
			GEN(g, bcr, .r1 = 15, .r2 = tail);
			break;
		}
		/* fall through */
	default:
		GEN(g, bcr, .r1 = 15, .r2 = 14);
	}
}

/*
 * A pointer to a function. Not of the stack: r0 and r1 are stored there as they
 * came, which is no compiler's doing.
 */
static inline void gen_pointer(struct gen *g, unsigned int reg)
{
	GEN(g, larl, .r1 = reg, .far = GEN_DATA + 768);
	GEN(g, lg, .r1 = reg, .r3 = reg, .d = 8);
}

/* Registers and the stack back, and out */
static inline void gen_epilogue(struct gen *g)
{
	unsigned int from = g->first < 6 ? 6 : g->first, tail = 0, early = 0;
	bool big = g->size > 500000;

	if (gen_one_in(g, 3) && !g->dynamic && !big && from <= 14) {
		early = gen_volatile(g);
		GEN(g, lg, .r1 = early, .r3 = 15,
		    .d = gen_slot(g, 14) + g->size);
	} else if (gen_one_in(g, 4)) {
		tail = gen_volatile(g);
		gen_pointer(g, tail);
	}
	g->busy |= (uint16_t)(1 << tail | 1 << early);
	gen_fillers(g, 1);
	if (g->dynamic) {
		GEN(g, lmg, .r1 = from, .r2 = 15, .r3 = 11,
		    .d = gen_slot(g, from) + g->size);
	} else if (from == 15) {
		if (big)
			GEN(g, algfi, .r1 = 15, .i = g->size);
		else
			GEN(g, lg, .r1 = 15, .r3 = 15,
			    .d = gen_slot(g, 15) + g->size);
	} else if (big || gen_one_in(g, 8)) {
		GEN(g, algfi, .r1 = 15, .i = g->size);
		GEN(g, lmg, .r1 = from, .r2 = 14 + gen_below(g, 2), .r3 = 15,
		    .d = gen_slot(g, from));
	} else {
		GEN(g, lmg, .r1 = from, .r2 = 15, .r3 = 15,
		    .d = gen_slot(g, from) + g->size);
	}
	g->saved = g->framed = g->calls = false;
	gen_fillers(g, 1);
	if (early)
		GEN(g, bcr, .r1 = 15, .r2 = early);
	else
		gen_leave(g, tail);
}

/* An epilogue in the middle: what follows is as before. */
static inline void gen_exit(struct gen *g)
{
	bool saved = g->saved, framed = g->framed, calls = g->calls;
	uint16_t busy = g->busy;

	if (framed)
		gen_epilogue(g);
	else
		gen_leave(g, 0);
	g->saved = saved;
	g->framed = framed;
	g->calls = calls;
	g->busy = busy;
}

static inline void gen_call(struct gen *g)
{
	unsigned int r;

	switch (gen_below(g, 5)) {
	case 0:
		r = gen_base(g);
		gen_pointer(g, r);
		GEN(g, basr, .r1 = 14, .r2 = r);
		break;
	case 1:
		gen_pointer(g, 1);
		GEN(g, brasl, .r1 = 14, .far = GEN_THUNKS + 16);
		break;
	default:
		GEN(g, brasl, .r1 = 14, .far = gen_func(g));
	}
}

static inline void gen_if(struct gen *g)
{
	uint16_t other = code_label(&g->code), end;

	gen_branch(g, other);
	gen_items(g, 2);
	if (gen_one_in(g, 3)) {
		end = code_label(&g->code);
		GEN(g, brc, .r1 = 15, .to = end);
		code_here(&g->code, other);
		gen_items(g, 2);
		code_here(&g->code, end);
	} else {
		code_here(&g->code, other);
	}
}

static inline void gen_loop(struct gen *g)
{
	uint16_t top = code_label(&g->code);

	gen_items(g, 2);
	gen_branch(g, top);
}

static inline void gen_early(struct gen *g)
{
	uint16_t over = code_label(&g->code);

	if (!g->framed && !g->saved && gen_one_in(g, 2)) {
		GEN(g, bcr, .r1 = 1 + gen_below(g, 14), .r2 = 14);
		return;
	}
	gen_branch(g, over);
	gen_exit(g);
	code_here(&g->code, over);
}

static inline void gen_go_cold(struct gen *g)
{
	unsigned int kind = gen_below(g, 3);
	uint16_t label;

	if (kind == GEN_COLD_NORETURN && !g->calls)
		return;
	if ((kind == GEN_COLD_BUG && !g->bugs) ||
	    (kind == GEN_COLD_WARN && !g->warns) ||
	    !gen_cold(g, kind, &label))
		return;
	gen_branch(g, label);
	if (kind == GEN_COLD_WARN)
		g->back[g->colds - 1] = code_label(&g->code);
}

/* A switch: bound, table, jump, cases */
static inline void gen_switch_jump(struct gen *g, const struct gen_table *t,
				   unsigned int index)
{
	unsigned int table, entry;
	unsigned int shift = t->wide ? 3 : 2;

	g->busy |= (uint16_t)(1 << index);
	table = gen_volatile(g);
	GEN(g, larl, .r1 = table, .far = GEN_DATA + t->at);
	g->busy |= (uint16_t)(1 << table);
	if (gen_one_in(g, 3))
		GEN(g, risbg, .r1 = index, .r2 = index,
		    .m = (uint8_t)(32 - shift), .i = 128 + 63 - shift,
		    .d = (int)shift);
	else
		GEN(g, sllg, .r1 = index, .r2 = index, .d = (int)shift);
	entry = gen_one_in(g, 2) ? index : gen_volatile(g);
	if (t->wide)
		GEN(g, lg, .r1 = entry, .r2 = index, .r3 = table);
	else
		GEN(g, lgf, .r1 = entry, .r2 = index, .r3 = table);
	if (!t->wide && gen_one_in(g, 2)) {
		GEN(g, bc, .r1 = 15, .r2 = entry, .r3 = table);
		return;
	}
	if (!t->wide)
		GEN(g, agr, .r1 = entry, .r2 = table);
	GEN(g, bcr, .r1 = 15, .r2 = entry);
}

static inline void gen_switch_bound(struct gen *g, unsigned int index,
				    unsigned int n, uint16_t other)
{
	unsigned int base = gen_volatile(g);

	switch (gen_below(g, 4)) {
	case 0:
		GEN(g, cli, .r1 = base, .d = 7, .i = n - 1);
		GEN(g, brc, .r1 = 2, .to = other);
		GEN(g, llgc, .r1 = index, .r3 = base, .d = 7);
		break;
	case 1:
		GEN(g, clgij, .r1 = index, .m = 2, .i = n - 1, .to = other);
		break;
	case 2:
		GEN(g, clfi, .r1 = index, .i = n - 1);
		GEN(g, brc, .r1 = 2, .to = other);
		GEN(g, llgfr, .r1 = index, .r2 = index);
		break;
	default:
		GEN(g, clgfi, .r1 = index, .i = n - 1);
		GEN(g, brc, .r1 = 2, .to = other);
	}
}

static inline void gen_switch(struct gen *g)
{
	struct gen_table *t = &g->table[g->tables];
	unsigned int index = gen_volatile(g), i;
	uint16_t other = code_label(&g->code), end = code_label(&g->code);
	uint16_t busy = g->busy;

	if (g->tables == 4 || g->used > 600)
		return;
	g->tables++;
	t->n = 2 + gen_below(g, 4);
	t->wide = gen_one_in(g, 2);
	t->at = g->used;
	g->used += 8 * t->n;
	for (i = 0; i < t->n; i++)
		t->label[i] = code_label(&g->code);
	gen_switch_bound(g, index, t->n, other);
	gen_switch_jump(g, t, index);
	g->busy = busy;
	for (i = 0; i < t->n; i++) {
		code_here(&g->code, t->label[i]);
		gen_items(g, 1);
		if (gen_one_in(g, 2))
			GEN(g, brc, .r1 = 15, .to = end);
	}
	code_here(&g->code, other);
	gen_items(g, 1);
	code_here(&g->code, end);
}

/* An array on the stack, with an index or a length */
static inline void gen_array(struct gen *g)
{
	unsigned int base = g->dynamic ? 11 : 15, r = gen_base(g);
	uint16_t label;

	if (!gen_has_locals(g, 32))
		return;
	GEN(g, risbg, .r1 = r, .r2 = gen_scratch(g), .m = 60, .i = 128 + 63,
	    .keep = true);
	if (gen_one_in(g, 2)) {
		GEN(g, stc, .r1 = gen_scratch(g), .r2 = r, .r3 = base,
		    .d = gen_local(g, 32), .keep = true);
		return;
	}
	if (!gen_cold(g, GEN_COLD_MVC, &label))
		return;
	g->back[g->colds - 1] = (uint16_t)gen_local(g, 32);
	GEN(g, exrl, .r1 = r, .to = label, .keep = true);
}

/* A call on another stack; its first frame names the caller's as the next. */
static inline void gen_other_stack(struct gen *g)
{
	unsigned int copy = gen_scratch(g), r = gen_volatile(g), chain;

	if (!g->calls || copy < 6 || copy > 13 || g->dynamic)
		return;
	g->busy |= (uint16_t)(1 << r);
	chain = gen_volatile(g);
	g->busy &= (uint16_t)~(1 << r);
	gen_pointer(g, r);
	if (g->chain)
		GEN(g, lg, .r1 = chain, .r3 = 15, .d = 152);
	GEN(g, lgr, .r1 = copy, .r2 = 15);
	if (gen_has_locals(g, 16) && gen_one_in(g, 3)) {
		int32_t d = gen_local(g, 8);

		GEN(g, stg, .r1 = r, .r3 = 15, .d = d, .keep = true);
		GEN(g, lg, .r1 = 15, .r3 = 15, .d = d, .keep = true);
	} else {
		GEN(g, lgr, .r1 = 15, .r2 = r);
	}
	if (g->chain)
		GEN(g, stg, .r1 = chain, .r3 = 15, .d = 152);
	GEN(g, brasl, .r1 = 14, .far = gen_func(g));
	GEN(g, lgr, .r1 = 15, .r2 = copy);
}

static inline void gen_alloca(struct gen *g)
{
	unsigned int len;

	if (!g->dynamic || !g->calls || g->depth)
		return;
	len = gen_volatile(g);
	GEN(g, risbg, .r1 = len, .r2 = gen_scratch(g), .m = 52, .i = 128 + 60);
	g->busy |= (uint16_t)(1 << len);
	if (g->chain) {
		unsigned int r = gen_volatile(g);

		GEN(g, lg, .r1 = r, .r3 = 15, .d = 152);
		GEN(g, sgr, .r1 = 15, .r2 = len);
		GEN(g, stg, .r1 = r, .r3 = 15, .d = 152);
	} else {
		GEN(g, sgr, .r1 = 15, .r2 = len);
	}
	g->busy &= (uint16_t)~(1 << len);
	GEN(g, la, .r1 = gen_volatile(g), .r3 = 15, .d = 160);
}

/* A branch that is patched */
static inline void gen_label(struct gen *g)
{
	uint16_t to = code_label(&g->code);

	if (!g->code.n)
		return;
	GEN(g, brcl, .r1 = gen_one_in(g, 3) ? 15 : 0, .to = to);
	gen_items(g, 2);
	code_here(&g->code, to);
}

static inline void gen_item(struct gen *g)
{
	g->depth++;
	switch (gen_below(g, 18)) {
	case 0:
	case 1:
		gen_if(g);
		break;
	case 2:
		gen_loop(g);
		break;
	case 3:
		gen_early(g);
		break;
	case 4:
		gen_go_cold(g);
		break;
	case 5:
		gen_switch(g);
		break;
	case 6:
		gen_array(g);
		break;
	case 7:
		gen_other_stack(g);
		break;
	case 8:
		g->depth--;
		gen_alloca(g);
		g->depth++;
		break;
	case 9:
		gen_label(g);
		break;
	case 10:
	case 11:
	case 12:
	case 13:
		if (g->calls) {
			gen_call(g);
			break;
		}
		/* fall through */
	default:
		gen_fillers(g, 3);
	}
	g->depth--;
}

static inline void gen_items(struct gen *g, unsigned int max)
{
	unsigned int n = gen_below(g, max + 1);

	while (n-- && g->budget) {
		g->budget--;
		gen_item(g);
	}
}

/* What was put off. None of it makes more. */
static inline void gen_colds(struct gen *g)
{
	unsigned int i;

	g->saved = g->framed = g->calls = false;
	for (i = 0; i < g->colds; i++) {
		if (g->cold_kind[i] == GEN_COLD_MVC)
			continue;
		code_here(&g->code, g->cold[i]);
		gen_fillers(g, 1);
		switch (g->cold_kind[i]) {
		case GEN_COLD_BUG:
			GEN(g, mc, .d = GEN_BUG);
			break;
		case GEN_COLD_WARN:
			GEN(g, mc, .d = GEN_WARN);
			GEN(g, brc, .r1 = 15, .to = g->back[i]);
			break;
		default:
			GEN(g, brasl, .r1 = 14, .far = GEN_NORETURN);
		}
	}
	for (i = 0; i < g->colds; i++) {
		if (g->cold_kind[i] != GEN_COLD_MVC)
			continue;
		code_here(&g->code, g->cold[i]);
		GEN(g, mvc, .r1 = g->dynamic ? 11 : 15, .d = g->back[i],
		    .r2 = 15, .d2 = 168, .keep = true);
	}
}

static inline void gen_entry(struct gen *g)
{
	switch (gen_below(g, 8)) {
	case 0:
	case 1:
		GEN(g, brcl, .r1 = 0, .far = GEN_ADDR);
		break;
	case 2:
		GEN(g, brcl, .r1 = 0, .far = GEN_TRAMPOLINE);
		break;
	case 3:
		GEN(g, brcl, .r1 = 15, .far = GEN_TRAMPOLINE);
		break;
	case 4:
		GEN(g, brasl, .r1 = 0, .far = GEN_TRAMPOLINE);
		break;
	default:
		break;
	}
}

/* Saves registers, but needs no frame */
static inline void gen_saver(struct gen *g)
{
	unsigned int last = 13 + gen_below(g, 3);

	g->first = 6 + gen_below(g, 8);
	GEN(g, stmg, .r1 = g->first, .r2 = last, .r3 = 15,
	    .d = gen_slot(g, g->first));
	g->saved = true;
	g->budget = 0;
	gen_fillers(g, 6);
	GEN(g, lmg, .r1 = g->first, .r2 = last, .r3 = 15,
	    .d = gen_slot(g, g->first));
	g->saved = false;
	gen_fillers(g, 1);
	gen_leave(g, 0);
}

static inline void gen_body(struct gen *g)
{
	gen_items(g, 8);
	if (gen_one_in(g, 8) && g->calls) {
		GEN(g, brasl, .r1 = 14, .far = GEN_NORETURN);
	} else if (gen_one_in(g, 20)) {
		uint16_t self = code_label(&g->code);

		GEN(g, brc, .r1 = 15, .to = self);
	} else {
		gen_exit(g);
	}
}

/* All but the bytes */
static inline void gen_make(struct gen *g, uint64_t seed)
{
	memset(g, 0, sizeof(*g));
	code_begin(&g->code, GEN_ADDR);
	g->random = seed;
	g->first = 16;
	g->chain = !gen_one_in(g, 5);
	g->warns = gen_one_in(g, 2);
	g->bugs = !g->warns;
	g->budget = gen_below(g, 25);
	gen_entry(g);
	switch (gen_below(g, 10)) {
	case 0:
		gen_body(g);
		break;
	case 1:
		gen_saver(g);
		break;
	case 2:
		gen_prologue_leaf(g);
		gen_body(g);
		break;
	case 3:
		g->dynamic = true;
		/* fall through */
	default:
		if (gen_one_in(g, 4))
			gen_items(g, 3);	/* shrink-wrapped */
		gen_prologue(g);
		gen_body(g);
	}
	gen_colds(g);
}

/* The bytes, of tables too */
static inline void gen_end(struct gen *g)
{
	const struct gen_table *t;
	unsigned int i, k;

	while (g->code.n < 2 || gen_one_in(g, 2))
		GEN(g, bcr, .r1 = 0, .r2 = 7);
	code_end(&g->code);
	for (i = 0; i < GEN_DATA_LEN / 8; i++)
		code_32(g->data + 8 * i + 4, (int64_t)gen_any(g) & 0xffff);
	for (t = g->table; t < g->table + g->tables; t++)
		for (k = 0; k < t->n; k++) {
			int64_t to = GEN_ADDR + code_at(&g->code, t->label[k]);

			if (t->wide) {
				code_32(g->data + t->at + 8 * k, 0);
				code_32(g->data + t->at + 8 * k + 4, to);
			} else {
				code_32(g->data + t->at + 4 * k,
					to - GEN_DATA - t->at);
			}
		}
}
