/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory of a QEMU that keeps it in a file, as an image. */
#ifndef ZU_LAB_MEMORY_H
#define ZU_LAB_MEMORY_H

#include "image/image.h"

/**
 * memory_open() - open it
 * @path: the file: absolute storage from address 0 on, and nothing else
 * @ret: the image; zu_image_close() it. It shows what the guest has now.
 * @err: the causes
 *
 * Return: 0 or an enum zu_err.
 */
int memory_open(const char *path, struct zu_image **ret,
		struct zu_error *err);

#endif
