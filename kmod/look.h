/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All there is to say of one task's stack, at one moment: what `zunwind stacks`
 * says of a dump.
 */
#ifndef ZU_KMOD_LOOK_H
#define ZU_KMOD_LOOK_H

#include <linux/sched.h>
#include <linux/thread_info.h>

#include "core/judge.h"

/** ZU_LOOK_FRAMES - frames that are kept; no stack has more */
#define ZU_LOOK_FRAMES (THREAD_SIZE / 16)

/**
 * struct zu_verdict - a judgement
 * @running: the task was on a CPU: there is nothing to judge
 * @why: else ZU_WHY_NONE if the stack is reliable, or the reason why not
 * @frame: with @why: at which frame, 0 innermost; -1: at none
 * @at: with @why: the address or value that is the cause
 */
struct zu_verdict {
	bool running;
	enum zu_why why;
	int frame;
	u64 at;
};

/**
 * struct zu_look - what was seen
 * @task: the task; to be compared only
 * @pid: its ID
 * @tgid: that of its process
 * @cpu: the CPU it is on, or was
 * @state: as in /proc/PID/stat
 * @comm: its name
 * @strict: by zunwind's rules
 * @kernel: by the kernel's own function
 * @kernel_entries: the return addresses that this stored
 * @nr_frames: frames
 * @frames: the frames as strict rules see them
 */
struct zu_look {
	const struct task_struct *task;
	pid_t pid;
	pid_t tgid;
	unsigned int cpu;
	char state;
	char comm[TASK_COMM_LEN];
	struct zu_verdict strict;
	struct zu_verdict kernel;
	unsigned int kernel_entries;
	unsigned int nr_frames;
	struct zu_frame frames[ZU_LOOK_FRAMES];
};

/**
 * zu_look_pinned() - look at a task that stays as it is
 * @task: the task
 * @ret: what was seen
 *
 * With interrupts off, while nobody can start or stop to run the task: under
 * stop_machine(), or called by task_call_func().
 */
void zu_look_pinned(struct task_struct *task, struct zu_look *ret);

/**
 * zu_look() - look at a task
 * @task: a task that is held
 * @ret: what was seen
 *
 * Locks the task's own locks for one walk by each of the rules.
 */
void zu_look(struct task_struct *task, struct zu_look *ret);

#endif
