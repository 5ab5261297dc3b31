/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types from an ELF file: that part of zu_layout_from_file(). */
#ifndef ZU_KERN_LAYOUT_ELF_H
#define ZU_KERN_LAYOUT_ELF_H

#include "image/file.h"
#include "kern/layout.h"

/**
 * zu_layout_from_elf() - take a layout from an ELF file's section .BTF
 * @file: an ELF file
 * @build_id: as for zu_layout_from_file()
 * @ret: the layout
 * @err: the causes
 *
 * Return: as zu_layout_from_file(); ZU_ENOTSUP also if this build has no ELF
 * reader.
 */
int zu_layout_from_elf(const struct zu_file *file, const char *build_id,
		       struct zu_layout *ret, struct zu_error *err);

#endif
