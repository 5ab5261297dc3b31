/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/notes.h"

#include <inttypes.h>

#include "core/bytes.h"
#include "util/fail.h"

#define NOTE_HEADER 12	/* n_namesz, n_descsz, n_type */

/* Linux and its tools pad to 4 in 64-bit files too */
static uint64_t padded(uint64_t n)
{
	return (n + 3) & ~UINT64_C(3);
}

int zu_notes_next(struct zu_notes *it, struct zu_note *ret,
		  struct zu_error *err)
{
	const uint8_t *p = it->data + it->pos;
	uint64_t left = it->len - it->pos;
	uint64_t name_len, desc_len, end;

	if (!left)
		return ZU_ENOENT;
	if (left < NOTE_HEADER)
		return zu_fail(err, ZU_EFORMAT,
			       "note %u: %" PRIu64 " bytes are left for its header of %u",
			       it->count, left, NOTE_HEADER);
	name_len = zu_be32(p);
	desc_len = zu_be32(p + 4);
	if (!name_len && !desc_len && !zu_be32(p + 8))
		return ZU_ENOENT;

	/* no sum of these can wrap: they have 32 bits */
	end = NOTE_HEADER + padded(name_len) + desc_len;
	if (end > left)
		return zu_fail(err, ZU_EFORMAT,
			       "note %u: it has %" PRIu64 " bytes, %" PRIu64 " are left",
			       it->count, end, left);

	ret->name = (const char *)p + NOTE_HEADER;
	ret->name_len = (size_t)name_len;
	if (name_len && !ret->name[name_len - 1])
		ret->name_len--;
	ret->type = zu_be32(p + 8);
	ret->desc = p + NOTE_HEADER + padded(name_len);
	ret->desc_len = (size_t)desc_len;

	end = padded(end);
	it->pos += (size_t)(end < left ? end : left);
	it->count++;
	return 0;
}
