// SPDX-License-Identifier: GPL-2.0-or-later
/* tables: what became of each object's table; and the counters. */
#include <linux/module.h>
#include <linux/seq_file.h>

#include "kmod/counters.h"
#include "kmod/face.h"
#include "kmod/objects.h"

static int show_tables(struct seq_file *m, void *unused)
{
	zu_objects_show(m);
	return 0;
}

static int open_tables(struct inode *inode, struct file *file)
{
	return single_open(file, show_tables, NULL);
}

/* Whatever is written: look for the files again. */
static ssize_t reload(struct file *file, const char __user *buf, size_t len,
		      loff_t *pos)
{
	int err = zu_objects_reload();

	return err ? err : len;
}

const struct file_operations zu_face_tables = {
	.owner = THIS_MODULE,
	.open = open_tables,
	.read = seq_read,
	.write = reload,
	.llseek = seq_lseek,
	.release = single_release,
};

static int show_counters(struct seq_file *m, void *unused)
{
	zu_counters_show(m);
	return 0;
}

static int open_counters(struct inode *inode, struct file *file)
{
	return single_open(file, show_counters, NULL);
}

const struct file_operations zu_face_counters = {
	.owner = THIS_MODULE,
	.open = open_counters,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
