/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow/flow.h"

#include <stdlib.h>
#include <string.h>

#include "flow/private.h"
#include "flow/thunk.h"
#include "flow/walk.h"
#include "util/fail.h"
#include "util/grow.h"

static bool more_half(struct zu_flow_scratch *w, size_t half)
{
	size_t cap = w->cap_half ? w->cap_half : 1024;
	void *p;

	if (half <= w->cap_half)
		return true;
	while (cap < half)
		cap *= 2;
	w->cap_half = 0;
	if (!(p = realloc(w->mark, cap)))
		return false;
	w->mark = p;
	if (!(p = realloc(w->insn_of, cap * sizeof(*w->insn_of))))
		return false;
	w->insn_of = p;
	if (!(p = realloc(w->node_of, cap * sizeof(*w->node_of))))
		return false;
	w->node_of = p;
	if (!(p = realloc(w->row_of, cap * sizeof(*w->row_of))))
		return false;
	w->row_of = p;
	w->cap_half = cap;
	return true;
}

/* The first row is the undefined one: see walk.c. */
static bool first_row(struct zu_flow_scratch *w)
{
	if (w->row)
		return true;
	w->row = zu_grow(NULL, 0, &w->cap_row, sizeof(*w->row));
	if (w->row)
		memset(&w->row[0], 0, sizeof(w->row[0]));
	return w->row;
}

static bool prepare(struct zu_flow *f, const struct zu_flow_func *func)
{
	struct zu_flow_scratch *w = f->scratch;
	size_t half = (func->len + 1) / 2;

	if (!w)
		w = f->scratch = calloc(1, sizeof(*w));
	if (!w || !more_half(w, half) || !first_row(w))
		return false;
	memset(w->mark, 0, half);
	memset(w->row_of, 0, half * sizeof(*w->row_of));
	w->nr_insn = w->nr_jumps = 0;
	w->swept = w->computes = false;
	f->hint = NULL;
	return true;
}

static bool add_row(struct zu_run *r, uint32_t off, const struct zu_row *row)
{
	struct zu_flow *f = r->f;
	struct zu_flow_row *rows;

	if (f->nr_rows && !memcmp(&f->rows[f->nr_rows - 1].row, row,
				  sizeof(*row)))
		return true;
	rows = zu_grow(f->rows, f->nr_rows, &r->w->cap_rows, sizeof(*rows));
	if (!rows)
		return false;
	f->rows = rows;
	f->rows[f->nr_rows++] = (struct zu_flow_row){
		.offset = off,
		.row = *row,
	};
	return true;
}

/* The end of the function can cut the last one. */
static bool add_call(struct zu_run *r, uint32_t off,
		     const struct zu_insn *insn)
{
	struct zu_flow *f = r->f;
	struct zu_flow_call *calls;

	if (insn->link != 14 || insn->len > r->func->len - off ||
	    (insn->flow != ZU_FLOW_CALL && insn->flow != ZU_FLOW_CALL_REG))
		return true;
	calls = zu_grow(f->calls, f->nr_calls, &r->w->cap_calls,
			sizeof(*calls));
	if (!calls)
		return false;
	f->calls = calls;
	f->calls[f->nr_calls++] = (struct zu_flow_call){
		.offset = off,
		.last = off + insn->len - 2,
		.thunk = r->w->mark[off / 2] & ZU_MARK_THUNK,
	};
	return true;
}

static void count(struct zu_flow_stats *s, const struct zu_insn *insn,
		  const struct zu_row *row)
{
	s->insns++;
	s->rows_known += row->kind != ZU_ROW_UNDEFINED;
	s->calls += insn->flow >= ZU_FLOW_CALL &&
		    insn->flow <= ZU_FLOW_CALL_MEM;
	s->executed += insn->flow == ZU_FLOW_EXECUTE;
	s->traps += insn->flow == ZU_FLOW_TRAP;
}

static void count_tables(struct zu_flow_stats *s,
			 const struct zu_flow_scratch *w)
{
	size_t i;

	for (i = 0; i < w->nr_jumps; i++) {
		s->jump_tables += w->jumps[i].used;
		s->open_tables += w->jumps[i].used && !w->jumps[i].exact;
	}
}

/* From instructions to ranges; what no path reaches is undefined. */
static bool collect(struct zu_run *r)
{
	static const struct zu_row none;
	const struct zu_flow_scratch *w = r->w;
	const struct zu_insn *insn;
	const struct zu_row *row;
	uint32_t off, end = 0, number, last = UINT32_MAX;

	memset(&r->f->stats, 0, sizeof(r->f->stats));
	r->f->nr_rows = r->f->nr_calls = 0;
	for (off = 0; off < r->func->len; off += 2) {
		number = w->row_of[off / 2];
		if (!number && off < end)
			continue;
		row = number ? &w->row[number - 1] : &none;
		if (number && off < end) {
			r->phase = ZU_PHASE_REPORT;
			r->s.bad = false;
			r->node = 0;
			zu_flow_find_at(r, ZU_FINDING_OVERLAP, off);
		}
		if (number != last && !add_row(r, off, row))
			return false;
		last = number;
		if (!number)
			continue;
		insn = &w->insn[w->insn_of[off / 2]];
		if (!add_call(r, off, insn))
			return false;
		count(&r->f->stats, insn, row);
		end = off + insn->len;
	}
	count_tables(&r->f->stats, w);
	return true;
}

static int by_offset(const void *a, const void *b)
{
	const struct zu_finding *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static int by_jump(const void *a, const void *b)
{
	const struct zu_flow_leave *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static bool give_up(struct zu_run *r)
{
	memset(r->w->row_of, 0,
	       (r->func->len + 1) / 2 * sizeof(*r->w->row_of));
	r->f->nr_findings = r->f->nr_leaves = 0;
	/* tables were followed, but nothing is said of where they led */
	r->w->nr_jumps = 0;
	r->phase = ZU_PHASE_REPORT;
	r->s.bad = false;
	r->node = 0;
	if (r->vanished)
		zu_flow_find_at(r, r->doubt, r->doubt_off);
	else
		zu_flow_find_at(r, ZU_FINDING_TOO_COMPLEX, 0);
	return collect(r);
}

static bool look(struct zu_run *r)
{
	r->budget = 1000000 + (uint64_t)r->func->len * 64;
	r->tired = false;
	if (!zu_flow_walk(r))
		return false;
	if (r->tired)
		return give_up(r);
	if (!collect(r))
		return false;
	if (r->f->nr_findings)
		qsort(r->f->findings, r->f->nr_findings,
		      sizeof(*r->f->findings), by_offset);
	if (r->f->nr_leaves)
		qsort(r->f->leaves, r->f->nr_leaves, sizeof(*r->f->leaves),
		      by_jump);
	return true;
}

/*
 * First as if every call came back, which costs no look at the callees. What
 * then looks wrong may come from a call that does not.
 */
static bool look_harder(struct zu_run *r)
{
	if (!look(r))
		return false;
	if (r->tired ? !r->vanished : !r->f->nr_findings && r->came_back)
		return true;
	r->strict = true;
	return look(r);
}

/* What cannot be followed: that it comes back is all that may be said. */
static bool undefined(struct zu_run *r)
{
	static const struct zu_row none;

	r->f->nr_rows = r->f->nr_findings = 0;
	r->f->nr_calls = r->f->nr_leaves = 0;
	r->f->returns = true;
	return add_row(r, 0, &none);
}

/*
 * A thunk is called, jumped to, and returned by: what its register holds is a
 * function, a place in one (ftrace_common), or the return address, and then
 * r14 need not be that. Only in r14 it is one whichever way it came.
 */
static const struct zu_hint *find_hint(const struct zu_flow_env *env,
				       const struct zu_flow_func *func,
				       bool *is_thunk)
{
	static const struct zu_hint thunk = {
		.kind = ZU_HINT_OPAQUE,
		.reason = "an expoline thunk: goes to where a register says, be it a return or a call",
	};
	unsigned int dest = zu_flow_thunk(env, func->addr);

	*is_thunk = dest & ZU_DEST_THUNK;
	if (dest & ZU_DEST_THUNK && (dest & ZU_DEST_THUNK_REG) != 14)
		return &thunk;
	return zu_hint_find(func->name, func->code, func->len);
}

/* What is known holds on the paths that are known, and these are not all. */
static bool forget_rows(struct zu_run *r)
{
	static const struct zu_row none;

	r->f->nr_rows = r->f->stats.rows_known = 0;
	return add_row(r, 0, &none);
}

int zu_flow_run(struct zu_flow *f, const struct zu_flow_env *env,
		const struct zu_flow_func *func, struct zu_error *err)
{
	struct zu_run r = { .f = f, .env = env, .func = func };
	bool ok;

	if (!func->len || func->len > ZU_FLOW_MAX_LEN || func->addr % 2)
		return zu_fail(err, ZU_EINVAL,
			       "no function: %u bytes at 0x%llx", func->len,
			       (unsigned long long)func->addr);
	if (!prepare(f, func))
		return zu_fail_nomem(err);
	r.w = f->scratch;
	r.hint = find_hint(env, func, &f->thunk);
	r.entry = r.hint && r.hint->kind != ZU_HINT_RA_R0;
	memset(&f->stats, 0, sizeof(f->stats));
	ok = r.hint && r.hint->kind == ZU_HINT_OPAQUE ? undefined(&r) :
							look_harder(&r);
	if (!ok || (r.astray && !forget_rows(&r)))
		return zu_fail_nomem(err);
	f->verdict = f->nr_findings ? ZU_FLOW_UNPROVEN :
		     r.hint ? ZU_FLOW_HINTED : ZU_FLOW_PROVEN;
	f->hint = r.hint ? r.hint->reason : NULL;
	f->returns |= f->nr_findings > 0;
	return 0;
}

void zu_flow_deinit(struct zu_flow *f)
{
	struct zu_flow_scratch *w = f->scratch;

	if (w) {
		free(w->mark);
		free(w->insn_of);
		free(w->node_of);
		free(w->row_of);
		free(w->insn);
		free(w->nodes);
		free(w->row);
		free(w->jumps);
		free(w->todo);
		free(w->work);
		free(w);
	}
	free(f->rows);
	free(f->calls);
	free(f->leaves);
	free(f->findings);
	*f = (struct zu_flow)ZU_FLOW_INIT;
}
