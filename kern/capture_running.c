/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/capture_running.h"

#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "kern/capture.h"
#include "kern/livepatch.h"
#include "kern/read.h"
#include "kern/relist.h"
#include "kern/task.h"
#include "util/fail.h"

/* A task whose stack was accepted, as it was then */
struct seen {
	struct zu_listed task;
	bool idle;
	bool ran;		/* all the time: no stack was accepted */
	struct zu_verdict strict;
	struct zu_verdict kernel;
	size_t first;		/* of its frames */
	size_t frames;
};

struct look {
	struct zu_kernel *k;
	struct zu_klp klp;
	struct zu_buf seen;
	struct zu_buf frames;
	struct zu_trace strict;
	struct zu_trace kernel;
	bool ran;		/* one of them */
};

static struct seen *seen_at(const struct look *l, size_t *n)
{
	*n = l->seen.len / sizeof(struct seen);
	return (struct seen *)(void *)l->seen.data;
}

/* It has none when it is in no list any more. */
static bool read_signal(struct zu_kernel *k, struct zu_listed *task)
{
	return !zu_read_field(k, task->address, ZU_F_task_signal,
			      &task->signal) && task->signal;
}

static bool is_changed(const struct zu_trace *t)
{
	return t->strict.why == ZU_WHY_CHANGED;
}

/* The frames of both rules have to be of one moment. */
static bool is_same_moment(const struct zu_trace *t, const struct zu_trace *u)
{
	return !u->gone && !u->task.running && !is_changed(u) &&
	       t->switches == u->switches;
}

static int walk_both(struct look *l, const struct zu_task *task, bool *ran,
		     struct zu_error *err)
{
	struct zu_trace *t = &l->strict;
	unsigned int i;
	int ret;

	*ran = false;
	for (i = 0; i < ZU_TASK_TRIES; i++) {
		ret = zu_capture_touch(l->k, task, ZU_RULES_STRICT, t, err);
		*ran = !ret && is_changed(t);
		if (ret || t->gone || *ran || t->task.running ||
		    !zu_capture_needs_both(t))
			return ret;
		ret = zu_capture_touch(l->k, task, ZU_RULES_KERNEL,
				       &l->kernel, err);
		if (ret || is_same_moment(t, &l->kernel))
			return ret;
	}
	*ran = true;
	return 0;
}

static void keep(struct look *l, struct seen *s)
{
	const struct zu_trace *t = &l->strict;

	s->strict = t->strict;
	s->kernel = t->kernel;
	s->first = l->frames.len / sizeof(*t->frames);
	s->frames = t->nr_frames;
	zu_buf_add(&l->frames, t->frames, t->nr_frames * sizeof(*t->frames));
	zu_buf_add(&l->seen, s, sizeof(*s));
}

static int touch_task(struct look *l, size_t i, struct zu_error *err)
{
	struct zu_klp_task klp;
	struct zu_error ignored;
	struct zu_task task;
	struct seen s = { .ran = false };
	int ret = zu_kernel_task(l->k, i, &task, err);

	if (ret)
		return ret;
	s.task = (struct zu_listed){
		.address = task.address, .pid = task.pid, .tgid = task.tgid,
	};
	s.idle = task.idle;
	zu_image_forget(l->k->image);
	if (!s.idle && !read_signal(l->k, &s.task))
		return 0;
	if (l->klp.transition != ZU_KLP_NONE)
		zu_klp_task(l->k, &task, &klp, &ignored);
	ret = walk_both(l, &task, &s.ran, err);
	l->ran |= s.ran;
	if (!ret && !l->strict.gone)
		keep(l, &s);
	return ret;
}

/*
 * What was read of live patching has to be true of all of them. And one that seemed
 * to run may have been refused for a table that is old (zu_fresh_end()).
 */
static int check_look(struct look *l, struct zu_error *err)
{
	int ret = 0;

	l->k->vm.quiet++;
	if (zu_klp_there(l->k))
		ret = zu_klp_check(&l->klp, l->k, err);
	if (!ret && l->ran && !zu_hidden_is_same(l->k))
		ret = zu_fail(err, ZU_EAGAIN, "direct calls came or went");
	l->k->vm.quiet--;
	return ret;
}

static int touch_all(struct look *l, struct zu_error *err)
{
	size_t i;
	int ret = 0;

	if (zu_klp_there(l->k))
		ret = zu_klp_read(l->k, &l->klp, err);
	for (i = 0; i < zu_kernel_task_count(l->k) && !ret; i++)
		ret = touch_task(l, i, err);
	if (!ret)
		ret = check_look(l, err);
	if (!ret && (l->seen.failed || l->frames.failed))
		ret = zu_fail_nomem(err);
	return ret;
}

/* What runs has no stack to look at. */
static void set_running(const struct zu_kernel *k, struct zu_recorder *r,
			uint64_t task)
{
	const struct zu_place *p = &k->layout.place[ZU_F_task_on_cpu];
	uint8_t one[8] = { 0 };

	one[p->size - 1] = 1;
	zu_recorder_add(r, task + p->offset, one, p->size);
}

static void fit_together(const struct look *l, struct zu_recorder *r)
{
	struct zu_relist list;
	size_t n, i;
	const struct seen *s = seen_at(l, &n);

	zu_relist_begin(&list, l->k, r);
	for (i = 0; i < n; i++) {
		if (s[i].ran)
			set_running(l->k, r, s[i].task.address);
		if (!s[i].idle)
			zu_relist_add(&list, &s[i].task);
	}
	zu_relist_end(&list);
}

static bool is_same_verdict(const struct zu_verdict *a,
			    const struct zu_verdict *b)
{
	return a->kind == b->kind && a->why == b->why &&
	       a->frame == b->frame && a->at == b->at;
}

static bool is_same_frames(const struct look *l, const struct seen *s,
			   const struct zu_trace *t)
{
	const struct zu_frame *f = (struct zu_frame *)(void *)l->frames.data;
	size_t i;

	if (t->nr_frames != s->frames)
		return false;
	for (i = 0; i < s->frames; i++)
		if (f[s->first + i].ip != t->frames[i].ip ||
		    f[s->first + i].sp != t->frames[i].sp ||
		    f[s->first + i].regs != t->frames[i].regs)
			return false;
	return true;
}

static bool is_same(const struct look *l, const struct seen *s,
		    const struct zu_trace *t)
{
	if (s->ran)
		return t->task.running;
	return is_same_verdict(&s->strict, &t->strict) &&
	       is_same_verdict(&s->kernel, &t->kernel) &&
	       is_same_frames(l, s, t);
}

static int compare(struct look *l, struct zu_kernel *copy,
		   struct zu_error *err)
{
	size_t n, i;
	const struct seen *s = seen_at(l, &n);
	struct zu_trace *t = &l->strict;
	struct zu_task task;
	int ret = 0;

	if (zu_kernel_task_count(copy) != n)
		return zu_fail(err, ZU_EAGAIN, "tasks came or went");
	for (i = 0; i < n && !ret; i++) {
		ret = zu_kernel_task(copy, i, &task, err);
		t->rules = ZU_RULES_STRICT;
		if (!ret)
			ret = zu_trace_task(t, copy, &task, err);
		if (!ret && (task.address != s[i].task.address ||
			     !is_same(l, &s[i], t)))
			ret = zu_fail(err, ZU_EAGAIN,
				      "what the stack of task %d needs changed",
				      (int)task.pid);
	}
	return ret;
}

static int read_again(struct look *l, const struct zu_contents *c,
		      const struct zu_open_options *options,
		      struct zu_error *err)
{
	struct zu_open_options open = {
		.table_path = options ? options->table_path : NULL,
	};
	struct zu_image *image;
	struct zu_kernel *copy;
	int ret = zu_capture_open(c->part, ZU_CONTENTS_PARTS, &image, err);

	if (!ret)
		ret = zu_kernel_open_image(image, &open, NULL, NULL, &copy,
					   err);
	if (ret)
		return ret;
	ret = compare(l, copy, err);
	zu_kernel_close(copy);
	return ret;
}

static int try_once(struct zu_kernel *k, struct zu_recorder *r,
		    const struct zu_open_options *options,
		    struct zu_contents *ret, size_t *tasks,
		    struct zu_error *err)
{
	struct look l = {
		.k = k, .klp = ZU_KLP_INIT, .strict = ZU_TRACE_INIT,
		.kernel = ZU_TRACE_INIT,
	};
	int code = touch_all(&l, err);

	if (!code) {
		fit_together(&l, r);
		code = zu_contents_make(ret, k, r, err);
	}
	if (!code)
		code = read_again(&l, ret, options, err);
	seen_at(&l, tasks);
	zu_klp_deinit(&l.klp);
	zu_buf_deinit(&l.seen);
	zu_buf_deinit(&l.frames);
	zu_trace_deinit(&l.strict);
	zu_trace_deinit(&l.kernel);
	return code;
}

static bool is_worth_a_try(int code)
{
	return code == ZU_EAGAIN || code == ZU_EFORMAT || code == ZU_EFAULT;
}

int zu_capture_running(struct zu_kernel *k, struct zu_recorder *r,
		       const struct zu_open_options *options,
		       struct zu_contents *ret, size_t *tasks,
		       struct zu_error *err)
{
	int code = try_once(k, r, options, ret, tasks, err), i;

	for (i = 1; i < ZU_CAPTURE_TRIES && is_worth_a_try(code); i++) {
		zu_contents_deinit(ret);
		zu_recorder_deinit(r);
		code = zu_kernel_look(k, err);
		if (!code)
			code = try_once(k, r, options, ret, tasks, err);
	}
	return is_worth_a_try(code) ?
		zu_fail_at(err, "it changes too fast to be captured: take a dump, and capture that") :
		code;
}
