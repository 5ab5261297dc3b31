// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What strict rules did not notice, by cause. The first function that is
 * another than before tells it.
 */
#include "bench/corruption.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/frame_s390x.h"
#include "kern/rows.h"

#define EXAMPLES 3

enum cause {
	CAUSE_SAME_CALL,
	CAUSE_TAIL_CALL,
	CAUSE_INDIRECT,
	CAUSE_NO_CODE,
	CAUSE_GONE,
	CAUSE_PSW,
	CAUSE_NO_CALL,
	CAUSE_CHAIN_LOAD,
	CAUSE_SHORT,
	CAUSES,
};

static const char *const cause_text[CAUSES] = {
	[CAUSE_SAME_CALL] = "behind another call of the same function, with as large a frame",
	[CAUSE_TAIL_CALL] = "behind a call that can end in that function by tail calls or patching, with as large a frame",
	[CAUSE_INDIRECT] = "behind a call of whatever a register holds, with as large a frame",
	[CAUSE_NO_CODE] = "in code that is not there to be looked at",
	[CAUSE_GONE] = "in code that was freed (the boot CPU's idle task)",
	[CAUSE_PSW] = "another instruction was interrupted, with as large a frame",
	[CAUSE_NO_CALL] = "where no call is needed: the start of a task",
	[CAUSE_CHAIN_LOAD] = "the code finds its caller's frame by the back chain alone",
	[CAUSE_SHORT] = "frames are missing at the outer end",
};

struct example {
	char *text;
	uint64_t func;
};

static struct {
	unsigned long n;
	struct example example[EXAMPLES];
} causes[PLACES][CAUSES];

static size_t first_other(struct source *s, const struct pool *list)
{
	size_t i;

	for (i = 0; i < s->trace.nr_frames && i < list->n; i++)
		if (function_of(s, &s->trace.frames[i]) != list->addr[i])
			break;
	return i;
}

static enum cause find_cause(struct source *s, const struct change *c,
			     size_t i)
{
	const struct zu_frame *f = &s->trace.frames[i];
	struct zu_site site;

	if (i == s->trace.nr_frames)
		return CAUSE_SHORT;
	if (f->regs)
		return CAUSE_PSW;
	if (i && c->word->place == PLACE_CHAIN) {
		zu_site(s->k, f[-1].ip, false, &site);
		if (site.row.cfa_rule == ZU_CFA_LOAD)
			return CAUSE_CHAIN_LOAD;
	}
	zu_site(s->k, f->ip, false, &site);
	if (site.gone && c->victim->task.idle)
		return CAUSE_GONE;
	switch (site.call) {
	case ZU_CALL_NONE:
		return CAUSE_NO_CALL;
	case ZU_CALL_UNKNOWN:
		return CAUSE_NO_CODE;
	case ZU_CALL_INDIRECT:
		return CAUSE_INDIRECT;
	case ZU_CALL_DIRECT:
		break;
	}
	/* below the first that is another is the one that was there before */
	return !i || function_of(s, f - 1) == site.target ?
	       CAUSE_SAME_CALL : CAUSE_TAIL_CALL;
}

static void name_it(struct source *s, const struct zu_frame *f, char *buf,
		    size_t size)
{
	struct zu_symbol sym;

	if (zu_frame_symbol(s->k, f, &sym))
		snprintf(buf, size, "%s+0x%" PRIx64, sym.name,
			 f->ip - sym.start);
	else
		snprintf(buf, size, "0x%" PRIx64, f->ip);
}

/* @i: the first frame that is another, or where there is none any more */
static char *tell(struct source *s, const struct change *c, size_t i)
{
	const struct victim *v = c->victim;
	char old[80] = "nothing", new[80] = "nothing", below[80] = "nothing";
	char *text;

	if (i < v->nr_frames)
		name_it(s, &v->frame[i], old, sizeof(old));
	if (i < s->trace.nr_frames)
		name_it(s, &s->trace.frames[i], new, sizeof(new));
	if (i)
		name_it(s, &s->trace.frames[i - 1], below, sizeof(below));
	if (asprintf(&text, "%s, task %d %s: 0x%" PRIx64 ": 0x%" PRIx64
		     " -> 0x%" PRIx64 " (%s)\n\t#%zu %s instead of %s, below %s",
		     s->name, v->task.pid, v->task.comm, c->word->addr,
		     c->word->old, c->value, kind_name[c->kind], i, new, old,
		     below) < 0)
		die("out of memory");
	return text;
}

void cause_add(struct source *s, const struct change *c)
{
	size_t at, i;
	enum cause cause;
	uint64_t func;

	change_put(s, c);
	at = first_other(s, &c->victim->list[ZU_RULES_STRICT]);
	func = at < s->trace.nr_frames ?
	       function_of(s, &s->trace.frames[at]) : 0;
	cause = find_cause(s, c, at);
	causes[c->word->place][cause].n++;
	for (i = 0; i < EXAMPLES; i++) {
		struct example *e = &causes[c->word->place][cause].example[i];

		if (e->text && e->func == func)
			break;
		if (e->text)
			continue;
		e->text = tell(s, c, at);
		e->func = func;
		break;
	}
	change_undo(s);
}

void causes_print(void)
{
	size_t place, cause, i;

	for (place = 0; place < PLACES; place++) {
		for (cause = 0; cause < CAUSES; cause++) {
			if (!causes[place][cause].n)
				continue;
			printf("\n%lu: %s: %s\n", causes[place][cause].n,
			       place_name[place], cause_text[cause]);
			for (i = 0; i < EXAMPLES; i++) {
				char *text = causes[place][cause].example[i].text;

				if (text)
					printf("    %s\n", text);
			}
		}
	}
}
