/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory of a capture: what was read of a kernel, and where. */
#ifndef ZU_KERN_RECORDER_H
#define ZU_KERN_RECORDER_H

#include "util/buf.h"

/**
 * struct zu_recorder - reads, in the order they were made
 * @pieces: addresses and lengths
 * @bytes: what was read
 *
 * Zero it; zu_recorder_deinit() it.
 */
struct zu_recorder {
	struct zu_buf pieces;
	struct zu_buf bytes;
};

/**
 * zu_recorder_add() - write down a read
 * @ctx: the recorder; so this may be the @record of zu_kernel_open_image()
 * @addr: where it was read
 * @buf: what is there
 * @len: how much
 */
void zu_recorder_add(void *ctx, uint64_t addr, const void *buf, size_t len);

/**
 * zu_recorder_write() - make the section "memory" of a capture
 * @r: all reads. Where the same was read twice, the later one counts
 * @out: where to; out->failed if memory runs out, or had run out before
 *
 * Return: bytes of memory in it.
 */
size_t zu_recorder_write(const struct zu_recorder *r, struct zu_buf *out);

/**
 * zu_recorder_deinit() - release it
 * @r: the recorder, which is empty then
 */
void zu_recorder_deinit(struct zu_recorder *r);

#endif
