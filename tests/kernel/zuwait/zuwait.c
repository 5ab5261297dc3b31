// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks asleep, and one busy, in functions that can be patched, for as long as
 * the parameter over is 0:
 *
 *	echo outer,many:200,deep,spin >/sys/module/zuwait/parameters/start
 *	cat /sys/kernel/debug/zuwait-S
 */
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/string.h>

#include "zuwait.h"

#define DEPTH 20

bool zu_wait_over;
EXPORT_SYMBOL_GPL(zu_wait_over);

DECLARE_WAIT_QUEUE_HEAD(zu_wait_queue);
EXPORT_SYMBOL_GPL(zu_wait_queue);

#define ZU_FN(name) zu_wait_##name
#define zu_text noinline __noclone __used
#include "functions.h"

#define ZU_EXPORT(name) EXPORT_SYMBOL_GPL(zu_wait_##name);
ZU_WAIT_FUNCTIONS(ZU_EXPORT)

static const struct {
	const char *name;
	int (*wait)(int how, int depth);
	int cpu;			/* -1: any */
} kinds[] = {
	{ "inner", zu_wait_inner, -1 },
	{ "outer", zu_wait_outer, -1 },
	{ "deep", zu_wait_deep, -1 },
	{ "many", zu_wait_many, -1 },
	{ "spin", zu_wait_spin, 1 },
};

static int zu_waiter(void *kind)
{
	unsigned long i = (unsigned long)kind;

	kinds[i].wait('I', kinds[i].wait == zu_wait_deep ? DEPTH : 0);
	/* Nobody stops it, and the module stays. */
	return 0;
}

static int start_kind(unsigned long kind, unsigned int count)
{
	while (count--) {
		struct task_struct *task;

		task = kthread_create(zu_waiter, (void *)kind, "zu-%s",
				      kinds[kind].name);
		if (IS_ERR(task))
			return PTR_ERR(task);
		if (kinds[kind].cpu >= 0)
			kthread_bind(task, kinds[kind].cpu);
		wake_up_process(task);
	}
	return 0;
}

static int start_word(char *word)
{
	char *count = strchr(word, ':');
	unsigned int n = 1;
	unsigned long i;
	int err;

	if (count) {
		*count++ = '\0';
		err = kstrtouint(count, 10, &n);
		if (err)
			return err;
	}
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].name, word))
			return start_kind(i, n);
	return -EINVAL;
}

static int start_set(const char *text, const struct kernel_param *kp)
{
	char *copy = kstrdup(text, GFP_KERNEL), *rest, *word;
	int err = copy ? 0 : -ENOMEM;

	rest = copy ? strim(copy) : NULL;
	while (!err && (word = strsep(&rest, ",")))
		err = start_word(word);
	kfree(copy);
	return err;
}

static const struct kernel_param_ops start_ops = { .set = start_set };
module_param_cb(start, &start_ops, NULL, 0200);
MODULE_PARM_DESC(start, "kernel threads to start, as KIND[:COUNT],...");

static int over_set(const char *text, const struct kernel_param *kp)
{
	int err = param_set_bool(text, kp);

	wake_up_all(&zu_wait_queue);
	return err;
}

static const struct kernel_param_ops over_ops = {
	.set = over_set,
	.get = param_get_bool,
};
module_param_cb(over, &over_ops, &zu_wait_over, 0644);
MODULE_PARM_DESC(over, "1 wakes all");

/* A user task that reads sleeps here; a signal ends it if it is to. */
static ssize_t wait_read(struct file *file, char __user *to, size_t len,
			 loff_t *pos)
{
	int how = (unsigned long)file_inode(file)->i_private;

	return zu_wait_outer(how, 0) ? -ERESTARTSYS : 0;
}

static const struct file_operations wait_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.read = wait_read,
};

static int __init zuwait_init(void)
{
	debugfs_create_file("zuwait-S", 0400, NULL, (void *)'S', &wait_fops);
	debugfs_create_file("zuwait-D", 0400, NULL, (void *)'D', &wait_fops);
	return 0;
}
module_init(zuwait_init);

MODULE_DESCRIPTION("Tasks asleep in functions that can be patched");
MODULE_LICENSE("GPL");
