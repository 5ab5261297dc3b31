/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `zunwind watch` into a pipe or file: a line when something has changed. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/transition_words.h"
#include "cmd/watch.h"
#include "util/fail.h"

/* Say something at least so often */
#define SECONDS 10

/* So many causes are named. */
#define CAUSES 20

struct lines {
	struct zu_buf last;	/* what was said, without its time */
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

	watch_put_title(b, l);
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

static bool is_news(const struct lines *x, const struct zu_buf *sums, double at)
{
	return sums->len != x->last.len ||
	       memcmp(sums->data, x->last.data, sums->len) ||
	       at - x->at >= SECONDS;
}

static int lines_show(struct watch *w, struct zu_error *err)
{
	struct zu_buf sums = { .data = NULL }, out = { .data = NULL };
	struct lines *x = w->priv;
	int ret = 0;

	if (!x)
		x = w->priv = calloc(1, sizeof(*x));
	if (!x)
		return zu_fail_nomem(err);
	put_sums(&sums, &w->now);
	if (sums.failed || is_news(x, &sums, w->now.at)) {
		put_time(&out, w);
		zu_buf_add(&out, sums.data, sums.len);
		put_longest(&out, &w->now);
		zu_buf_printf(&out, "\n");
		out.failed |= sums.failed;
		ret = put_flush(&out, 0, err);
		zu_buf_deinit(&x->last);
		x->last = sums;
		x->at = w->now.at;
	} else {
		zu_buf_deinit(&sums);
	}
	zu_buf_deinit(&out);
	return ret;
}

static int lines_say(struct watch *w, const char *text, struct zu_error *err)
{
	struct zu_buf out = { .data = NULL };
	int ret;

	put_time(&out, w);
	zu_buf_printf(&out, "%s\n", text);
	ret = put_flush(&out, 0, err);
	zu_buf_deinit(&out);
	return ret;
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
