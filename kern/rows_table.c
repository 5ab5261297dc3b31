/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows from a table's file. Of its objects the kernel is used; the code of
 * modules is looked at in memory.
 */
#include "kern/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kern/table_file.h"
#include "util/fail.h"

struct table {
	struct zu_table_file file;
	struct zu_table_object kernel;
	uint64_t stext;
};

static bool is_of_this_kernel(const struct zu_kernel *k,
			      const struct zu_table *t)
{
	char hex[2 * ZU_TABLE_BUILD_ID + 1] = "";
	uint32_t i;

	for (i = 0; i < t->build_id_len && i < ZU_TABLE_BUILD_ID; i++)
		snprintf(hex + 2 * i, 3, "%02x", t->build_id[i]);
	return hex[0] && !strcmp(hex, k->about.build_id);
}

static bool find_kernel(struct table *t)
{
	uint32_t i;

	for (i = 0; i < t->file.table.nr_objects; i++) {
		zu_table_object(&t->file.table, i, &t->kernel);
		if (!t->kernel.name[0])
			return true;
	}
	return false;
}

static bool row(void *ctx, uint64_t addr, struct zu_row *ret)
{
	const struct table *t = ctx;

	if (addr < t->stext || addr - t->stext >= t->kernel.size)
		return false;
	zu_table_row(&t->kernel, addr - t->stext, ret);
	return true;
}

static void close_table(void *ctx)
{
	struct table *t = ctx;

	zu_table_close(&t->file);
	free(t);
}

static int check(const struct zu_kernel *k, struct table *t,
		 const char *path, struct zu_error *err)
{
	const char *id = k->about.build_id;

	if (!find_kernel(t))
		return zu_fail(err, ZU_EINVAL,
			       "%s has no rows for the kernel itself", path);
	if (!is_of_this_kernel(k, &t->file.table)) {
		zu_fail(err, ZU_EINVAL,
			"its build-id is not that of this kernel, %s",
			id[0] ? id : "which tells none");
		return zu_fail_at(err, "%s was made for another kernel", path);
	}
	return 0;
}

int zu_rows_table(struct zu_kernel *k, const char *path,
		  struct zu_error *err)
{
	struct table *t = calloc(1, sizeof(*t));
	int ret;

	if (!t)
		return zu_fail_nomem(err);
	ret = zu_table_open(path, &t->file, err);
	if (!ret)
		ret = check(k, t, path, err);
	if (ret) {
		close_table(t);
		return ret;
	}
	t->stext = k->global[ZU_G__stext];
	zu_rows_use(k, &(struct zu_row_source){
		.row = row, .close = close_table, .ctx = t,
	});
	return 0;
}
