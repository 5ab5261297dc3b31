/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `zunwind watch` into a pipe or file: a line when something has changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/cmd.h"
#include "cmd/transition_words.h"
#include "cmd/watch.h"
#include "util/fail.h"

/* Say something at least so often */
#define SECONDS 10

/* So many causes are named. */
#define CAUSES 20

struct lines {
	struct zu_buf last;	/* the causes that were said */
	double began;		/* of which transition */
	double at;		/* when */
};

static void put_time(struct zu_buf *b, const struct watch *w)
{
	time_t now = time(NULL);
	struct tm tm;
	char s[32];

	/* a dump is of another time */
	if (!w->again || !localtime_r(&now, &tm) ||
	    !strftime(s, sizeof(s), "%H:%M:%S ", &tm))
		return;
	zu_buf_printf(b, "%s", s);
}

static void put_sums(struct zu_buf *b, const struct watch_look *l)
{
	size_t i, left = 0;

	for (i = 0; i < l->nr_sums; i++) {
		if (i >= CAUSES) {
			left += l->sum[i].count;
			continue;
		}
		zu_buf_printf(b, "%s %zu ", i ? ";" : ":", l->sum[i].count);
		transition_put_decision(b, &l->ranges, &l->sum[i].cause);
	}
	if (left)
		zu_buf_printf(b, "; %zu others", left);
}

static void put_longest(struct zu_buf *b, const struct watch_look *l)
{
	const struct watch_task *t = l->task;

	if (!l->nr_tasks || !zu_klp_blocks(&t->kernel) || l->at - t->since < 1)
		return;
	zu_buf_printf(b, "; longest, %.0f s: %d ", l->at - t->since, t->pid);
	put_name(b, t->comm);
}

/* That tasks come and go which are switched is none. */
static bool is_news(const struct lines *x, const struct watch *w,
		    const struct zu_buf *sums)
{
	return sums->failed || !x->at || x->began != w->began ||
	       sums->len != x->last.len ||
	       (sums->len && memcmp(sums->data, x->last.data, sums->len)) ||
	       w->now.at - x->at >= SECONDS;
}

/* Who reads a pipe wants each line at once. */
static int put_out(struct zu_buf *out, struct zu_error *err)
{
	int ret = put_flush(out, 0, err);

	zu_buf_deinit(out);
	if (!ret && fflush(stdout))
		ret = cmd_output(ZU_EIO, err);
	return ret;
}

static int lines_show(struct watch *w, struct zu_error *err)
{
	struct zu_buf sums = { .data = NULL }, out = { .data = NULL };
	struct lines *x = w->priv;

	if (!x)
		x = w->priv = calloc(1, sizeof(*x));
	if (!x)
		return zu_fail_nomem(err);
	put_sums(&sums, &w->now);
	if (!is_news(x, w, &sums)) {
		zu_buf_deinit(&sums);
		return 0;
	}
	put_time(&out, w);
	watch_put_title(&out, &w->now);
	zu_buf_add(&out, sums.data, sums.len);
	put_longest(&out, &w->now);
	zu_buf_printf(&out, "\n");
	out.failed |= sums.failed;
	zu_buf_deinit(&x->last);
	x->last = sums;
	x->began = w->began;
	x->at = w->now.at;
	return put_out(&out, err);
}

static int lines_say(struct watch *w, const char *text, struct zu_error *err)
{
	struct zu_buf out = { .data = NULL };

	put_time(&out, w);
	zu_buf_printf(&out, "%s\n", text);
	return put_out(&out, err);
}

static void lines_end(struct watch *w)
{
	struct lines *x = w->priv;

	if (!x)
		return;
	zu_buf_deinit(&x->last);
	free(x);
}

const struct watch_view watch_lines = {
	.show = lines_show,
	.say = lines_say,
	.end = lines_end,
};
