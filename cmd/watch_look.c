/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/watch_look.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/transition_words.h"
#include "util/fail.h"
#include "util/grow.h"

#define COMPARE(x, y) (((x) > (y)) - ((x) < (y)))

bool watch_look_is_same(const struct watch_look *a, const struct watch_look *b)
{
	const struct zu_klp_patch *x = watch_look_patch(a);
	const struct zu_klp_patch *y = watch_look_patch(b);

	return x && y && x->address == y->address &&
	       !strcmp(x->name, y->name) && a->klp.target == b->klp.target;
}

static int add_task(struct watch_look *l, const struct zu_task *task,
		    const struct zu_klp_blocker *b, struct zu_error *err)
{
	const struct zu_trace *trace = &b->kernel_trace;
	struct watch_task *t;

	t = zu_grow(l->task, l->nr_tasks, &l->cap_tasks, sizeof(*t));
	if (!t)
		return zu_fail_nomem(err);
	l->task = t;
	t += l->nr_tasks++;
	*t = (struct watch_task){
		.address = task->address,
		.pid = task->pid,
		.kernel = b->kernel,
		.since = l->at,
	};
	memcpy(t->comm, task->comm, sizeof(t->comm));
	if (t->kernel.frame >= 0 &&
	    (size_t)t->kernel.frame < trace->nr_frames)
		t->frame = trace->frames[t->kernel.frame];
	else
		t->kernel.frame = -1;
	return 0;
}

static int look_at_tasks(struct watch_look *l, struct zu_kernel *k,
			 struct zu_klp_blocker *b, struct zu_error *err)
{
	size_t n = zu_kernel_task_count(k), i;
	struct zu_task task;
	int ret = 0;

	for (i = 0; i < n && !ret; i++) {
		ret = zu_kernel_task(k, i, &task, err);
		if (!ret)
			ret = zu_klp_blocker_look(b, k, l->klp.target,
						  &l->ranges, &task, err);
		if (ret || b->gone)
			continue;
		zu_klp_count_add(&l->count, b);
		if (b->kernel.cause != ZU_KLP_DONE)
			ret = add_task(l, &task, b, err);
	}
	return ret;
}

/* A task_struct is used again for another task: the ID tells. */
static int by_identity(const void *a, const void *b)
{
	const struct watch_task *x = a, *y = b;
	int r = COMPARE(x->address, y->address);

	return r ? r : COMPARE(x->pid, y->pid);
}

static int carry_since(struct watch_look *l, const struct watch_look *before,
		       struct zu_error *err)
{
	struct watch_task *old, *found;
	size_t i, n = before->nr_tasks;

	if (!n || !watch_look_is_same(l, before))
		return 0;
	old = malloc(n * sizeof(*old));
	if (!old)
		return zu_fail_nomem(err);
	memcpy(old, before->task, n * sizeof(*old));
	qsort(old, n, sizeof(*old), by_identity);
	for (i = 0; i < l->nr_tasks; i++) {
		found = bsearch(&l->task[i], old, n, sizeof(*old),
				by_identity);
		if (found)
			l->task[i].since = found->since;
	}
	free(old);
	return 0;
}

static int by_cause(const struct zu_klp_decision *x,
		    const struct zu_klp_decision *y)
{
	int r = COMPARE(x->cause, y->cause);

	r = r ? r : COMPARE(x->why, y->why);
	return r ? r : COMPARE(x->range, y->range);
}

/*
 * Who is in the way comes first, the longest on top. Of those that have been there
 * for as long, one that sleeps is more likely to stay than one that runs.
 */
static int by_weight(const void *a, const void *b)
{
	const struct watch_task *x = a, *y = b;
	int r = COMPARE(zu_klp_blocks(&y->kernel), zu_klp_blocks(&x->kernel));

	r = r ? r : COMPARE(x->since, y->since);
	r = r ? r : by_cause(&y->kernel, &x->kernel);
	r = r ? r : COMPARE(x->pid, y->pid);
	return r ? r : COMPARE(x->address, y->address);
}

static int by_task_cause(const void *a, const void *b)
{
	const struct watch_task *x = a, *y = b;

	return by_cause(&x->kernel, &y->kernel);
}

static int by_count(const void *a, const void *b)
{
	const struct watch_sum *x = a, *y = b;
	int r = COMPARE(zu_klp_blocks(&y->cause), zu_klp_blocks(&x->cause));

	r = r ? r : COMPARE(y->count, x->count);
	return r ? r : by_cause(&x->cause, &y->cause);
}

static int make_sums(struct watch_look *l, struct zu_error *err)
{
	size_t i, cap = 0;
	void *more;

	if (!l->nr_tasks)
		return 0;
	qsort(l->task, l->nr_tasks, sizeof(*l->task), by_task_cause);
	for (i = 0; i < l->nr_tasks; i++) {
		if (!i || by_task_cause(&l->task[i - 1], &l->task[i])) {
			more = zu_grow(l->sum, l->nr_sums, &cap,
				       sizeof(*l->sum));
			if (!more)
				return zu_fail_nomem(err);
			l->sum = more;
			l->sum[l->nr_sums++] = (struct watch_sum){
				.cause = l->task[i].kernel,
			};
		}
		l->sum[l->nr_sums - 1].count++;
	}
	qsort(l->sum, l->nr_sums, sizeof(*l->sum), by_count);
	return 0;
}

/* Names have to be asked for while the kernel may be looked at. */
static int name_places(struct watch_look *l, struct zu_kernel *k,
		       struct zu_error *err)
{
	size_t i;

	for (i = 0; i < l->nr_tasks && i < WATCH_PLACES; i++) {
		struct watch_task *t = &l->task[i];
		struct zu_buf b = { .data = NULL };

		if (t->kernel.frame < 0)
			continue;
		transition_put_place(&b, k, &t->frame);
		zu_buf_add(&b, "", 1);
		if (b.failed) {
			zu_buf_deinit(&b);
			return zu_fail_nomem(err);
		}
		t->place = b.data;
	}
	return 0;
}

static int put_in_order(struct watch_look *l, struct zu_kernel *k,
			const struct watch_look *before, struct zu_error *err)
{
	int ret = carry_since(l, before, err);

	if (!ret)
		ret = make_sums(l, err);
	if (ret || !l->nr_tasks)
		return ret;
	qsort(l->task, l->nr_tasks, sizeof(*l->task), by_weight);
	return name_places(l, k, err);
}

int watch_look_take(struct watch_look *l, struct zu_kernel *k,
		    const struct watch_look *before, double at,
		    struct zu_error *err)
{
	struct zu_klp_blocker b = ZU_KLP_BLOCKER_INIT;
	int ret;

	l->at = at;
	ret = zu_klp_read(k, &l->klp, err);
	if (!ret)
		ret = zu_klp_ranges_transition(&l->ranges, &l->klp, err);
	if (!ret && watch_look_patch(l))
		ret = look_at_tasks(l, k, &b, err);
	if (!ret)
		ret = put_in_order(l, k, before, err);
	/* at last: that a name could not be read is no error of its own */
	if (!ret)
		ret = zu_klp_check(&l->klp, k, err);
	zu_klp_blocker_deinit(&b);
	return ret;
}

void watch_look_deinit(struct watch_look *l)
{
	size_t i;

	for (i = 0; i < l->nr_tasks; i++)
		free(l->task[i].place);
	free(l->task);
	free(l->sum);
	zu_klp_ranges_deinit(&l->ranges);
	zu_klp_deinit(&l->klp);
	*l = (struct watch_look)WATCH_LOOK_INIT;
}
