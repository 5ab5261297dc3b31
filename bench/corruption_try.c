// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/corruption.h"

#include "core/bytes.h"

void change_put(struct source *s, const struct change *c)
{
	struct zu_error err;

	s->at = c->word->addr;
	zu_put_be64(s->value, c->value);
	s->trace.rules = ZU_RULES_STRICT;
	if (zu_trace_task(&s->trace, s->k, &c->victim->task, &err))
		die("%s: %s", s->name, err.text);
}

void change_undo(struct source *s)
{
	s->at = 0;
}

static bool is_other(struct source *s, const struct pool *list)
{
	size_t i;

	if (s->trace.nr_frames != list->n)
		return true;
	for (i = 0; i < list->n; i++)
		if (function_of(s, &s->trace.frames[i]) != list->addr[i])
			return true;
	return false;
}

static bool has_regs(const struct zu_trace *t)
{
	size_t i;

	for (i = 0; i < t->nr_frames; i++)
		if (t->frames[i].regs)
			return true;
	return false;
}

void change_try(struct source *s, const struct change *c, struct outcome *ret)
{
	const struct pool *list = c->victim->list;
	struct zu_error err;

	change_put(s, c);
	ret->verdict[ZU_RULES_STRICT] = s->trace.strict;
	ret->verdict[ZU_RULES_KERNEL] = s->trace.kernel;
	ret->other[ZU_RULES_STRICT] = is_other(s, &list[ZU_RULES_STRICT]);
	/* up to the first registers both walks are the same */
	if (has_regs(&s->trace)) {
		s->trace.rules = ZU_RULES_KERNEL;
		if (zu_trace_task(&s->trace, s->k, &c->victim->task, &err))
			die("%s: %s", s->name, err.text);
	}
	ret->other[ZU_RULES_KERNEL] = is_other(s, &list[ZU_RULES_KERNEL]);
	change_undo(s);
}
