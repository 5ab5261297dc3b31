// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks in situations that a stack walker must get right.
 *
 *	insmod zuscen.ko mode=nest,deep
 *	cat /sys/module/zuscen/parameters/status
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/string.h>

#include "zuscen.h"

static const struct {
	const char *name;
	int (*start)(void);
} modes[] = {
	{ "busy", zuscen_busy },
	{ "corrupt", zuscen_corrupt },
	{ "deep", zuscen_deep },
	{ "direct", zuscen_direct },
	{ "fresh", zuscen_fresh },
	{ "kret", zuscen_kret },
	{ "mmaplock", zuscen_mmaplock },
	{ "moved", zuscen_moved },
	{ "nest", zuscen_nest },
};

static char *mode[ARRAY_SIZE(modes)];
static int nr_modes;
module_param_array(mode, charp, &nr_modes, 0);
MODULE_PARM_DESC(mode, "situations to create");

static int status;
module_param(status, int, 0444);
MODULE_PARM_DESC(status, "0 or the first error (read only)");

bool zuscen_wake;

struct task_struct *zuscen_thread(int (*fn)(void *arg), void *arg, int cpu,
				  const char *name)
{
	struct task_struct *task = kthread_create(fn, arg, "%s", name);

	if (IS_ERR(task))
		return task;
	/* For good: it is looked at long after it might have ended. */
	get_task_struct(task);
	if (cpu >= 0)
		kthread_bind(task, cpu);
	wake_up_process(task);
	return task;
}

static int start(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(modes[i].name, name))
			return modes[i].start();
	return -EINVAL;
}

/*
 * Never fails: threads may run in this module's code by now, and a module
 * whose start fails is taken away. Who loads it looks at status.
 */
static int __init zuscen_init(void)
{
	int i;

	for (i = 0; i < nr_modes && !status; i++)
		status = start(mode[i]);
	return 0;
}
module_init(zuscen_init);

MODULE_DESCRIPTION("Tasks in situations for a stack walker");
MODULE_LICENSE("GPL");
