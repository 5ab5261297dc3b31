/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of tasks for a capture: those that were found, with links of our own. What was
 * read of the links is of as many moments as there are tasks.
 */
#ifndef ZU_KERN_RELIST_H
#define ZU_KERN_RELIST_H

#include "kern/kernel.h"
#include "kern/recorder.h"

/**
 * struct zu_listed - a task that is going to be in the lists
 * @address: of its struct task_struct
 * @signal: of its struct signal_struct
 * @pid: its number
 * @tgid: of its process
 */
struct zu_listed {
	uint64_t address;
	uint64_t signal;
	int32_t pid;
	int32_t tgid;
};

/**
 * struct zu_relist - lists in the making
 * @k: the kernel
 * @r: where they go
 * @process: node of the last process
 * @thread: node of the last thread
 * @head: head of the list of threads, 0 before the first process
 * @tgid: the process
 * @count: tasks so far
 */
struct zu_relist {
	const struct zu_kernel *k;
	struct zu_recorder *r;
	uint64_t process;
	uint64_t thread;
	uint64_t head;
	int32_t tgid;
	uint32_t count;
};

/**
 * zu_relist_begin() - no task so far
 * @l: any content
 * @k: the kernel
 * @r: where the lists go, as reads that come after all others
 */
void zu_relist_begin(struct zu_relist *l, const struct zu_kernel *k,
		     struct zu_recorder *r);

/**
 * zu_relist_add() - one more task
 * @l: the lists
 * @task: the task. The threads of a process follow each other; the first one stands
 *	for the process
 */
void zu_relist_add(struct zu_relist *l, const struct zu_listed *task);

/**
 * zu_relist_end() - that was all: links back, and the number of tasks
 * @l: the lists
 */
void zu_relist_end(struct zu_relist *l);

#endif
