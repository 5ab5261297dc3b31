/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/built.h"
#include "check/check.h"
#include "check/table_make.h"
#include "cmd/cmd.h"
#include "cmd/table.h"
#include "core/table.h"
#include "util/fail.h"
#include "util/outfile.h"

/*
 * A run of the command, for the functions that are called back
 * @known: instructions with a row
 * @lacking: functions that have instructions without
 * @outside: functions that have no place in a table
 */
struct make {
	struct zu_table_maker maker;
	struct zu_check_sum sum;
	uint64_t known;
	uint64_t lacking;
	uint64_t outside;
};

/* What is written */
struct file {
	void *bytes;
	size_t len;
};

static int each(void *ctx, struct zu_code *c, const struct zu_code_func *f,
		const struct zu_flow *flow, struct zu_error *err)
{
	uint64_t offset = f->addr - c->text;
	struct make *m = ctx;

	if (f->addr < c->text || offset >= c->text_len ||
	    f->len > c->text_len - offset) {
		m->outside++;
		return 0;
	}
	if (!flow || flow->stats.rows_known < flow->stats.insns)
		m->lacking++;
	if (!flow)
		return 0;
	m->known += flow->stats.rows_known;
	return zu_table_maker_rows(&m->maker, offset, f->len, flow->rows,
				   flow->nr_rows, err);
}

static int make_objects(struct make *m, const struct zu_code_set *set,
			struct zu_error *err)
{
	struct zu_check_ops ops = { .ctx = m, .each = each };
	size_t i;
	int ret = 0;

	ops.no_back_chain = !zu_code_back_chain(&set->code[0]);
	for (i = 0; i < set->nr && !ret; i++) {
		struct zu_code *c = &set->code[i];
		struct zu_check_sum sum;

		ret = zu_table_maker_object(&m->maker, c->name, c->build_id,
					    c->build_id_len, c->text_len, err);
		if (!ret)
			ret = zu_check_run(c, &ops, &sum, err);
		if (!ret)
			zu_check_add(&m->sum, &sum);
		else if (*c->name)
			zu_fail_at(err, "module %s", c->name);
	}
	return ret;
}

static int make(struct make *m, const struct table_request *q,
		struct file *ret, struct zu_error *err)
{
	struct zu_code_set set;
	int code;

	code = zu_code_open(q->path, &set, err);
	if (code)
		return code;
	code = make_objects(m, &set, err);
	zu_code_close(&set);
	if (!code && !m->known)
		code = zu_fail(err, ZU_ENOENT, "there is no code in it that has rows");
	if (!code)
		code = zu_table_maker_finish(&m->maker, &ret->bytes, &ret->len,
					     err);
	return code ? zu_fail_at(err, "cannot make a table of %s", q->path) : 0;
}

static uint64_t count_rows(const struct zu_table *t)
{
	struct zu_table_object o;
	uint64_t rows = 0;
	uint32_t i;

	for (i = 0; i < t->nr_objects; i++) {
		zu_table_object(t, i, &o);
		rows += o.nr_rows;
	}
	return rows;
}

static void tell(const struct make *m, const char *output,
		 const struct zu_table *t)
{
	printf("%s: %" PRIu32 " object%s, %" PRIu64 " rows, %zu bytes: %.2f a row, %.1f %% of %" PRIu64 " bytes of functions\n",
	       output, t->nr_objects, t->nr_objects == 1 ? "" : "s",
	       count_rows(t), t->len,
	       (double)t->len / (double)(count_rows(t) + !count_rows(t)),
	       100.0 * (double)t->len / (double)m->sum.covered,
	       m->sum.covered);
	if (m->outside)
		printf("%s: %" PRIu64 " function%s of init text or boot code left out\n",
		       output, m->outside, m->outside == 1 ? "" : "s");
	if (m->maker.unfit)
		printf("%s: %" PRIu64 " row%s too large for the format left out\n",
		       output, m->maker.unfit, m->maker.unfit == 1 ? "" : "s");
	if (m->lacking)
		printf("%s: %" PRIu64 " of %" PRIu64 " functions have instructions without a row\n",
		       output, m->lacking, m->sum.functions);
}

/* What is wrong with it is our fault, and shall not be found by others. */
static int write_table(const char *output, const struct file *file,
		       struct zu_table *t, struct zu_error *err)
{
	const char *why;

	if (zu_table_init(t, file->bytes, file->len, &why))
		return zu_fail(err, ZU_EFORMAT, "the table is not valid: %s",
			       why);
	return zu_outfile_write(!strcmp(output, "-") ? "/dev/stdout" : output,
				file->bytes, file->len, err);
}

int table_make(const struct table_request *q)
{
	struct make m = { .maker = ZU_TABLE_MAKER_INIT };
	struct file file = { .bytes = NULL };
	struct zu_error err;
	struct zu_table t;
	int ret;

	ret = make(&m, q, &file, &err);
	if (!ret)
		ret = write_table(q->output, &file, &t, &err);
	if (ret)
		ret = cmd_error(&err);
	else
		ret = m.lacking || m.maker.unfit ? EXIT_NO : EXIT_YES;
	if (ret != EXIT_CANT && strcmp(q->output, "-"))
		tell(&m, q->output, &t);
	zu_table_maker_deinit(&m.maker);
	free(file.bytes);
	return cmd_finish(ret);
}
