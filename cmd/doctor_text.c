/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "cmd/doctor.h"
#include "cmd/put.h"

#define INDENT "             "

/* Each line of an explanation below the text that it explains */
static void put_why(struct zu_buf *b, const char *why)
{
	char line[1024];
	size_t len;

	for (; *why; why += len + (why[len] == '\n')) {
		len = strcspn(why, "\n");
		memcpy(line, why, len < sizeof(line) ? len : sizeof(line) - 1);
		line[len < sizeof(line) ? len : sizeof(line) - 1] = '\0';
		zu_buf_printf(b, INDENT);
		put_name(b, line);
		zu_buf_printf(b, "\n");
	}
}

static void put_need(struct zu_buf *b, const struct zu_need *n)
{
	zu_buf_printf(b, "%-8s ", doctor_word(n->state));
	put_name(b, zu_need_text(&n->text));
	zu_buf_printf(b, "\n");
	put_why(b, zu_need_text(&n->why));
}

static void put_next(struct zu_buf *b, const struct zu_doctor *d)
{
	const struct zu_need *n = zu_needs_next(&d->needs);
	enum zu_need_state state = zu_needs_state(&d->needs);

	if (state == ZU_NEED_OK)
		zu_buf_printf(b, "Nothing is left to do.\n");
	else if (n && n->hard)
		zu_buf_printf(b, "No command helps: this takes a kernel with %s.\n",
			      zu_need_text(&n->text));
	else if (n)
		zu_buf_printf(b, "Next%s: %s\n", d->livepatch ? "" :
			      ", for reports only",
			      zu_need_text(&n->command));
	else
		zu_buf_printf(b, state == ZU_NEED_MISSING ?
			      "No command helps.\n" :
			      "Not all could be told.\n");
}

void doctor_text(const struct zu_doctor *d, struct zu_buf *b)
{
	size_t i;

	for (i = 0; i < d->needs.nr; i++)
		put_need(b, &d->needs.need[i]);
	zu_buf_printf(b, "\n");
	put_next(b, d);
}
