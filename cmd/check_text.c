/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>

#include "cmd/check.h"
#include "cmd/put.h"

static void text_begin(struct check_report *r)
{
	(void)r;
}

static void text_object(struct check_report *r, const struct zu_code *c)
{
	(void)r;
	(void)c;
}

/* "file: function+0x1c [module]: " */
static void put_place(struct check_report *r, const struct zu_code *c,
		      const struct zu_code_func *f, uint32_t offset)
{
	struct zu_buf *b = &r->out.out;

	zu_buf_printf(b, "%s: ", r->path);
	put_name(b, c->names + f->name);
	if (offset)
		zu_buf_printf(b, "+0x%" PRIx32, offset);
	if (*c->name && r->set->nr > 1) {
		zu_buf_printf(b, " [");
		put_name(b, c->name);
		zu_buf_printf(b, "]");
	}
	zu_buf_printf(b, ": ");
}

static void put_path(struct zu_buf *b, const struct zu_finding *n)
{
	size_t i;

	if (!n->nr_path)
		return;
	zu_buf_printf(b, "    by the branches %s", n->path_cut ? "..., " : "");
	for (i = 0; i < n->nr_path; i++)
		zu_buf_printf(b, "%s+0x%" PRIx32 " to +0x%" PRIx32,
			      i ? ", " : "", n->path[i].from, n->path[i].to);
	zu_buf_printf(b, "\n");
}

static void text_func(struct check_report *r, const struct zu_code *c,
		      const struct zu_code_func *f, const struct zu_flow *flow)
{
	struct zu_buf *b = &r->out.out;
	size_t i;

	if (!flow) {
		put_place(r, c, f, 0);
		zu_buf_printf(b, "its code is not there\n");
		return;
	}
	for (i = 0; i < flow->nr_findings; i++) {
		const struct zu_finding *n = &flow->findings[i];

		put_place(r, c, f, n->offset);
		zu_buf_printf(b, "%s [%s]\n", zu_finding_text(n->kind),
			      zu_finding_word(n->kind));
		put_path(b, n);
	}
	if (r->hints && flow->verdict == ZU_FLOW_HINTED) {
		put_place(r, c, f, 0);
		zu_buf_printf(b, "hint: %s\n", flow->hint);
	}
}

static void put_count(struct zu_buf *b, uint64_t n, const char *what)
{
	zu_buf_printf(b, "%" PRIu64 " %s%s", n, what, n == 1 ? "" : "s");
}

static void put_verdicts(struct zu_buf *b, const struct zu_check_sum *s)
{
	const char *before = " (";
	size_t i;

	put_count(b, s->functions, "function");
	zu_buf_printf(b, ": %" PRIu64 " proven, %" PRIu64 " hinted, %" PRIu64
		      " unproven", s->verdict[ZU_FLOW_PROVEN],
		      s->verdict[ZU_FLOW_HINTED], s->verdict[ZU_FLOW_UNPROVEN]);
	for (i = 0; i < ZU_FINDING_COUNT; i++) {
		if (!s->cause[i])
			continue;
		zu_buf_printf(b, "%s%s %" PRIu64, before,
			      zu_finding_word((enum zu_finding_kind)i),
			      s->cause[i]);
		before = ", ";
	}
	zu_buf_printf(b, "%s", *before == ',' ? ")" : "");
	if (s->unread)
		zu_buf_printf(b, ", %" PRIu64 " not there", s->unread);
	zu_buf_printf(b, "\n");
}

static void text_object_end(struct check_report *r, const struct zu_code *c,
			    const struct zu_check_sum *sum)
{
	struct zu_buf *b = &r->out.out;

	if (r->set->nr == 1 || !sum->functions)
		return;
	zu_buf_printf(b, "%s: ", r->path);
	if (*c->name) {
		zu_buf_printf(b, "[");
		put_name(b, c->name);
		zu_buf_printf(b, "] ");
	}
	put_verdicts(b, sum);
}

static void text_end(struct check_report *r)
{
	const struct zu_check_sum *s = &r->total;
	struct zu_buf *b = &r->out.out;

	zu_buf_printf(b, "%s: ", r->path);
	if (r->set->nr > 1)
		zu_buf_printf(b, "all %zu objects: ", r->set->nr);
	put_verdicts(b, s);
	zu_buf_printf(b, "%s: ", r->path);
	put_count(b, s->code.insns, "instruction");
	zu_buf_printf(b, " (%" PRIu64 " with a row), ", s->code.rows_known);
	put_count(b, s->code.calls, "call");
	zu_buf_printf(b, ", ");
	put_count(b, s->code.jump_tables, "jump table");
	if (s->code.open_tables)
		zu_buf_printf(b, " (%" PRIu64 " without a bound)",
			      s->code.open_tables);
	zu_buf_printf(b, ", %" PRIu64 " executed, ", s->code.executed);
	put_count(b, s->code.traps, "trap");
	zu_buf_printf(b, "\n");
	if (r->some)
		return;
	zu_buf_printf(b, "%s: ", r->path);
	put_count(b, s->text, "byte");
	zu_buf_printf(b, " of text, %" PRIu64 " in no function\n",
		      s->text > s->covered ? s->text - s->covered : 0);
}

const struct check_format check_text = {
	.name = "text",
	.begin = text_begin,
	.object = text_object,
	.func = text_func,
	.object_end = text_object_end,
	.end = text_end,
};
