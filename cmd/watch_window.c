/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `zunwind watch` in a terminal: one screen that is drawn again and again. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/transition_words.h"
#include "cmd/watch.h"
#include "cmd/watch_screen.h"
#include "util/fail.h"

/* So many looks are drawn, if the window is wide enough, as high as this. */
#define HISTORY 512u
#define HEIGHT 4u

/* With fewer rows no chart, with fewer still no empty ones either */
#define ROWS_CHART 15u
#define ROWS_SPACED 9u

/* So many rows for causes, and a quarter of all: there is to be room for tasks */
#define CAUSES_MIN 2u
#define CAUSES_MAX 6u

struct window {
	struct screen screen;
	size_t pending[HISTORY];	/* a ring */
	size_t looks;
	double at;		/* of the last one that is in it */
	char said[256];
};

static struct window *window_of(struct watch *w)
{
	const char *no = getenv("NO_COLOR");
	struct window *x = w->priv;

	if (x)
		return x;
	x = w->priv = calloc(1, sizeof(*x));
	if (x)
		x->screen.color = !no || !*no;
	return x;
}

static void put_empty(struct window *x)
{
	struct zu_buf line = { .data = NULL };

	if (x->screen.rows >= ROWS_SPACED)
		screen_put(&x->screen, &line, 0);
}

static void put_head(struct window *x, const struct watch *w)
{
	struct zu_buf line = { .data = NULL };

	watch_put_title(&line, &w->now);
	if (w->again)
		zu_buf_printf(&line, ", for %.0f s", w->now.at - w->began);
	if (w->now.klp.rounds >= 0)
		zu_buf_printf(&line, ", %" PRId64 " round%s in vain",
			      w->now.klp.rounds,
			      w->now.klp.rounds == 1 ? "" : "s");
	screen_put_all(&x->screen, &line, 1);
	if (!*x->said)
		put_empty(x);
	zu_buf_printf(&line, "%s", x->said);
	screen_put_all(&x->screen, &line, 0);
}

/* One row of the chart: a column is a look, the newest at the right */
static void put_chart_row(struct window *x, size_t level, size_t max,
			  size_t first)
{
	struct zu_buf line = { .data = NULL };
	size_t i;

	if (level == HEIGHT)
		zu_buf_printf(&line, "%7zu |", max);
	else
		zu_buf_printf(&line, "%7s |", "");
	for (i = first; i < x->looks; i++) {
		size_t n = x->pending[i % HISTORY];
		size_t filled = (n * HEIGHT + max - 1) / max;

		zu_buf_add(&line, filled >= level ? "#" : " ", 1);
	}
	screen_put(&x->screen, &line, 0);
}

static void put_chart(struct window *x)
{
	size_t width = x->screen.columns > 20 ? x->screen.columns - 10 : 10;
	size_t first, i, max = 1, level;

	if (x->screen.rows < ROWS_CHART)
		return;
	if (width > HISTORY)
		width = HISTORY;
	first = x->looks > width ? x->looks - width : 0;
	for (i = first; i < x->looks; i++)
		if (x->pending[i % HISTORY] > max)
			max = x->pending[i % HISTORY];
	for (level = HEIGHT; level; level--)
		put_chart_row(x, level, max, first);
	put_empty(x);
}

static size_t rows_for_causes(const struct window *x)
{
	size_t room = x->screen.rows / 4;

	return room < CAUSES_MIN ? CAUSES_MIN :
	       room > CAUSES_MAX ? CAUSES_MAX : room;
}

static void put_causes(struct window *x, const struct watch_look *l)
{
	size_t room = rows_for_causes(x);
	struct zu_buf line = { .data = NULL };
	size_t i, left = 0;

	if (l->nr_sums > room)
		room--;
	for (i = 0; i < l->nr_sums; i++) {
		if (i >= room) {
			left += l->sum[i].count;
			continue;
		}
		zu_buf_printf(&line, "%7zu %s", l->sum[i].count,
			      l->sum[i].count == 1 ? "task   " : "tasks  ");
		transition_put_decision(&line, &l->ranges, &l->sum[i].cause);
		screen_put(&x->screen, &line, 0);
	}
	if (left) {
		zu_buf_printf(&line, "%7zu others", left);
		screen_put(&x->screen, &line, 0);
	}
	put_empty(x);
}

static void put_task(struct window *x, const struct watch_look *l,
		     const struct watch_task *t)
{
	struct zu_buf line = { .data = NULL };
	size_t start;

	zu_buf_printf(&line, "%7.0f %7" PRId32 " ", l->at - t->since, t->pid);
	start = line.len;
	put_name(&line, t->comm);
	zu_buf_printf(&line, "%*s ", (int)(line.len - start < 15 ?
		      15 - (line.len - start) : 0), "");
	transition_put_decision(&line, &l->ranges, &t->kernel);
	if (t->place)
		zu_buf_printf(&line, ", at %s", t->place);
	screen_put(&x->screen, &line, 0);
}

static void put_tasks(struct window *x, const struct watch_look *l)
{
	struct zu_buf line = { .data = NULL };
	size_t i, room;

	if (!l->nr_tasks || screen_rows_left(&x->screen) < 2)
		return;
	zu_buf_printf(&line, "%7s %7s %-15s %s", "SECONDS", "PID", "NAME",
		      "WHAT IS IN THE WAY");
	screen_put(&x->screen, &line, 7);
	room = screen_rows_left(&x->screen);
	if (l->nr_tasks > room)
		room--;
	for (i = 0; i < l->nr_tasks && i < room; i++)
		put_task(x, l, &l->task[i]);
	if (i < l->nr_tasks) {
		zu_buf_printf(&line, "%7s and %zu more", "", l->nr_tasks - i);
		screen_put(&x->screen, &line, 0);
	}
}

static void note_pending(struct window *x, const struct watch_look *l)
{
	if (x->looks && x->at == l->at)
		return;
	x->at = l->at;
	x->pending[x->looks++ % HISTORY] = l->nr_tasks;
}

static int window_show(struct watch *w, struct zu_error *err)
{
	struct window *x = window_of(w);

	if (!x)
		return zu_fail_nomem(err);
	note_pending(x, &w->now);
	if (!screen_begin(&x->screen))
		return 0;
	put_head(x, w);
	put_chart(x);
	put_causes(x, &w->now);
	put_tasks(x, &w->now);
	return screen_end(&x->screen, err);
}

static void window_hide(struct watch *w)
{
	struct window *x = w->priv;

	if (x)
		screen_give_back(&x->screen);
}

/* In the second line; in the end window_end() has it stand below */
static int window_say(struct watch *w, const char *text, struct zu_error *err)
{
	struct window *x = window_of(w);

	if (!x)
		return zu_fail_nomem(err);
	snprintf(x->said, sizeof(x->said), "%s", text);
	return 0;
}

static void window_end(struct watch *w)
{
	struct window *x = w->priv;

	if (!x)
		return;
	window_hide(w);
	if (*x->said)
		printf("%s\n", x->said);
	zu_buf_deinit(&x->screen.out);
	free(x);
}

const struct watch_view watch_window = {
	.show = window_show,
	.say = window_say,
	.hide = window_hide,
	.end = window_end,
};
