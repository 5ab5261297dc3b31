// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes kernel threads wait in front of a function, as they would in it for a slow
 * disk, or for a program that has something to do first.
 */
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../tramp.h"

static char *function = "";
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "whose callers wait");

static bool hold = true;
module_param(hold, bool, 0644);
MODULE_PARM_DESC(hold, "as long as this is so");

static atomic_t held = ATOMIC_INIT(0);

static int held_get(char *text, const struct kernel_param *unused)
{
	return sysfs_emit(text, "%d\n", atomic_read(&held));
}

static const struct kernel_param_ops held_ops = { .get = held_get };
module_param_cb(held, &held_ops, NULL, 0444);
MODULE_PARM_DESC(held, "how many wait (read only)");

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS

void zuhold_wait(void);

ZU_TRAMP(zuhold_tramp, zuhold_wait);

__used void zuhold_wait(void)
{
	if (!(current->flags & PF_KTHREAD))
		return;
	atomic_inc(&held);
	while (READ_ONCE(hold))
		msleep_interruptible(20);
	atomic_dec(&held);
}

static struct ftrace_ops ops;

static int __init zuhold_init(void)
{
	int rc;

	rc = ftrace_set_filter(&ops, function, strlen(function), 1);
	return rc ? rc : register_ftrace_direct(&ops,
						(unsigned long)zuhold_tramp);
}

/* Somebody may still have to go on from the trampoline. */
static void __exit zuhold_exit(void)
{
	WRITE_ONCE(hold, false);
	unregister_ftrace_direct(&ops, (unsigned long)zuhold_tramp, true);
	while (atomic_read(&held))
		msleep(20);
	ssleep(1);
}
module_exit(zuhold_exit);

#else

static int __init zuhold_init(void)
{
	return -EOPNOTSUPP;
}

#endif

module_init(zuhold_init);

MODULE_DESCRIPTION("Makes kernel threads wait in front of a function");
MODULE_LICENSE("GPL");
