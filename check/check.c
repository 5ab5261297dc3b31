/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/check.h"

#include <string.h>

#include "check/callee.h"

static void count(struct zu_check_sum *sum, const struct zu_flow *flow)
{
	const struct zu_flow_stats *s = &flow->stats;

	sum->verdict[flow->verdict]++;
	sum->findings += flow->nr_findings;
	if (flow->nr_findings)
		sum->cause[flow->findings[0].kind]++;
	sum->code.insns += s->insns;
	sum->code.rows_known += s->rows_known;
	sum->code.calls += s->calls;
	sum->code.jump_tables += s->jump_tables;
	sum->code.open_tables += s->open_tables;
	sum->code.executed += s->executed;
	sum->code.traps += s->traps;
}

static int check_func(struct zu_callees *k, struct zu_code *c,
		      const struct zu_check_ops *ops,
		      const struct zu_code_func *f, struct zu_check_sum *sum,
		      struct zu_error *err)
{
	const struct zu_flow *flow;
	int ret = zu_callees_flow(k, f, &flow, err);

	if (ret)
		return ret;
	sum->functions++;
	if (flow)
		count(sum, flow);
	else
		sum->unread++;
	return ops->each(ops->ctx, c, f, flow, err);
}

int zu_check_run(struct zu_code *c, const struct zu_check_ops *ops,
		 struct zu_check_sum *sum, struct zu_error *err)
{
	struct zu_check_sum s = { .text = c->code_len };
	struct zu_callees *k;
	size_t i;
	int ret;

	ret = zu_callees_create(c, !ops->no_back_chain, &k, err);
	if (ret)
		return ret;
	for (i = 0; i < c->nr_func && !ret; i++) {
		s.covered += c->func[i].len;
		if (!ops->want ||
		    ops->want(ops->ctx, c->names + c->func[i].name))
			ret = check_func(k, c, ops, &c->func[i], &s, err);
	}
	zu_callees_destroy(k);
	if (!ret)
		*sum = s;
	return ret;
}

void zu_check_add(struct zu_check_sum *to, const struct zu_check_sum *sum)
{
	size_t i;

	to->functions += sum->functions;
	to->unread += sum->unread;
	to->findings += sum->findings;
	to->text += sum->text;
	to->covered += sum->covered;
	for (i = 0; i <= ZU_FLOW_UNPROVEN; i++)
		to->verdict[i] += sum->verdict[i];
	for (i = 0; i < ZU_FINDING_COUNT; i++)
		to->cause[i] += sum->cause[i];
	to->code.insns += sum->code.insns;
	to->code.rows_known += sum->code.rows_known;
	to->code.calls += sum->code.calls;
	to->code.jump_tables += sum->code.jump_tables;
	to->code.open_tables += sum->code.open_tables;
	to->code.executed += sum->code.executed;
	to->code.traps += sum->code.traps;
}
