/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The container of a capture: named sections of bytes, and memory at kernel
 * virtual addresses, compressed. doc/capture.md describes it byte by byte.
 */
#ifndef ZU_IMAGE_CAPTURE_H
#define ZU_IMAGE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/image.h"

/* The sections. "memory" is read by the image, the others by kern/. */
#define ZU_CAPTURE_ABOUT "about"
#define ZU_CAPTURE_INFO "info"
#define ZU_CAPTURE_LAYOUT "layout"
#define ZU_CAPTURE_GLOBALS "globals"
#define ZU_CAPTURE_SYMBOLS "symbols"
#define ZU_CAPTURE_TRAPS "traps"
#define ZU_CAPTURE_MEMORY "memory"

/** ZU_CAPTURE_TAG - bytes of a section's name */
#define ZU_CAPTURE_TAG 8

/** ZU_CAPTURE_MAX - the largest contents that are read or written */
#define ZU_CAPTURE_MAX (256u << 20)

/**
 * zu_image_is_capture() - is it one?
 * @image: an image
 *
 * Return: true if the functions below may be used on it.
 */
bool zu_image_is_capture(const struct zu_image *image);

/**
 * zu_capture_section() - a section
 * @image: a capture
 * @tag: its name
 * @len: its length
 *
 * Return: its bytes, followed by a NUL that does not count; NULL if there is
 * no such section. Valid as long as the image.
 */
const char *zu_capture_section(const struct zu_image *image, const char *tag,
			       size_t *len);

/**
 * struct zu_capture_part - a section to write
 * @tag: its name
 * @data: its bytes
 * @len: how many
 */
struct zu_capture_part {
	const char *tag;
	const void *data;
	size_t len;
};

/**
 * zu_capture_store() - write a capture
 * @path: the file, replaced when the new one is whole
 * @parts: the sections
 * @n: how many
 * @err: the causes
 *
 * Return: 0; ZU_ENOTSUP if this build has no compression, or if there is more
 * than ZU_CAPTURE_MAX; ZU_EIO; ZU_ENOMEM.
 */
int zu_capture_store(const char *path, const struct zu_capture_part *parts,
		     size_t n, struct zu_error *err);

/**
 * zu_capture_open() - a capture that is in no file
 * @parts: the sections
 * @n: how many
 * @ret: the image, which has a copy of them; zu_image_close() it
 * @err: the causes
 *
 * Return: 0; as zu_image_open() of a file that zu_capture_store() wrote.
 */
int zu_capture_open(const struct zu_capture_part *parts, size_t n,
		    struct zu_image **ret, struct zu_error *err);

#endif
