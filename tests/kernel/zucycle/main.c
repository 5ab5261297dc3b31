// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks that never rest in functions that can be patched, and that see it when
 * a patch breaks what live patching promises: one state in one chain of calls.
 *
 *	insmod zucycle.ko threads=6 sets=leaf,direct+pointer,all,random
 *	cat /sys/module/zucycle/parameters/violations
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "zucycle.h"

static unsigned int threads;
module_param(threads, uint, 0444);
MODULE_PARM_DESC(threads, "threads that cycle through the functions");

static unsigned int restless;
module_param(restless, uint, 0444);
MODULE_PARM_DESC(restless, "so many of them never sleep between two rounds");

bool zu_hold;
module_param_named(hold, zu_hold, bool, 0644);
MODULE_PARM_DESC(hold, "held threads stay where they are");
EXPORT_SYMBOL_GPL(zu_hold);

static atomic_long_t chains, violations;
static char first[128];
module_param_string(first, first, sizeof(first), 0444);
MODULE_PARM_DESC(first, "the first violation (read only)");

static int get_count(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%ld\n",
			  atomic_long_read((atomic_long_t *)param->arg));
}

static const struct kernel_param_ops count_ops = { .get = get_count };
module_param_cb(chains, &count_ops, &chains, 0444);
MODULE_PARM_DESC(chains, "rounds of zu_main (read only)");
module_param_cb(violations, &count_ops, &violations, 0444);
MODULE_PARM_DESC(violations, "those in which two states met (read only)");

/* A chain has ended: count it, and say what was wrong with it. */
void zu_account(struct zu_chain *c)
{
	u32 below = c->bad >> 32, who = c->bad;

	atomic_long_inc(&chains);
	if (likely(!c->bad))
		return;
	c->bad = 0;
	if (atomic_long_inc_return(&violations) != 1)
		return;
	snprintf(first, sizeof(first), "%s: %s of patch %u called by %s of patch %u",
		 current->comm, ZU_WHO_NAME(who), ZU_WHO_STATE(who),
		 ZU_WHO_NAME(below), ZU_WHO_STATE(below));
	pr_err("zucycle: %s\n", first);
}

static int zu_thread(void *arg)
{
	unsigned long number = (unsigned long)arg, x = number;
	struct zu_chain c = ZU_CHAIN_INIT(number * 2);

	/* The test itself has to go on, too. */
	set_user_nice(current, 10);
	while (!kthread_should_stop()) {
		x = zu_main(&c, x);
		zu_account(&c);
		/* Who takes a trampoline away waits for one of the two. */
		if (number < restless)
			cond_resched_tasks_rcu_qs();
		else
			schedule_timeout_interruptible(1);
	}
	return 0;
}

static int __init zucycle_init(void)
{
	unsigned long i;
	int rc;

	rc = zu_states_init();
	if (!rc)
		rc = zu_user_init();
	if (!rc)
		rc = zu_hold_init();
	if (rc)
		return rc;
	/* From here on without failure: threads run in this module's code. */
	for (i = 0; i < threads; i++)
		if (IS_ERR(kthread_run(zu_thread, (void *)i, "zu-cycle/%lu", i)))
			threads = i;
	return 0;
}
module_init(zucycle_init);

MODULE_DESCRIPTION("Chains of calls that see it when a live patch goes wrong");
MODULE_LICENSE("GPL");
