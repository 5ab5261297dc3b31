/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that a file has in pieces, as ELF dumps do. */
#ifndef ZU_IMAGE_SEGMENTS_H
#define ZU_IMAGE_SEGMENTS_H

#include "image/cache.h"
#include "image/file.h"

/**
 * struct zu_segment - one piece
 * @start: absolute address
 * @len: its length, at least 1; start + len - 1 does not wrap around
 * @offset: where its bytes are in the file; they are all there
 */
struct zu_segment {
	uint64_t start;
	uint64_t len;
	uint64_t offset;
};

/**
 * struct zu_segments - all pieces
 * @seg: the pieces; owned (by free())
 * @count: how many
 * @last: where the last read hit
 * @cache: pages read; owned
 *
 * Caller-owned. Zero it, fill @seg, zu_segments_init() it; zu_segments_deinit()
 * it in any case.
 */
struct zu_segments {
	struct zu_segment *seg;
	size_t count;
	size_t last;
	struct zu_cache *cache;
};

/**
 * zu_segments_init() - make them ready to read
 * @s: pieces in any order
 * @err: the causes
 *
 * Pieces may overlap: /proc/vmcore has one more for the kernel image
 * (text_init() in arch/s390/kernel/crash_dump.c), whose bytes are there
 * twice. Each address then belongs to the piece that starts first; of those
 * that start together, to the one with the lowest offset. Neighbours are
 * joined.
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_segments_init(struct zu_segments *s, struct zu_error *err);

/**
 * zu_segments_deinit() - release what they own
 * @s: zeroed, filled or ready
 */
void zu_segments_deinit(struct zu_segments *s);

/**
 * zu_segments_read_now() - read memory, past the cache
 * @s: pieces, ready
 * @file: the file they are in
 * @addr: absolute address
 * @buf: where to
 * @len: how much
 *
 * Return: 0; ZU_EFAULT if it is not all in one piece, or can't be read.
 */
int zu_segments_read_now(struct zu_segments *s, const struct zu_file *file,
			 uint64_t addr, void *buf, size_t len);

/**
 * zu_segments_read() - read memory
 * @s: pieces, ready
 * @file: the file they are in
 * @addr: absolute address
 * @buf: where to
 * @len: how much
 *
 * Return: 0; ZU_EFAULT if some of it is in no piece, or can't be read.
 */
int zu_segments_read(struct zu_segments *s, const struct zu_file *file,
		     uint64_t addr, void *buf, size_t len);

#endif
