/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check/built.h"
#include "check/check.h"
#include "cmd/cmd.h"
#include "cmd/put.h"
#include "cmd/table.h"
#include "core/table.h"
#include "kern/table_file.h"

/* A run of the command, for the functions that are called back */
struct dump {
	const struct table_request *q;
	const struct zu_code_set *set;
	struct zu_buf out;
	bool missing;
	bool any;
};

static void put_object(struct zu_buf *b, const char *name, const uint8_t *id,
		       size_t id_len)
{
	size_t i;

	zu_buf_printf(b, "%s", *name ? "module " : "kernel");
	put_name(b, name);
	if (id_len)
		zu_buf_printf(b, ", build-id ");
	for (i = 0; i < id_len; i++)
		zu_buf_printf(b, "%02x", id[i]);
}

static int dump_object(const struct zu_table_object *o, struct zu_buf *b,
		       struct zu_error *err)
{
	struct zu_row row;
	uint32_t off;
	int ret = 0;

	put_object(b, o->name, o->build_id, o->build_id_len);
	zu_buf_printf(b, ", %" PRIu32 " bytes of text, %" PRIu32 " rows\n",
		      o->size, o->nr_rows);
	for (off = 0; off < o->size && !ret; off = zu_table_next(o, off)) {
		zu_table_row(o, off, &row);
		zu_buf_printf(b, "    0x%08" PRIx32 "  ", off);
		put_row(b, &row);
		zu_buf_printf(b, "\n");
		ret = put_flush(b, PUT_CHUNK, err);
	}
	return ret;
}

static int dump_table(const struct zu_table *t, struct zu_buf *b,
		      struct zu_error *err)
{
	struct zu_table_object o;
	uint32_t i;
	int ret = 0;

	for (i = 0; i < t->nr_objects && !ret; i++) {
		zu_table_object(t, i, &o);
		ret = dump_object(&o, b, err);
	}
	return ret ? ret : put_flush(b, 0, err);
}

static bool want(void *ctx, const char *name)
{
	const struct dump *d = ctx;

	return !d->q->function || !fnmatch(d->q->function, name, 0);
}

static int each(void *ctx, struct zu_code *c, const struct zu_code_func *f,
		const struct zu_flow *flow, struct zu_error *err)
{
	struct dump *d = ctx;
	struct zu_buf *b = &d->out;
	size_t i;

	d->any = true;
	put_name(b, c->names + f->name);
	if (*c->name && d->set->nr > 1) {
		zu_buf_printf(b, " [");
		put_name(b, c->name);
		zu_buf_printf(b, "]");
	}
	zu_buf_printf(b, "%s\n", !flow ? ": its code is not there" :
		      zu_flow_trusted(flow) ? "" : ": not proven, no rows");
	for (i = 0; flow && zu_flow_trusted(flow) && i < flow->nr_rows; i++) {
		zu_buf_printf(b, "    +0x%-6" PRIx32 " ", flow->rows[i].offset);
		put_row(b, &flow->rows[i].row);
		zu_buf_printf(b, "\n");
	}
	return put_flush(b, PUT_CHUNK, err);
}

static int dump_code(struct dump *d, struct zu_error *err)
{
	struct zu_check_ops ops = {
		.ctx = d,
		.want = want,
		.each = each,
		.no_back_chain = !zu_code_back_chain(&d->set->code[0]),
	};
	struct zu_check_sum sum;
	size_t i;
	int ret = 0;

	for (i = 0; i < d->set->nr && !ret; i++) {
		ret = zu_check_run(&d->set->code[i], &ops, &sum, err);
		if (!ret)
			d->missing |= sum.unread ||
				      sum.verdict[ZU_FLOW_UNPROVEN] ||
				      sum.code.rows_known < sum.code.insns;
	}
	return ret ? ret : put_flush(&d->out, 0, err);
}

static int of_table(struct dump *d, const struct zu_table_file *file)
{
	struct zu_error err;
	int ret;

	if (d->q->function)
		return cmd_misuse("table", "a table has no names of functions");
	ret = dump_table(&file->table, &d->out, &err);
	return ret ? cmd_error(&err) : EXIT_YES;
}

static int of_code(struct dump *d)
{
	struct zu_code_set set;
	struct zu_error err;
	int ret;

	if (zu_code_open(d->q->path, &set, &err))
		return cmd_error(&err);
	d->set = &set;
	ret = dump_code(d, &err);
	zu_code_close(&set);
	if (ret)
		return cmd_error(&err);
	if (!d->any) {
		fputs("zunwind: there is no such function\n", stderr);
		return EXIT_CANT;
	}
	return d->missing ? EXIT_NO : EXIT_YES;
}

int table_dump(const struct table_request *q)
{
	struct dump d = { .q = q };
	struct zu_table_file file = { .bytes = NULL };
	struct zu_error err;
	int ret;

	ret = zu_table_open(q->path, &file, &err);
	if (ret && ret != ZU_ENOTMINE)
		return cmd_error(&err);
	ret = ret ? of_code(&d) : of_table(&d, &file);
	zu_table_close(&file);
	zu_buf_deinit(&d.out);
	return cmd_finish(ret);
}
