/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sections of s390x ELF files that hold no memory of a machine: a vmlinux, a
 * module.
 *
 * The file is read by pread(), a section at a time and only those that are
 * needed, for image/file.h's reasons; of a vmlinux with 300 MB of debugging
 * data that leaves 20 MB. Headers are checked as a whole when it is opened: all
 * sections lie in the file and don't overlap, so that reading each of them
 * once takes no more memory and time than the file's size.
 */
#ifndef ZU_IMAGE_ELF_FILE_H
#define ZU_IMAGE_ELF_FILE_H

#include <elf.h>
#include <stdbool.h>

#include "image/file.h"

/**
 * ZU_ELF_FILE_MAX - bytes of a section, and of all in memory, that are too many
 */
#define ZU_ELF_FILE_MAX (512u << 20)

/**
 * struct zu_elf_section - a section
 * @name: its name
 * @name_at: offset of its name
 * @type: SHT_*
 * @flags: SHF_*
 * @addr: where it is in memory: as in the file, or where it was laid out
 * @offset: where it is in the file
 * @size: bytes
 * @link: number of another section, as @type has it
 * @info: the same
 * @align: alignment, a power of two
 * @data: its bytes, once they were read; owned
 * @placed: it has a place in memory, and bytes
 */
struct zu_elf_section {
	const char *name;
	uint32_t name_at;
	uint32_t type;
	uint64_t flags;
	uint64_t addr;
	uint64_t offset;
	uint64_t size;
	uint32_t link;
	uint32_t info;
	uint64_t align;
	uint8_t *data;
	bool placed;
};

/**
 * struct zu_elf_file - an ELF file
 * @file: the file
 * @type: ET_*
 * @section: its sections, one more than @nr: that may become the GOT; owned
 * @nr: how many
 * @section_names: owned
 * @symtab: the symbol table, or NULL
 * @strtab: names of symbols, if there is a symbol table
 */
struct zu_elf_file {
	struct zu_file file;
	uint16_t type;
	struct zu_elf_section *section;
	size_t nr;
	char *section_names;
	const struct zu_elf_section *symtab;
	const struct zu_elf_section *strtab;
};

/**
 * zu_elf_file_open() - read the headers
 * @fd: the file; stays with the caller, who may close it
 * @elf: any content; zu_elf_file_close() it
 * @err: the causes
 *
 * Return: 0; ZU_EIO; ZU_EFORMAT if the file is damaged; ZU_ENOTSUP if it is
 * not of s390x; ZU_ENOMEM.
 */
int zu_elf_file_open(int fd, struct zu_elf_file *elf, struct zu_error *err);

/**
 * zu_elf_file_close() - forget a file
 * @elf: open; must not be used any more
 */
void zu_elf_file_close(struct zu_elf_file *elf);

/**
 * zu_elf_file_read() - read a section
 * @elf: the file
 * @s: the section
 * @ret: its bytes, and a 0 behind them; free() it
 * @err: the causes
 *
 * Return: 0; ZU_EIO; ZU_EFORMAT; ZU_ENOTSUP if it is compressed; ZU_ENOMEM.
 */
int zu_elf_file_read(const struct zu_elf_file *elf,
		     const struct zu_elf_section *s, void **ret,
		     struct zu_error *err);

/**
 * zu_elf_file_find() - a section by its name
 * @elf: the file
 * @name: the name
 *
 * Return: the first one that is in memory, or NULL.
 */
const struct zu_elf_section *zu_elf_file_find(const struct zu_elf_file *elf,
					      const char *name);

#endif
