/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of tasks. */
#ifndef ZU_KERN_TASK_H
#define ZU_KERN_TASK_H

#include "kern/kernel.h"

/** ZU_MAX_TASKS - PID_MAX_LIMIT, and idle tasks */
#define ZU_MAX_TASKS ((4u << 20) + ZU_MAX_CPUS)

/** ZU_TASK_TRIES - how often a list that changes is tried */
#define ZU_TASK_TRIES 4

/**
 * zu_tasks_init() - list and read all tasks
 * @k: the kernel; its CPUs are known. Fills k->tasks
 * @err: the causes
 *
 * The idle tasks of all possible CPUs, then, as for_each_process_thread()
 * does, all threads of all processes.
 *
 * Return: 0; ZU_EFAULT if a list leads out of memory; ZU_EFORMAT if one runs
 * in a circle, or has more than ZU_MAX_TASKS; ZU_ENOMEM.
 */
int zu_tasks_init(struct zu_kernel *k, struct zu_error *err);

/**
 * zu_task_fetch() - have a task's memory at hand
 * @k: the kernel
 * @address: of its struct task_struct
 *
 * The members of a task that are wanted are on two pages as a rule. One read across
 * both brings them into the image's cache together, or they alone are read. If it
 * fails, no matter.
 */
void zu_task_fetch(struct zu_kernel *k, uint64_t address);

/**
 * zu_task_read() - read a task
 * @k: the kernel
 * @address: of its struct task_struct
 * @t: the task
 * @err: the causes
 *
 * Return: 0; ZU_EFAULT or ZU_EFORMAT if it can't be read.
 */
int zu_task_read(struct zu_kernel *k, uint64_t address, struct zu_task *t,
		 struct zu_error *err);

#endif
