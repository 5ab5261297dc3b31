/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture of what runs while it is looked at. Each stack is of its own moment, as
 * in any look (doc/live.md); what must fit together is made to:
 *
 * - lists of tasks have those that were looked at, by links of our own;
 * - a task that ran in all tries is on a CPU;
 * - who runs is told by the task alone, not by its CPU: "moments=many".
 *
 * What comes of it is read again: each stack must be as it was when it was accepted.
 */
#ifndef ZU_KERN_CAPTURE_RUNNING_H
#define ZU_KERN_CAPTURE_RUNNING_H

#include "kern/contents.h"

/** ZU_CAPTURE_TRIES - how often it is tried */
#define ZU_CAPTURE_TRIES 3

/**
 * zu_capture_running() - look at all tasks, and make the sections
 * @k: a kernel that changes, just opened; its reads go to @r
 * @r: what was read so far
 * @options: as it was opened
 * @ret: zeroed; the sections
 * @tasks: how many tasks are in them
 * @err: the causes
 *
 * Return: 0; ZU_EAGAIN if it changes too fast; as zu_kernel_look(), zu_klp_read() and
 * zu_contents_make().
 */
int zu_capture_running(struct zu_kernel *k, struct zu_recorder *r,
		       const struct zu_open_options *options,
		       struct zu_contents *ret, size_t *tasks,
		       struct zu_error *err);

#endif
