/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/built.h"
#include "check/check.h"
#include "check/sframe_make.h"
#include "check/table_func.h"
#include "cmd/cmd.h"
#include "cmd/table.h"
#include "core/table.h"
#include "util/fail.h"
#include "util/outfile.h"

/*
 * A run of the command, for the functions that are called back
 * @q: what is asked for: which of the makers is used
 * @base: what is subtracted from addresses in the object
 * @known: instructions with a row
 * @lacking: functions that have instructions without
 * @outside: functions that have no place in a table
 */
struct make {
	const struct table_request *q;
	struct zu_table_maker maker;
	struct zu_sframe_maker sframe;
	uint64_t base;
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
	bool trusted = flow && zu_flow_trusted(flow);
	struct make *m = ctx;

	if (!zu_code_in_text(c, f)) {
		m->outside++;
		return 0;
	}
	m->lacking += !trusted || flow->stats.rows_known < flow->stats.insns;
	m->known += trusted ? flow->stats.rows_known : 0;
	if (!m->q->sframe)
		return zu_table_maker_add(&m->maker, c, f, flow, err);
	if (!trusted)
		return 0;
	return zu_sframe_maker_rows(&m->sframe, f->addr - m->base, f->len,
				    flow->rows, flow->nr_rows, err);
}

/*
 * Addresses in an SFrame section are those of the file or of the kernel in the
 * source; relocatable files have none yet: there, offsets in .text.
 */
static uint64_t sframe_base(struct zu_code *c)
{
	uint64_t addr, len;

	if (!c->relocatable)
		return 0;
	return zu_code_section(c, ".text", &addr, &len) && addr <= c->text ?
	       addr : c->text;
}

static int begin_object(struct make *m, struct zu_code *c,
			struct zu_error *err)
{
	if (!m->q->sframe)
		return zu_table_maker_object(&m->maker, c->name, c->build_id,
					     c->build_id_len, c->text_len,
					     err);
	m->base = sframe_base(c);
	return 0;
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

		ret = begin_object(m, c, err);
		if (!ret)
			ret = zu_check_run(c, &ops, &sum, err);
		if (!ret)
			zu_check_add(&m->sum, &sum);
		else if (*c->name)
			zu_fail_at(err, "module %s", c->name);
	}
	return ret;
}

static int finish(struct make *m, const struct zu_code *first,
		  struct file *ret, struct zu_error *err)
{
	if (!m->known)
		return zu_fail(err, ZU_ENOENT, "there is no code in it that has rows");
	if (m->q->sframe)
		return zu_sframe_maker_finish(&m->sframe, first->build_id,
					      first->build_id_len, &ret->bytes,
					      &ret->len, err);
	return zu_table_maker_finish(&m->maker, &ret->bytes, &ret->len, err);
}

static int make(struct make *m, struct file *ret, struct zu_error *err)
{
	struct zu_code_set set;
	int code;

	code = zu_code_open(m->q->path, &set, err);
	if (code)
		return code;
	code = make_objects(m, &set, err);
	if (!code)
		code = finish(m, &set.code[0], ret, err);
	zu_code_close(&set);
	return code ? zu_fail_at(err, "cannot make a table of %s", m->q->path) :
		      0;
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void tell_share(const struct make *m, size_t len)
{
	printf("%.1f %% of %" PRIu64 " bytes of functions\n",
	       100.0 * (double)len / (double)m->sum.covered, m->sum.covered);
}

static void tell_table(const struct make *m, const struct zu_table *t)
{
	uint64_t rows = 0, funcs = 0, calls = 0;
	struct zu_table_object o;
	uint32_t i;

	for (i = 0; i < t->nr_objects; i++) {
		zu_table_object(t, i, &o);
		rows += o.nr_rows;
		funcs += o.nr_funcs;
		calls += o.nr_calls;
	}
	printf("%s: %" PRIu32 " object%s, %" PRIu64 " row%s, %" PRIu64 " function%s, %" PRIu64 " call%s, %zu bytes: ",
	       m->q->output, t->nr_objects, plural(t->nr_objects),
	       rows, plural(rows), funcs, plural(funcs), calls, plural(calls),
	       t->len);
	tell_share(m, t->len);
}

static void tell_sframe(const struct make *m, size_t len)
{
	uint64_t rows = m->sframe.nr_rows;

	printf("%s: SFrame, %zu entr%s, %" PRIu64 " rows, %zu bytes: %.2f a row, ",
	       m->q->output, m->sframe.nr_fdes,
	       m->sframe.nr_fdes == 1 ? "y" : "ies", rows, len,
	       (double)len / (double)(rows + !rows));
	tell_share(m, len);
}

static void tell_unfit(const struct make *m)
{
	static const char *const why[] = {
		[ZU_SFRAME_REGS] = "registers are saved there",
		[ZU_SFRAME_STACK] = "the caller is on another stack",
		[ZU_SFRAME_RA] = "the return address is lost",
		[ZU_SFRAME_FP] = "r11 is lost",
		[ZU_SFRAME_OFFSET] = "the CFA is no multiple of 8 away",
	};
	int i;

	if (m->maker.unfit)
		printf("%s: %" PRIu64 " row%s too large for the format left out\n",
		       m->q->output, m->maker.unfit, plural(m->maker.unfit));
	for (i = 0; i < ZU_SFRAME_UNFIT; i++)
		if (m->sframe.unfit[i])
			printf("%s: %" PRIu64 " row%s that SFrame cannot say left out: %s\n",
			       m->q->output, m->sframe.unfit[i],
			       plural(m->sframe.unfit[i]), why[i]);
}

static void tell(const struct make *m, const struct file *file,
		 const struct zu_table *t)
{
	const char *output = m->q->output;

	if (m->q->sframe)
		tell_sframe(m, file->len);
	else
		tell_table(m, t);
	if (m->outside)
		printf("%s: %" PRIu64 " function%s of init text or boot code left out\n",
		       output, m->outside, plural(m->outside));
	tell_unfit(m);
	if (m->lacking)
		printf("%s: %" PRIu64 " of %" PRIu64 " functions have instructions without a row\n",
		       output, m->lacking, m->sum.functions);
}

static bool unfit(const struct make *m)
{
	uint64_t n = m->maker.unfit;
	int i;

	for (i = 0; i < ZU_SFRAME_UNFIT; i++)
		n += m->sframe.unfit[i];
	return n;
}

/* What is wrong with it is our fault, and shall not be found by others. */
static int write_file(const struct table_request *q, const struct file *file,
		      struct zu_table *t, struct zu_error *err)
{
	const char *why;

	if (!q->sframe && zu_table_init(t, file->bytes, file->len, &why))
		return zu_fail(err, ZU_EFORMAT, "the table is not valid: %s",
			       why);
	return zu_outfile_write(strcmp(q->output, "-") ? q->output :
							 "/dev/stdout",
				file->bytes, file->len, err);
}

int table_make(const struct table_request *q)
{
	struct make m = {
		.q = q,
		.maker = ZU_TABLE_MAKER_INIT,
		.sframe = ZU_SFRAME_MAKER_INIT,
	};
	struct file file = { .bytes = NULL };
	struct zu_table t = { .nr_objects = 0 };
	struct zu_error err;
	int ret;

	ret = make(&m, &file, &err);
	if (!ret)
		ret = write_file(q, &file, &t, &err);
	if (ret)
		ret = cmd_error(&err);
	else
		ret = m.lacking || unfit(&m) ? EXIT_NO : EXIT_YES;
	if (ret != EXIT_CANT && strcmp(q->output, "-"))
		tell(&m, &file, &t);
	zu_table_maker_deinit(&m.maker);
	zu_sframe_maker_deinit(&m.sframe);
	free(file.bytes);
	return cmd_finish(ret);
}
