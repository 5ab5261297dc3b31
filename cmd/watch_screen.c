/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/watch_screen.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/put.h"

/* Rows that stay free: what is said in the end, and the shell, need not scroll. */
#define BELOW 3u

/* Ctrl-Z and bg, or & */
static bool is_in_background(void)
{
	pid_t group = tcgetpgrp(STDOUT_FILENO);

	return group > 0 && group != getpgrp();
}

static void measure(struct screen *s)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col ||
	    !size.ws_row)
		size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
	s->columns = size.ws_col;
	s->height = size.ws_row;
	s->rows = size.ws_row > BELOW ? size.ws_row - BELOW : 1;
}

bool screen_begin(struct screen *s)
{
	unsigned int i;

	measure(s);
	s->row = 0;
	if (is_in_background())
		return false;
	/* to where the terminal keeps what has scrolled away */
	for (i = 0; !s->taken && i < s->height; i++)
		zu_buf_printf(&s->out, "\n");
	s->taken = true;
	zu_buf_printf(&s->out, "\033[?25l\033[H");
	return true;
}

static void put(struct screen *s, const char *data, size_t size, int style)
{
	size_t len = size < s->columns ? size : s->columns;

	if (!screen_rows_left(s))
		return;
	if (s->row)
		zu_buf_printf(&s->out, "\n");
	if (style && s->color)
		zu_buf_printf(&s->out, "\033[%dm", style);
	if (len)
		zu_buf_add(&s->out, data, len);
	if (style && s->color)
		zu_buf_printf(&s->out, "\033[0m");
	/* behind a full line this would take its last character */
	if (len < s->columns)
		zu_buf_printf(&s->out, "\033[K");
	s->row++;
}

void screen_put(struct screen *s, struct zu_buf *line, int style)
{
	s->out.failed |= line->failed;
	put(s, (const char *)line->data, line->len, style);
	zu_buf_deinit(line);
}

void screen_put_all(struct screen *s, struct zu_buf *line, int style)
{
	const char *data = (const char *)line->data;
	size_t at;

	s->out.failed |= line->failed;
	for (at = 0; at < line->len; at += s->columns)
		put(s, data + at, line->len - at, style);
	zu_buf_deinit(line);
}

int screen_end(struct screen *s, struct zu_error *err)
{
	int ret;

	/* the cursor waits below: there the terminal shows what is typed */
	if (s->row < s->height)
		zu_buf_printf(&s->out, "\n\033[J");
	ret = put_flush(&s->out, 0, err);
	if (!ret && fflush(stdout))
		ret = cmd_output(ZU_EIO, err);
	return ret;
}

void screen_give_back(struct screen *s)
{
	if (!s->taken)
		return;
	s->taken = false;
	fputs("\r\033[J\033[?25h", stdout);
	fflush(stdout);
}
