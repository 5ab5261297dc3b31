/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making captures: what still and running kernels share. */
#ifndef ZU_KERN_CAPTURE_H
#define ZU_KERN_CAPTURE_H

#include "image/image.h"
#include "zunwind/capture.h"
#include "zunwind/trace.h"

/**
 * zu_capture_image() - zu_capture_make() of an open image
 * @image: the image; closed in any case
 * @options: as for zu_kernel_open()
 * @path: as for zu_capture_make()
 * @ret: as for zu_capture_make()
 * @err: the causes
 *
 * Return: as zu_capture_make().
 */
int zu_capture_image(struct zu_image *image,
		     const struct zu_open_options *options, const char *path,
		     struct zu_capture_info *ret, struct zu_error *err);

/**
 * zu_capture_touch() - walk a stack, and look up the names of its functions
 * @k: the kernel
 * @task: the task
 * @rules: which frames
 * @t: the walk
 * @err: the causes
 *
 * Return: as zu_trace_task().
 */
int zu_capture_touch(struct zu_kernel *k, const struct zu_task *task,
		     enum zu_rules rules, struct zu_trace *t,
		     struct zu_error *err);

/**
 * zu_capture_needs_both() - do the rules see different frames?
 * @t: a walk
 *
 * Return: true if there are saved registers on the stack.
 */
bool zu_capture_needs_both(const struct zu_trace *t);

#endif
