/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /sys/kernel/debug/zunwind: a file each. */
#ifndef ZU_KMOD_FACE_H
#define ZU_KMOD_FACE_H

#include <linux/fs.h>

extern const struct file_operations zu_face_stacks;
extern const struct file_operations zu_face_counters;
extern const struct file_operations zu_face_tables;

/**
 * zu_face_init() - make the files, for root only
 *
 * A kernel without debugfs goes without.
 */
void zu_face_init(void);

/**
 * zu_face_exit() - remove them; waits for who is in one
 */
void zu_face_exit(void);

#endif
