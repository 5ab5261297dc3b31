// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/face.h"

#include <linux/debugfs.h>

static struct dentry *dir;

void zu_face_init(void)
{
	dir = debugfs_create_dir("zunwind", NULL);
	debugfs_create_file("stacks", 0400, dir, NULL, &zu_face_stacks);
	debugfs_create_file("counters", 0400, dir, NULL, &zu_face_counters);
	debugfs_create_file("tables", 0600, dir, NULL, &zu_face_tables);
}

void zu_face_exit(void)
{
	debugfs_remove(dir);
}
