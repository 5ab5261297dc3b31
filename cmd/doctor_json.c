/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "cmd/doctor.h"
#include "util/json.h"

static void put_objects(struct zu_json *j, const char *names)
{
	char name[ZU_OBJECT_NAME];

	zu_json_open(j, "objects", '[');
	while (*names) {
		size_t len = strcspn(names, " ");

		memcpy(name, names, len);
		name[len] = '\0';
		zu_json_string(j, NULL, name);
		names += len + (names[len] == ' ');
	}
	zu_json_close(j, ']');
}

static void put_text(struct zu_json *j, const char *key,
		     const struct zu_buf *text)
{
	zu_json_string(j, key, text->len ? text->data : NULL);
}

static void put_need(struct zu_json *j, const struct zu_need *n)
{
	zu_json_open(j, NULL, '{');
	zu_json_string(j, "check", n->check);
	zu_json_string(j, "state", doctor_word(n->state));
	put_text(j, "text", &n->text);
	put_text(j, "why", &n->why);
	put_objects(j, zu_need_text(&n->objects));
	put_text(j, "command", &n->command);
	zu_json_close(j, '}');
}

void doctor_json(const struct zu_doctor *d, struct zu_buf *b)
{
	const struct zu_need *next = zu_needs_next(&d->needs);
	struct zu_json j = { .out = *b };
	size_t i;

	zu_json_open(&j, NULL, '{');
	zu_json_string(&j, "schema", "zunwind.doctor/1");
	zu_json_string(&j, "release", d->release);
	zu_json_string(&j, "build_id",
		       d->objects.nr ? d->objects.object[0].build_id : NULL);
	zu_json_open(&j, "checks", '[');
	for (i = 0; i < d->needs.nr; i++) {
		zu_json_newline(&j);
		put_need(&j, &d->needs.need[i]);
	}
	zu_json_close(&j, ']');
	zu_json_string(&j, "state", doctor_word(zu_needs_state(&d->needs)));
	zu_json_string(&j, "next",
		       next && !next->hard ? zu_need_text(&next->command) :
					     NULL);
	zu_json_close(&j, '}');
	zu_buf_add(&j.out, "\n", 1);
	*b = j.out;
}
