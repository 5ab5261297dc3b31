// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The functions in a user task's system call: writing to debugfs' zucycle is
 * one round, which reads a byte of each page that was written on its way.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/random.h>
#include <linux/rcupdate.h>

#include "zucycle.h"

static ssize_t zu_user_write(struct file *file, const char __user *buffer,
			     size_t size, loff_t *pos)
{
	struct zu_chain c = ZU_CHAIN_INIT(get_random_u32());

	c.pages = (unsigned long)buffer;
	c.pages_end = c.pages + size;
	zu_main(&c, 0);
	zu_account(&c);
	/* Interrupts seldom find it in user mode. */
	cond_resched_tasks_rcu_qs();
	return size;
}

static const struct file_operations zu_user_fops = {
	.write = zu_user_write,
};

int zu_user_init(void)
{
	return PTR_ERR_OR_ZERO(debugfs_create_file("zucycle", 0200, NULL, NULL,
						   &zu_user_fops));
}
