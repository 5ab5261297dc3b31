/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers from tables: core/table_site.c, with this kernel's memory. With the
 * kernel's table alone other code is looked at; with a folder of tables nothing
 * else counts, so that verdicts are those of zunwind.ko with that folder.
 */
#include "kern/rows.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/table_site.h"
#include "image/capture.h"
#include "kern/callsite.h"
#include "kern/funcs.h"
#include "kern/module.h"
#include "kern/table_file.h"
#include "kern/text_symbols.h"
#include "util/fail.h"
#include "util/grow.h"

/* The kernel, or a module, that a table is of */
struct object {
	struct zu_table_file file;
	struct zu_table_object rows;
	uint64_t begin;
};

/* The first object is the kernel. @all: what has no table has no rows */
struct tables {
	struct zu_kernel *k;
	bool all;
	struct object *object;
	size_t nr;
	size_t cap;
};

static const struct object *object_at(const struct tables *t, uint64_t addr)
{
	size_t i;

	for (i = 0; i < t->nr; i++)
		if (addr - t->object[i].begin < t->object[i].rows.size)
			return &t->object[i];
	return NULL;
}

static bool find(void *ctx, uint64_t addr, struct zu_table_text *ret)
{
	const struct object *o = object_at(ctx, addr);

	if (!o)
		return false;
	ret->table = &o->rows;
	ret->begin = o->begin;
	return true;
}

static bool read_code(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const struct tables *t = ctx;

	return !zu_memory_read(&t->k->mem, addr, buf, len);
}

static uint64_t plt(void *ctx, uint64_t addr)
{
	const struct tables *t = ctx;

	return zu_plt_target(t->k, addr);
}

static bool may_replace(void *ctx, uint64_t func)
{
	const struct tables *t = ctx;

	return zu_may_replace(t->k, func);
}

static const struct zu_table_env text_env = {
	.find = find,
	.read = read_code,
	.plt = plt,
	.may_replace = may_replace,
};

static bool site(void *ctx, uint64_t ip, bool exact, struct zu_site *ret)
{
	const struct tables *t = ctx;

	if (!t->all && !object_at(t, exact ? ip : ip - 1))
		return false;
	zu_table_site(&text_env, ctx, ip, exact, ret);
	return true;
}

static bool leads_to(void *ctx, uint64_t target, uint64_t func, bool *ret)
{
	const struct tables *t = ctx;

	if (!t->all && !object_at(t, target))
		return false;
	*ret = zu_table_leads_to(&text_env, ctx, target, func);
	return true;
}

static void close_tables(void *ctx)
{
	struct tables *t = ctx;
	size_t i;

	for (i = 0; i < t->nr; i++)
		zu_table_close(&t->object[i].file);
	free(t->object);
	free(t);
}

static void to_hex(const uint8_t *id, size_t len, char *buf)
{
	size_t i;

	buf[0] = '\0';
	for (i = 0; i < len && i < ZU_TABLE_BUILD_ID; i++)
		snprintf(buf + 2 * i, 3, "%02x", id[i]);
}

#define HEX (2 * ZU_TABLE_BUILD_ID + 1)

static bool is_of_this_kernel(const struct zu_kernel *k,
			      const struct zu_table *t)
{
	char hex[HEX];

	to_hex(t->build_id, t->build_id_len, hex);
	return hex[0] && !strcmp(hex, k->about.build_id);
}

static int check_kernel(const struct zu_kernel *k, struct object *o,
			const char *path, struct zu_error *err)
{
	const char *id = k->about.build_id;

	zu_table_object(&o->file.table, 0, &o->rows);
	if (o->rows.name[0])
		return zu_fail(err, ZU_EINVAL,
			       "%s has no rows for the kernel itself", path);
	if (!is_of_this_kernel(k, &o->file.table)) {
		zu_fail(err, ZU_EINVAL,
			"its build-id is not that of this kernel, %s",
			id[0] ? id : "which tells none");
		return zu_fail_at(err, "%s was made for another kernel", path);
	}
	o->begin = k->global[ZU_G__stext];
	return 0;
}

/* Room for one more object; NULL without memory */
static struct object *add_object(struct tables *t)
{
	struct object *o = zu_grow(t->object, t->nr, &t->cap, sizeof(*o));

	if (!o)
		return NULL;
	t->object = o;
	o += t->nr++;
	memset(o, 0, sizeof(*o));
	return o;
}

static int add_kernel(struct tables *t, const char *path,
		      struct zu_error *err)
{
	struct object *o = add_object(t);
	int ret;

	if (!o)
		return zu_fail_nomem(err);
	ret = zu_table_open(path, &o->file, err);
	return ret ? ret : check_kernel(t->k, o, path, err);
}

/* A module's functions, held against its table */
struct place {
	struct object *o;
	uint64_t lowest;
	bool fits;
};

static bool is_function(const struct zu_text_symbol *sym)
{
	return sym->type == ZU_TEXT_FUNCTION && sym->size;
}

static bool find_lowest(void *ctx, const struct zu_text_symbol *sym)
{
	struct place *p = ctx;

	if (is_function(sym) && sym->addr < p->lowest)
		p->lowest = sym->addr;
	return true;
}

static bool compare(void *ctx, const struct zu_text_symbol *sym)
{
	struct place *p = ctx;
	uint64_t offset = sym->addr - p->o->begin;
	uint32_t start;

	if (is_function(sym))
		p->fits = zu_table_func(&p->o->rows, offset, &start) &&
			  start == offset;
	return p->fits;
}

/* Of the file's objects, the one of a module with that build-id */
static bool find_module(struct object *o, const uint8_t *id, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < o->file.table.nr_objects; i++) {
		zu_table_object(&o->file.table, i, &o->rows);
		if (o->rows.name[0] && o->rows.build_id_len == len &&
		    !memcmp(o->rows.build_id, id, len))
			return true;
	}
	return false;
}

/*
 * A table counts from where a module's code begins: both know where the first
 * function lies.
 */
static int place_module(struct tables *t, struct object *o,
			const struct zu_text_range *range, const char *path,
			struct zu_error *err)
{
	struct place p = { .o = o, .lowest = UINT64_MAX, .fits = true };
	struct zu_text_symbols to = { .each = find_lowest, .ctx = &p };
	uint32_t first;
	int ret;

	first = zu_table_first_func(&o->rows);
	ret = zu_text_symbols(t->k, range, &to, err);
	if (ret)
		return ret;
	o->begin = p.lowest - first;
	to.each = compare;
	ret = zu_text_symbols(t->k, range, &to, err);
	if (!ret && (p.lowest == UINT64_MAX || !p.fits))
		ret = zu_fail(err, ZU_EINVAL,
			      "the module's functions are not where %s has them",
			      path);
	return ret;
}

/* What can't be looked at is there, too: zu_table_open() says why. */
static bool is_there(const char *path)
{
	struct stat st;

	return !stat(path, &st) || errno != ENOENT;
}

static int add_module(struct tables *t, const char *dir,
		      const struct zu_text_range *range,
		      struct zu_error *err)
{
	uint8_t id[ZU_MODULE_BUILD_ID];
	char path[4096], hex[HEX];
	struct object *o;
	uint32_t len;
	int ret;

	len = zu_module_build_id(t->k, range->owner, id);
	to_hex(id, len, hex);
	snprintf(path, sizeof(path), "%s/%s.zut", dir, hex);
	if (!hex[0] || !is_there(path))
		return 0;
	o = add_object(t);
	if (!o)
		return zu_fail_nomem(err);
	ret = zu_table_open(path, &o->file, err);
	if (ret)
		return ret;
	if (!find_module(o, id, len))
		return zu_fail(err, ZU_EINVAL,
			       "%s was made for another module", path);
	return place_module(t, o, range, path, err);
}

/* The text of a module, not its init text */
static bool is_kept(const struct zu_kernel *k,
		    const struct zu_text_range *range)
{
	uint64_t begin;

	return range->kind == ZU_TEXT_MODULE &&
	       zu_module_text(k, range->owner, &begin) &&
	       begin == range->begin;
}

static int add_modules(struct tables *t, const char *dir,
		       struct zu_error *err)
{
	const struct zu_text *text = &t->k->text;
	size_t i;
	int ret = 0;

	for (i = 0; i < text->count && !ret; i++)
		if (is_kept(t->k, &text->range[i]))
			ret = add_module(t, dir, &text->range[i], err);
	return ret;
}

static int add_folder(struct tables *t, const char *dir, struct zu_error *err)
{
	const char *id = t->k->about.build_id;
	char path[4096];
	int ret;

	snprintf(path, sizeof(path), "%s/%s.zut", dir, id);
	if (!id[0] || !is_there(path))
		return zu_fail(err, ZU_ENOENT,
			       "%s has no table of this kernel, %s.zut", dir,
			       id[0] ? id : "which has no build-id");
	/* a capture has not all functions, so that no module could be placed */
	t->all = !zu_image_is_capture(t->k->image);
	ret = add_kernel(t, path, err);
	return ret || !t->all ? ret : add_modules(t, dir, err);
}

int zu_rows_table(struct zu_kernel *k, const char *path,
		  struct zu_error *err)
{
	struct tables *t = calloc(1, sizeof(*t));
	struct stat st;
	int ret;

	if (!t)
		return zu_fail_nomem(err);
	t->k = k;
	ret = !stat(path, &st) && S_ISDIR(st.st_mode) ?
	      add_folder(t, path, err) : add_kernel(t, path, err);
	if (ret) {
		close_tables(t);
		return ret;
	}
	zu_rows_use(k, &(struct zu_row_source){
		.site = site, .leads_to = leads_to, .close = close_tables,
		.ctx = t,
	});
	return 0;
}
