/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of image, for the table in image/open.c. */
#ifndef ZU_IMAGE_KINDS_H
#define ZU_IMAGE_KINDS_H

#include "image/image.h"

extern const struct zu_image_kind zu_image_capture;
extern const struct zu_image_kind zu_image_elf;
extern const struct zu_image_kind zu_image_gdb;
extern const struct zu_image_kind zu_image_kdump;
extern const struct zu_image_kind zu_image_live;

#endif
