// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads asleep in a module's functions: three deep; and below a function
 * that ends in a call that does not return, so that the return address is the
 * first one behind it.
 */
#include <linux/err.h>

#include "zuscen.h"

static zuscen_fn unsigned long zu_nest_deepest(unsigned long x)
{
	zuscen_sleep();
	return x + 1;
}

static zuscen_fn unsigned long zu_nest_middle(unsigned long x)
{
	return zu_nest_deepest(x ^ 1) + 1;
}

static zuscen_fn unsigned long zu_nest_top(unsigned long x)
{
	return zu_nest_middle(x ^ 2) + 1;
}

static zuscen_fn int zu_nest(void *unused)
{
	return zu_nest_top(0) & 1;
}

static zuscen_fn __noreturn void zu_noreturn_sleep(void)
{
	for (;;)
		zuscen_sleep();
}

static zuscen_fn __noreturn void zu_noreturn_caller(unsigned long *x)
{
	*x += 1;
	zu_noreturn_sleep();
}

static zuscen_fn int zu_noreturn(void *unused)
{
	unsigned long x = 0;

	zu_noreturn_caller(&x);
}

int zuscen_nest(void)
{
	struct task_struct *task;

	task = zuscen_thread(zu_nest, NULL, -1, "zu-nest");
	if (!IS_ERR(task))
		task = zuscen_thread(zu_noreturn, NULL, -1, "zu-noreturn");
	return PTR_ERR_OR_ZERO(task);
}
