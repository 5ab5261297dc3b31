/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of tasks that change while they are read: those of a live kernel.
 *
 * A step from a task to the next one counts if the next one leads back to it: then
 * the two are neighbours at that moment, and so are, one after the other, all. A
 * task that is in the list all the time can't be skipped so. One that leaves it
 * while it is stood on is noticed, and the walk goes back to one that is still there.
 */
#ifndef ZU_KERN_TASK_LIST_H
#define ZU_KERN_TASK_LIST_H

#include "kern/kernel.h"

/**
 * zu_task_fn - told of a task, whose memory was read just now
 * @ctx: as given to zu_task_list_read()
 * @task: address of its struct task_struct
 * @start: when it was started: the same memory may be another task's later
 * @err: the causes
 *
 * Return: 0, or an error that ends the walk.
 */
typedef int zu_task_fn(void *ctx, uint64_t task, uint64_t start,
		       struct zu_error *err);

/**
 * zu_task_list_read() - read a list
 * @k: the kernel
 * @head: address of its struct list_head
 * @node: the member of struct task_struct by which tasks are in it
 * @fn: told of each task, once; some may have gone meanwhile
 * @ctx: given to @fn
 * @err: the causes
 *
 * Return: 0; ZU_EFAULT if its head can't be read; ZU_EFORMAT if it is damaged, or
 * changes faster than it can be read; ZU_ENOMEM; as @fn.
 */
int zu_task_list_read(struct zu_kernel *k, uint64_t head, enum zu_field node,
		      zu_task_fn *fn, void *ctx, struct zu_error *err);

#endif
