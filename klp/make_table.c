/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/make_table.h"

#include <string.h>

/* How a module's file is turned into one that has code to look at */
enum packing { PLAIN, XZ, ZSTD, GZIP, NO_FILE };

static const struct {
	const char *end;
	const char *unpack;
} packings[] = {
	[PLAIN] = { ".ko", NULL },
	[XZ] = { ".ko.xz", "xz -dc" },
	[ZSTD] = { ".ko.zst", "zstd -dc" },
	[GZIP] = { ".ko.gz", "gzip -dc" },
};

bool zu_vmlinux_find(const struct zu_doctor *d, struct zu_path *ret)
{
	static const struct {
		const char *before;
		const char *after;
	} places[] = {
		{ "/usr/lib/debug/boot/vmlinux-", "" },
		{ "/usr/lib/debug/lib/modules/", "/vmlinux" },
		{ "/usr/lib/debug/usr/lib/modules/", "/vmlinux" },
		{ "/lib/modules/", "/build/vmlinux" },
		{ "/lib/modules/", "/vmlinux" },
		{ "/boot/vmlinux-", "" },
	};
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		zu_root_path(&d->root, ret, "%s%s%s", places[i].before,
			     d->release, places[i].after);
		if (zu_root_has(ret))
			return true;
	}
	zu_root_path(&d->root, ret, "%s%s%s", places[0].before, d->release,
		     places[0].after);
	return false;
}

static bool ends_in(const char *s, const char *end)
{
	size_t len = strlen(s), end_len = strlen(end);

	return len >= end_len && !strcmp(s + len - end_len, end);
}

static enum packing packing(const struct zu_module_files *files,
			    const struct zu_object *o, char *file)
{
	enum packing p;

	if (!zu_module_file(files, o->name, file, PATH_MAX))
		return NO_FILE;
	for (p = PLAIN; p < NO_FILE; p++)
		if (ends_in(file, packings[p].end))
			return p;
	return NO_FILE;
}

static void put_folder(const struct zu_doctor *d, const char *dir,
		       struct zu_buf *ret)
{
	struct zu_path path;

	zu_root_path(&d->root, &path, "%s", dir);
	if (!zu_root_has(&path))
		zu_buf_printf(ret, "mkdir -p %s && ", dir);
}

static void put_module(const struct zu_module_files *files,
		       const struct zu_object *o, const char *dir,
		       struct zu_buf *ret)
{
	char file[PATH_MAX];
	enum packing p = packing(files, o, file);

	if (p == PLAIN)
		zu_buf_printf(ret, "zunwind table %s -o %s", file, dir);
	else if (p == NO_FILE)
		zu_buf_printf(ret, "zunwind table %s.ko -o %s", o->name, dir);
	else
		zu_buf_printf(ret, "%s %s >%s.ko && zunwind table %s.ko -o %s",
			      packings[p].unpack, file, o->name, o->name, dir);
}

void zu_make_table(const struct zu_doctor *d,
		   const struct zu_module_files *files,
		   const struct zu_object *o, const char *dir,
		   struct zu_buf *ret)
{
	struct zu_path path;

	put_folder(d, dir, ret);
	if (!o->kernel) {
		put_module(files, o, dir, ret);
		return;
	}
	zu_vmlinux_find(d, &path);
	zu_buf_printf(ret, "zunwind table %s -o %s", path.inner, dir);
}

void zu_make_tables(const struct zu_doctor *d,
		    const struct zu_module_files *files,
		    const struct zu_object *const *o, size_t nr,
		    const char *dir, struct zu_buf *ret)
{
	char file[PATH_MAX];
	enum packing first = packing(files, o[0], file);
	size_t i;

	if (nr == 1 || first == NO_FILE) {
		zu_make_table(d, files, o[0], dir, ret);
		return;
	}
	put_folder(d, dir, ret);
	zu_buf_printf(ret, "for m in");
	for (i = 0; i < nr; i++)
		if (packing(files, o[i], file) == first)
			zu_buf_printf(ret, " %s", o[i]->name);
	if (first == PLAIN)
		zu_buf_printf(ret, "; do zunwind table $(modinfo -n $m) -o %s; done",
			      dir);
	else
		zu_buf_printf(ret, "; do %s $(modinfo -n $m) >$m.ko && zunwind table $m.ko -o %s; done",
			      packings[first].unpack, dir);
}
