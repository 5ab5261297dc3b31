/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/transition_group.h"
#include "cmd/transition_words.h"
#include "util/fail.h"

/* So many tasks of a group are named; JSON has all. */
#define NAMED 40

#define WIDTH 78
#define INDENT "    "

struct text {
	struct zu_buf b;
	struct transition_groups groups;
};

static const char *s(size_t n)
{
	return n == 1 ? "" : "s";
}

static void put_functions(struct zu_buf *b, const struct zu_klp *klp,
			  const struct zu_klp_object *o)
{
	size_t i;

	for (i = o->first; i < o->first + o->count; i++) {
		const struct zu_klp_func *f = &klp->funcs[i];

		zu_buf_printf(b, INDENT INDENT);
		put_name(b, f->name);
		if (f->sympos)
			zu_buf_printf(b, ",%" PRIu64, f->sympos);
		zu_buf_printf(b, "%s%s\n", f->nop ? " (back to the original)" :
			      "", f->stacked && !f->alone &&
			      f->older != ZU_KLP_NONE ?
			      " (was patched before)" : "");
	}
}

static void put_patch(struct zu_buf *b, const struct zu_klp *klp,
		      const struct zu_klp_patch *p)
{
	size_t i;

	put_name(b, p->name);
	zu_buf_printf(b, ": %s%s%s\n", p->enabled ? "enabled" : "disabled",
		      p->replace ? ", replaces those before" : "",
		      p->forced ? ", forced" : "");
	for (i = p->first; i < p->first + p->count; i++) {
		const struct zu_klp_object *o = &klp->objects[i];

		zu_buf_printf(b, INDENT);
		put_name(b, *o->name ? o->name : "vmlinux");
		zu_buf_printf(b, ": %s, %zu function%s\n", o->patched ?
			      "patched" : o->loaded ? "not patched" :
			      "not loaded", o->count, s(o->count));
		put_functions(b, klp, o);
	}
}

static void put_head(struct zu_buf *b, const struct transition *t)
{
	const struct zu_kernel_info *info = zu_kernel_info(t->k);
	size_t i;

	zu_buf_printf(b, "Linux %s, %u CPU%s online", info->release,
		      info->cpus, s(info->cpus));
	if (*info->build_id)
		zu_buf_printf(b, ", build-id %s", info->build_id);
	zu_buf_printf(b, "\n\n");
	for (i = 0; i < t->klp.nr_patches; i++)
		put_patch(b, &t->klp, &t->klp.patches[i]);
	if (t->klp.nr_patches)
		zu_buf_printf(b, "\n");
}

static int text_begin(struct transition *t, struct zu_error *err)
{
	struct text *x = calloc(1, sizeof(*x));

	t->priv = x;
	if (!x)
		return zu_fail_nomem(err);
	put_head(&x->b, t);
	return 0;
}

static int text_task(struct transition *t, const struct zu_task *task,
		     const struct zu_klp_blocker *b, struct zu_error *err)
{
	struct text *x = t->priv;

	if (b->kernel.cause == ZU_KLP_DONE)
		return 0;
	/* most tasks are in nobody's way before a transition */
	if (t->prospect && (b->kernel.cause == ZU_KLP_RUNNING ||
			    (!zu_klp_blocks(&b->kernel) &&
			     !zu_klp_blocks(&b->strict))))
		return 0;
	return transition_groups_add(&x->groups, t->k, task, b, err);
}

static void put_frames(struct zu_buf *b, struct zu_kernel *k,
		       const struct zu_trace *t, int at)
{
	size_t i;

	for (i = 0; i < t->nr_frames; i++) {
		const struct zu_frame *f = &t->frames[i];

		zu_buf_printf(b, "  %s #%-2zu %s", (int)i == at ? ">" : " ", i,
			      f->guess ? "(" : "");
		transition_put_place(b, k, f);
		zu_buf_printf(b, "%s", f->guess ? ")" : "");
		if (f->from > ZU_FROM_CHAIN)
			zu_buf_printf(b, " <%s>", zu_from_word(f->from));
		zu_buf_printf(b, "\n");
	}
}

/* Words, with line breaks between them; the first line has so much already. */
static void put_words(struct zu_buf *b, const char *text, size_t column)
{
	while (*text) {
		size_t len = strcspn(text, " ");

		if (column + len >= WIDTH) {
			zu_buf_printf(b, "\n" INDENT);
			column = strlen(INDENT);
		}
		zu_buf_add(b, text, len);
		column += len;
		text += len;
		if (*text == ' ') {
			zu_buf_add(b, " ", *++text && column + 1 +
				   strcspn(text, " ") < WIDTH);
			column++;
		}
	}
	zu_buf_printf(b, "\n");
}

/* "3 kernel threads (S) sleeping on f [m], at g+0x1/0x2" */
static void put_title(struct zu_buf *b, const struct transition *t,
		      const struct transition_group *g,
		      const struct transition_entry *e,
		      const struct zu_klp_blocker *x)
{
	const struct transition_cause *c = &e->cause;
	const struct zu_trace *trace = &x->kernel_trace;
	int at = x->kernel.frame;

	zu_buf_printf(b, "%zu %s%s (%c): ", g->count, c->idle ? "idle task" :
		      c->kthread ? "kernel thread" : "user task", s(g->count),
		      c->state);
	transition_put_decision(b, &t->ranges, &x->kernel);
	if (at >= 0 && (size_t)at < trace->nr_frames) {
		zu_buf_printf(b, ", at ");
		transition_put_place(b, t->k, &trace->frames[at]);
	}
	zu_buf_printf(b, "\n");
}

static void put_tasks(struct zu_buf *b, const struct transition_entry *e,
		      size_t n)
{
	size_t line = b->len, i;

	for (i = 0; i < n && i < NAMED; i++) {
		zu_buf_printf(b, "%s%" PRId32 " ", b->len == line ? INDENT :
			      " ", e[i].task.pid);
		put_name(b, e[i].task.comm);
		zu_buf_printf(b, "%s%s", e[i].task.offline ?
			      " (CPU offline)" : "", i + 1 < n ? "," : "");
		if (b->len - line >= WIDTH - 24 && i + 1 < n) {
			zu_buf_printf(b, "\n");
			line = b->len;
		}
	}
	if (n > NAMED)
		zu_buf_printf(b, "%sand %zu more", b->len == line ? INDENT :
			      " ", n - NAMED);
	zu_buf_printf(b, "\n");
}

/* The more valuable lines: where the two sets of rules differ */
static void put_difference(struct zu_buf *b, const struct transition *t,
			   const struct zu_klp_blocker *x)
{
	bool kernel = zu_klp_blocks(&x->kernel);
	bool strict = zu_klp_blocks(&x->strict);

	if (kernel && !strict) {
		zu_buf_printf(b, INDENT "could be switched now: the code proves its stack, and no such function is on it\n");
	} else if (!kernel && strict) {
		zu_buf_printf(b, INDENT "DANGER: the kernel would switch it, but by strict rules: ");
		transition_put_decision(b, &t->ranges, &x->strict);
		zu_buf_printf(b, "; a function may be hidden\n");
	} else if (x->kernel.cause != x->strict.cause ||
		   x->kernel.why != x->strict.why ||
		   x->kernel.range != x->strict.range) {
		zu_buf_printf(b, INDENT "by strict rules: ");
		transition_put_decision(b, &t->ranges, &x->strict);
		zu_buf_printf(b, "\n");
	}
}

static bool is_same(const struct zu_klp_decision *x,
		    const struct zu_klp_decision *y)
{
	return x->cause == y->cause && x->why == y->why &&
	       x->range == y->range;
}

/*
 * One of a group, once more: a task that runs may be elsewhere by now. Then there are
 * no frames to show.
 */
static int look_at_example(struct transition *t,
			   const struct transition_entry *e,
			   struct zu_klp_blocker *x, struct zu_error *err)
{
	int ret = transition_decide(t, x, &e->task, err);

	if (ret && ret != ZU_EAGAIN)
		return ret;
	if (!ret && !x->gone && is_same(&x->kernel, &e->cause.kernel) &&
	    is_same(&x->strict, &e->cause.strict))
		return 0;
	x->kernel = e->cause.kernel;
	x->strict = e->cause.strict;
	x->kernel.frame = x->strict.frame = -1;
	x->klp.kthread = e->cause.kthread;
	x->two = false;
	x->kernel_trace.nr_frames = 0;
	return 0;
}

/* All of it is shown for one task, which is looked at once more. */
static int put_group(struct zu_buf *b, struct transition *t,
		     const struct transition_groups *all,
		     const struct transition_group *g,
		     struct zu_klp_blocker *x, struct zu_error *err)
{
	const struct transition_entry *e = &all->entry[g->first];
	int ret = look_at_example(t, e, x, err);

	if (ret)
		return ret;
	put_title(b, t, g, e, x);
	put_tasks(b, e, g->count);
	if (x->kernel.why)
		zu_buf_printf(b, INDENT "%s\n", zu_why_text(x->kernel.why));
	put_difference(b, t, x);
	put_frames(b, t->k, &x->kernel_trace, x->kernel.frame);
	if (x->two && x->strict.cause != x->kernel.cause) {
		zu_buf_printf(b, INDENT "what the code tells:\n");
		put_frames(b, t->k, &x->strict_trace, x->strict.frame);
	}
	zu_buf_printf(b, INDENT "What helps: ");
	put_words(b, transition_help(&e->task, x), strlen(INDENT) + 12);
	zu_buf_printf(b, "\n");
	return b->failed ? cmd_output(ZU_ENOMEM, err) : 0;
}

static int put_groups(struct text *x, struct transition *t,
		      struct zu_error *err)
{
	struct zu_klp_blocker b = ZU_KLP_BLOCKER_INIT;
	size_t i;
	int ret = transition_groups_make(&x->groups, err);

	for (i = 0; !ret && i < x->groups.nr_groups; i++)
		ret = put_group(&x->b, t, &x->groups, &x->groups.group[i], &b,
				err);
	zu_klp_blocker_deinit(&b);
	return ret;
}

static void put_transition(struct zu_buf *b, const struct transition *t)
{
	zu_buf_printf(b, "The transition of ");
	put_name(b, t->klp.patches[t->klp.transition].name);
	zu_buf_printf(b, " to %s goes on", transition_target(t->klp.target));
	if (t->klp.rounds >= 0)
		zu_buf_printf(b, ", after %" PRId64 " round%s in vain",
			      t->klp.rounds, s((size_t)t->klp.rounds));
	zu_buf_printf(b, ".\n\n");
}

static void put_counts(struct zu_buf *b, const struct transition *t,
		       const char *what, const char *left_what)
{
	const size_t *n = t->count.kernel;
	size_t left = 0, all, i;

	for (i = ZU_KLP_RUNNING; i <= ZU_KLP_UNVISITED; i++)
		left += n[i];
	all = left + n[ZU_KLP_DONE];
	if (t->prospect)
		left = n[ZU_KLP_UNRELIABLE] + n[ZU_KLP_ON_STACK];
	zu_buf_printf(b, "%zu %s%s, %zu %s: ", all, what, s(all), left,
		      left_what);
	if (!t->prospect)
		zu_buf_printf(b, "%zu on a CPU, ", n[ZU_KLP_RUNNING]);
	zu_buf_printf(b, "%zu with an unreliable stack, %zu sleeping on a function",
		      n[ZU_KLP_UNRELIABLE], n[ZU_KLP_ON_STACK]);
	if (t->prospect)
		zu_buf_printf(b, "; %zu on a CPU, of which nothing is known",
			      n[ZU_KLP_RUNNING]);
	else
		zu_buf_printf(b, ", %zu not in the way",
			      n[ZU_KLP_UNVISITED]);
	zu_buf_printf(b, "\n");
}

static void put_sum(struct zu_buf *b, const struct transition *t)
{
	put_counts(b, t, "task", "not switched yet");
	if (t->count.could)
		zu_buf_printf(b, "%zu could be switched now by what the code proves.\n",
			      t->count.could);
	if (t->count.hidden)
		zu_buf_printf(b, "%zu would be switched by the kernel and should not be.\n",
			      t->count.hidden);
	if (!transition_blocks(t)) {
		zu_buf_printf(b, "Nothing is in the way.\n");
		return;
	}
	zu_buf_printf(b, "Never force it: to give up, write %d to /sys/kernel/livepatch/",
		      t->klp.target == ZU_KLP_UNPATCHED);
	put_name(b, t->klp.patches[t->klp.transition].name);
	zu_buf_printf(b, "/enabled, which turns it round.\n");
}

static int put_prospect(struct text *x, struct transition *t,
			struct zu_error *err)
{
	int ret;

	prospect_text(&x->b, t->prospect);
	ret = put_groups(x, t, err);
	if (ret)
		return ret;
	put_counts(&x->b, t, "task", "would be in the way");
	if (transition_blocks(t))
		zu_buf_printf(&x->b, "The transition would wait for them.\n");
	else
		zu_buf_printf(&x->b, "Nothing would be in the way.\n");
	return put_flush(&x->b, 0, err);
}

static int put_all(struct text *x, struct transition *t, struct zu_error *err)
{
	int ret;

	if (t->prospect)
		return put_prospect(x, t, err);
	if (t->klp.transition == ZU_KLP_NONE) {
		zu_buf_printf(&x->b, "No transition goes on; %zu live patch%s.\n",
			      t->klp.nr_patches,
			      t->klp.nr_patches == 1 ? "" : "es");
		return put_flush(&x->b, 0, err);
	}
	put_transition(&x->b, t);
	ret = put_groups(x, t, err);
	if (ret)
		return ret;
	put_sum(&x->b, t);
	return put_flush(&x->b, 0, err);
}

static int text_end(struct transition *t, bool whole, struct zu_error *err)
{
	struct text *x = t->priv;
	int ret = 0;

	if (!x)
		return 0;
	if (whole)
		ret = put_all(x, t, err);
	zu_buf_deinit(&x->b);
	transition_groups_deinit(&x->groups);
	free(x);
	return ret;
}

const struct transition_format transition_text = {
	.name = "text",
	.begin = text_begin,
	.task = text_task,
	.end = text_end,
};
