/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A second opinion on the walk and on the kernel's verdict: the same rules,
 * told once more from the kernel's text, by recursion over a flat memory
 * instead of an iterator over a reader, and without reasons for people. What
 * core/ finds has to be equal, frame by frame.
 *
 * Sources, the same in 6.1, 6.12 and 7.2: arch/s390/kernel/unwind_bc.c,
 * stacktrace.c and dumpstack.c, arch/s390/include/asm/unwind.h.
 */
#ifndef ZU_TESTS_MAKE_MODEL_H
#define ZU_TESTS_MAKE_MODEL_H

#include "tests/make/world.h"

struct model_spot {
	uint64_t sp;
	uint64_t ip;
	uint64_t regs;
	enum zu_stack_type type;
	bool reliable;
};

struct model {
	const struct world *w;
	struct model_spot *spot;	/* of the caller */
	unsigned int room;
	unsigned int n;
	bool error;
	/* private */
	struct zu_stack now;
	bool been[8];
	unsigned int graph;
	unsigned int probe;
};

/* What arch_stack_walk_reliable() would stop at */
enum model_verdict {
	MODEL_RELIABLE,
	MODEL_OTHER_STACK,
	MODEL_REGS,
	MODEL_NO_ADDRESS,
	MODEL_TRAMPOLINE,
	MODEL_FULL,
	MODEL_ERROR,
};

static inline uint64_t model_word(const struct model *m, uint64_t addr)
{
	const uint8_t *p = world_at(m->w, addr, 8);
	uint64_t v = 0;
	int i;

	if (!p)
		abort(); /* the kernel would have read outside its stacks */
	for (i = 0; i < 8; i++)
		v = v * 256 + p[i];
	return v;
}

static inline bool model_fits(const struct model *m, uint64_t addr,
			      uint64_t len)
{
	return addr >= m->now.begin && addr <= m->now.end &&
	       m->now.end - addr >= len;
}

static inline bool model_text(const struct model *m, uint64_t addr)
{
	unsigned int i;

	for (i = 0; i < m->w->texts; i++)
		if (addr >= m->w->text[i].begin && addr < m->w->text[i].end)
			return true;
	return false;
}

/* unwind_recover_ret_addr() */
static inline uint64_t model_recover(struct model *m, uint64_t sp, uint64_t ip)
{
	const struct world *w = m->w;
	unsigned int i;

	if (ip && ip == w->env.return_to_handler) {
		for (i = m->graph ? m->graph : w->shadows; i; i--)
			if (w->shadow[i - 1].sp == sp &&
			    w->shadow[i - 1].ret != ip)
				break;
		if (i) {
			m->graph = i - 1;
			ip = w->shadow[i - 1].ret;
		}
	}
	if (!ip || ip != w->env.rethook_trampoline)
		return ip;
	while (m->probe < w->probes) {
		const struct world_record *r = &w->probe[m->probe];

		/* trampolines at the very end stay unseen */
		for (i = m->probe; i < w->probes; i++, r++)
			if (r->ret != w->env.rethook_trampoline)
				break;
		if (i == w->probes)
			return 0;
		m->probe = i + 1;
		if (r->sp == sp || !r->ret)
			return r->ret;
	}
	return 0;
}

/* get_stack_info(), and that a frame fits there */
static inline bool model_enter(struct model *m, uint64_t sp)
{
	unsigned int i;

	if (sp == 0 || (sp & 7) != 0)
		return false;
	for (i = 0; i < m->w->task.nr_stacks; i++) {
		const struct zu_stack *s = &m->w->stack[i];

		if (sp < s->begin || sp >= s->end)
			continue;
		if (m->been[s->type])
			return false;
		m->been[s->type] = true;
		m->now = *s;
		return model_fits(m, sp, 160);
	}
	return false;
}

static inline bool model_may_go(struct model *m, uint64_t from, uint64_t to)
{
	bool up = to > from && to <= m->now.end - 160;

	return (up || model_enter(m, to)) && (to & 7) == 0;
}

static inline void model_step(struct model *m, struct model_spot from);

static inline void model_arrive(struct model *m, struct model_spot spot)
{
	spot.ip = model_recover(m, spot.sp, spot.ip);
	spot.type = m->now.type;
	if (m->n == m->room) {
		m->error = true;
		return;
	}
	m->spot[m->n++] = spot;
	model_step(m, spot);
}

/* There is no back chain at @sp. Are there registers? */
static inline void model_step_regs(struct model *m, uint64_t sp)
{
	struct model_spot next = { .regs = sp + 160, .reliable = true };
	uint64_t size = m->w->env.regs_size;

	m->error = !model_fits(m, next.regs, size);
	if (m->error || next.regs == m->w->task.regs)
		return;
	if (m->now.type == ZU_STACK_IRQ && next.regs == m->now.end - size &&
	    model_word(m, next.regs + 8) >> 48 & 1)
		return; /* came from user space */
	next.ip = model_word(m, next.regs + 16);
	next.sp = model_word(m, next.regs + 24 + 15 * 8);
	m->error = !model_may_go(m, sp, next.sp);
	if (!m->error)
		model_arrive(m, next);
}

static inline void model_step(struct model *m, struct model_spot from)
{
	struct model_spot next = { .sp = from.sp };

	if (from.regs) {
		next.ip = model_word(m, from.sp + 136);
		if (model_text(m, next.ip) &&
		    model_recover(m, next.sp, next.ip) != from.ip) {
			model_arrive(m, next);
			return;
		}
	}
	next.reliable = true;
	next.sp = model_word(m, from.sp + 152);
	if (!next.sp) {
		model_step_regs(m, from.sp);
		return;
	}
	m->error = !model_may_go(m, from.sp, next.sp);
	if (m->error)
		return;
	next.ip = model_word(m, next.sp + 136);
	model_arrive(m, next);
}

/* Set w, spot and room before. */
static inline void model_walk(struct model *m)
{
	struct model_spot first = { .sp = m->w->task.ksp, .reliable = true };

	m->error = !model_enter(m, first.sp);
	if (m->error)
		return;
	first.ip = model_word(m, first.sp + 136);
	model_arrive(m, first);
}

/* After model_walk(). @frame: where */
static inline enum model_verdict model_judge(const struct model *m,
					     unsigned int *frame)
{
	unsigned int i;

	for (i = 0; i < m->n; i++) {
		const struct model_spot *s = &m->spot[i];

		*frame = i;
		if (s->type != ZU_STACK_TASK)
			return MODEL_OTHER_STACK;
		if (s->regs)
			return MODEL_REGS;
		if (!s->ip || !model_text(m, s->ip))
			return MODEL_NO_ADDRESS;
		if (s->ip == m->w->env.rethook_trampoline)
			return MODEL_TRAMPOLINE;
		if (i + 1 >= 100)
			return MODEL_FULL;
	}
	*frame = m->n ? m->n - 1 : 0;
	return m->error ? MODEL_ERROR : MODEL_RELIABLE;
}

#endif
