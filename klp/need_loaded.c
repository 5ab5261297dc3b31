/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What zunwind.ko itself says of its tables. */
#include <string.h>

#include "klp/checks.h"
#include "klp/make_table.h"

#define TABLES "/sys/kernel/debug/zunwind/tables"
#define TABLES_MAX (4u << 20)
/* whatever is written: it looks for what it does not have */
#define RELOAD "echo 1 >" TABLES

/*
 * The check
 * @text: NAME BUILD-ID STATE [MESSAGE...], a line for each object
 * @loaded: so many tables are in use
 * @late: names of objects whose table came after the module
 * @odd: names of objects of which it says nothing that is known here
 */
struct loaded {
	struct zu_doctor *d;
	struct zu_module_files files;
	struct zu_buf text;
	size_t loaded;
	struct zu_buf late;
	struct zu_buf odd;
};

/* Where the next word begins, which ends at a space or with the line */
static const char *next_word(const char *s)
{
	s += strcspn(s, " \n");
	return s + (*s == ' ');
}

static const char *line_of(const struct loaded *l, const struct zu_object *o)
{
	const char *line = l->text.data;
	size_t len = strlen(o->name);

	while (*line) {
		if (!strncmp(line, o->name, len) && line[len] == ' ')
			return line;
		line = strchrnul(line, '\n');
		line += *line == '\n';
	}
	return NULL;
}

static bool is_word(const char *s, const char *word)
{
	size_t len = strcspn(s, " \n");

	return len == strlen(word) && !memcmp(s, word, len);
}

static void tell_refused(struct loaded *l, const struct zu_object *o,
			 const char *message)
{
	struct zu_need *n = zu_need(&l->d->needs, "loaded", ZU_NEED_MISSING,
				    "zunwind.ko refuses the table of %s",
				    o->kernel ? "the kernel" : o->name);

	zu_buf_printf(&n->objects, "%s ", o->name);
	zu_buf_printf(&n->why, "It says: %.*s", (int)strcspn(message, "\n"),
		      message);
	zu_make_table(l->d, &l->files, o, ZU_FIRMWARE, &n->command);
	zu_buf_printf(&n->command, "; " RELOAD);
}

static void look_at(struct loaded *l, const struct zu_object *o)
{
	const char *line = line_of(l, o), *state;

	state = line ? next_word(next_word(line)) : "";
	if (is_word(state, "loaded"))
		l->loaded++;
	else if (is_word(state, "refused"))
		tell_refused(l, o, next_word(state));
	else if (!is_word(state, "none") && !is_word(state, "loading") &&
		 !is_word(state, "no-build-id"))
		zu_buf_printf(&l->odd, "%s ", o->name);
	else if (o->table)
		zu_buf_printf(&l->late, "%s ", o->name);
	/* else that there is no file has been told */
}

static void tell(struct loaded *l)
{
	struct zu_need *n;

	if (l->loaded)
		zu_need(&l->d->needs, "loaded", ZU_NEED_OK,
			"zunwind.ko uses the tables of %zu of %zu objects",
			l->loaded, l->d->objects.nr);
	if (l->late.len) {
		n = zu_need(&l->d->needs, "loaded", ZU_NEED_MISSING,
			    "zunwind.ko does not use all tables that are there");
		zu_buf_add(&n->objects, l->late.data, l->late.len);
		zu_buf_printf(&n->objects, "%s", "");
		zu_buf_printf(&n->why, "They came after it: %s", l->late.data);
		zu_buf_printf(&n->command, RELOAD);
	}
	if (l->odd.len) {
		n = zu_need(&l->d->needs, "loaded", ZU_NEED_UNKNOWN,
			    "zunwind.ko says nothing of some tables");
		zu_buf_add(&n->objects, l->odd.data, l->odd.len);
		zu_buf_printf(&n->objects, "%s", "");
		zu_buf_printf(&n->why, "They are of: %s", l->odd.data);
	}
}

void zu_doctor_loaded(struct zu_doctor *d)
{
	struct loaded l = { .d = d };
	struct zu_path path;
	struct zu_error err;
	size_t i;

	if (!d->loaded || !d->debugfs || !d->objects.nr)
		return;
	zu_root_path(&d->root, &path, TABLES);
	if (zu_root_read(&path, TABLES_MAX, &l.text, &err)) {
		zu_doctor_unknown(d, "loaded", &err,
				  "tables that zunwind.ko uses");
		return;
	}
	zu_module_files_open(&d->root, d->release, &l.files);
	for (i = 0; i < d->objects.nr; i++)
		look_at(&l, &d->objects.object[i]);
	tell(&l);
	if (l.late.failed || l.odd.failed)
		d->needs.spare.text.failed = true;
	zu_module_files_close(&l.files);
	zu_buf_deinit(&l.text);
	zu_buf_deinit(&l.late);
	zu_buf_deinit(&l.odd);
}
