/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of doc/capture.md, for the reader and the writer. */
#ifndef ZU_IMAGE_CAPTURE_FORMAT_H
#define ZU_IMAGE_CAPTURE_FORMAT_H

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

#endif
