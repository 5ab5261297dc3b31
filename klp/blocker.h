/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a task hold up a transition, and why? Decided twice: as the kernel
 * does (klp_try_switch_task() in kernel/livepatch/transition.c, 6.1 to 7.2),
 * and by zunwind's strict rules.
 */
#ifndef ZU_KLP_BLOCKER_H
#define ZU_KLP_BLOCKER_H

#include "klp/ranges.h"
#include "zunwind/trace.h"

/**
 * enum zu_klp_cause - how it stands with a task
 * @ZU_KLP_DONE: it has been switched
 * @ZU_KLP_RUNNING: it is on a CPU: nobody looks at its stack
 * @ZU_KLP_UNRELIABLE: its stack can't be trusted
 * @ZU_KLP_ON_STACK: a function that may not be there is on its stack
 * @ZU_KLP_UNVISITED: nothing is in the way: it will be switched when it is
 *	looked at next
 */
enum zu_klp_cause {
	ZU_KLP_DONE,
	ZU_KLP_RUNNING,
	ZU_KLP_UNRELIABLE,
	ZU_KLP_ON_STACK,
	ZU_KLP_UNVISITED,
};

/**
 * zu_klp_cause_word() - "done", "running", "unreliable", "on-stack" or
 * "unvisited"
 * @cause: the cause
 *
 * Return: static memory.
 */
const char *zu_klp_cause_word(enum zu_klp_cause cause);

/**
 * struct zu_klp_decision - by one set of rules
 * @cause: how it stands
 * @why: with ZU_KLP_UNRELIABLE, the reason; else ZU_WHY_NONE
 * @frame: the number of the frame that it is about, in the frames of the same
 *	rules; -1 if it is about none
 * @at: with ZU_KLP_UNRELIABLE the address or value that the reason is about,
 *	with ZU_KLP_ON_STACK the address that is in the function
 * @range: with ZU_KLP_ON_STACK, the number of the function's range; else
 *	ZU_KLP_NONE
 */
struct zu_klp_decision {
	enum zu_klp_cause cause;
	enum zu_why why;
	int frame;
	uint64_t at;
	size_t range;
};

/**
 * struct zu_klp_blocker - how it stands with a task
 * @klp: what live patching knows of it
 * @kernel: what the kernel decides
 * @strict: what strict rules decide
 * @kernel_trace: the kernel's walk
 * @strict_trace: that of strict rules; only if @two
 * @two: there are registers on the stack, so that the walks may differ
 * @gone: there is no such task any more: nothing else counts
 *
 * Caller-owned; one can be used for task after task.
 */
struct zu_klp_blocker {
	struct zu_klp_task klp;
	struct zu_klp_decision kernel;
	struct zu_klp_decision strict;
	struct zu_trace kernel_trace;
	struct zu_trace strict_trace;
	bool two;
	bool gone;
};

/** ZU_KLP_BLOCKER_INIT - for the first task */
#define ZU_KLP_BLOCKER_INIT { .kernel_trace = { .rules = ZU_RULES_KERNEL } }

/**
 * zu_klp_blocker_look() - decide about a task
 * @b: where to; what it holds is replaced, its memory is used again
 * @k: the kernel
 * @target: where tasks have to come to
 * @ranges: what may not be on a stack; sorted
 * @task: the task
 * @err: the causes
 *
 * The stack of a task that has been switched is not looked at.
 *
 * Return: 0; as zu_klp_task(); ZU_EAGAIN if the transition has ended meanwhile;
 * ZU_ENOMEM.
 */
int zu_klp_blocker_look(struct zu_klp_blocker *b, struct zu_kernel *k,
			enum zu_klp_state target,
			const struct zu_klp_ranges *ranges,
			const struct zu_task *task, struct zu_error *err);

/**
 * zu_klp_blocker_prospect() - the same for a transition that has not begun
 * @b: where to
 * @k: the kernel
 * @ranges: what would not be allowed on a stack; sorted
 * @task: the task
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_klp_blocker_prospect(struct zu_klp_blocker *b, struct zu_kernel *k,
			    const struct zu_klp_ranges *ranges,
			    const struct zu_task *task, struct zu_error *err);

/**
 * zu_klp_blocks() - is a task in the way, by these rules?
 * @d: a decision
 *
 * Return: true if so.
 */
static inline bool zu_klp_blocks(const struct zu_klp_decision *d)
{
	return d->cause != ZU_KLP_DONE && d->cause != ZU_KLP_UNVISITED;
}

/**
 * zu_klp_blocker_deinit() - release it
 * @b: the blocker
 */
void zu_klp_blocker_deinit(struct zu_klp_blocker *b);

#endif
