/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ELF files with s390x code: what the readers of such objects share. */
#ifndef ZU_CHECK_CODE_ELF_H
#define ZU_CHECK_CODE_ELF_H

#include "check/code.h"
#include "image/elf_file.h"

/**
 * struct zu_elf_code - what is private to an object from an ELF file
 * @elf: the file
 * @place: sections in memory with bytes, by address; owned
 * @nr_place: how many
 * @last: number of the one asked for last
 * @nr_syms: symbols
 * @names_len: bytes of their names
 * @undef: for each symbol: offset of its name if other objects define it, or
 *	0; owned. NULL if there are none
 * @undef_base: address of the first symbol, if it were undefined; the next one
 *	is ZU_ELF_UNDEF_SIZE further
 */
struct zu_elf_code {
	struct zu_elf_file elf;
	struct zu_elf_section **place;
	size_t nr_place;
	size_t last;
	size_t nr_syms;
	size_t names_len;
	uint32_t *undef;
	uint64_t undef_base;
};

/** ZU_ELF_UNDEF_SIZE - bytes of an undefined symbol */
#define ZU_ELF_UNDEF_SIZE 16

/** ZU_ELF_BASE - where relocatable files are laid out */
#define ZU_ELF_BASE UINT64_C(0x10000000)

/**
 * zu_elf_layout() - lay a relocatable file out
 * @e: the object; its sections get addresses
 * @text: where memory with code that is kept begins and ends; begin == end if
 *	there is none
 * @err: the causes
 *
 * As layout_sections() in kernel/module/main.c does (6.4 to 7.2): code that is
 * kept, in the order of the file; then init code, which the kernel puts
 * elsewhere; then all other sections. The kernel has GOT and PLT in front of
 * the code, whose size depends on how it was booted (an entry for expolines).
 * So distances in the code are the kernel's if no section asks for a larger
 * alignment than the first one with code: true of all modules of Debian.
 *
 * Return: 0; ZU_EFORMAT if it is too large for 32-bit relocations.
 */
int zu_elf_layout(struct zu_elf_code *e, uint64_t text[2],
		  struct zu_error *err);

/**
 * zu_elf_relocate() - relocate a file that was laid out
 * @e: the object; its sections are read, all of them
 * @syms: the symbol table as it is in the file
 * @err: the causes
 *
 * Return: 0; ZU_EFORMAT; ZU_ENOTSUP for an unknown type of relocation;
 * ZU_EIO; ZU_ENOMEM.
 */
int zu_elf_relocate(struct zu_elf_code *e, const uint8_t *syms,
		    struct zu_error *err);

/**
 * zu_elf_load() - read a section that has a place in memory
 * @e: the object
 * @s: its section
 * @err: the causes
 *
 * Return: as zu_elf_file_read().
 */
int zu_elf_load(const struct zu_elf_code *e, struct zu_elf_section *s,
		struct zu_error *err);

/**
 * zu_elf_identify() - set name and build ID of an object
 * @e: the object, placed
 * @c: what it belongs to; has its path
 * @is_kernel: its name is ""
 * @err: the causes
 *
 * A module tells its name in .modinfo; other files go by their own.
 *
 * Return: 0; ZU_EIO; ZU_EFORMAT if a note is damaged; ZU_ENOMEM.
 */
int zu_elf_identify(struct zu_elf_code *e, struct zu_code *c, bool is_kernel,
		    struct zu_error *err);

#endif
