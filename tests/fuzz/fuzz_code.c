/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is an ELF file with code. If it opens, all of its functions are
 * looked at as `zunwind check` does, and a table is made of them as `zunwind
 * table` does, which has to be valid and to have their rows.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "check/built.h"
#include "check/check.h"
#include "check/table_func.h"
#include "tests/make/file.h"
#include "tests/make/table.h"

#define check(what)							\
	do {								\
		if (!(what))						\
			abort();					\
	} while (0)

/* The table, and what is to stand in it */
struct make {
	struct zu_table_maker maker;
	const struct zu_table_object *o;	/* the second time */
	uint64_t functions;
	uint64_t unread;
	uint64_t findings;
};

/* Where what is proven calls, and whom it jumps to, by the table */
static void check_ways(const struct zu_table_object *o, const struct zu_code *c,
		       uint64_t offset, const struct zu_flow *flow)
{
	struct zu_table_exits e;
	bool anywhere = false;
	size_t i;

	for (i = 0; i < flow->nr_calls; i++)
		check(zu_table_call(o, offset + flow->calls[i].last + 2));
	zu_table_exits(o, (uint32_t)offset, &e);
	for (i = 0; i < flow->nr_leaves; i++) {
		const struct zu_flow_leave *l = &flow->leaves[i];
		uint32_t start;

		anywhere |= !l->addr;
		if (l->direct && l->addr >= c->text &&
		    zu_table_func(o, l->addr - c->text, &start))
			check(e.nr);
	}
	check(e.anywhere == anywhere && e.thunk == flow->thunk);
	check(e.nr <= flow->nr_leaves);
}

static bool is_in_text(const struct zu_code *c, const struct zu_code_func *f)
{
	uint64_t offset = f->addr - c->text;

	return f->addr >= c->text && offset < c->text_len &&
	       f->len <= c->text_len - offset;
}

/* Rows that don't fit into a table are undefined there. */
static void check_rows(const struct zu_table_object *o, uint64_t offset,
		       const struct zu_flow *flow)
{
	uint8_t state[ZU_TABLE_STATE];
	struct zu_row row;
	size_t i;

	for (i = 0; i < flow->nr_rows; i++) {
		zu_table_row(o, offset + flow->rows[i].offset, &row);
		if (zu_table_put_state(state, &flow->rows[i].row))
			check(!memcmp(&row, &flow->rows[i].row, sizeof(row)));
		else
			check(row.kind == ZU_ROW_UNDEFINED);
	}
}

static int each(void *ctx, struct zu_code *c, const struct zu_code_func *f,
		const struct zu_flow *flow, struct zu_error *err)
{
	struct make *m = ctx;

	uint64_t offset = f->addr - c->text;
	uint32_t start;

	m->functions++;
	m->unread += !flow;
	m->findings += flow ? flow->nr_findings : 0;
	check(!flow || (flow->verdict == ZU_FLOW_UNPROVEN) ==
	      !!flow->nr_findings);
	if (!is_in_text(c, f))
		return 0;
	if (!m->o)
		return zu_table_maker_add(&m->maker, c, f, flow, err);
	check(zu_table_func(m->o, offset + f->len - 1, &start));
	check(start == offset);
	if (!flow || !zu_flow_trusted(flow))
		return 0;
	check_rows(m->o, offset, flow);
	check_ways(m->o, c, offset, flow);
	return 0;
}

/* False: more functions in a place than a table can tell apart */
static bool look(struct zu_code *c, struct make *m)
{
	const struct zu_check_ops ops = {
		.ctx = m,
		.each = each,
		.no_back_chain = !zu_code_back_chain(c),
	};
	struct zu_check_sum sum;
	struct zu_error err;

	m->functions = m->unread = m->findings = 0;
	if (zu_check_run(c, &ops, &sum, &err)) {
		check(!m->o && err.code == ZU_ENOTSUP);
		return false;
	}
	check(sum.functions == c->nr_func && m->functions == c->nr_func);
	check(sum.unread == m->unread && sum.findings == m->findings);
	check(sum.covered <= sum.text);
	return true;
}

/* Functions are sorted, don't overlap, and are found by their addresses. */
static void check_functions(struct zu_code *c, size_t size)
{
	uint64_t end = 0;
	size_t i;

	check(c->name && c->path && c->build_id_len <= sizeof(c->build_id));
	check(c->code_len <= size);
	for (i = 0; i < c->nr_func; i++) {
		const struct zu_code_func *f = &c->func[i];

		check(f->len && f->addr % 2 == 0);
		check(f->addr >= end && f->addr + f->len > f->addr);
		end = f->addr + f->len;
		check(strlen(c->names + f->name) <= size);
		check(zu_code_func_at(c, f->addr) == f);
		check(zu_code_func_at(c, end - 1) == f);
		check(zu_code_func_at(c, f->addr - 1) != f);
		check(zu_code_func_at(c, end) != f);
		check(c->ops->is_entry(c, f->addr));
	}
}

static void use(struct zu_code *c, size_t size)
{
	struct make m = { .maker = ZU_TABLE_MAKER_INIT };
	struct zu_table_object o;
	struct zu_error err;
	struct zu_table t;
	const char *why;
	void *bytes;
	size_t len;

	check_functions(c, size);
	check(!zu_table_maker_object(&m.maker, c->name, c->build_id,
				     c->build_id_len, c->text_len, &err));
	if (!look(c, &m)) {
		zu_table_maker_deinit(&m.maker);
		return;
	}
	check(!zu_table_maker_finish(&m.maker, &bytes, &len, &err));
	check(!zu_table_init(&t, bytes, len, &why));
	check(table_holds(&t));
	check(zu_table_find(&t, c->name, &o) && o.size == c->text_len);
	m.o = &o;
	check(look(c, &m));
	free(bytes);
	zu_table_maker_deinit(&m.maker);
}

/* What zu_code_open() takes for code; dumps have targets of their own. */
static bool is_code(const uint8_t *data, size_t size)
{
	return size > 20 && !memcmp(data, ELFMAG, SELFMAG) &&
	       data[EI_DATA] == ELFDATA2MSB && !data[16] && data[17] &&
	       data[17] < ET_CORE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zu_code_set set = { .code = NULL };
	struct zu_error err = { 0 };
	size_t i;
	int ret;

	if (!is_code(data, size))
		return 0;
	ret = zu_code_open(mk_fuzz_file(data, size), &set, &err);
	if (ret) {
		check(!set.code && err.code == ret && err.text[0]);
		check(ret == ZU_EFORMAT || ret == ZU_ENOTSUP ||
		      ret == ZU_ENOENT);
		return 0;
	}
	for (i = 0; i < set.nr; i++)
		use(&set.code[i], size);
	zu_code_close(&set);
	return 0;
}
