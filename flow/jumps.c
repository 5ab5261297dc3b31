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

static bool table_of(const struct zu_run *r, const struct zu_mem *m,
		     struct zu_jumps *ret)
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
	ret->addr = (uint64_t)(zu_val_num(a) + m->disp);
	ret->max = zu_val_is(b, ZU_VAL_MAX) ? zu_val_num(b) : INT64_MAX;
	ret->exact = zu_val_is(b, ZU_VAL_MAX) && !zu_val_reg(b);
	return true;
}

zu_val zu_flow_jumps_load(struct zu_run *r, const struct zu_insn *insn)
{
	struct zu_flow_scratch *w = r->w;
	struct zu_jumps *t, new = {
		.load = r->off,
		.width = insn->op == ZU_OP_lg ? 8 : 4,
	};
	size_t i;

	if (!insn->nr_mem || !table_of(r, &insn->mem[0], &new))
		return 0;
	for (i = 0; i < w->nr_jumps; i++)
		if (w->jumps[i].load == r->off)
			break;
	if (i == w->nr_jumps) {
		t = zu_grow(w->jumps, i, &w->cap_jumps, sizeof(*t));
		if (!t) {
			r->nomem = true;
			return 0;
		}
		w->jumps = t;
		w->nr_jumps++;
	}
	w->jumps[i] = new;
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

static bool read_entry(struct zu_run *r, uint64_t addr, unsigned int width,
		       int64_t *ret)
{
	uint8_t b[8];

	if (r->env->read(r->env->ctx, addr, b, width))
		return false;
	*ret = width == 8 ? (int64_t)zu_be64(b) : (int32_t)zu_be32(b);
	return true;
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

static bool is_other_table(const struct zu_run *r, uint64_t addr)
{
	size_t i;

	for (i = 0; i < r->w->nr_jumps; i++)
		if (r->w->jumps[i].addr == addr)
			return true;
	return false;
}

bool zu_flow_jumps_follow(struct zu_run *r, zu_val target)
{
	bool relative = zu_val_is(target, ZU_VAL_LABEL);
	struct zu_jumps t;
	int64_t off, entry;

	if (!relative && !zu_val_is(target, ZU_VAL_TABLE))
		return false;
	t = r->w->jumps[zu_val_num(target)];
	sweep(r);
	for (off = 0; off <= t.max; off += t.width) {
		if (off / t.width == MAX_ENTRIES ||
		    (off && !t.exact && is_other_table(r, t.addr + (uint64_t)off)))
			break;
		if (!read_entry(r, t.addr + (uint64_t)off, t.width, &entry))
			break;
		entry += relative ? (int64_t)t.addr : 0;
		entry -= (int64_t)r->func->addr;
		if (!is_target(r, entry))
			break;
		zu_flow_goto(r, (uint32_t)entry, &r->s);
		if (r->nomem || r->again)
			return true;
	}
	r->w->jumps[zu_val_num(target)].used = true;
	return off && (off > t.max || !t.exact);
}
