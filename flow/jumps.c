/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Jump tables: a table of constants, read with an index; what is read, with
 * the table's address added or not, is where the jump goes.
 *
 * Where a comparison on the path bounds the index all entries are known, and
 * each must lead to the function's own code. Where none is seen (compilers
 * compare a copy, or know more of a value) entries count as long as they lead
 * to an instruction of the function: that is all of the table, and perhaps
 * something behind it, which can only add paths.
 */
#include "flow/private.h"

#include "core/bytes.h"
#include "util/grow.h"

/* No switch statement has more. */
#define MAX_ENTRIES 65536

/* More reads of tables than any function has */
#define MAX_TABLES 4096

/* Is the index a multiple of an entry's length, as far as it is known? */
static bool is_index(zu_val v, unsigned int width)
{
	return !v || (zu_val_is(v, ZU_VAL_MAX) &&
		      zu_val_reg(v) & (width == 8 ? ZU_MAX_BY8 : ZU_MAX_BY4));
}

/* @fits: the index is one of entries of that length */
static bool table_of(const struct zu_run *r, const struct zu_mem *m,
		     struct zu_jumps *ret, bool *fits)
{
	zu_val a, b, t;

	if (m->base == ZU_NO_REG || m->index == ZU_NO_REG)
		return false;
	a = r->s.reg[m->base];
	b = r->s.reg[m->index];
	if (!zu_val_is_const64(a)) {
		t = a;
		a = b;
		b = t;
	}
	if (!zu_val_is_const64(a))
		return false;
	if (zu_val_is_open(b))
		b = 0;
	ret->addr = (uint64_t)zu_val_num(a) + (uint64_t)(int64_t)m->disp;
	ret->max = b ? zu_val_num(b) : INT64_MAX;
	ret->exact = b && !(zu_val_reg(b) & ZU_MAX_WIDTH);
	*fits = is_index(b, ret->width);
	return true;
}

/*
 * The same instruction, seen again with more entries: what was concluded from
 * the first is too little, so the walk begins anew.
 */
static void widen(struct zu_run *r, struct zu_jumps *t,
		  const struct zu_jumps *new)
{
	bool exact = t->exact && new->exact;
	int64_t max = t->max > new->max ? t->max : new->max;

	if (exact == t->exact && max == t->max)
		return;
	t->exact = exact;
	t->max = max;
	r->again = true;
}

/* Where an entry leads, from the function's start; hostile ones wrap. */
static bool read_entry(struct zu_run *r, const struct zu_jumps *t,
		       int64_t off, bool relative, int64_t *ret)
{
	uint64_t entry;
	uint8_t b[8];

	if (r->env->read(r->env->ctx, t->addr + (uint64_t)off, b, t->width))
		return false;
	entry = t->width == 8 ? zu_be64(b) :
		(uint64_t)(int64_t)(int32_t)zu_be32(b);
	if (relative)
		entry += t->addr;
	*ret = (int64_t)(entry - r->func->addr);
	return true;
}

/* Does the first entry lead into the function? If there is none, perhaps. */
static bool is_own(struct zu_run *r, const struct zu_jumps *t, bool relative)
{
	int64_t entry;

	return !read_entry(r, t, 0, relative, &entry) ||
	       (entry >= 0 && entry < r->func->len);
}

/* Pointers to other functions are none, nor are numbers. */
static bool is_own_table(struct zu_run *r, const struct zu_jumps *t, bool fits)
{
	return (t->width == 4 && fits) || is_own(r, t, false) ||
	       is_own(r, t, true);
}

/*
 * Tables lie side by side, and each has its address taken somewhere in the
 * function: one of unknown length ends where the next one begins.
 */
static int64_t len_before_next(struct zu_run *r, const struct zu_jumps *t)
{
	const struct zu_flow_func *func = r->func;
	uint64_t len = INT64_MAX, at;
	uint32_t off;

	zu_flow_spend(r, func->len / 64);
	for (off = 0; off + 6 <= func->len;
	     off += zu_insn_len(func->code[off])) {
		const uint8_t *code = func->code + off;

		/* larl */
		if (code[0] != 0xc0 || code[1] & 0x0f)
			continue;
		at = func->addr + off +
		     2 * (uint64_t)(int64_t)(int32_t)zu_be32(code + 2);
		if (at > t->addr && at - t->addr < len)
			len = at - t->addr;
	}
	return (int64_t)len;
}

zu_val zu_flow_jumps_load(struct zu_run *r, const struct zu_insn *insn)
{
	struct zu_flow_scratch *w = r->w;
	struct zu_jumps *t, new = {
		.load = r->off,
		.width = insn->op == ZU_OP_lg ? 8 : 4,
	};
	bool fits;
	size_t i;

	if (!insn->nr_mem || !table_of(r, &insn->mem[0], &new, &fits))
		return 0;
	if (!is_own_table(r, &new, fits))
		return 0;
	if (!fits)
		return zu_val_stale();
	for (i = 0; i < w->nr_jumps; i++)
		if (w->jumps[i].load == r->off && w->jumps[i].addr == new.addr)
			break;
	zu_flow_spend(r, (unsigned int)i / 8);
	if (i == MAX_TABLES)
		return 0;
	if (i < w->nr_jumps) {
		widen(r, &w->jumps[i], &new);
	} else {
		t = zu_grow(w->jumps, i, &w->cap_jumps, sizeof(*t));
		if (!t) {
			r->nomem = true;
			return 0;
		}
		w->jumps = t;
		new.len = len_before_next(r, &new);
		w->jumps[w->nr_jumps++] = new;
	}
	return zu_val_make(ZU_VAL_TABLE, 0, (int64_t)i);
}

zu_val zu_flow_jumps_add(struct zu_run *r, zu_val a, zu_val b)
{
	zu_val t;

	if (!zu_val_is(a, ZU_VAL_TABLE)) {
		t = a;
		a = b;
		b = t;
	}
	if (!zu_val_is(a, ZU_VAL_TABLE) || !zu_val_is_const64(b))
		return 0;
	if (!zu_val_num(b))
		return a;
	if ((uint64_t)zu_val_num(b) != r->w->jumps[zu_val_num(a)].addr)
		return 0;
	return zu_val_make(ZU_VAL_LABEL, 0, zu_val_num(a));
}

/* Where instructions begin, if there are nothing but instructions */
static void sweep(struct zu_run *r)
{
	uint32_t off;

	if (r->w->swept)
		return;
	r->w->swept = true;
	for (off = 0; off < r->func->len;
	     off += zu_insn_len(r->func->code[off]))
		r->w->mark[off / 2] |= ZU_MARK_BOUNDARY;
}

static bool is_target(const struct zu_run *r, int64_t off)
{
	return off > 0 && off < r->func->len && off % 2 == 0 &&
	       r->w->mark[off / 2] & ZU_MARK_BOUNDARY;
}

/* The memory can be that of a running system: each time it is looked at anew. */
static bool read_target(struct zu_run *r, const struct zu_jumps *t, int64_t off,
			bool relative, int64_t *ret)
{
	return read_entry(r, t, off, relative, ret) && is_target(r, *ret);
}

static bool is_other_table(const struct zu_run *r, uint64_t addr)
{
	size_t i;

	for (i = 0; i < r->w->nr_jumps; i++)
		if (r->w->jumps[i].addr == addr)
			return true;
	return false;
}

/*
 * How many entries there are: all that a comparison allows, each inside, or
 * as many as are; 0 if it does not look like a table of this function.
 */
static int64_t count_entries(struct zu_run *r, const struct zu_jumps *t,
			     bool relative)
{
	int64_t off, entry, len = t->exact ? INT64_MAX : t->len;

	for (off = 0; off <= t->max; off += t->width) {
		if (off / t->width == MAX_ENTRIES || off >= len ||
		    (off && !t->exact &&
		     is_other_table(r, t->addr + (uint64_t)off)) ||
		    !zu_flow_spend(r, 1) ||
		    !read_target(r, t, off, relative, &entry))
			break;
	}
	if (t->exact && off <= t->max)
		return 0;
	return off / t->width;
}

/* All entries become leaders before one is followed: one new start for all. */
static bool lead_all(struct zu_run *r, const struct zu_jumps *t, int64_t nr,
		     bool relative)
{
	int64_t i, entry;

	for (i = 0; i < nr; i++) {
		if (!read_target(r, t, i * t->width, relative, &entry))
			return false;
		if (!(r->w->mark[entry / 2] & ZU_MARK_LEADER) &&
		    !zu_flow_scan(r, (uint32_t)entry)) {
			r->nomem = true;
			return false;
		}
	}
	return !r->again;
}

bool zu_flow_jumps_follow(struct zu_run *r, zu_val target)
{
	bool relative = zu_val_is(target, ZU_VAL_LABEL);
	struct zu_jumps t;
	int64_t i, nr, entry;

	if (!zu_val_is_label(target) || target == zu_val_stale())
		return false;
	t = r->w->jumps[zu_val_num(target)];
	sweep(r);
	nr = count_entries(r, &t, relative);
	if (!nr || !lead_all(r, &t, nr, relative))
		return nr;
	r->w->jumps[zu_val_num(target)].used = true;
	for (i = 0; i < nr && !r->nomem; i++)
		if (read_target(r, &t, i * t.width, relative, &entry))
			zu_flow_goto(r, (uint32_t)entry, &r->s);
	return true;
}

bool zu_flow_jumps_sum(struct zu_run *r, const struct zu_insn *insn)
{
	const struct zu_mem *m = &insn->mem[0];
	zu_val a = m->base == ZU_NO_REG ? zu_val_const(0) : r->s.reg[m->base];
	zu_val b = m->index == ZU_NO_REG ? zu_val_const(0) :
					   r->s.reg[m->index];

	return !m->disp && zu_flow_jumps_follow(r, zu_flow_jumps_add(r, a, b));
}

/* As many instructions, at most, share the jump of several switch statements. */
#define MAX_SHARED 4

/* Straight on from here, without a store, to a jump by an index? */
static bool is_shared(const struct zu_run *r, uint32_t off)
{
	const struct zu_flow_scratch *w = r->w;
	unsigned int i;

	for (i = 0; i < MAX_SHARED && off < r->func->len; i++) {
		const struct zu_insn *insn = &w->insn[w->insn_of[off / 2]];
		uint8_t mark = w->mark[off / 2];

		if (!(mark & ZU_MARK_INSN) || (i && mark & ZU_MARK_LEADER))
			return false;
		if (insn->flow == ZU_FLOW_JUMP_MEM)
			return i && insn->nr_mem &&
			       insn->mem[0].index != ZU_NO_REG;
		if (insn->flow != ZU_FLOW_NEXT || insn->writes >> 15 ||
		    (insn->nr_mem && insn->mem[0].writes))
			return false;
		off += insn->len;
	}
	return false;
}

static void step(struct zu_run *r)
{
	struct zu_flow_scratch *w = r->w;

	for (;;) {
		r->insn = w->insn[w->insn_of[r->off / 2]];
		if (r->insn.flow == ZU_FLOW_JUMP_MEM)
			return;
		zu_flow_data(r, &r->insn, r->func->code + r->off);
		r->off += r->insn.len;
	}
}

bool zu_flow_jumps_through(struct zu_run *r, uint32_t off,
			   const struct zu_state *s)
{
	struct zu_compare cmp = r->cmp;
	struct zu_insn insn = r->insn;
	struct zu_state saved;
	uint32_t here = r->off;
	bool ok;

	if (!r->w->computes || r->through || !is_shared(r, off) ||
	    !zu_flow_spend(r, MAX_SHARED))
		return false;
	zu_state_copy(&saved, &r->s);
	if (s != &r->s)
		zu_state_copy(&r->s, s);
	r->s.bad = s->bad;
	r->through = true;
	r->off = off;
	step(r);
	ok = zu_flow_jumps_sum(r, &r->insn);
	r->through = false;
	r->off = here;
	r->insn = insn;
	r->cmp = cmp;
	zu_state_copy(&r->s, &saved);
	r->dirty = true;
	return ok;
}

bool zu_flow_jumps_is_own(struct zu_run *r, zu_val target)
{
	return zu_val_is_label(target) &&
	       (zu_val_is(target, ZU_VAL_LABEL) ||
		is_own(r, &r->w->jumps[zu_val_num(target)], false));
}
