// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a walk of a sleeping thread's stack costs: the kernel's own function,
 * and zunwind.ko's by each of the rules, at several depths. In a machine whose
 * clock counts instructions (-icount shift=0) the clock's nanoseconds are
 * instructions.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <asm/timex.h>

#include "kmod/redirect.h"

#define ROUNDS 2000
#define ENTRIES 100

static unsigned long reliable;
module_param(reliable, ulong, 0);
MODULE_PARM_DESC(reliable, "address of stack_trace_save_tsk_reliable");

static int pid[8];
static unsigned int nr_pid;
module_param_array(pid, int, &nr_pid, 0);
MODULE_PARM_DESC(pid, "processes that sleep");

typedef int (*save_fn)(struct task_struct *task, unsigned long *store,
		       unsigned int size);

static save_fn by_rules, strictly;	/* of zunwind.ko */

static const unsigned int depths[] = { 5, 10, 20 };

static noinline __noclone int sleep_at(unsigned int depth)
{
	int ret;

	if (depth) {
		ret = sleep_at(depth - 1);
		/* no tail call */
		barrier();
		return ret + 1;
	}
	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

static int thread(void *depth)
{
	return sleep_at((unsigned long)depth);
}

/* Nanoseconds a call, or the call's error */
static int measure(save_fn save, struct task_struct *task)
{
	static unsigned long store[ENTRIES];
	unsigned long begin, end, flags;
	unsigned int i;
	int ret = 0;

	local_irq_save(flags);
	save(task, store, ENTRIES);
	begin = get_tod_clock_fast();
	for (i = 0; i < ROUNDS && ret >= 0; i++)
		ret = save(task, store, ENTRIES);
	end = get_tod_clock_fast();
	local_irq_restore(flags);
	return ret < 0 ? ret : (int)((end - begin) * 125 / 512 / ROUNDS);
}

static int frames_of(struct task_struct *task)
{
	unsigned long store[ENTRIES];

	return ((save_fn)reliable)(task, store, ENTRIES);
}

/* A thread with that many frames: what is below sleep_at() is counted first. */
static struct task_struct *make(unsigned int frames)
{
	struct task_struct *task;
	unsigned long depth = 0;
	int have;

	for (;;) {
		task = kthread_run(thread, (void *)depth, "zu-cost");
		if (IS_ERR(task))
			return task;
		msleep(100);
		have = frames_of(task);
		if (have >= (int)frames || have < 0)
			return task;
		kthread_stop(task);
		depth += frames - have;
	}
}

static void measure_task(const char *what, struct task_struct *task)
{
	pr_info("zucost: %s frames %d kernel %d rules %d strict %d\n", what,
		frames_of(task), measure((save_fn)reliable, task),
		measure(by_rules, task), measure(strictly, task));
}

/* Frames of a module, and below them a few of the kernel */
static int measure_thread(unsigned int frames)
{
	struct task_struct *task = make(frames);

	if (IS_ERR(task))
		return PTR_ERR(task);
	measure_task("module", task);
	kthread_stop(task);
	return 0;
}

/* Frames of the kernel alone: of a process that sleeps in a system call */
static int measure_process(pid_t id)
{
	struct task_struct *task = get_pid_task(find_vpid(id), PIDTYPE_PID);

	if (!task)
		return -ESRCH;
	measure_task("kernel", task);
	put_task_struct(task);
	return 0;
}

static int __init zucost_init(void)
{
	unsigned int i;
	int err = 0;

	by_rules = symbol_get(zu_save_by_kernel_rules);
	strictly = symbol_get(zu_save_reliable);
	if (!reliable || !by_rules || !strictly)
		err = -EINVAL;
	for (i = 0; i < ARRAY_SIZE(depths) && !err; i++)
		err = measure_thread(depths[i]);
	for (i = 0; i < nr_pid && !err; i++)
		err = measure_process(pid[i]);
	if (by_rules)
		symbol_put(zu_save_by_kernel_rules);
	if (strictly)
		symbol_put(zu_save_reliable);
	return err;
}

static void __exit zucost_exit(void)
{
}

module_init(zucost_init);
module_exit(zucost_exit);

MODULE_DESCRIPTION("What a walk of a stack costs");
MODULE_LICENSE("GPL");
