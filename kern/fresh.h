/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task that may run while it is looked at: did it?
 *
 * Each time a task leaves its CPU, __schedule() counts that first and takes on_cpu
 * back last (finish_task(), kernel/sched/core.c, 6.12 to 7.2). So: if it was not on
 * a CPU after the counts were read, and is not on one before they are read again
 * and found the same, its stack is the one that it left behind.
 */
#ifndef ZU_KERN_FRESH_H
#define ZU_KERN_FRESH_H

#include "kern/kernel.h"
#include "zunwind/trace.h"

/**
 * struct zu_stamp - what changes when a task runs
 * @voluntary: how often it went to sleep
 * @involuntary: how often it was made to leave its CPU
 * @start: when it was started: who it is
 */
struct zu_stamp {
	uint64_t voluntary;
	uint64_t involuntary;
	uint64_t start;
};

/**
 * zu_fresh_check() - does the kernel tell?
 * @k: the kernel
 * @err: the causes
 *
 * Return: 0; ZU_ENOENT if the type data lacks one of the members that are needed.
 */
int zu_fresh_check(const struct zu_kernel *k, struct zu_error *err);

/**
 * zu_fresh_begin() - begin to look at a task
 * @k: the kernel
 * @was: the task as it was seen before
 * @now: the task
 * @stamp: for zu_fresh_end()
 *
 * Return: true; false if there is no such task any more.
 */
bool zu_fresh_begin(struct zu_kernel *k, const struct zu_task *was,
		    struct zu_task *now, struct zu_stamp *stamp);

/**
 * zu_fresh_end() - was what was read of one moment?
 * @k: the kernel
 * @t: what was found of the task zu_fresh_begin() gave, which was not running
 * @stamp: as it gave it
 *
 * Return: true if the task did not run since, still has its stack, and the code
 * on it is still the same, and what it hides.
 */
bool zu_fresh_end(struct zu_kernel *k, const struct zu_trace *t,
		  const struct zu_stamp *stamp);

#endif
