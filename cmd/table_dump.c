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

static void put_count(struct zu_buf *b, uint32_t n, const char *what)
{
	zu_buf_printf(b, ", %" PRIu32 " %s%s", n, what, n == 1 ? "" : "s");
}

static void put_exits(struct zu_buf *b, const struct zu_table_object *o,
		      uint32_t start)
{
	struct zu_table_exits e;
	uint32_t i, off;
	bool jump;

	zu_table_exits(o, start, &e);
	if (e.nr || e.anywhere)
		zu_buf_printf(b, ", exits");
	for (i = 0; i < e.nr; i++) {
		off = zu_table_exit(&e, i, &jump);
		if (jump)
			zu_buf_printf(b, " jump+0x%" PRIx32, off - start);
		else
			zu_buf_printf(b, " 0x%08" PRIx32, off);
	}
	if (e.anywhere)
		zu_buf_printf(b, " anywhere");
	if (e.thunk)
		zu_buf_printf(b, ", thunk");
}

/* Calls and exits in the line of their function, or it would be many lines */
static void put_func(struct zu_buf *b, const struct zu_table_object *o,
		     uint32_t start, uint32_t next)
{
	uint32_t end = zu_table_next_call(o, start);

	zu_buf_printf(b, "    0x%08" PRIx32 "  function", start);
	if (end && end <= next)
		zu_buf_printf(b, ", calls");
	for (; end && end <= next; end = zu_table_next_call(o, end))
		zu_buf_printf(b, " +0x%" PRIx32, end - start);
	put_exits(b, o, start);
	zu_buf_printf(b, "\n");
}

static void put_table_row(struct zu_buf *b, const struct zu_table_object *o,
			  uint32_t off)
{
	struct zu_row row;

	zu_table_row(o, off, &row);
	zu_buf_printf(b, "    0x%08" PRIx32 "  ", off);
	put_row(b, &row);
	zu_buf_printf(b, "\n");
}

/* Functions and rows by their offsets: a row can be of several functions */
static int dump_object(const struct zu_table_object *o, struct zu_buf *b,
		       struct zu_error *err)
{
	uint32_t row = 0, func, next;
	int ret = 0;

	put_object(b, o->name, o->build_id, o->build_id_len);
	zu_buf_printf(b, ", %" PRIu32 " bytes of text", o->size);
	put_count(b, o->nr_rows, "row");
	put_count(b, o->nr_funcs, "function");
	put_count(b, o->nr_calls, "call");
	zu_buf_printf(b, "\n");
	if (!zu_table_func(o, 0, &func))
		func = zu_table_next_func(o, 0);
	while (!ret && (row < o->size || func < o->size)) {
		if (func <= row) {
			next = zu_table_next_func(o, func);
			put_func(b, o, func, next);
			func = next;
		} else {
			put_table_row(b, o, row);
			row = zu_table_next(o, row);
		}
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

static void put_calls(struct zu_buf *b, const struct zu_flow *flow)
{
	size_t i;

	if (flow->nr_calls)
		zu_buf_printf(b, "    calls");
	for (i = 0; i < flow->nr_calls; i++)
		zu_buf_printf(b, " +0x%" PRIx32, flow->calls[i].last + 2);
	if (flow->nr_calls)
		zu_buf_printf(b, "\n");
}

static void put_leaves(struct zu_buf *b, struct zu_code *c,
		       const struct zu_flow *flow)
{
	size_t i;

	for (i = 0; i < flow->nr_leaves; i++) {
		const struct zu_flow_leave *l = &flow->leaves[i];
		const char *name = l->addr ? c->ops->dest_name(c, l->addr) :
					     "anywhere";

		zu_buf_printf(b, "%s +0x%" PRIx32 " ", i ? "," : "    exits",
			      l->offset);
		if (name)
			put_name(b, name);
		else
			zu_buf_printf(b, "0x%" PRIx64, l->addr);
	}
	if (flow->nr_leaves)
		zu_buf_printf(b, "\n");
}

static void put_flow(struct zu_buf *b, struct zu_code *c,
		     const struct zu_flow *flow)
{
	size_t i;

	put_calls(b, flow);
	put_leaves(b, c, flow);
	for (i = 0; i < flow->nr_rows; i++) {
		zu_buf_printf(b, "    +0x%-6" PRIx32 " ", flow->rows[i].offset);
		put_row(b, &flow->rows[i].row);
		zu_buf_printf(b, "\n");
	}
}

static int each(void *ctx, struct zu_code *c, const struct zu_code_func *f,
		const struct zu_flow *flow, struct zu_error *err)
{
	struct dump *d = ctx;
	struct zu_buf *b = &d->out;

	d->any = true;
	put_name(b, c->names + f->name);
	if (*c->name && d->set->nr > 1) {
		zu_buf_printf(b, " [");
		put_name(b, c->name);
		zu_buf_printf(b, "]");
	}
	zu_buf_printf(b, "%s\n", !flow ? ": its code is not there" :
		      !zu_flow_trusted(flow) ? ": not proven, no rows" :
		      flow->thunk ? ": a thunk" : "");
	if (flow && zu_flow_trusted(flow))
		put_flow(b, c, flow);
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
