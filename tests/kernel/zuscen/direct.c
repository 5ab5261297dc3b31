// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A thread asleep in an ftrace direct call: zu_direct_traced has been called
 * and will go on, but what runs in its place is called by a trampoline that
 * knows only its caller. So it is not on the stack. Nor is the trampoline what
 * the function calls now, if that was changed while the thread slept.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/version.h>

#include "../tramp.h"
#include "zuscen.h"

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define register_ftrace_direct register_ftrace_direct_multi
#define modify_ftrace_direct   modify_ftrace_direct_multi
#endif

void zu_direct_instead(unsigned long x);

ZU_TRAMP(zu_direct_tramp, zu_direct_instead);
ZU_TRAMP(zu_direct_later, zu_direct_instead);

zuscen_fn void zu_direct_instead(unsigned long x)
{
	if (x)
		zuscen_sleep();
}

static zuscen_fn unsigned long zu_direct_traced(unsigned long x)
{
	barrier();
	return x + 1;
}

static zuscen_fn unsigned long zu_direct_caller(unsigned long x)
{
	return zu_direct_traced(x) + 1;
}

static zuscen_fn int zu_direct(void *unused)
{
	return zu_direct_caller(1) & 1;
}

static struct ftrace_ops ops;
static struct task_struct *sleeper;

int zuscen_direct(void)
{
	int rc;

	rc = ftrace_set_filter_ip(&ops, (unsigned long)zu_direct_traced, 0, 0);
	if (!rc)
		rc = register_ftrace_direct(&ops,
					    (unsigned long)zu_direct_tramp);
	if (rc)
		return rc;
	sleeper = zuscen_thread(zu_direct, NULL, -1, "zu-instead");
	return PTR_ERR_OR_ZERO(sleeper);
}

int zuscen_moved(void)
{
	int rc = zuscen_direct();

	if (rc)
		return rc;
	/* It was woken: that it waits again means that it sleeps in the call. */
	while (READ_ONCE(sleeper->__state) != TASK_IDLE)
		msleep(20);
	return modify_ftrace_direct(&ops, (unsigned long)zu_direct_later);
}

#else

int zuscen_direct(void)
{
	return -EOPNOTSUPP;
}

int zuscen_moved(void)
{
	return -EOPNOTSUPP;
}

#endif
