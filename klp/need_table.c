/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of the kernel and the modules, in files. */
#include <stdlib.h>
#include <string.h>

#include "klp/checks.h"
#include "klp/make_table.h"
#include "klp/table_place.h"

/* Names on one line of text */
#define SHOWN 8

/*
 * Modules that are told of together
 * @o: which; owned
 * @nr: how many
 */
struct group {
	const struct zu_object **o;
	size_t nr;
};

/*
 * The check
 * @absent: they have no table
 * @nameless: they have no build-id
 * @fine: so many modules have their table
 */
struct tables {
	struct zu_doctor *d;
	struct zu_module_files files;
	struct group absent;
	struct group nameless;
	size_t fine;
};

static void add_object(struct zu_need *n, const struct zu_object *o)
{
	zu_buf_printf(&n->objects, "%s ", o->name);
}

static void put_title(struct zu_buf *b, const struct zu_object *o)
{
	if (o->kernel)
		zu_buf_printf(b, "table of the kernel");
	else
		zu_buf_printf(b, "table of module %s", o->name);
}

static struct zu_need *need_of(struct tables *t, enum zu_need_state state,
			       const struct zu_object *o)
{
	struct zu_need *n = zu_need(&t->d->needs, "table", state, "%s", "");

	put_title(&n->text, o);
	add_object(n, o);
	return n;
}

/* The folder of a file that is in the way, as it has to stand in a command */
static bool folder_of(const struct zu_path *path, char *ret)
{
	size_t len = (size_t)(strrchr(path->inner, '/') - path->inner);

	memcpy(ret, path->inner, len);
	ret[len] = '\0';
	return zu_root_is_plain(ret);
}

static void tell_bad(struct tables *t, const struct zu_object *o,
		     const struct zu_path *path, const struct zu_error *err)
{
	struct zu_need *n = need_of(t, ZU_NEED_MISSING, o);
	char dir[PATH_MAX];

	zu_buf_printf(&n->why, "%s", err->text);
	if (folder_of(path, dir))
		zu_make_table(t->d, &t->files, o, dir, &n->command);
}

static void tell_unknown(struct tables *t, const struct zu_object *o,
			 const struct zu_error *err)
{
	struct zu_need *n = zu_doctor_unknown(t->d, "table", err, "");

	put_title(&n->text, o);
	add_object(n, o);
}

static void tell_packed(struct tables *t, const struct zu_object *o,
			const struct zu_path *path)
{
	struct zu_need *n = need_of(t, ZU_NEED_NOTE, o);

	zu_buf_printf(&n->why, "%s is compressed, and was not looked into.",
		      path->inner);
}

static void tell_no_kernel_table(struct tables *t, const struct zu_object *o)
{
	struct zu_need *n = need_of(t, ZU_NEED_MISSING, o);
	struct zu_path path;

	zu_buf_printf(&n->why, ZU_FIRMWARE "/%s.zut is not there.\n%s",
		      o->build_id, zu_vmlinux_find(t->d, &path) ?
		      "It is made of the kernel's vmlinux." :
		      "It is made of the kernel's vmlinux, which is not there either: it comes with the\n"
		      "kernel's debug symbols.");
	zu_make_table(t->d, &t->files, o, ZU_FIRMWARE, &n->command);
}

static void put_group(struct zu_need *n, const struct group *g)
{
	size_t i;

	for (i = 0; i < g->nr; i++) {
		if (i < SHOWN)
			zu_buf_printf(&n->text, "%s%s", i ? ", " : ": ",
				      g->o[i]->name);
		add_object(n, g->o[i]);
	}
	if (g->nr > SHOWN)
		zu_buf_printf(&n->text, " and %zu more", g->nr - SHOWN);
}

static void tell_modules(struct tables *t)
{
	size_t modules = t->d->objects.nr - 1;
	struct zu_need *n;

	if (t->fine)
		zu_need(&t->d->needs, "table", ZU_NEED_OK,
			"tables of %zu of %zu modules", t->fine, modules);
	if (t->nameless.nr) {
		n = zu_need(&t->d->needs, "table", ZU_NEED_MISSING,
			    "build-ids of %zu of %zu modules", t->nameless.nr,
			    modules);
		put_group(n, &t->nameless);
		zu_buf_printf(&n->why, "Without one it can't be told which table is theirs. Build them with one, or\n"
			      "unload them.");
	}
	if (!t->absent.nr)
		return;
	n = zu_need(&t->d->needs, "table", ZU_NEED_MISSING,
		    "tables of %zu of %zu modules", t->absent.nr, modules);
	put_group(n, &t->absent);
	zu_buf_printf(&n->why, "A stack with functions of these modules is not reliable.");
	zu_make_tables(t->d, &t->files, t->absent.o, t->absent.nr, ZU_FIRMWARE,
		       &n->command);
}

static void look_at(struct tables *t, struct zu_object *o)
{
	struct zu_path path;
	struct zu_error err;

	if (!*o->build_id) {
		t->nameless.o[t->nameless.nr++] = o;
		return;
	}
	switch (zu_table_look(t->d, o, &path, &err)) {
	case ZU_TABLE_FINE:
		o->table = true;
		if (o->kernel)
			need_of(t, ZU_NEED_OK, o);
		else
			t->fine++;
		return;
	case ZU_TABLE_ABSENT:
		if (o->kernel)
			tell_no_kernel_table(t, o);
		else
			t->absent.o[t->absent.nr++] = o;
		return;
	case ZU_TABLE_PACKED:
		o->table = true;
		tell_packed(t, o, &path);
		return;
	case ZU_TABLE_BAD:
		tell_bad(t, o, &path, &err);
		return;
	case ZU_TABLE_UNKNOWN:
		tell_unknown(t, o, &err);
		return;
	}
}

void zu_doctor_tables(struct zu_doctor *d)
{
	struct zu_objects *all = &d->objects;
	struct tables t = { .d = d };
	size_t i;

	if (!all->nr)
		return;
	t.absent.o = calloc(all->nr, sizeof(*t.absent.o));
	t.nameless.o = calloc(all->nr, sizeof(*t.nameless.o));
	if (t.absent.o && t.nameless.o) {
		zu_module_files_open(&d->root, d->release, &t.files);
		for (i = 0; i < all->nr; i++)
			look_at(&t, &all->object[i]);
		tell_modules(&t);
		zu_module_files_close(&t.files);
	} else {
		d->needs.spare.text.failed = true;
	}
	free(t.absent.o);
	free(t.nameless.o);
}
