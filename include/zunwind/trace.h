/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task's stack, walked and judged by both sets of rules.
 */
#ifndef ZUNWIND_TRACE_H
#define ZUNWIND_TRACE_H

#include "core/judge.h"
#include "core/unwind.h"
#include "zunwind/kernel.h"

/**
 * enum zu_verdict_kind - can the stack be trusted?
 * @ZU_RELIABLE: the frames name every function the task can return to
 * @ZU_UNRELIABLE: they may not, for the reason that goes with it
 * @ZU_RUNNING: the task is on a CPU, there is nothing to judge
 */
enum zu_verdict_kind {
	ZU_RELIABLE,
	ZU_UNRELIABLE,
	ZU_RUNNING,
};

/**
 * struct zu_verdict - the judgement on a stack
 * @kind: the verdict
 * @why: with ZU_UNRELIABLE, the reason; else ZU_WHY_NONE
 * @frame: with a reason: the number of the frame where it was found, or -1 if
 *	there is no frame at all. It counts in the frames of its rules' walk.
 * @at: with a reason: the address or value it was found at
 */
struct zu_verdict {
	enum zu_verdict_kind kind;
	enum zu_why why;
	int frame;
	uint64_t at;
};

/**
 * zu_verdict_word() - "reliable", "unreliable" or "running"
 * @kind: the verdict
 *
 * Return: static memory.
 */
const char *zu_verdict_word(enum zu_verdict_kind kind);

/**
 * struct zu_trace - the result for one task
 * @rules: whose frames to show: the two walks differ behind registers that an
 *	interrupt saved on the stack, where the kernel's can but guess. Strict
 *	rules' with ZU_TRACE_INIT.
 * @task: the task as it was when its stack was walked
 * @switches: how often it had left a CPU then, where it may run: as long as that is
 *	the same, its stack is. Else 0
 * @gone: it is no more, so nothing else here counts
 * @frames: the frames, innermost first; owned
 * @nr_frames: how many; 0 for a running task, and for one without a stack
 * @cap_frames: private
 * @strict: verdict by zunwind's own rules
 * @kernel: verdict by this kernel's rules
 * @kernel_entries: how many frames the kernel's walk had taken up when it
 *	ended or refused: what stack_trace_save_tsk_reliable() stores
 *
 * Caller-owned; one can be used for task after task.
 */
struct zu_trace {
	enum zu_rules rules;
	struct zu_task task;
	uint64_t switches;
	bool gone;
	struct zu_frame *frames;
	size_t nr_frames;
	size_t cap_frames;
	struct zu_verdict strict;
	struct zu_verdict kernel;
	unsigned int kernel_entries;
};

/** ZU_TRACE_TRIES - how often a task that runs again and again is looked at */
#define ZU_TRACE_TRIES 5

/** ZU_TRACE_INIT - an empty trace */
#define ZU_TRACE_INIT { .rules = ZU_RULES_STRICT, .frames = NULL }

/**
 * zu_trace_deinit() - release a trace
 * @t: the trace; empty afterwards
 */
void zu_trace_deinit(struct zu_trace *t);

/**
 * zu_trace_task() - walk and judge a task's stack
 * @t: where to; what it holds is replaced, its memory is used again
 * @k: the kernel
 * @task: the task
 * @err: the causes
 *
 * Memory of the stack that can't be read is no error but the reason
 * "unreadable". Nor is it one if the task runs each time it is looked at: that is
 * the reason "changed", of both verdicts, without frames.
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_trace_task(struct zu_trace *t, struct zu_kernel *k,
		  const struct zu_task *task, struct zu_error *err);

/**
 * zu_frame_symbol() - the function a frame is in
 * @k: the kernel
 * @f: a frame
 * @ret: the symbol
 *
 * A return address belongs to the function that holds the byte before it; the
 * PSW of an interrupt, the start of a task that never ran and a trampoline of
 * tracing mean the address itself.
 *
 * Return: true if there is one.
 */
bool zu_frame_symbol(struct zu_kernel *k, const struct zu_frame *f,
		     struct zu_symbol *ret);

#endif
