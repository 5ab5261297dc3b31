/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A terminal's screen, drawn from the top, row by row. */
#ifndef ZU_CMD_WATCH_SCREEN_H
#define ZU_CMD_WATCH_SCREEN_H

#include <stdbool.h>

#include "util/buf.h"
#include "zunwind/error.h"

/**
 * struct screen - the terminal that standard output is
 * @out: what is drawn
 * @columns: how wide it is
 * @height: how high
 * @rows: of these, those to draw in; below them the cursor waits
 * @row: the next one
 * @color: there may be colour
 * @taken: it is ours, and the cursor hidden
 *
 * Zeroed at first, but for @color; zu_buf_deinit() @out.
 */
struct screen {
	struct zu_buf out;
	unsigned int columns;
	unsigned int height;
	unsigned int rows;
	unsigned int row;
	bool color;
	bool taken;
};

/**
 * screen_begin() - draw anew, in the size that it has now
 * @s: the screen
 *
 * What was there before it was taken has scrolled away.
 *
 * Return: false if the program is in the background: the screen is another's.
 */
bool screen_begin(struct screen *s);

/**
 * screen_rows_left() - is there room?
 * @s: the screen
 *
 * Return: how many rows can still be drawn.
 */
static inline unsigned int screen_rows_left(const struct screen *s)
{
	return s->row < s->rows ? s->rows - s->row : 0;
}

/**
 * screen_put() - a row
 * @s: the screen
 * @line: what is in it, as far as there is room; empty afterwards
 * @style: a number of ECMA-48's SGR, or 0
 */
void screen_put(struct screen *s, struct zu_buf *line, int style);

/**
 * screen_put_all() - a line that matters to its end: in as many rows as it takes
 * @s: the screen
 * @line: what is in it; empty afterwards. If there is nothing, no row is drawn
 * @style: as for screen_put()
 */
void screen_put_all(struct screen *s, struct zu_buf *line, int style);

/**
 * screen_end() - show it
 * @s: the screen
 * @err: the causes
 *
 * Return: as put_flush().
 */
int screen_end(struct screen *s, struct zu_error *err);

/**
 * screen_give_back() - a shell, or what is said in the end, goes on below it
 * @s: the screen; taken or not
 */
void screen_give_back(struct screen *s);

#endif
