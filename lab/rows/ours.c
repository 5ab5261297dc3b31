// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/rows/ours.h"

#include <stdlib.h>

#include "check/built.h"
#include "check/check.h"

static void *grow(void *p, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return p;
	*cap = *cap ? *cap * 2 : 1024;
	p = reallocarray(p, *cap, size);
	if (!p)
		abort();
	return p;
}

static void add_row(struct ours *o, uint64_t addr, const struct zu_row *row)
{
	o->rows = grow(o->rows, o->nr_rows, &o->cap_rows, sizeof(*o->rows));
	o->rows[o->nr_rows++] = (struct ours_row){ addr, *row };
}

static int each(void *ctx, struct zu_code *c, const struct zu_code_func *f,
		const struct zu_flow *flow, struct zu_error *err)
{
	static const struct zu_row none;
	struct ours_function fn = { .addr = f->addr };
	struct ours *o = ctx;
	size_t i;

	(void)c;
	(void)err;
	if (!flow)
		return 0;
	if (!zu_flow_trusted(flow))
		add_row(o, f->addr, &none);
	for (i = 0; zu_flow_trusted(flow) && i < flow->nr_rows; i++)
		add_row(o, f->addr + flow->rows[i].offset, &flow->rows[i].row);
	add_row(o, f->addr + f->len, &none);
	fn.verdict = flow->verdict;
	fn.complete = flow->verdict == ZU_FLOW_PROVEN &&
		      flow->stats.rows_known == flow->stats.insns;
	fn.hint = flow->hint;
	if (flow->nr_findings)
		fn.finding = flow->findings[0].kind;
	o->functions = grow(o->functions, o->nr_functions, &o->cap_functions,
			    sizeof(*o->functions));
	o->functions[o->nr_functions++] = fn;
	return 0;
}

int ours_make(struct ours *o, struct zu_code *code, struct zu_error *err)
{
	struct zu_check_ops ops = {
		.ctx = o,
		.each = each,
		.no_back_chain = !zu_code_back_chain(code),
	};
	struct zu_check_sum sum;

	*o = (struct ours){ .code = code };
	return zu_check_run(code, &ops, &sum, err);
}

void ours_free(struct ours *o)
{
	free(o->rows);
	free(o->functions);
}

const struct zu_row *ours_row(const struct ours *o, uint64_t addr)
{
	static const struct zu_row none;
	size_t low = 0, high = o->nr_rows;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (o->rows[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &o->rows[low - 1].row : &none;
}

bool ours_table_row(const struct ours *o, uint64_t addr, struct zu_row *ret)
{
	if (!o->has_table || addr < o->code->text ||
	    addr - o->code->text >= o->table.size)
		return false;
	zu_table_row(&o->table, addr - o->code->text, ret);
	return true;
}

const struct ours_function *ours_function(const struct ours *o, uint64_t addr)
{
	size_t low = 0, high = o->nr_functions;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (o->functions[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &o->functions[low - 1] : NULL;
}
