/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/blocker.h"

#include "kern/kernel.h"
#include "util/fail.h"

const char *zu_klp_cause_word(enum zu_klp_cause cause)
{
	static const char *const words[] = {
		[ZU_KLP_DONE] = "done",
		[ZU_KLP_RUNNING] = "running",
		[ZU_KLP_UNRELIABLE] = "unreliable",
		[ZU_KLP_ON_STACK] = "on-stack",
		[ZU_KLP_UNVISITED] = "unvisited",
	};

	return words[cause];
}

static struct zu_klp_decision plain(enum zu_klp_cause cause)
{
	return (struct zu_klp_decision){
		.cause = cause, .frame = -1, .range = ZU_KLP_NONE,
	};
}

static struct zu_klp_decision unreliable(const struct zu_verdict *v)
{
	return (struct zu_klp_decision){
		.cause = ZU_KLP_UNRELIABLE,
		.why = v->why,
		.frame = v->frame,
		.at = v->at,
		.range = ZU_KLP_NONE,
	};
}

/* The kernel looks for one function after another, not at frame after frame. */
static void take_first(struct zu_klp_decision *d,
		       const struct zu_klp_ranges *ranges, uint64_t addr,
		       const struct zu_frame *f, size_t number)
{
	size_t range = zu_klp_ranges_find(ranges, addr);

	if (range >= d->range)
		return;
	*d = (struct zu_klp_decision){
		.cause = ZU_KLP_ON_STACK,
		.frame = (int)number,
		.at = f->ip,
		.range = range,
	};
}

/*
 * klp_check_stack(). An address as it is: that of a call which is the last
 * instruction of its function counts for the function behind it.
 */
static struct zu_klp_decision by_kernel(const struct zu_klp_ranges *ranges,
					const struct zu_trace *t)
{
	struct zu_klp_decision d = plain(ZU_KLP_UNVISITED);
	size_t i;

	if (t->kernel.kind == ZU_RUNNING)
		return plain(ZU_KLP_RUNNING);
	if (t->kernel.kind == ZU_UNRELIABLE)
		return unreliable(&t->kernel);
	for (i = 0; i < t->nr_frames && i < t->kernel_entries; i++)
		take_first(&d, ranges, t->frames[i].ip, &t->frames[i], i);
	return d;
}

/* Whichever of the two functions such a call may be meant to be in */
static struct zu_klp_decision by_strict(const struct zu_klp_ranges *ranges,
					const struct zu_trace *t)
{
	struct zu_klp_decision d = plain(ZU_KLP_UNVISITED);
	size_t i;

	if (t->strict.kind == ZU_RUNNING)
		return plain(ZU_KLP_RUNNING);
	if (t->strict.kind == ZU_UNRELIABLE)
		return unreliable(&t->strict);
	for (i = 0; i < t->nr_frames; i++) {
		const struct zu_frame *f = &t->frames[i];

		take_first(&d, ranges, f->ip, f, i);
		if (f->ip && !f->regs)
			take_first(&d, ranges, f->ip - 1, f, i);
	}
	return d;
}

static bool has_regs(const struct zu_trace *t)
{
	size_t i;

	for (i = 0; i < t->nr_frames; i++)
		if (t->frames[i].regs)
			return true;
	return false;
}

/* Both walks, of the same moment; @same: they are */
static int trace_both(struct zu_klp_blocker *b, struct zu_kernel *k,
		      const struct zu_task *task, bool *same,
		      struct zu_error *err)
{
	int ret = zu_trace_task(&b->kernel_trace, k, task, err);

	*same = true;
	b->two = false;
	if (ret || b->kernel_trace.gone || !has_regs(&b->kernel_trace))
		return ret;
	b->two = true;
	ret = zu_trace_task(&b->strict_trace, k, task, err);
	*same = b->kernel_trace.switches == b->strict_trace.switches &&
		b->strict_trace.kernel.kind == b->kernel_trace.kernel.kind &&
		!b->strict_trace.gone;
	return ret;
}

static int look_at_stack(struct zu_klp_blocker *b, struct zu_kernel *k,
			 const struct zu_klp_ranges *ranges,
			 const struct zu_task *task, struct zu_error *err)
{
	bool same = false;
	int i, ret = 0;

	for (i = 0; !ret && !same && i < ZU_TRACE_TRIES; i++)
		ret = trace_both(b, k, task, &same, err);
	if (ret)
		return ret;
	b->gone = b->kernel_trace.gone;
	b->kernel = by_kernel(ranges, &b->kernel_trace);
	b->strict = by_strict(ranges, b->two ? &b->strict_trace :
			      &b->kernel_trace);
	/* what two moments show is no proof */
	if (!same)
		b->strict = b->kernel;
	return 0;
}

static void begin_look(struct zu_klp_blocker *b)
{
	b->two = false;
	b->gone = false;
	b->kernel_trace.nr_frames = b->strict_trace.nr_frames = 0;
}

int zu_klp_blocker_prospect(struct zu_klp_blocker *b, struct zu_kernel *k,
			    const struct zu_klp_ranges *ranges,
			    const struct zu_task *task, struct zu_error *err)
{
	struct zu_error unused;

	begin_look(b);
	b->klp = (struct zu_klp_task){ .state = ZU_KLP_IDLE };
	/* what state it has is no matter, nor if it ends just now */
	(void)zu_klp_task(k, task, &b->klp, &unused);
	if (!task->idle || !task->offline)
		return look_at_stack(b, k, ranges, task, err);
	b->kernel = b->strict = plain(ZU_KLP_UNVISITED);
	return 0;
}

/*
 * A task that may be switched, or end, while it is looked at. Nobody goes back, so
 * one that was switched when the tasks were listed still is.
 */
static int look_at_changing(struct zu_klp_blocker *b, struct zu_kernel *k,
			    enum zu_klp_state target,
			    const struct zu_klp_ranges *ranges,
			    const struct zu_task *task, struct zu_error *err)
{
	struct zu_error unused;
	int ret;

	b->klp = (struct zu_klp_task){ .state = target };
	b->kernel = b->strict = plain(ZU_KLP_DONE);
	if (task->patch_state == (int32_t)target)
		return 0;
	ret = look_at_stack(b, k, ranges, task, err);
	if (ret || b->gone)
		return ret;
	b->gone = zu_klp_task(k, task, &b->klp, &unused);
	if (!b->gone && b->klp.state == ZU_KLP_IDLE)
		return zu_fail(err, ZU_EAGAIN, "the transition has ended");
	if (b->klp.state == target)
		b->kernel = b->strict = plain(ZU_KLP_DONE);
	else if (task->idle && task->offline)
		b->kernel = b->strict = plain(ZU_KLP_UNVISITED);
	return 0;
}

int zu_klp_blocker_look(struct zu_klp_blocker *b, struct zu_kernel *k,
			enum zu_klp_state target,
			const struct zu_klp_ranges *ranges,
			const struct zu_task *task, struct zu_error *err)
{
	int ret;

	begin_look(b);
	if (k->image->kind->changes)
		return look_at_changing(b, k, target, ranges, task, err);
	ret = zu_klp_task(k, task, &b->klp, err);
	if (ret)
		return ret;
	/* klp_try_complete_transition(): an offline CPU's needs no look */
	if (b->klp.state == target)
		b->kernel = b->strict = plain(ZU_KLP_DONE);
	else if (task->idle && task->offline)
		b->kernel = b->strict = plain(ZU_KLP_UNVISITED);
	else
		return look_at_stack(b, k, ranges, task, err);
	return 0;
}

void zu_klp_blocker_deinit(struct zu_klp_blocker *b)
{
	zu_trace_deinit(&b->kernel_trace);
	zu_trace_deinit(&b->strict_trace);
	*b = (struct zu_klp_blocker)ZU_KLP_BLOCKER_INIT;
}
