/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Jump tables: a table of constants, read with an index that a comparison
 * bounds; what is read, with the table's address added or not, is where the
 * jump goes. With a bound all targets are known, and none that is not one.
 */
#include "flow/private.h"

#include "core/bytes.h"
#include "util/grow.h"

/* No switch statement has more. */
#define MAX_ENTRIES 65536

static bool table_of(const struct zu_run *r, const struct zu_mem *m,
		     uint64_t *addr, int64_t *max)
{
	zu_val a, b, t;

	if (m->base == ZU_NO_REG || m->index == ZU_NO_REG)
		return false;
	a = r->s.reg[m->base];
	b = r->s.reg[m->index];
	if (!zu_val_is(a, ZU_VAL_CONST)) {
		t = a;
		a = b;
		b = t;
	}
	if (!zu_val_is(a, ZU_VAL_CONST))
		return false;
	*addr = (uint64_t)(zu_val_num(a) + m->disp);
	*max = zu_val_is(b, ZU_VAL_MAX) ? zu_val_num(b) : -1;
	return true;
}

zu_val zu_flow_jumps_load(struct zu_run *r, const struct zu_insn *insn)
{
	struct zu_flow_scratch *w = r->w;
	struct zu_jumps *t;
	uint64_t addr;
	int64_t max;
	size_t i;

	if (!insn->nr_mem || !table_of(r, &insn->mem[0], &addr, &max))
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
	w->jumps[i] = (struct zu_jumps){
		.addr = addr,
		.max = max,
		.load = r->off,
		.width = insn->op == ZU_OP_lg ? 8 : 4,
	};
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
	if (!zu_val_is(a, ZU_VAL_TABLE) || !zu_val_is(b, ZU_VAL_CONST))
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

bool zu_flow_jumps_follow(struct zu_run *r, zu_val target)
{
	bool relative = zu_val_is(target, ZU_VAL_LABEL);
	struct zu_jumps t;
	int64_t off, entry;

	if (!relative && !zu_val_is(target, ZU_VAL_TABLE))
		return false;
	t = r->w->jumps[zu_val_num(target)];
	if (t.max < 0 || t.max / t.width >= MAX_ENTRIES)
		return false;
	for (off = 0; off <= t.max; off += t.width) {
		if (!read_entry(r, t.addr + (uint64_t)off, t.width, &entry))
			return false;
		entry += relative ? (int64_t)t.addr : 0;
		entry -= (int64_t)r->func->addr;
		if (entry < 0 || entry >= r->func->len || entry % 2)
			return false;
		zu_flow_goto(r, (uint32_t)entry, &r->s);
		if (r->nomem || r->again)
			return true;
	}
	r->f->stats.jump_tables++;
	return true;
}
