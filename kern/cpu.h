/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CPUs: which there are, and what each was doing. */
#ifndef ZU_KERN_CPU_H
#define ZU_KERN_CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "zunwind/error.h"

struct zu_kernel;

/** ZU_MAX_CPUS - more than any kernel is configured for (512 up to 7.2) */
#define ZU_MAX_CPUS 4096

/**
 * struct zu_cpu - a CPU that may exist
 * @number: its number
 * @online: it is online
 * @idle: address of its idle task
 * @curr: address of the task it runs
 */
struct zu_cpu {
	uint32_t number;
	bool online;
	uint64_t idle;
	uint64_t curr;
};

/**
 * struct zu_cpus - all possible CPUs
 * @cpu: the CPUs; owned
 * @count: how many
 * @online: how many are online
 */
struct zu_cpus {
	struct zu_cpu *cpu;
	unsigned int count;
	unsigned int online;
};

/**
 * zu_cpus_init() - read the CPUs
 * @k: the kernel; its globals and layout are known. Fills k->cpus, which
 *	zu_cpus_deinit() releases
 * @err: the causes
 *
 * Return: 0; ZU_EFAULT; ZU_EFORMAT if there are more than ZU_MAX_CPUS or none
 * that is online; ZU_ENOMEM.
 */
int zu_cpus_init(struct zu_kernel *k, struct zu_error *err);

/**
 * zu_cpus_deinit() - forget the CPUs
 * @cpus: initialized or zeroed
 */
void zu_cpus_deinit(struct zu_cpus *cpus);

/**
 * zu_cpu_read_online() - is a CPU online now?
 * @k: the kernel
 * @cpu: its number
 * @ret: the answer
 * @err: the causes
 *
 * Return: 0; ZU_EFAULT.
 */
int zu_cpu_read_online(const struct zu_kernel *k, uint32_t cpu, bool *ret,
		       struct zu_error *err);

/**
 * zu_cpus_runs() - is a task what some online CPU runs?
 * @cpus: the CPUs
 * @task: address of the task
 *
 * Return: true if it is.
 */
bool zu_cpus_runs(const struct zu_cpus *cpus, uint64_t task);

/**
 * zu_cpus_idle() - whose idle task is it?
 * @cpus: the CPUs
 * @task: address of the task
 *
 * Return: the CPU, or NULL.
 */
const struct zu_cpu *zu_cpus_idle(const struct zu_cpus *cpus, uint64_t task);

#endif
