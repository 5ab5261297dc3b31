/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The witnesses beside the back chain: each frame's row, which says how far
 * away its caller's frame is, and the call that stands before its return
 * address, which says what it called. Asked by the strict rules.
 *
 * Sources: arch/s390/kernel/entry.S for what entry code lays on the stack,
 * copy_thread() in arch/s390/kernel/process.c for a task that never ran; 6.1
 * to 7.2.
 */
#ifndef ZU_CORE_WITNESS_H
#define ZU_CORE_WITNESS_H

#include "core/unwind.h"

/**
 * struct zu_witness - what is kept from frame to frame
 * @frame: the frame before
 * @site: what is known of its code, unless @skipped
 * @fp: its r11
 * @any: there was one
 * @called: it is at a return address, and the call before that was found
 * @skipped: its code was not asked for: its link was known
 * @through: the walk went through saved registers
 * @blind: a frame's code is not there to be looked at
 *
 * Zeroed at the start of a walk.
 */
struct zu_witness {
	struct zu_frame frame;
	struct zu_site site;
	struct zu_fp fp;
	bool any;
	bool called;
	bool skipped;
	bool through;
	bool blind;
};

/**
 * struct zu_doubt - what a witness says against a walk
 * @why: the reason, or ZU_WHY_NONE
 * @before: it is about the frame before the current one
 * @at: the address or value
 */
struct zu_doubt {
	enum zu_why why;
	bool before;
	uint64_t at;
};

/**
 * zu_witness_frame() - ask about the current frame, and the way to it
 * @w: what is kept
 * @u: a walk that isn't done, in a kernel with zu_unwind_env.site
 *
 * Return: the first doubt.
 */
struct zu_doubt zu_witness_frame(struct zu_witness *w,
				 const struct zu_unwind *u);

/**
 * zu_witness_end() - ask about the end
 * @w: what is kept
 * @u: a walk that came to the task's own registers
 *
 * Return: a doubt about the last frame.
 */
struct zu_doubt zu_witness_end(struct zu_witness *w,
			       const struct zu_unwind *u);

#endif
