/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ELF core files of a machine, by absolute or by virtual addresses. */
#ifndef ZU_IMAGE_ELF_H
#define ZU_IMAGE_ELF_H

#include "image/file.h"
#include "image/image.h"
#include "image/segments.h"

/**
 * struct zu_elf - an open file
 * @file: the file
 * @vmcoreinfo: the text of its VMCOREINFO note, or NULL; owned
 * @memory: its memory
 */
struct zu_elf {
	struct zu_file file;
	char *vmcoreinfo;
	struct zu_segments memory;
};

/**
 * zu_elf_piece_fn - by which address is a piece of memory to be found?
 * @ctx: as given to zu_elf_init()
 * @virt: its virtual address
 * @abs: its absolute address
 * @len: how long it is
 *
 * Return: the address.
 */
typedef uint64_t zu_elf_piece_fn(void *ctx, uint64_t virt, uint64_t abs,
				 uint64_t len);

/**
 * zu_elf_init() - open a file
 * @elf: zeroed; zu_elf_deinit() it
 * @image: whose it is: its VMCOREINFO is set if the file has one
 * @fd: the file; stays with the caller, who may close it
 * @piece: asked of each piece; NULL: by absolute addresses
 * @ctx: given to @piece
 * @err: the causes
 *
 * Return: 0; ZU_ENOTMINE if it is not ELF; ZU_ENOTSUP if it is not the memory
 * of an s390x machine; ZU_EFORMAT; ZU_EIO; ZU_ENOMEM.
 */
int zu_elf_init(struct zu_elf *elf, struct zu_image *image, int fd,
		zu_elf_piece_fn *piece, void *ctx, struct zu_error *err);

/**
 * zu_elf_deinit() - close it
 * @elf: an open file
 */
void zu_elf_deinit(struct zu_elf *elf);

#endif
