/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A second opinion on the strict verdict by rows and calls: what has to be so,
 * frame by frame, told once more over a flat memory and without an order in
 * which it is asked.
 */
#ifndef ZU_TESTS_MAKE_MODEL_ROWS_H
#define ZU_TESTS_MAKE_MODEL_ROWS_H

#include "tests/make/world.h"

/* A number that may not be known */
struct maybe {
	bool known;
	uint64_t value;
};

static inline struct maybe maybe_word(const struct world *w, uint64_t addr)
{
	const struct zu_stack *s = &w->stack[0];
	struct maybe m = { .known = false };

	/* all of it lies on the task's own stack */
	if (addr < s->begin || addr >= s->end || s->end - addr < 8)
		return m;
	m.known = !world_covers(w->hole, w->holes, addr, 8);
	m.value = zu_be64(world_at(w, addr, 8));
	return m;
}

/* A register that an interrupt saved */
static inline struct maybe saved_reg(const struct world *w,
				     const struct zu_frame *f, unsigned int n)
{
	return maybe_word(w, f->regs + 24 + 8 * n);
}

static inline struct zu_site model_site(const struct world *w,
					const struct zu_frame *f, bool *exact)
{
	struct zu_site site;

	*exact = f->regs || (f->from == ZU_FROM_SWITCH && f->ip &&
			     f->ip == w->env.ret_from_fork);
	world_site((void *)w, f->ip, *exact, &site);
	return site;
}

/* What was interrupted: where its caller is, by the row and the registers */
struct model_behind {
	bool found;
	uint64_t sp;
	uint64_t ip;
	struct maybe fp;
};

/* Below the interrupted stack pointer nothing is kept. */
static inline struct maybe live_word(const struct world *w,
				     const struct zu_frame *f, uint64_t addr)
{
	struct maybe none = { .known = false };

	return addr < f->sp ? none : maybe_word(w, addr);
}

static inline struct maybe behind_cfa(const struct world *w,
				      const struct zu_frame *f,
				      const struct zu_row *row)
{
	struct maybe m;

	if (row->cfa_rule == ZU_CFA_REG) {
		m = saved_reg(w, f, row->cfa_reg);
		m.value += (uint64_t)(int64_t)row->cfa_off;
		return m;
	}
	m = live_word(w, f, f->sp + (uint64_t)(int64_t)row->cfa_off);
	m.value += 160;
	return m;
}

static inline struct maybe behind_value(const struct world *w,
					const struct zu_frame *f,
					uint8_t place, unsigned int reg,
					uint64_t slot)
{
	struct maybe none = { .known = false };

	if (place == ZU_PLACE_SAME || place == ZU_PLACE_REG)
		return saved_reg(w, f, reg);
	return place == ZU_PLACE_CFA ? live_word(w, f, slot) : none;
}

static inline struct model_behind look_behind(const struct world *w,
					      const struct zu_frame *f,
					      const struct zu_row *row)
{
	struct model_behind b = { .found = false };
	struct maybe mask = maybe_word(w, f->regs + 8);
	struct maybe sp = saved_reg(w, f, 15), cfa, ra;

	/* address translation, 64 bits, and not the problem state */
	if (!mask.known || !(mask.value >> 58 & 1) ||
	    (mask.value >> 31 & 3) != 3 || mask.value >> 48 & 1)
		return b;
	if (!sp.known || sp.value != f->regs + w->env.regs_size ||
	    row->kind != ZU_ROW_FRAME)
		return b;
	cfa = behind_cfa(w, f, row);
	b.sp = cfa.value - 160;
	if (!cfa.known || b.sp < f->sp || b.sp % 8 ||
	    b.sp > w->stack[0].end - 160)
		return b;
	ra = behind_value(w, f, row->ra_place, row->ra_place == ZU_PLACE_SAME ?
			  14 : row->ra_reg,
			  cfa.value + (uint64_t)(int64_t)row->ra_off);
	b.fp = behind_value(w, f, row->fp_place, row->fp_place == ZU_PLACE_SAME ?
			    11 : row->fp_reg,
			    cfa.value + (uint64_t)(int64_t)row->fp_off);
	b.ip = ra.value;
	b.found = ra.known;
	return b;
}

/* r11 at the caller of @f, which is @next */
static inline struct maybe next_fp(const struct world *w,
				   const struct zu_site *site, struct maybe fp,
				   const struct zu_frame *next)
{
	struct maybe none = { .known = false };

	if (site->gone)
		return none;
	if (site->row.fp_place == ZU_PLACE_SAME)
		return fp;
	if (site->row.fp_place != ZU_PLACE_CFA)
		return none;
	return maybe_word(w, next->sp + 160 +
			     (uint64_t)(int64_t)site->row.fp_off);
}

/* Does the row lead from a frame to its caller? */
static inline bool leads_on(const struct world *w, const struct zu_frame *f,
			    const struct zu_row *row, struct maybe fp,
			    const struct zu_frame *next)
{
	uint64_t off = (uint64_t)(int64_t)row->cfa_off;
	struct maybe cfa = { true, f->sp + off };

	if (row->kind != ZU_ROW_FRAME || row->ra_place != ZU_PLACE_CFA ||
	    row->ra_off != -24)
		return false;
	if (row->cfa_rule == ZU_CFA_LOAD) {
		cfa = maybe_word(w, f->sp + off);
		cfa.value += 160;
	} else if (row->cfa_reg == 11) {
		cfa = fp;
		cfa.value += off;
	} else if (row->cfa_reg != 15) {
		return false;
	}
	return cfa.known && cfa.value == next->sp + 160;
}

/* Can the call at a return address have led to the frame before, if any? */
static inline bool was_called(const struct world *w, const struct zu_site *s,
			      const struct zu_site *before)
{
	if (s->call == ZU_CALL_INDIRECT)
		return before;
	if (s->call != ZU_CALL_DIRECT)
		return s->call == ZU_CALL_UNKNOWN;
	if (!before)
		return s->target && (s->target == w->env.switch_to[0] ||
				     s->target == w->env.switch_to[1]);
	return before->func &&
	       (s->target == before->func ||
		world_leads_to((void *)w, s->target, before->func));
}

static inline bool holds_alone(const struct world *w, const struct zu_frame *f)
{
	return f->stack == ZU_STACK_TASK && f->ip && f->ip % 2 == 0 &&
	       world_is_text((void *)w, f->ip) && f->ip != w->hides &&
	       f->ip != w->env.return_to_handler &&
	       f->ip != w->env.rethook_trampoline;
}

static inline bool holds_regs(const struct zu_row *row,
			      const struct zu_frame *f, uint64_t regs)
{
	return row->kind == ZU_ROW_REGS &&
	       regs == f->sp + (uint64_t)(int64_t)row->cfa_off;
}

/* The way from @f to @next; @fp is r11 at @f, then at @next */
static inline bool holds_link(const struct world *w, const struct zu_frame *f,
			      const struct zu_site *s,
			      const struct zu_frame *next, struct maybe *fp)
{
	struct model_behind b;
	bool held;

	if (next->regs) {
		held = !s->gone && holds_regs(&s->row, f, next->regs);
		*fp = saved_reg(w, next, 11);
		return held;
	}
	if (f->regs) {
		b = look_behind(w, f, &s->row);
		*fp = b.fp;
		/* tracers may have replaced the address */
		return b.found && b.sp == next->sp &&
		       (next->from != ZU_FROM_TABLE || b.ip == next->ip);
	}
	held = s->gone || leads_on(w, f, &s->row, *fp, next);
	*fp = next_fp(w, s, *fp, next);
	return held;
}

/*
 * Is the strict verdict on this walk by rows, which came to its end, to be
 * "reliable"?
 */
static inline bool model_rows_judge(const struct world *w,
				    const struct zu_frame *f, unsigned int n)
{
	struct zu_site site, before;
	bool through = false, blind = false, exact;
	struct maybe fp = { .known = false };
	unsigned int i;

	for (i = 0; i < n; i++, before = site) {
		site = model_site(w, &f[i], &exact);
		through |= f[i].regs != 0;
		blind |= site.gone || (!exact && site.call == ZU_CALL_UNKNOWN);
		if (!holds_alone(w, &f[i]) || (through && blind))
			return false;
		if (!site.gone && site.row.kind == ZU_ROW_UNDEFINED)
			return false;
		if (!exact && !site.gone &&
		    !was_called(w, &site, i ? &before : NULL))
			return false;
		if (f[i].regs && !look_behind(w, &f[i], &site.row).found)
			return false;
		if (!i)
			fp = maybe_word(w, f[i].sp + 112);
		else if (!holds_link(w, &f[i - 1], &before, &f[i], &fp))
			return false;
	}
	return n && n < ZU_MAX_ENTRIES &&
	       (site.gone || site.row.kind == ZU_ROW_END ||
		holds_regs(&site.row, &f[n - 1], w->task.regs));
}

#endif
