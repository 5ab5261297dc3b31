/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `zunwind watch` in a terminal: one screen that is drawn again and again. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/transition_words.h"
#include "cmd/watch.h"
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

/* Rows that stay free: what is said in the end, and the shell, need not scroll. */
#define BELOW 3u

struct window {
	struct zu_buf out;
	size_t pending[HISTORY];	/* a ring */
	size_t looks;
	double at;		/* of the last one that is in it */
	unsigned int columns;
	unsigned int height;	/* of the window */
	unsigned int rows;	/* of them, to draw in */
	unsigned int row;	/* where it is drawing */
	bool color;
	bool shown;		/* the screen is ours, the cursor hidden */
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
		x->color = !no || !*no;
	return x;
}

static void measure(struct window *x)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col ||
	    !size.ws_row)
		size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
	x->columns = size.ws_col;
	x->height = size.ws_row;
	x->rows = size.ws_row > BELOW ? size.ws_row - BELOW : 1;
}

/* What was on the screen goes to where the terminal keeps what has scrolled away. */
static void take_screen(struct window *x)
{
	unsigned int i;

	for (i = 0; !x->shown && i < x->height; i++)
		zu_buf_printf(&x->out, "\n");
	x->shown = true;
	zu_buf_printf(&x->out, "\033[?25l\033[H");
}

/* Ctrl-Z and bg, or &: the screen is another's */
static bool is_in_background(void)
{
	pid_t group = tcgetpgrp(STDOUT_FILENO);

	return group > 0 && group != getpgrp();
}

static unsigned int rows_left(const struct window *x)
{
	return x->row < x->rows ? x->rows - x->row : 0;
}

/* A row, as much of it as there is room for. @style: a number of ECMA-48's SGR */
static void put_row_of(struct window *x, const void *data, size_t size,
		       int style)
{
	size_t len = size < x->columns ? size : x->columns;

	if (!rows_left(x))
		return;
	if (x->row)
		zu_buf_printf(&x->out, "\n");
	if (style && x->color)
		zu_buf_printf(&x->out, "\033[%dm", style);
	if (len)
		zu_buf_add(&x->out, data, len);
	if (style && x->color)
		zu_buf_printf(&x->out, "\033[0m");
	/* behind a full line this would take its last character */
	if (len < x->columns)
		zu_buf_printf(&x->out, "\033[K");
	x->row++;
}

static void put_line(struct window *x, struct zu_buf *line, int style)
{
	x->out.failed |= line->failed;
	put_row_of(x, line->data, line->len, style);
	zu_buf_deinit(line);
}

/* A line that matters to its end: in as many rows as it takes */
static void put_wrapped(struct window *x, struct zu_buf *line, int style)
{
	size_t at;

	x->out.failed |= line->failed;
	for (at = 0; at < line->len; at += x->columns)
		put_row_of(x, (const char *)line->data + at, line->len - at,
			   style);
	zu_buf_deinit(line);
}

static void put_empty(struct window *x)
{
	if (x->rows >= ROWS_SPACED)
		put_row_of(x, NULL, 0, 0);
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
	put_wrapped(x, &line, 1);
	if (!*x->said)
		put_empty(x);
	zu_buf_printf(&line, "%s", x->said);
	put_wrapped(x, &line, 0);
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
	put_line(x, &line, 0);
}

static void put_chart(struct window *x)
{
	size_t width = x->columns > 20 ? x->columns - 10 : 10;
	size_t first, i, max = 1, level;

	if (x->rows < ROWS_CHART)
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
	size_t room = x->rows / 4;

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
		put_line(x, &line, 0);
	}
	if (left) {
		zu_buf_printf(&line, "%7zu others", left);
		put_line(x, &line, 0);
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
	put_line(x, &line, 0);
}

static void put_tasks(struct window *x, const struct watch_look *l)
{
	struct zu_buf line = { .data = NULL };
	size_t i, room;

	if (!l->nr_tasks || rows_left(x) < 2)
		return;
	zu_buf_printf(&line, "%7s %7s %-15s %s", "SECONDS", "PID", "NAME",
		      "WHAT IS IN THE WAY");
	put_line(x, &line, 7);
	room = rows_left(x);
	if (l->nr_tasks > room)
		room--;
	for (i = 0; i < l->nr_tasks && i < room; i++)
		put_task(x, l, &l->task[i]);
	if (i < l->nr_tasks) {
		zu_buf_printf(&line, "%7s and %zu more", "", l->nr_tasks - i);
		put_line(x, &line, 0);
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
	int ret;

	if (!x)
		return zu_fail_nomem(err);
	measure(x);
	note_pending(x, &w->now);
	if (is_in_background())
		return 0;
	x->row = 0;
	take_screen(x);
	put_head(x, w);
	put_chart(x);
	put_causes(x, &w->now);
	put_tasks(x, &w->now);
	/* the cursor waits below: there the terminal shows what is typed */
	if (x->row < x->height)
		zu_buf_printf(&x->out, "\n\033[J");
	ret = put_flush(&x->out, 0, err);
	if (!ret && fflush(stdout))
		ret = cmd_output(ZU_EIO, err);
	return ret;
}

/* A shell goes on where the cursor waits. */
static void window_hide(struct watch *w)
{
	struct window *x = w->priv;

	if (!x || !x->shown)
		return;
	x->shown = false;
	fputs("\r\033[J\033[?25h", stdout);
	fflush(stdout);
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
	zu_buf_deinit(&x->out);
	free(x);
}

const struct watch_view watch_window = {
	.show = window_show,
	.say = window_say,
	.hide = window_hide,
	.end = window_end,
};
