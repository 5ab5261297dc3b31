// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that never sleep, several on one CPU: at any time all but one are
 * switched out, and in a preemptible kernel by an interrupt, with its pt_regs
 * on their stack. Where the interrupt hits is left to chance: a loop, a leaf
 * function without a frame, a prologue.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/sched.h>

#include "zuscen.h"

#define THREADS 8

static zuscen_fn unsigned long zu_busy_leaf(unsigned long x)
{
	unsigned int i;

	for (i = 0; i < 64; i++) {
		x = x * 6364136223846793005UL + 1;
		barrier();
	}
	return x;
}

static zuscen_fn unsigned long zu_busy_inner(unsigned long x)
{
	return zu_busy_leaf(x) ^ zu_busy_leaf(~x);
}

static zuscen_fn unsigned long zu_busy_outer(unsigned long x)
{
	return zu_busy_inner(x) + zu_busy_leaf(x);
}

static zuscen_fn int zu_busy(void *unused)
{
	unsigned long x = 1;

	while (!READ_ONCE(zuscen_wake)) {
		x = zu_busy_outer(x);
		/* Or stop_machine() would wait for ever. */
		if (!IS_ENABLED(CONFIG_PREEMPTION))
			cond_resched();
	}
	return x & 1;
}

int zuscen_busy(void)
{
	int cpu = cpumask_last(cpu_online_mask), i;

	for (i = 0; i < THREADS; i++) {
		struct task_struct *task;

		task = zuscen_thread(zu_busy, NULL, cpu, "zu-busy");
		if (IS_ERR(task))
			return PTR_ERR(task);
	}
	return 0;
}
