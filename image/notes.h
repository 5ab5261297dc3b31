/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ELF notes of a big-endian file. */
#ifndef ZU_IMAGE_NOTES_H
#define ZU_IMAGE_NOTES_H

#include <stddef.h>
#include <stdint.h>

#include "zunwind/error.h"

/**
 * struct zu_note - one note
 * @name: its name, not NUL-terminated; a final NUL is not counted
 * @name_len: length of the name
 * @type: its type
 * @desc: what it carries
 * @desc_len: how much
 */
struct zu_note {
	const char *name;
	size_t name_len;
	uint32_t type;
	const uint8_t *desc;
	size_t desc_len;
};

/**
 * struct zu_notes - an iterator over the notes of a segment
 * @data: the segment
 * @len: its length
 * @pos: the next note
 * @count: notes seen
 *
 * Caller-owned. Set @data and @len, zero the rest.
 */
struct zu_notes {
	const uint8_t *data;
	size_t len;
	size_t pos;
	unsigned int count;
};

/**
 * zu_notes_next() - the next note
 * @it: the iterator
 * @ret: the note, which points into the segment
 * @err: the causes
 *
 * A header of zeros ends the notes, as it does for the kernel (nt_final() in
 * arch/s390/kernel/crash_dump.c writes one); padding after the last note may
 * be missing.
 *
 * Return: 0; ZU_ENOENT at the end, @err not touched; ZU_EFORMAT if the note
 * is larger than what is left.
 */
int zu_notes_next(struct zu_notes *it, struct zu_note *ret,
		  struct zu_error *err);

#endif
