/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One look at a transition: numbers by cause, and the tasks that are pending. */
#ifndef ZU_CMD_WATCH_LOOK_H
#define ZU_CMD_WATCH_LOOK_H

#include "klp/count.h"
#include "util/buf.h"

/** WATCH_PLACES - of so many tasks it is known where they are */
#define WATCH_PLACES 200u

/**
 * struct watch_task - a task that is not switched yet
 * @address: of its struct task_struct
 * @pid: thread ID
 * @comm: its name
 * @kernel: what is in the way, by the kernel's rules
 * @frame: the frame that this is about, if kernel.frame is not -1
 * @since: when it was first seen pending in this transition
 * @place: where the frame is, or NULL; owned
 */
struct watch_task {
	uint64_t address;
	int32_t pid;
	char comm[ZU_TASK_COMM];
	struct zu_klp_decision kernel;
	struct zu_frame frame;
	double since;
	char *place;
};

/**
 * struct watch_sum - tasks with the same thing in the way
 * @count: how many
 * @cause: what it is; its frame and address mean nothing
 */
struct watch_sum {
	size_t count;
	struct zu_klp_decision cause;
};

/**
 * struct watch_look - a look
 * @at: when, in seconds
 * @klp: live patching
 * @ranges: what may not be on a stack
 * @count: tasks that were looked at
 * @task: those that are pending; in the way first, then the longest; owned
 * @nr_tasks: how many
 * @cap_tasks: private
 * @sum: the same by cause; in the way first, then the most; owned
 * @nr_sums: how many
 */
struct watch_look {
	double at;
	struct zu_klp klp;
	struct zu_klp_ranges ranges;
	struct zu_klp_count count;
	struct watch_task *task;
	size_t nr_tasks;
	size_t cap_tasks;
	struct watch_sum *sum;
	size_t nr_sums;
};

/** WATCH_LOOK_INIT - none */
#define WATCH_LOOK_INIT { .klp = ZU_KLP_INIT }

/**
 * watch_look_take() - look
 * @l: WATCH_LOOK_INIT; watch_look_deinit() it, also on failure
 * @k: the kernel, not let go
 * @before: the look before this one
 * @at: the time
 * @err: the causes
 *
 * Return: 0; ZU_EAGAIN if live patches came or went meanwhile; as zu_klp_read(),
 * zu_klp_ranges_transition() and zu_klp_blocker_look().
 */
int watch_look_take(struct watch_look *l, struct zu_kernel *k,
		    const struct watch_look *before, double at,
		    struct zu_error *err);

/**
 * watch_look_is_same() - do two looks show the same transition?
 * @a: one
 * @b: another
 *
 * Return: true if it is of the same patch, to the same target.
 */
bool watch_look_is_same(const struct watch_look *a, const struct watch_look *b);

/**
 * watch_look_patch() - the patch whose transition goes on
 * @l: the look
 *
 * Return: the patch; NULL without a transition.
 */
static inline const struct zu_klp_patch *
watch_look_patch(const struct watch_look *l)
{
	return l->klp.transition == ZU_KLP_NONE ? NULL :
	       &l->klp.patches[l->klp.transition];
}

/**
 * watch_look_blocks() - is a task in the way?
 * @l: the look
 *
 * Return: true if the kernel can't switch one.
 */
static inline bool watch_look_blocks(const struct watch_look *l)
{
	return l->nr_tasks > l->count.kernel[ZU_KLP_UNVISITED];
}

/**
 * watch_look_deinit() - release it
 * @l: the look; WATCH_LOOK_INIT afterwards
 */
void watch_look_deinit(struct watch_look *l);

#endif
