// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A module that a live patch can wait for: not there at first, it comes and goes
 * again. A thread of it sleeps in a function that the patch has a new version of.
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "zuabsent.h"

static struct task_struct *thread;

static noinline __noclone __used int zu_absent(void)
{
	zu_absent_wait();
	return 0;
}

static int zu_absent_thread(void *unused)
{
	int r = zu_absent();

	barrier();
	return r;
}

static int __init zuabsent_init(void)
{
	thread = kthread_run(zu_absent_thread, NULL, "zu-absent");
	return PTR_ERR_OR_ZERO(thread);
}
module_init(zuabsent_init);

static void __exit zuabsent_exit(void)
{
	kthread_stop(thread);
}
module_exit(zuabsent_exit);

MODULE_DESCRIPTION("A module that comes and goes under a live patch");
MODULE_LICENSE("GPL");
