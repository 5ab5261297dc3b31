/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "zunwind/capture.h"

#include <sys/stat.h>

#include "kern/capture.h"
#include "kern/capture_running.h"
#include "kern/contents.h"
#include "kern/livepatch.h"
#include "kern/recorder.h"
#include "util/fail.h"
#include "zunwind/trace.h"

int zu_capture_touch(struct zu_kernel *k, const struct zu_task *task,
		     enum zu_rules rules, struct zu_trace *t,
		     struct zu_error *err)
{
	struct zu_symbol sym;
	size_t f;
	int ret;

	t->rules = rules;
	ret = zu_trace_task(t, k, task, err);
	if (ret)
		return ret;
	for (f = 0; f < t->nr_frames; f++)
		zu_frame_symbol(k, &t->frames[f], &sym);
	return 0;
}

bool zu_capture_needs_both(const struct zu_trace *t)
{
	size_t f;

	for (f = 0; f < t->nr_frames; f++)
		if (t->frames[f].regs)
			return true;
	return false;
}

/*
 * Do all that zunwind stacks and transition do, for the reads and look-ups
 * they make. Only where there are registers on a stack do the walks differ.
 */
static int touch_task(struct zu_kernel *k, size_t i, bool patching,
		      struct zu_trace *t, struct zu_error *err)
{
	struct zu_klp_task klp;
	struct zu_error ignored;
	struct zu_task task;
	int ret;

	ret = zu_kernel_task(k, i, &task, err);
	if (ret)
		return ret;
	if (patching)
		zu_klp_task(k, &task, &klp, &ignored);
	ret = zu_capture_touch(k, &task, ZU_RULES_STRICT, t, err);
	if (ret || !zu_capture_needs_both(t))
		return ret;
	return zu_capture_touch(k, &task, ZU_RULES_KERNEL, t, err);
}

/*
 * What live patching has. If that is damaged the stacks can still be kept, and
 * who reads it of the capture hears the same.
 */
static int touch_livepatch(struct zu_kernel *k, bool *patching,
			   struct zu_error *err)
{
	struct zu_klp klp = ZU_KLP_INIT;
	struct zu_error why;
	int ret = zu_klp_there(k) ? zu_klp_read(k, &klp, &why) : 0;

	*patching = klp.transition != ZU_KLP_NONE;
	zu_klp_deinit(&klp);
	return ret == ZU_ENOMEM ? zu_fail_nomem(err) : 0;
}

static int touch_tasks(struct zu_kernel *k, struct zu_error *err)
{
	struct zu_trace t = ZU_TRACE_INIT;
	bool patching = false;
	size_t i;
	int ret = touch_livepatch(k, &patching, err);

	for (i = 0; i < zu_kernel_task_count(k) && !ret; i++)
		ret = touch_task(k, i, patching, &t, err);
	zu_trace_deinit(&t);
	return ret;
}

/* The tasks of a kernel that stands still, as they are */
static int capture_still(struct zu_kernel *k, const struct zu_recorder *r,
			 struct zu_contents *c, size_t *tasks,
			 struct zu_error *err)
{
	int ret = touch_tasks(k, err);

	if (!ret)
		ret = zu_kernel_check(k, err);
	*tasks = zu_kernel_task_count(k);
	return ret ? ret : zu_contents_make(c, k, r, err);
}

static int capture(struct zu_kernel *k, struct zu_recorder *r,
		   const struct zu_open_options *options, const char *path,
		   struct zu_capture_info *ret, struct zu_error *err)
{
	struct zu_contents c = { .bytes = 0 };
	size_t tasks = 0;
	int code = zu_kernel_changes(k) ?
		   zu_capture_running(k, r, options, &c, &tasks, err) :
		   capture_still(k, r, &c, &tasks, err);

	if (!code)
		code = zu_capture_store(path, c.part, ZU_CONTENTS_PARTS, err);
	if (!code && ret)
		*ret = (struct zu_capture_info){
			.tasks = tasks, .bytes = c.bytes,
		};
	zu_contents_deinit(&c);
	return code;
}

int zu_capture_image(struct zu_image *image,
		     const struct zu_open_options *options, const char *path,
		     struct zu_capture_info *ret, struct zu_error *err)
{
	struct zu_recorder r = { .pieces.data = NULL };
	struct zu_kernel *k;
	int code = zu_kernel_open_image(image, options, zu_recorder_add, &r,
					&k, err);

	if (!code) {
		code = capture(k, &r, options, path, ret, err);
		zu_kernel_close(k);
	}
	zu_recorder_deinit(&r);
	return code;
}

/* Replacing the dump by its capture would lose it. */
static int check_target(const struct zu_image *image, const char *path,
			struct zu_error *err)
{
	struct stat s, t;

	if (image->kind->is_mine || stat(image->path, &s) || stat(path, &t) ||
	    s.st_dev != t.st_dev || s.st_ino != t.st_ino)
		return 0;
	return zu_fail(err, ZU_EINVAL, "%s is the source itself", path);
}

int zu_capture_make(const char *source, const struct zu_open_options *options,
		    const char *path, struct zu_capture_info *ret,
		    struct zu_error *err)
{
	struct zu_image *image;
	int code = zu_image_open(source, &image, err);

	if (code)
		return code;
	if (check_target(image, path, err)) {
		zu_image_close(image);
		return err->code;
	}
	return zu_capture_image(image, options, path, ret, err);
}
