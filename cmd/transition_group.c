/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/transition_group.h"

#include <stdlib.h>

#include "util/fail.h"
#include "util/grow.h"

static uint64_t place(struct zu_kernel *k, const struct zu_klp_decision *d,
		      const struct zu_trace *t)
{
	struct zu_symbol sym;

	if (d->cause == ZU_KLP_ON_STACK)
		return d->at;
	if (d->frame < 0 || (size_t)d->frame >= t->nr_frames)
		return 0;
	return zu_frame_symbol(k, &t->frames[d->frame], &sym) ? sym.start : 0;
}

/* Frame and address differ from task to task with the same cause. */
static struct zu_klp_decision common(const struct zu_klp_decision *d)
{
	return (struct zu_klp_decision){
		.cause = d->cause, .why = d->why, .range = d->range,
	};
}

int transition_groups_add(struct transition_groups *g, struct zu_kernel *k,
			  const struct zu_task *task,
			  const struct zu_klp_blocker *b,
			  struct zu_error *err)
{
	struct transition_entry *e;

	e = zu_grow(g->entry, g->nr_entries, &g->cap_entries, sizeof(*e));
	if (!e)
		return zu_fail_nomem(err);
	g->entry = e;
	e[g->nr_entries++] = (struct transition_entry){
		.task = *task,
		.cause = {
			.kernel = common(&b->kernel),
			.strict = common(&b->strict),
			.place = place(k, &b->kernel, &b->kernel_trace),
			.state = task->state,
			.kthread = b->klp.kthread,
			.idle = task->idle,
		},
	};
	return 0;
}

#define COMPARE(x, y) (((x) > (y)) - ((x) < (y)))

static int by_decision(const struct zu_klp_decision *x,
		       const struct zu_klp_decision *y)
{
	int r = COMPARE(x->cause, y->cause);

	r = r ? r : COMPARE(x->why, y->why);
	return r ? r : COMPARE(x->range, y->range);
}

static int by_cause(const struct transition_cause *x,
		    const struct transition_cause *y)
{
	int r = by_decision(&x->kernel, &y->kernel);

	r = r ? r : by_decision(&x->strict, &y->strict);
	r = r ? r : COMPARE(x->place, y->place);
	r = r ? r : COMPARE(x->kthread, y->kthread);
	r = r ? r : COMPARE(x->idle, y->idle);
	return r ? r : COMPARE(x->state, y->state);
}

static int by_entry(const void *a, const void *b)
{
	const struct transition_entry *x = a, *y = b;
	int r = by_cause(&x->cause, &y->cause);

	r = r ? r : COMPARE(x->task.pid, y->task.pid);
	return r ? r : COMPARE(x->task.cpu, y->task.cpu);
}

/* The largest first */
static int by_count(const void *a, const void *b)
{
	const struct transition_group *x = a, *y = b;
	int r = COMPARE(y->count, x->count);

	return r ? r : COMPARE(x->first, y->first);
}

int transition_groups_make(struct transition_groups *g, struct zu_error *err)
{
	size_t i;

	g->group = calloc(g->nr_entries + 1, sizeof(*g->group));
	if (!g->group)
		return zu_fail_nomem(err);
	if (!g->nr_entries)
		return 0;
	qsort(g->entry, g->nr_entries, sizeof(*g->entry), by_entry);
	for (i = 0; i < g->nr_entries; i++) {
		if (!i || by_cause(&g->entry[i - 1].cause, &g->entry[i].cause))
			g->group[g->nr_groups++].first = i;
		g->group[g->nr_groups - 1].count++;
	}
	qsort(g->group, g->nr_groups, sizeof(*g->group), by_count);
	return 0;
}

void transition_groups_deinit(struct transition_groups *g)
{
	free(g->entry);
	free(g->group);
	*g = (struct transition_groups){ .entry = NULL };
}
