/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All sections of a capture (doc/capture.md). */
#ifndef ZU_KERN_CONTENTS_H
#define ZU_KERN_CONTENTS_H

#include "image/capture.h"
#include "kern/kernel.h"
#include "kern/recorder.h"

/** ZU_CONTENTS_PARTS - how many sections are written */
#define ZU_CONTENTS_PARTS 7

/**
 * struct zu_contents - the sections
 * @buf: the bytes of each; owned
 * @part: the sections, of @buf
 * @bytes: of kernel memory
 *
 * Zero it; zu_contents_deinit() it.
 */
struct zu_contents {
	struct zu_buf buf[ZU_CONTENTS_PARTS];
	struct zu_capture_part part[ZU_CONTENTS_PARTS];
	size_t bytes;
};

/**
 * zu_contents_make() - make them
 * @c: zeroed
 * @k: a kernel that was looked at
 * @r: the reads of that look
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_contents_make(struct zu_contents *c, struct zu_kernel *k,
		     const struct zu_recorder *r, struct zu_error *err);

/**
 * zu_contents_deinit() - release them
 * @c: zeroed, or made
 */
void zu_contents_deinit(struct zu_contents *c);

#endif
