/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/table_func.h"

#include "core/table.h"

/*
 * With a thunk that turns out not to be needed the kernel puts basr and a nop
 * in place of brasl when it boots: __nospec_revert() in
 * arch/s390/kernel/nospec-branch.c. Then the call ends behind the basr.
 */
static bool can_become_basr(const struct zu_flow_call *call)
{
	return call->thunk && call->last - call->offset == 4;
}

static int add_calls(struct zu_table_maker *m, uint64_t offset,
		     const struct zu_flow *flow, struct zu_error *err)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < flow->nr_calls && !ret; i++) {
		const struct zu_flow_call *call = &flow->calls[i];

		if (can_become_basr(call))
			ret = zu_table_maker_call(m, offset + call->offset,
						  err);
		if (!ret)
			ret = zu_table_maker_call(m, offset + call->last, err);
	}
	return ret;
}

/*
 * Who leaves the object by an address that is not in the jump itself is left
 * out: nobody could read it there.
 */
static int add_leave(struct zu_table_maker *m, const struct zu_code *c,
		     const struct zu_code_func *f,
		     const struct zu_flow_leave *leave, struct zu_error *err)
{
	const struct zu_code_func *to = zu_code_func_at(c, leave->addr);
	uint64_t offset = f->addr - c->text + leave->offset;

	if (!leave->addr) {
		zu_table_maker_flags(m, true, false);
		return 0;
	}
	if (to && to->addr == leave->addr && zu_code_in_text(c, to))
		return zu_table_maker_exit(m, (uint32_t)(to->addr - c->text),
					   err);
	if (!leave->direct)
		return 0;
	return zu_table_maker_exit(m, ZU_TABLE_EXIT_JUMP | (uint32_t)offset,
				   err);
}

int zu_table_maker_add(struct zu_table_maker *m, const struct zu_code *c,
		       const struct zu_code_func *f,
		       const struct zu_flow *flow, struct zu_error *err)
{
	bool trusted = flow && zu_flow_trusted(flow);
	uint64_t offset = f->addr - c->text;
	size_t i;
	int ret;

	ret = zu_table_maker_func(m, offset, f->len,
				  trusted ? flow->rows : NULL,
				  trusted ? flow->nr_rows : 0, err);
	if (ret || !flow)
		return ret;
	zu_table_maker_flags(m, false, flow->thunk);
	if (!trusted)
		return 0;
	ret = add_calls(m, offset, flow, err);
	for (i = 0; i < flow->nr_leaves && !ret; i++)
		ret = add_leave(m, c, f, &flow->leaves[i], err);
	return ret;
}
