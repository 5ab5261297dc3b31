/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks with equal causes, put together. */
#ifndef ZU_CMD_TRANSITION_GROUP_H
#define ZU_CMD_TRANSITION_GROUP_H

#include "cmd/transition.h"

/**
 * struct transition_cause - what tasks of a group have in common
 * @kernel: what the kernel decides, without what is each task's own
 * @strict: what strict rules decide
 * @place: with "on-stack" the address in the function, with "unreliable"
 *	where the function starts at which the reason was found
 * @state: letter
 * @kthread: kernel threads
 * @idle: idle tasks
 */
struct transition_cause {
	struct zu_klp_decision kernel;
	struct zu_klp_decision strict;
	uint64_t place;
	char state;
	bool kthread;
	bool idle;
};

/**
 * struct transition_entry - a task
 * @cause: its group
 * @task: the task
 */
struct transition_entry {
	struct transition_cause cause;
	struct zu_task task;
};

/**
 * struct transition_group - tasks that stand one behind the other
 * @first: number of the first one
 * @count: how many
 */
struct transition_group {
	size_t first;
	size_t count;
};

/**
 * struct transition_groups - all that are not switched
 * @entry: the tasks; owned
 * @nr_entries: how many
 * @cap_entries: private
 * @group: the groups, the largest first; owned
 * @nr_groups: how many
 */
struct transition_groups {
	struct transition_entry *entry;
	size_t nr_entries;
	size_t cap_entries;
	struct transition_group *group;
	size_t nr_groups;
};

/**
 * transition_groups_add() - one more task
 * @g: zeroed at first
 * @k: the kernel
 * @task: the task
 * @b: how it stands with it
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int transition_groups_add(struct transition_groups *g, struct zu_kernel *k,
			  const struct zu_task *task,
			  const struct zu_klp_blocker *b,
			  struct zu_error *err);

/**
 * transition_groups_make() - when all are there
 * @g: all tasks
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int transition_groups_make(struct transition_groups *g, struct zu_error *err);

/**
 * transition_groups_deinit() - release them
 * @g: the groups
 */
void transition_groups_deinit(struct transition_groups *g);

#endif
