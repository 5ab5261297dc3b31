/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/watch.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/source.h"
#include "cmd/transition.h"
#include "cmd/watch_wait.h"
#include "util/fail.h"

const char zu_usage_watch[] =
	"Usage: zunwind watch [OPTION]... [SOURCE]\n"
	"\n"
	"Show a transition of a live patch as it goes, until it has ended: how many\n"
	"tasks are pending, why, and who has been there the longest. In a terminal\n"
	"that is one screen, elsewhere a line when something has changed.\n"
	"\n"
	"SOURCE is live, the kernel that runs here (the default on s390x; needs\n"
	"root). Of a dump or capture there is one look.\n"
	"\n"
	"  --interval SECONDS  time from look to look (1)\n"
	"  --for SECONDS       end after that long, if the transition has not\n"
	"  --prometheus FILE   look once, and write metrics for node_exporter\n"
	"  --btf FILE          take type data from FILE, not from memory\n"
	"  --table PATH        take unwind rows of the kernel from PATH, as for\n"
	"                      zunwind stacks\n"
	"\n"
	"Exit status: 0 if the transition has ended, or there is none, or in the one\n"
	"look no task was in the way; 1 if not; 2 if it could not be told.\n";

/* While patches come and go a look can fail: so often in a row, so far apart */
#define TRIES 10
#define SOON 0.1

struct request {
	struct zu_open_options open;
	const char *prometheus;
	double interval;
	double seconds;		/* for so long; 0: till it ends */
};

enum { OPT_INTERVAL, OPT_FOR, OPT_PROMETHEUS, OPT_BTF, OPT_TABLE };

static const struct option options[] = {
	{ "interval", required_argument, NULL, OPT_INTERVAL },
	{ "for", required_argument, NULL, OPT_FOR },
	{ "prometheus", required_argument, NULL, OPT_PROMETHEUS },
	{ "btf", required_argument, NULL, OPT_BTF },
	{ "table", required_argument, NULL, OPT_TABLE },
	{ NULL, 0, NULL, 0 },
};

/* From a tenth of a second to a year: 1, 0.5 */
static bool parse_seconds(const char *s, double *ret)
{
	char *end;

	if (!*s || s[strspn(s, "0123456789.")])
		return false;
	errno = 0;
	*ret = strtod(s, &end);
	return !errno && !*end && *ret >= 0.1 && *ret <= 366.0 * 86400;
}

static int take_option(struct request *q, int opt)
{
	switch (opt) {
	case OPT_INTERVAL:
		return parse_seconds(optarg, &q->interval) ? 0 :
		       cmd_misuse("watch", "'%s' is no time in seconds, 0.1 or more",
				  optarg);
	case OPT_FOR:
		return parse_seconds(optarg, &q->seconds) ? 0 :
		       cmd_misuse("watch", "'%s' is no time in seconds, 0.1 or more",
				  optarg);
	case OPT_PROMETHEUS:
		q->prometheus = optarg;
		return 0;
	case OPT_BTF:
		q->open.btf_path = optarg;
		return 0;
	case OPT_TABLE:
		q->open.table_path = optarg;
		return 0;
	}
	return cmd_misuse("watch", NULL);
}

void watch_put_title(struct zu_buf *b, const struct watch_look *l)
{
	size_t all = l->nr_tasks + l->seen[ZU_KLP_DONE];

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

static int look_till_whole(struct watch *w, bool first, struct zu_error *err)
{
	int i, ret;

	for (i = 0;; i++) {
		ret = look(w, first && !i, err);
		if (!ret || !is_passing(w, ret) || i + 1 == TRIES ||
		    watch_wait(watch_now() + SOON) == WATCH_STOP)
			return ret;
	}
}

/* What has become of the transition that the last look showed */
struct past {
	char patch[ZU_KLP_NAME];	/* "": there was none */
	const char *target;
	double began;
	bool same_patch;
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
			raise(SIGSTOP);
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

	ret = look_till_whole(w, first, err);
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

static int watch(struct watch *w, const struct watch_view *view,
		 const struct request *q, int *status, struct zu_error *err)
{
	double start = watch_now(), next;
	bool last = false;
	int ret = 0;

	*status = -1;
	ret = step(w, view, true, status, err);
	while (!ret && *status < 0 && !last) {
		next = watch_now() + q->interval;
		last = q->seconds > 0 && next >= start + q->seconds;
		if (last)
			next = start + q->seconds;
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

static bool is_window(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

static int run_watch(const char *source, const struct request *q)
{
	bool window = is_window();
	const struct watch_view *view = window ? &watch_window : &watch_lines;
	struct watch w = { .now = WATCH_LOOK_INIT };
	struct zu_error err;
	int ret, status;

	if (source_open(source, &q->open, &w.k, &err))
		return cmd_error(&err);
	w.again = zu_kernel_changes(w.k) || source_is_held(source);
	watch_wait_init(window);
	ret = watch(&w, view, q, &status, &err);
	view->end(&w);
	watch_look_deinit(&w.now);
	source_close(w.k);
	return cmd_finish(ret ? cmd_error(&err) : status);
}

/* The metrics say also that it could not be told; if not even that, it's told here. */
static int write_metrics(const struct request *q, const struct zu_kernel *k,
			 const struct watch_look *l)
{
	struct zu_error err;

	return watch_write_prometheus(q->prometheus, k, l, &err) ?
	       cmd_error(&err) : EXIT_YES;
}

static int run_prometheus(const char *source, const struct request *q)
{
	struct watch w = { .now = WATCH_LOOK_INIT };
	struct zu_error err;
	int ret, status = EXIT_CANT;

	if (source_open(source, &q->open, &w.k, &err)) {
		cmd_error(&err);
		write_metrics(q, NULL, NULL);
		return EXIT_CANT;
	}
	ret = look_till_whole(&w, true, &err);
	if (ret && zu_klp_known(w.k) && !zu_klp_there(w.k)) {
		/* the file says it: nothing to tell a fleet's operator of */
		status = write_metrics(q, w.k, NULL);
	} else if (ret) {
		cmd_error(&err);
		write_metrics(q, w.k, NULL);
	} else {
		status = write_metrics(q, w.k, &w.now);
		if (status == EXIT_YES && watch_look_blocks(&w.now))
			status = EXIT_NO;
	}
	watch_look_deinit(&w.now);
	source_close(w.k);
	return status;
}

int cmd_watch(int argc, char **argv)
{
	struct request q = { .interval = 1 };
	const char *source;
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		ret = take_option(&q, opt);
		if (ret)
			return ret;
	}
	source = source_name("watch", argc, argv);
	if (!source)
		return EXIT_CANT;
	return q.prometheus ? run_prometheus(source, &q) :
	       run_watch(source, &q);
}
