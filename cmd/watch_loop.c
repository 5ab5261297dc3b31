/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `zunwind watch`: look after look, and what has become of the transition */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/source.h"
#include "cmd/transition.h"
#include "cmd/watch.h"
#include "cmd/watch_wait.h"

/* While patches come and go a look can fail: so often in a row, so far apart */
#define TRIES 10
#define SOON 0.1

void watch_put_title(struct zu_buf *b, const struct watch_look *l)
{
	size_t all = l->nr_tasks + l->count.kernel[ZU_KLP_DONE];

	put_name(b, watch_look_patch(l)->name);
	zu_buf_printf(b, " to %s: %zu of %zu task%s pending",
		      transition_target(l->klp.target), l->nr_tasks, all,
		      all == 1 ? "" : "s");
}

static const char *name_of(const struct watch_look *l, char *buf)
{
	struct zu_buf b = { .data = NULL };

	put_name(&b, watch_look_patch(l)->name);
	snprintf(buf, ZU_KLP_NAME, "%.*s", (int)b.len, b.data ? b.data : "");
	zu_buf_deinit(&b);
	return buf;
}

/*
 * A look in place of the last one. The machine runs on before anything is shown:
 * what is shown needs no memory of it.
 */
static int look(struct watch *w, bool first, struct zu_error *err)
{
	struct watch_look next = WATCH_LOOK_INIT;
	int ret = first ? 0 : source_look(w->k, err);

	if (!ret)
		ret = watch_look_take(&next, w->k, &w->now, watch_now(), err);
	source_let_go(w->k);
	if (ret) {
		watch_look_deinit(&next);
		return ret;
	}
	if (!watch_look_is_same(&next, &w->now) && watch_look_patch(&next))
		w->began = next.at;
	watch_look_deinit(&w->now);
	w->now = next;
	return 0;
}

/* Can another look succeed where this one failed? */
static bool is_passing(const struct watch *w, int code)
{
	return zu_kernel_changes(w->k) &&
	       (code == ZU_EAGAIN || code == ZU_EFAULT || code == ZU_EFORMAT);
}

int watch_take_look(struct watch *w, bool first, struct zu_error *err)
{
	int i, ret;

	for (i = 0;; i++) {
		ret = look(w, first && !i, err);
		if (!ret || !is_passing(w, ret) || i + 1 == TRIES ||
		    !watch_pause(watch_now() + SOON))
			return ret;
	}
}

/* What has become of the transition that the last look showed */
struct past {
	char patch[ZU_KLP_NAME];	/* "": there was none */
	const char *target;
	double began;
};

static struct past remember(const struct watch *w)
{
	struct past p = { .began = w->began };

	if (!watch_look_patch(&w->now))
		return p;
	name_of(&w->now, p.patch);
	p.target = transition_target(w->now.klp.target);
	return p;
}

static int say_end(struct watch *w, const struct watch_view *view,
		   const struct past *p, struct zu_error *err)
{
	char text[256];

	if (*p->patch)
		snprintf(text, sizeof(text),
			 "The transition of %s to %s has ended after %.0f s.",
			 p->patch, p->target, w->now.at - p->began);
	else
		snprintf(text, sizeof(text),
			 "No transition goes on; %zu live patch%s.",
			 w->now.klp.nr_patches,
			 w->now.klp.nr_patches == 1 ? "" : "es");
	return view->say(w, text, err);
}

/* The next look shows another transition than the last one. */
static int say_change(struct watch *w, const struct watch_view *view,
		      const struct past *p, struct zu_error *err)
{
	const char *target = transition_target(w->now.klp.target);
	char name[ZU_KLP_NAME], text[256];

	if (!strcmp(name_of(&w->now, name), p->patch) &&
	    strcmp(target, p->target))
		snprintf(text, sizeof(text),
			 "The transition of %s was turned round after %.0f s: to %s.",
			 name, w->now.at - p->began, target);
	else
		snprintf(text, sizeof(text),
			 "The transition of %s to %s has ended after %.0f s; that of %s to %s goes on.",
			 p->patch, p->target, w->now.at - p->began, name,
			 target);
	return view->say(w, text, err);
}

static int say_stopped(struct watch *w, const struct watch_view *view,
		       struct zu_error *err)
{
	char name[ZU_KLP_NAME], text[256];

	snprintf(text, sizeof(text),
		 "The transition of %s to %s goes on after %.0f s.",
		 name_of(&w->now, name), transition_target(w->now.klp.target),
		 watch_now() - w->began);
	return view->say(w, text, err);
}

/* Wait for the next look. False: there is to be none, or an error (*ret) */
static bool wait_for_next(struct watch *w, const struct watch_view *view,
			  double until, int *ret, struct zu_error *err)
{
	for (;;) {
		switch (watch_wait(until)) {
		case WATCH_TIME:
			return true;
		case WATCH_STOP:
			return false;
		case WATCH_SUSPEND:
			if (view->hide)
				view->hide(w);
			watch_suspend();
			break;
		case WATCH_RESIZE:
			break;
		}
		*ret = view->show(w, err);
		if (*ret)
			return false;
	}
}

/* One look, and what it shows. *@status: what it makes the exit status, or -1 */
static int step(struct watch *w, const struct watch_view *view, bool first,
		int *status, struct zu_error *err)
{
	struct past p = remember(w);
	bool known = *p.patch;
	double began = p.began;
	int ret;

	ret = watch_take_look(w, first, err);
	if (ret)
		return ret;
	if (!watch_look_patch(&w->now)) {
		*status = EXIT_YES;
		return say_end(w, view, &p, err);
	}
	if (known && w->began != began)
		ret = say_change(w, view, &p, err);
	if (!ret)
		ret = view->show(w, err);
	if (!w->again)
		*status = watch_look_blocks(&w->now) ? EXIT_NO : EXIT_YES;
	return ret;
}

int watch_run(struct watch *w, const struct watch_view *view,
	      const struct watch_times *times, int *status,
	      struct zu_error *err)
{
	double start = watch_now(), next;
	bool last = false;
	int ret = 0;

	*status = -1;
	ret = step(w, view, true, status, err);
	while (!ret && *status < 0 && !last) {
		next = watch_now() + times->interval;
		last = times->seconds > 0 && next >= start + times->seconds;
		if (last)
			next = start + times->seconds;
		if (!wait_for_next(w, view, next, &ret, err))
			break;
		ret = step(w, view, false, status, err);
	}
	/* Ctrl-C while looks failed is no failure */
	if (ret && watch_stopped() && watch_look_patch(&w->now))
		ret = 0;
	if (ret || *status >= 0)
		return ret;
	*status = EXIT_NO;
	return say_stopped(w, view, err);
}
