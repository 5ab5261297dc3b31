/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "core/witness.h"

#include "core/frame_s390x.h"
#include "core/walk.h"

/* Where __switch_to_asm() puts r11, and a caller finds it */
#define SWITCH_R11 (ZU_FRAME_GPRS + 8 * (11 - 6))
#define REGS_R11 (ZU_REGS_GPRS + 8 * 11)

static const struct zu_doubt none;

static struct zu_doubt doubt(enum zu_why why, uint64_t at)
{
	return (struct zu_doubt){ .why = why, .at = at };
}

static struct zu_doubt doubt_before(enum zu_why why, uint64_t at)
{
	return (struct zu_doubt){ .why = why, .before = true, .at = at };
}

/* A task that never ran begins at a function's start: nobody called it. */
static bool never_ran(const struct zu_unwind *u)
{
	return u->frame.from == ZU_FROM_SWITCH && u->env->ret_from_fork &&
	       u->frame.ip == u->env->ret_from_fork;
}

static bool find_cfa(const struct zu_witness *w, const struct zu_unwind *u,
		     uint64_t *ret)
{
	const struct zu_row *row = &w->site.row;
	uint64_t off = (uint64_t)(int64_t)row->cfa_off;

	if (row->cfa_rule == ZU_CFA_LOAD) {
		if (!zu_read_stack(u, w->frame.sp + off, ret))
			return false;
		*ret += ZU_FRAME_SIZE;
		return true;
	}
	if (row->cfa_rule != ZU_CFA_REG)
		return false;
	if (row->cfa_reg == 15)
		*ret = w->frame.sp;
	else if (row->cfa_reg != 11 || !zu_read_fp(u, &w->fp, ret))
		return false;
	*ret += off;
	return true;
}

/*
 * Does the row of the frame before lead to this frame, and to the slot that its
 * return address was taken from?
 */
static bool fits(const struct zu_witness *w, const struct zu_unwind *u)
{
	const struct zu_row *row = &w->site.row;
	uint64_t cfa;

	return row->kind == ZU_ROW_FRAME && find_cfa(w, u, &cfa) &&
	       cfa == u->frame.sp + ZU_FRAME_SIZE &&
	       row->ra_place == ZU_PLACE_CFA &&
	       row->ra_off == ZU_FRAME_R14 - ZU_FRAME_SIZE;
}

/* Does the row of the frame before say that registers lie there? */
static bool has_regs(const struct zu_witness *w, uint64_t regs)
{
	return w->site.row.kind == ZU_ROW_REGS &&
	       regs == w->frame.sp + (uint64_t)(int64_t)w->site.row.cfa_off;
}

static struct zu_doubt link(const struct zu_witness *w,
			    const struct zu_unwind *u)
{
	const struct zu_frame *f = &u->frame;

	if (f->regs) {
		if (w->site.gone || !has_regs(w, f->regs))
			return doubt(ZU_WHY_EXCEPTION_FRAME, f->regs);
		return doubt(u->behind.why, u->behind.at);
	}
	/* found by its row, or there is no row to look at */
	if (w->frame.regs || w->site.gone)
		return none;
	return fits(w, u) ? none : doubt_before(ZU_WHY_FRAME_SIZE, f->sp);
}

static bool called(const struct zu_witness *w, const struct zu_unwind *u,
		   const struct zu_site *site)
{
	const struct zu_unwind_env *env = u->env;
	uint64_t target = site->target;

	switch (site->call) {
	case ZU_CALL_NONE:
		return false;
	case ZU_CALL_UNKNOWN:
		return true;
	case ZU_CALL_INDIRECT:
		/* the scheduler calls the switch by name */
		return w->any;
	case ZU_CALL_DIRECT:
		break;
	}
	/* a kernel may not have one of the two */
	if (!w->any)
		return target && (target == env->switch_to[0] ||
				  target == env->switch_to[1]);
	if (!w->site.func)
		return false;
	return target == w->site.func ||
	       (env->leads_to &&
		env->leads_to(u->task->ctx, target, w->site.func));
}

static struct zu_doubt code(const struct zu_witness *w,
			    const struct zu_unwind *u,
			    const struct zu_site *site, bool exact)
{
	if (site->row.kind == ZU_ROW_UNDEFINED && !site->gone)
		return doubt(ZU_WHY_NO_ROW, u->frame.ip);
	if (!exact && site->cpu && !u->task->idle)
		return doubt(ZU_WHY_CALL_SITE, u->frame.ip);
	if (!exact && !site->gone && !called(w, u, site))
		return doubt(ZU_WHY_CALL_SITE, u->frame.ip);
	return none;
}

/* From the frame before to its caller: where r11 is, by the row */
static void follow_fp(struct zu_witness *w, const struct zu_unwind *u,
		      uint8_t place, int32_t off)
{
	if (place == ZU_PLACE_SAME)
		return;
	w->fp = (struct zu_fp){ .slot = 0 };
	if (place == ZU_PLACE_CFA)
		w->fp.slot = u->frame.sp + ZU_FRAME_SIZE +
			     (uint64_t)(int64_t)off;
}

static void find_fp(struct zu_witness *w, const struct zu_unwind *u)
{
	const struct zu_row *row = &w->site.row;

	if (u->frame.regs)
		w->fp = (struct zu_fp){ .slot = u->frame.regs + REGS_R11 };
	else if (!w->any)
		w->fp = (struct zu_fp){ .slot = u->frame.sp + SWITCH_R11 };
	else if (w->frame.regs)
		w->fp = u->behind.fp;
	else if (w->site.gone)
		w->fp = (struct zu_fp){ .slot = 0 };
	else
		follow_fp(w, u, row->fp_place, row->fp_off);
}

/* All that would be asked was, of frames at the same two addresses. */
static bool is_known(struct zu_witness *w, const struct zu_unwind *u)
{
	const struct zu_frame *f = &u->frame;
	struct zu_link l;

	if (!w->called || f->regs ||
	    !zu_env_link(u->env->link, u->task->ctx, w->frame.ip, f->ip, &l) ||
	    f->sp - w->frame.sp != l.distance)
		return false;
	follow_fp(w, u, l.fp_place, l.fp_off);
	w->frame = *f;
	w->skipped = true;
	return true;
}

/* What depends on more than the two addresses is no link. */
static void learn(const struct zu_witness *w, const struct zu_unwind *u,
		  const struct zu_site *site)
{
	const struct zu_row *row = &w->site.row;
	struct zu_link l = {
		.distance = u->frame.sp - w->frame.sp,
		.fp_off = row->fp_off,
		.fp_place = row->fp_place,
	};

	if (!u->env->learn || !w->called || u->frame.regs || site->cpu ||
	    row->cfa_rule != ZU_CFA_REG || row->cfa_reg != 15)
		return;
	u->env->learn(u->task->ctx, w->frame.ip, u->frame.ip, w->site.func, &l);
}

/* A return address behind a call that is there */
static bool is_call(const struct zu_site *site)
{
	return !site->gone && (site->call == ZU_CALL_DIRECT ||
			       site->call == ZU_CALL_INDIRECT);
}

static void catch_up(struct zu_witness *w, const struct zu_unwind *u)
{
	if (w->skipped)
		u->env->site(u->task->ctx, w->frame.ip, false, &w->site);
	w->skipped = false;
}

/* Apart, so that what is asked of most frames stays short */
static __attribute__((__noinline__)) struct zu_doubt
ask(struct zu_witness *w, const struct zu_unwind *u)
{
	const struct zu_frame *f = &u->frame;
	bool exact = f->regs || never_ran(u), call;
	struct zu_doubt d = none;
	struct zu_site site;

	catch_up(w, u);
	if (w->any)
		d = link(w, u);
	if (d.why)
		return d;
	u->env->site(u->task->ctx, f->ip, exact, &site);
	d = code(w, u, &site, exact);
	w->through |= f->regs != 0;
	w->blind |= site.gone || (!exact && site.call == ZU_CALL_UNKNOWN);
	/* what the kernel refuses needs every witness */
	if (!d.why && w->through && w->blind)
		d = doubt(ZU_WHY_NO_ROW, f->ip);
	call = is_call(&site);
	if (!d.why && call)
		learn(w, u, &site);
	find_fp(w, u);
	w->frame = *f;
	w->site = site;
	w->called = call;
	w->any = true;
	return d;
}

struct zu_doubt zu_witness_frame(struct zu_witness *w,
				 const struct zu_unwind *u)
{
	return is_known(w, u) ? none : ask(w, u);
}

struct zu_doubt zu_witness_end(struct zu_witness *w,
			       const struct zu_unwind *u)
{
	catch_up(w, u);
	if (!w->any || w->site.gone || w->site.row.kind == ZU_ROW_END)
		return none;
	if (!has_regs(w, u->task->regs))
		return doubt(ZU_WHY_FRAME_SIZE, w->frame.sp);
	return none;
}
