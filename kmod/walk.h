/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core/'s walk in the running kernel.
 *
 * Locking: a walk takes no lock, allocates nothing and does not sleep. The task
 * must stay as it is: it is the current one, or the caller holds what keeps it
 * from running (task_call_func()). Interrupts or preemption are off.
 */
#ifndef ZU_KMOD_WALK_H
#define ZU_KMOD_WALK_H

#include <linux/sched.h>

#include "core/judge.h"
#include "core/unwind.h"

/**
 * struct zu_walk - a walk of one task
 * @u: core's state
 * @task: core's view of the task
 * @stack: its stack
 * @who: the task
 * @inner: the return address of the frame before
 * @age: zu_site_age() when it began
 *
 * For the functions below alone.
 */
struct zu_walk {
	struct zu_unwind u;
	struct zu_unwind_task task;
	struct zu_stack stack;
	struct task_struct *who;
	unsigned long inner;
	u32 age;
};

/**
 * zu_walk_init() - find what the walk asks for, once
 */
void zu_walk_init(void);

/**
 * zu_walk_start() - go to the first frame
 * @w: any content
 * @task: a task with a stack, that is not on another CPU
 * @rows: walk by rows
 */
void zu_walk_start(struct zu_walk *w, struct task_struct *task, bool rows);

/**
 * zu_walk_start_caller() - the same for the current task, from whoever called
 * @w: any content
 * @sp: the stack pointer that the caller had when it called
 *
 * By rows. The caller called stack_trace_save_tsk_reliable().
 */
void zu_walk_start_caller(struct zu_walk *w, unsigned long sp);

/**
 * zu_walk_next() - go to the next frame
 * @w: a walk that isn't done
 */
void zu_walk_next(struct zu_walk *w);

/**
 * zu_walk_is_leftover() - is the stack of no use?
 * @task: a task
 *
 * The saved stack pointer of a CPU's idle task is from before the CPU went
 * offline: it will start anew.
 *
 * Return: true if it is.
 */
bool zu_walk_is_leftover(const struct task_struct *task);

#endif
