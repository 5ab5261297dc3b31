/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/need.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/grow.h"

struct zu_need *zu_need(struct zu_needs *needs, const char *check,
			enum zu_need_state state, const char *fmt, ...)
{
	struct zu_need *p = zu_grow(needs->need, needs->nr, &needs->cap,
				    sizeof(*p));
	char text[512];
	va_list ap;

	if (p) {
		needs->need = p;
		p += needs->nr++;
		memset(p, 0, sizeof(*p));
	} else {
		p = &needs->spare;
		p->text.failed = true;
	}
	p->check = check;
	p->state = state;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	zu_buf_printf(&p->text, "%s", text);
	return p;
}

const char *zu_need_text(const struct zu_buf *text)
{
	return text->len ? text->data : "";
}

static bool is_whole(const struct zu_need *n)
{
	return !n->text.failed && !n->why.failed && !n->objects.failed &&
	       !n->command.failed;
}

bool zu_needs_is_whole(const struct zu_needs *needs)
{
	size_t i;

	for (i = 0; i < needs->nr; i++)
		if (!is_whole(&needs->need[i]))
			return false;
	return is_whole(&needs->spare);
}

enum zu_need_state zu_needs_state(const struct zu_needs *needs)
{
	enum zu_need_state state = ZU_NEED_OK;
	size_t i;

	for (i = 0; i < needs->nr; i++) {
		if (needs->need[i].state == ZU_NEED_MISSING)
			return ZU_NEED_MISSING;
		if (needs->need[i].state == ZU_NEED_UNKNOWN)
			state = ZU_NEED_UNKNOWN;
	}
	return state;
}

const struct zu_need *zu_needs_next(const struct zu_needs *needs)
{
	const struct zu_need *first = NULL;
	size_t i;

	for (i = 0; i < needs->nr; i++) {
		if (needs->need[i].hard)
			return &needs->need[i];
		if (!first && needs->need[i].command.len)
			first = &needs->need[i];
	}
	return first;
}

static void deinit(struct zu_need *n)
{
	zu_buf_deinit(&n->text);
	zu_buf_deinit(&n->why);
	zu_buf_deinit(&n->objects);
	zu_buf_deinit(&n->command);
}

void zu_needs_deinit(struct zu_needs *needs)
{
	size_t i;

	for (i = 0; i < needs->nr; i++)
		deinit(&needs->need[i]);
	deinit(&needs->spare);
	free(needs->need);
	memset(needs, 0, sizeof(*needs));
}
