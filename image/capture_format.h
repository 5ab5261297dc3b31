/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of doc/capture.md, for the reader and the writer. */
#ifndef ZU_IMAGE_CAPTURE_FORMAT_H
#define ZU_IMAGE_CAPTURE_FORMAT_H

#include "image/capture.h"
#include "util/buf.h"

/* The header: magic, version, 0, length of the contents, all big-endian */
#define ZU_CAPTURE_MAGIC "ZUNWCAP\n"
#define ZU_CAPTURE_MAGIC_LEN 8
#define ZU_CAPTURE_VERSION 1
#define ZU_CAPTURE_VERSION_AT 8
#define ZU_CAPTURE_LEN_AT 16
#define ZU_CAPTURE_HEADER 24

/* A section: tag, length, bytes */
#define ZU_CAPTURE_SECTION_HEADER 16

/* In "memory": the number of extents, addresses and lengths, bytes */
#define ZU_CAPTURE_EXTENT 16

/**
 * zu_capture_payload() - sections, as they are before they are compressed
 * @parts: the sections
 * @n: how many
 * @ret: where to
 * @err: the causes
 *
 * Return: 0; ZU_ENOTSUP if there is more than ZU_CAPTURE_MAX; ZU_ENOMEM.
 */
int zu_capture_payload(const struct zu_capture_part *parts, size_t n,
		       struct zu_buf *ret, struct zu_error *err);

#endif
