// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One thread, zu-stall, that is always busy: what a live patch's transition and
 * synchronize_rcu_tasks() wait for. It holds no lock and can be preempted at
 * any instruction, if the kernel preempts.
 *
 *	insmod zustall.ko
 *	cat /sys/module/zustall/parameters/progress
 *	echo sleep >/sys/module/zustall/parameters/pause
 *	echo 0 >/sys/module/zustall/parameters/run
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>

#define zustall_fn	noinline __noclone __used

/* How much is done between two pauses; some milliseconds in QEMU. */
#define ROUNDS	1000

static unsigned long progress;
module_param(progress, ulong, 0444);
MODULE_PARM_DESC(progress, "rounds done (read only)");

enum pause { NOTHING, COND_RESCHED, QS, SLEEP };

static const char * const pauses[] = {
	[NOTHING] = "nothing",
	[COND_RESCHED] = "cond_resched",
	[QS] = "qs",
	[SLEEP] = "sleep",
};

static int pause_now;
static struct task_struct *thread;

static zustall_fn unsigned long zu_stall_leaf(unsigned long x)
{
	unsigned int i;

	for (i = 0; i < 16; i++) {
		x = x * 6364136223846793005UL + 1;
		barrier();
	}
	return x;
}

static zustall_fn unsigned long zu_stall_inner(unsigned long x)
{
	return zu_stall_leaf(x) ^ zu_stall_leaf(~x);
}

static zustall_fn unsigned long zu_stall_round(unsigned long x)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		x = zu_stall_inner(x) + zu_stall_leaf(x);
	return x;
}

/* In the thread's own function, so that no other one is ever asleep. */
static __always_inline void zu_stall_pause(void)
{
	switch (READ_ONCE(pause_now)) {
	case COND_RESCHED:
		cond_resched();
		break;
	case QS:
		cond_resched_tasks_rcu_qs();
		break;
	case SLEEP:
		schedule_timeout_idle(1);
		break;
	}
}

static zustall_fn int zu_stall(void *unused)
{
	unsigned long x = 1;

	while (!kthread_should_stop()) {
		x = zu_stall_round(x);
		WRITE_ONCE(progress, progress + 1);
		zu_stall_pause();
	}
	return x & 1;
}

static int pause_set(const char *text, const struct kernel_param *kp)
{
	int i = __sysfs_match_string(pauses, ARRAY_SIZE(pauses), text);

	if (i < 0)
		return i;
	WRITE_ONCE(pause_now, i);
	return 0;
}

static int pause_get(char *text, const struct kernel_param *kp)
{
	return sysfs_emit(text, "%s\n", pauses[READ_ONCE(pause_now)]);
}

static const struct kernel_param_ops pause_ops = {
	.set = pause_set,
	.get = pause_get,
};
module_param_cb(pause, &pause_ops, NULL, 0644);
MODULE_PARM_DESC(pause, "between rounds: nothing, cond_resched, qs, sleep");

static int start(void)
{
	struct task_struct *task;

	if (thread)
		return 0;
	task = kthread_create(zu_stall, NULL, "zu-stall");
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, cpumask_last(cpu_online_mask));
	thread = task;
	wake_up_process(task);
	return 0;
}

static void stop(void)
{
	if (thread)
		kthread_stop(thread);
	thread = NULL;
}

/* Parameters are written one at a time, so there is nothing to lock. */
static int run_set(const char *text, const struct kernel_param *kp)
{
	bool run;
	int err = kstrtobool(text, &run);

	if (err)
		return err;
	if (run)
		return start();
	stop();
	return 0;
}

static int run_get(char *text, const struct kernel_param *kp)
{
	return sysfs_emit(text, "%d\n", thread != NULL);
}

static const struct kernel_param_ops run_ops = {
	.set = run_set,
	.get = run_get,
};
module_param_cb(run, &run_ops, NULL, 0644);
MODULE_PARM_DESC(run, "whether there is the thread");

static int __init zustall_init(void)
{
	return start();
}
module_init(zustall_init);

static void __exit zustall_exit(void)
{
	stop();
}
module_exit(zustall_exit);

MODULE_DESCRIPTION("A kernel thread that is always busy");
MODULE_LICENSE("GPL");
