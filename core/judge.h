/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The verdict: a client of the walk, as arch_stack_walk_reliable() is of the
 * kernel's. One walk can feed several judges.
 *
 *	zu_judge_init(&j, ZU_RULES_KERNEL);
 *	zu_for_each_frame(&u, env, task)
 *		zu_judge_frame(&j, &u);
 *	zu_judge_end(&j, &u);
 *
 * The stack is reliable if j.why is ZU_WHY_NONE then, and only for a task
 * that was not on a CPU: that is for the caller to know.
 */
#ifndef ZU_CORE_JUDGE_H
#define ZU_CORE_JUDGE_H

#include "core/unwind.h"
#include "core/witness.h"

/**
 * enum zu_rules - by which rules a stack is judged
 * @ZU_RULES_STRICT: what can be proven. Refused is what the kernel's rules
 *	refuse, and what they let through; but in a walk by rows not registers
 *	on the stack, if every witness is there.
 * @ZU_RULES_KERNEL: what this kernel's arch_stack_walk_reliable() decides
 */
enum zu_rules {
	ZU_RULES_STRICT,
	ZU_RULES_KERNEL,
};

/**
 * ZU_MAX_ENTRIES - where live patching's array of return addresses is full
 *
 * A walk that fills it is refused, even if it would end right there
 * (MAX_STACK_ENTRIES in kernel/livepatch/transition.c; the consumer in
 * kernel/stacktrace.c says stop with the last entry it has room for; 4.12 to
 * 7.2).
 */
#define ZU_MAX_ENTRIES 100

/**
 * struct zu_judge - a verdict in the making
 * @rules: the rules
 * @why: the first reason found, or ZU_WHY_NONE
 * @frame: with @why: the number of the frame it was found at, 0 innermost
 * @at: with @why: the address or value it was found at
 * @frames: frames seen
 * @witness: of strict rules
 */
struct zu_judge {
	enum zu_rules rules;
	enum zu_why why;
	unsigned int frame;
	unsigned int frames;
	uint64_t at;
	struct zu_witness witness;
};

/**
 * zu_judge_init() - begin
 * @j: any content
 * @rules: the rules
 */
void zu_judge_init(struct zu_judge *j, enum zu_rules rules);

/**
 * zu_judge_frame() - look at the current frame of a walk
 * @j: the judge
 * @u: a walk that isn't done
 *
 * Source of the rules: arch_stack_walk_reliable() in
 * arch/s390/kernel/stacktrace.c, 6.1 to 7.2, with the consumer of
 * stack_trace_save_tsk_reliable().
 */
void zu_judge_frame(struct zu_judge *j, const struct zu_unwind *u);

/**
 * zu_judge_end() - look at how a walk ended
 * @j: the judge
 * @u: a walk that is done
 */
void zu_judge_end(struct zu_judge *j, const struct zu_unwind *u);

#endif
