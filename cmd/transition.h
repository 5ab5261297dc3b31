/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of `zunwind transition` share. */
#ifndef ZU_CMD_TRANSITION_H
#define ZU_CMD_TRANSITION_H

#include "cmd/prospect.h"
#include "cmd/put.h"
#include "klp/count.h"

/**
 * struct transition - one run of the command
 * @k: the kernel
 * @klp: live patching in it
 * @ranges: what may not be on a stack
 * @count: tasks that were looked at
 * @prospect: a patch that has not come yet, in place of a transition; or NULL
 * @quiet: this look is only counted
 * @priv: the format's own
 */
struct transition {
	struct zu_kernel *k;
	struct zu_klp klp;
	struct zu_klp_ranges ranges;
	struct zu_klp_count count;
	struct prospect *prospect;
	bool quiet;
	void *priv;
};

/**
 * struct transition_format - a way to show it
 * @name: for --format
 * @begin: before the first task
 * @task: a task; only if a transition goes on
 * @end: after the last one; releases transition.priv. Not @whole: an error
 *	came between
 *
 * They return 0, or an enum zu_err with the cause told.
 */
struct transition_format {
	const char *name;
	int (*begin)(struct transition *t, struct zu_error *err);
	int (*task)(struct transition *t, const struct zu_task *task,
		    const struct zu_klp_blocker *b, struct zu_error *err);
	int (*end)(struct transition *t, bool whole, struct zu_error *err);
};

extern const struct transition_format transition_text;
extern const struct transition_format transition_json;

/**
 * transition_decide() - decide about a task
 * @t: the run
 * @b: where to
 * @task: the task
 * @err: the causes
 *
 * Return: as zu_klp_blocker_look().
 */
static inline int transition_decide(struct transition *t,
				    struct zu_klp_blocker *b,
				    const struct zu_task *task,
				    struct zu_error *err)
{
	return t->prospect ?
	       zu_klp_blocker_prospect(b, t->k, &t->ranges, task, err) :
	       zu_klp_blocker_look(b, t->k, t->klp.target, &t->ranges, task,
				   err);
}

/**
 * transition_blocks() - is anything in the way?
 * @t: all tasks were looked at
 *
 * Return: true if the kernel can't switch a task. That one is on a CPU says nothing
 * of what a patch that is not there yet would find.
 */
static inline bool transition_blocks(const struct transition *t)
{
	const size_t *n = t->count.kernel;

	return (!t->prospect && n[ZU_KLP_RUNNING]) || n[ZU_KLP_UNRELIABLE] ||
	       n[ZU_KLP_ON_STACK];
}

/**
 * transition_help() - what usually helps
 * @task: a task that is not switched
 * @b: why
 *
 * Return: sentences, for an operator; static memory.
 */
const char *transition_help(const struct zu_task *task,
			    const struct zu_klp_blocker *b);

/**
 * transition_target() - "patched" or "unpatched"
 * @state: the target
 *
 * Return: the word; NULL without a transition.
 */
const char *transition_target(enum zu_klp_state state);

#endif
