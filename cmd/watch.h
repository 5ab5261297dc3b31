/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of `zunwind watch` share. */
#ifndef ZU_CMD_WATCH_H
#define ZU_CMD_WATCH_H

#include "cmd/watch_look.h"

/**
 * struct watch - a run of the command
 * @k: the kernel
 * @now: the last look
 * @began: when the transition that goes on was first seen
 * @again: there will be more looks: it is a machine that runs
 * @priv: the view's own
 */
struct watch {
	struct zu_kernel *k;
	struct watch_look now;
	double began;
	bool again;
	void *priv;
};

/**
 * struct watch_view - a way to show it
 * @show: a look at a transition, also again the same
 * @say: a line: what has become of it
 * @hide: what is as it was before goes on with the screen; may be NULL
 * @end: no more; releases watch.priv
 *
 * Those that return something return 0, or an enum zu_err with the cause told.
 */
struct watch_view {
	int (*show)(struct watch *w, struct zu_error *err);
	int (*say)(struct watch *w, const char *text, struct zu_error *err);
	void (*hide)(struct watch *w);
	void (*end)(struct watch *w);
};

extern const struct watch_view watch_lines;
extern const struct watch_view watch_window;

/**
 * struct watch_times - when to look
 * @interval: seconds from look to look
 * @seconds: for so long; 0: until the transition ends
 */
struct watch_times {
	double interval;
	double seconds;
};

/**
 * watch_take_look() - a look in place of watch.now; the machine goes on then
 * @w: the run
 * @first: the kernel has just been opened, and not been let go
 * @err: the causes
 *
 * Tried again while patches come or go.
 *
 * Return: as watch_look_take() and zu_kernel_look(); watch.now is as it was.
 */
int watch_take_look(struct watch *w, bool first, struct zu_error *err);

/**
 * watch_run() - look and show until it has ended
 * @w: the run; the kernel has just been opened
 * @view: how to show it
 * @times: when to look
 * @status: exit status
 * @err: the causes
 *
 * Return: 0; as watch_take_look() and the view.
 */
int watch_run(struct watch *w, const struct watch_view *view,
	      const struct watch_times *times, int *status,
	      struct zu_error *err);

/**
 * watch_put_title() - "NAME to patched: 3 of 20 tasks pending"
 * @b: where to
 * @l: a look at a transition
 */
void watch_put_title(struct zu_buf *b, const struct watch_look *l);

/**
 * watch_write_prometheus() - write metrics
 * @path: where to
 * @k: the kernel; NULL: it could not be opened
 * @l: the look; NULL: it failed, or the kernel has no live patching
 * @err: the causes
 *
 * Return: as zu_outfile_write().
 */
int watch_write_prometheus(const char *path, const struct zu_kernel *k,
			   const struct watch_look *l, struct zu_error *err);

#endif
