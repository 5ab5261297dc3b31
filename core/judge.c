/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "core/judge.h"

#include "core/walk.h"

static void refuse(struct zu_judge *j, enum zu_why why, uint64_t at)
{
	if (j->why)
		return;
	j->why = why;
	j->frame = j->frames ? j->frames - 1 : 0;
	j->at = at;
}

/* arch_stack_walk_reliable(), in its order */
static void kernel_rules(struct zu_judge *j, const struct zu_unwind *u)
{
	const struct zu_frame *f = &u->frame;

	if (f->stack != ZU_STACK_TASK)
		refuse(j, ZU_WHY_OFF_STACK, f->sp);
	/* by rows a walk goes through them, and witnesses say how well */
	if (f->regs && !(u->by_rows && j->rules == ZU_RULES_STRICT))
		refuse(j, ZU_WHY_EXCEPTION_FRAME, f->regs);
	if (!zu_is_text(u, f->ip))
		refuse(j, f->from == ZU_FROM_RETHOOK ?
		       ZU_WHY_UNRESOLVED_RETHOOK : ZU_WHY_NOT_TEXT, f->ip);
	if (f->ip && f->ip == u->env->rethook_trampoline)
		refuse(j, ZU_WHY_UNRESOLVED_RETHOOK, f->sp);
	if (j->frames >= ZU_MAX_ENTRIES)
		refuse(j, ZU_WHY_TOO_DEEP, f->sp);
}

/* What the kernel's rules let through */
static void strict_rules(struct zu_judge *j, const struct zu_unwind *u)
{
	const struct zu_frame *f = &u->frame;

	/* instructions are halfword-aligned; the kernel looks at ranges only */
	if (f->ip & 1)
		refuse(j, ZU_WHY_NOT_TEXT, f->ip);
	if (f->ip && f->ip == u->env->return_to_handler)
		refuse(j, ZU_WHY_UNRESOLVED_FGRAPH, f->sp);
	if (u->env->hides_caller && u->env->hides_caller(u->task->ctx, f))
		refuse(j, ZU_WHY_HIDDEN_CALLER, f->ip);
}

static void refuse_doubt(struct zu_judge *j, const struct zu_doubt *d)
{
	if (j->why || !d->why)
		return;
	refuse(j, d->why, d->at);
	j->frame -= d->before && j->frame;
}

void zu_judge_init(struct zu_judge *j, enum zu_rules rules)
{
	memset(j, 0, sizeof(*j));
	j->rules = rules;
}

void zu_judge_frame(struct zu_judge *j, const struct zu_unwind *u)
{
	j->frames++;
	if (j->why)
		return;
	kernel_rules(j, u);
	if (j->rules != ZU_RULES_STRICT)
		return;
	strict_rules(j, u);
	if (u->env->site && !j->why) {
		struct zu_doubt d = zu_witness_frame(&j->witness, u);

		refuse_doubt(j, &d);
	}
}

void zu_judge_end(struct zu_judge *j, const struct zu_unwind *u)
{
	if (u->why)
		refuse(j, u->why, u->at);
	if (j->rules == ZU_RULES_STRICT && u->env->site && !j->why) {
		struct zu_doubt d = zu_witness_end(&j->witness, u);

		refuse_doubt(j, &d);
	}
}
