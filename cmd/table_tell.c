/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/table.h"

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void tell_share(const struct table_making *m, size_t len)
{
	printf("%.1f %% of %" PRIu64 " bytes of functions\n",
	       100.0 * (double)len / (double)m->sum.covered, m->sum.covered);
}

static void tell_table(const struct table_making *m)
{
	const struct zu_table *t = &m->table;
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
	       m->output, t->nr_objects, plural(t->nr_objects),
	       rows, plural(rows), funcs, plural(funcs), calls, plural(calls),
	       t->len);
	tell_share(m, t->len);
}

static void tell_sframe(const struct table_making *m)
{
	uint64_t rows = m->sframe.nr_rows;

	printf("%s: SFrame, %zu entr%s, %" PRIu64 " rows, %zu bytes: %.2f a row, ",
	       m->output, m->sframe.nr_fdes,
	       m->sframe.nr_fdes == 1 ? "y" : "ies", rows, m->len,
	       (double)m->len / (double)(rows + !rows));
	tell_share(m, m->len);
}

static void tell_unfit(const struct table_making *m)
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
		       m->output, m->maker.unfit, plural(m->maker.unfit));
	for (i = 0; i < ZU_SFRAME_UNFIT; i++)
		if (m->sframe.unfit[i])
			printf("%s: %" PRIu64 " row%s that SFrame cannot say left out: %s\n",
			       m->output, m->sframe.unfit[i],
			       plural(m->sframe.unfit[i]), why[i]);
}

void table_tell(const struct table_making *m)
{
	const char *output = m->output;

	if (m->q->sframe)
		tell_sframe(m);
	else
		tell_table(m);
	if (m->outside)
		printf("%s: %" PRIu64 " function%s of init text or boot code left out\n",
		       output, m->outside, plural(m->outside));
	tell_unfit(m);
	if (m->lacking)
		printf("%s: %" PRIu64 " of %" PRIu64 " functions have instructions without a row\n",
		       output, m->lacking, m->sum.functions);
}
