// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that stay below zu_hold_main and zu_hold_middle for as long as the
 * parameter hold says so: zu-spin in one function more, the others in a tight
 * loop of calls of the function that they are named after.
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "zucycle.h"

static bool holders;
module_param(holders, bool, 0444);
MODULE_PARM_DESC(holders, "have threads that can be held");

static const struct {
	const char *name;
	zu_fn call;
} kinds[] = {
	{ "zu-spin", zu_hold_leaf },
	{ "zu-spin", zu_hold_leaf },
	{ "zu-spin", zu_hold_leaf },
	{ "zu-leaf", zu_leaf },
	{ "zu-tiny", zu_tiny },
	{ "zu-early", zu_early },
	{ "zu-big", zu_big },
	{ "zu-alloca", zu_alloca },
	{ "zu-recurse", zu_recurse },
	{ "zu-thunk", zu_thunk },
	{ "zu-tail", zu_tail },
	{ "zu-jump", zu_jump },
	{ "zu-direct", zu_direct },
};

static int zu_held_thread(void *call)
{
	struct zu_chain c = ZU_CHAIN_INIT(1);
	unsigned long x = 1;

	c.hold = call;
	set_user_nice(current, 10);
	while (!kthread_should_stop()) {
		if (READ_ONCE(zu_hold)) {
			x = zu_hold_main(&c, x);
			zu_account(&c);
		}
		schedule_timeout_interruptible(HZ / 10);
	}
	return 0;
}

int zu_hold_init(void)
{
	struct task_struct *task;
	unsigned int i;

	for (i = 0; holders && i < ARRAY_SIZE(kinds); i++) {
		task = kthread_run(zu_held_thread, kinds[i].call, "%s",
				   kinds[i].name);
		if (IS_ERR(task))
			pr_err("zucycle: no thread %s\n", kinds[i].name);
	}
	return 0;
}
