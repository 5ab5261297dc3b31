/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A world for the walk: a few stacks of bytes, ranges of text, and the records
 * of function graph tracing and return probes; if wanted, rows and calls. It
 * notes each read that is not inside one of the stacks.
 */
#ifndef ZU_TESTS_MAKE_WORLD_H
#define ZU_TESTS_MAKE_WORLD_H

#include <stdlib.h>

#include "core/bytes.h"
#include "core/frame_s390x.h"
#include "core/judge.h"
#include "core/unwind.h"

#define WORLD_STACKS 5
#define WORLD_RANGES 64
#define WORLD_RECORDS 16

struct world_range {
	uint64_t begin;
	uint64_t end;
};

/* Where a return address was replaced, and what it was */
struct world_record {
	uint64_t sp;
	uint64_t ret;
};

/*
 * A row for a piece of code; @gone: its memory was given away, @cpu: a CPU
 * begins there
 */
struct world_row {
	uint64_t begin;
	uint64_t end;
	struct zu_row row;
	bool gone;
	bool cpu;
};

/* The call that ends at a return address */
struct world_call {
	uint64_t ret;
	enum zu_call call;
	uint64_t target;
};

/* A function that jumps to another */
struct world_tail {
	uint64_t from;
	uint64_t to;
};

struct world {
	struct zu_unwind_env env;
	struct zu_unwind_task task;
	struct zu_stack stack[WORLD_STACKS];
	uint8_t *mem[WORLD_STACKS];
	struct world_range text[WORLD_RANGES];
	unsigned int texts;
	struct world_range hole[WORLD_RANGES];
	unsigned int holes;
	struct world_record shadow[WORLD_RECORDS];	/* outermost first */
	unsigned int shadows;
	struct world_record probe[WORLD_RECORDS];	/* innermost first */
	unsigned int probes;
	struct world_row row[WORLD_RANGES];	/* the last that covers it */
	unsigned int rows;
	struct world_call call[WORLD_RANGES];
	unsigned int calls;
	struct world_tail tail[WORLD_RANGES];
	unsigned int tails;
	uint64_t hides;
	unsigned int stray;	/* reads outside of the stacks */
};

static inline uint64_t world_size(const struct world *w, unsigned int i)
{
	return w->stack[i].end - w->stack[i].begin;
}

/* Where these bytes are kept, or NULL if they are not on one stack */
static inline uint8_t *world_at(const struct world *w, uint64_t addr,
				uint64_t len)
{
	unsigned int i;

	for (i = 0; i < w->task.nr_stacks; i++)
		if (addr >= w->stack[i].begin && addr < w->stack[i].end &&
		    len <= w->stack[i].end - addr)
			return w->mem[i] + (addr - w->stack[i].begin);
	return NULL;
}

static inline bool world_put(struct world *w, uint64_t addr, uint64_t value)
{
	uint8_t *p = world_at(w, addr, 8);

	if (p)
		zu_put_be64(p, value);
	return p;
}

static inline bool world_covers(const struct world_range *r, unsigned int n,
				uint64_t addr, uint64_t len)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (addr < r[i].end && addr + len > r[i].begin)
			return true;
	return false;
}

static inline int world_read(void *ctx, uint64_t addr, void *buf, size_t len)
{
	struct world *w = ctx;
	const uint8_t *p = world_at(w, addr, len);

	if (!p) {
		w->stray++;
		return -1;
	}
	if (world_covers(w->hole, w->holes, addr, len))
		return -1;
	memcpy(buf, p, len);
	return 0;
}

static inline bool world_is_text(void *ctx, uint64_t addr)
{
	const struct world *w = ctx;

	return world_covers(w->text, w->texts, addr, 1);
}

/*
 * The cursor counts from the top, plus one. A match at the very bottom makes
 * it 0, so that the next search begins at the top again: fgraph in 6.12.
 */
static inline uint64_t world_find_shadow(const struct world *w,
					 struct zu_cursor *cursor,
					 uint64_t ip, uint64_t sp)
{
	uint64_t i = cursor->fgraph ? cursor->fgraph : w->shadows;

	while (i-- > 0) {
		if (w->shadow[i].sp != sp || w->shadow[i].ret == ip)
			continue;
		cursor->fgraph = i;
		return w->shadow[i].ret;
	}
	return ip;
}

/* The cursor stays behind every record that was looked at: rethook in 6.12. */
static inline uint64_t world_find_probe(const struct world *w,
					struct zu_cursor *cursor, uint64_t sp)
{
	uint64_t i;

	for (i = cursor->rethook; i < w->probes; i++) {
		if (w->probe[i].ret == w->env.rethook_trampoline)
			continue;
		cursor->rethook = i + 1;
		if (!w->probe[i].ret || w->probe[i].sp == sp)
			return w->probe[i].ret;
	}
	return 0;
}

static inline uint64_t world_recover(void *ctx, struct zu_cursor *cursor,
				     uint64_t ip, uint64_t sp,
				     enum zu_from *from)
{
	const struct world *w = ctx;

	if (ip && ip == w->env.return_to_handler) {
		*from = ZU_FROM_FGRAPH;
		ip = world_find_shadow(w, cursor, ip, sp);
	}
	if (ip && ip == w->env.rethook_trampoline) {
		*from = ZU_FROM_RETHOOK;
		ip = world_find_probe(w, cursor, sp);
	}
	return ip;
}

static inline bool world_hides_caller(void *ctx, const struct zu_frame *frame)
{
	const struct world *w = ctx;

	return w->hides && frame->ip == w->hides;
}

static inline const struct world_row *world_find_row(const struct world *w,
						     uint64_t addr)
{
	unsigned int i;

	for (i = w->rows; i-- > 0;)
		if (addr >= w->row[i].begin && addr < w->row[i].end)
			return &w->row[i];
	return NULL;
}

static inline void world_site(void *ctx, uint64_t ip, bool exact,
			      struct zu_site *ret)
{
	const struct world *w = ctx;
	uint64_t addr = exact ? ip : ip - 1;
	const struct world_row *row = world_find_row(w, addr);
	unsigned int i;

	memset(ret, 0, sizeof(*ret));
	if (row) {
		ret->row = row->row;
		ret->gone = row->gone;
		ret->cpu = row->cpu;
	}
	for (i = 0; i < w->texts; i++)
		if (world_covers(&w->text[i], 1, addr, 1))
			ret->func = w->text[i].begin;
	for (i = 0; i < w->calls && !exact; i++) {
		if (w->call[i].ret != ip)
			continue;
		ret->call = w->call[i].call;
		ret->target = w->call[i].target;
	}
}

/* One tail call; how several follow each other is the host's business. */
static inline bool world_leads_to(void *ctx, uint64_t target, uint64_t func)
{
	const struct world *w = ctx;
	unsigned int i;

	for (i = 0; i < w->tails; i++)
		if (w->tail[i].from == target && w->tail[i].to == func)
			return true;
	return false;
}

/* From now on there is code to look at. */
static inline void world_have_code(struct world *w)
{
	w->env.site = world_site;
	w->env.leads_to = world_leads_to;
}

/* An empty world; it points to itself, so don't copy it. */
static inline void world_init(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->env = (struct zu_unwind_env){
		.read = world_read,
		.is_text = world_is_text,
		.recover = world_recover,
		.hides_caller = world_hides_caller,
		.regs_size = 200,
	};
	w->task.ctx = w;
	w->task.stacks = w->stack;
}

static inline void world_deinit(struct world *w)
{
	unsigned int i;

	for (i = 0; i < w->task.nr_stacks; i++)
		free(w->mem[i]);
	world_init(w);
}

/* The first stack decides where the task's own registers are. */
static inline bool world_add_stack(struct world *w, enum zu_stack_type type,
				   uint64_t begin, uint64_t size)
{
	unsigned int i = w->task.nr_stacks;
	uint8_t *mem = i < WORLD_STACKS ? calloc(1, size) : NULL;

	if (!mem)
		return false;
	w->stack[i] = (struct zu_stack){ begin, begin + size, type };
	w->mem[i] = mem;
	if (!i)
		w->task.regs = begin + size - w->env.regs_size;
	w->task.nr_stacks++;
	return true;
}

/* A whole walk with its verdicts */
#define WALK_MAX 32768

struct walk {
	struct zu_frame *frame;		/* of the caller */
	struct zu_frame *row_frame;	/* the same, of a walk by rows; or NULL */
	unsigned int room;		/* in frame[]; what is beyond is lost */
	unsigned int n;
	unsigned int row_n;
	bool endless;
	enum zu_why why;
	uint64_t at;
	enum zu_why row_why;
	uint64_t row_at;
	struct zu_judge strict;
	struct zu_judge kernel;
	struct zu_judge chain;	/* by strict rules, but no walk by rows */
};

static inline void walk_by_rows(const struct world *w, struct walk *ret)
{
	struct zu_unwind u;

	ret->row_n = 0;
	zu_judge_init(&ret->strict, ZU_RULES_STRICT);
	for (zu_unwind_start_rows(&u, &w->env, &w->task); !zu_unwind_done(&u);
	     zu_unwind_next(&u)) {
		if (ret->row_n == WALK_MAX) {
			ret->endless = true;
			return;
		}
		if (ret->row_frame && ret->row_n < ret->room)
			ret->row_frame[ret->row_n] = u.frame;
		ret->row_n++;
		zu_judge_frame(&ret->strict, &u);
	}
	zu_judge_end(&ret->strict, &u);
	ret->row_why = u.why;
	ret->row_at = u.at;
}

static inline void walk_world(const struct world *w, struct walk *ret)
{
	struct zu_unwind u;

	ret->n = 0;
	ret->endless = false;
	zu_judge_init(&ret->strict, ZU_RULES_STRICT);
	zu_judge_init(&ret->kernel, ZU_RULES_KERNEL);
	zu_for_each_frame(&u, &w->env, &w->task) {
		if (ret->n == WALK_MAX) {
			ret->endless = true;
			return;
		}
		if (ret->n < ret->room)
			ret->frame[ret->n] = u.frame;
		ret->n++;
		zu_judge_frame(&ret->strict, &u);
		zu_judge_frame(&ret->kernel, &u);
	}
	zu_judge_end(&ret->strict, &u);
	zu_judge_end(&ret->kernel, &u);
	ret->why = u.why;
	ret->at = u.at;
	ret->chain = ret->strict;
	if (w->env.site)
		walk_by_rows(w, ret);
}

#endif
