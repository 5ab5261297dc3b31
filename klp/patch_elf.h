/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data of a module's file as it would be in memory, as far as that can be told
 * before it is loaded: numbers are bytes of a section, a pointer is a
 * relocation. A place is a section and an offset.
 */
#ifndef ZU_KLP_PATCH_ELF_H
#define ZU_KLP_PATCH_ELF_H

#include "image/elf_file.h"

/**
 * struct zu_patch_place - a place in a module
 * @section: number of the section; 0: nowhere, that is a NULL pointer
 * @offset: in it
 */
struct zu_patch_place {
	size_t section;
	uint64_t offset;
};

/**
 * struct zu_patch_reloc - a relocation
 * @offset: where it is, in its section
 * @symbol: number of the symbol
 * @type: R_390_*
 * @addend: what is added to it
 */
struct zu_patch_reloc {
	uint64_t offset;
	uint32_t symbol;
	uint32_t type;
	int64_t addend;
};

/**
 * struct zu_patch_relocs - the relocations of a section
 * @reloc: by offset, one for a place; owned
 * @nr: how many
 */
struct zu_patch_relocs {
	struct zu_patch_reloc *reloc;
	size_t nr;
};

/**
 * struct zu_patch_elf - a module's file
 * @elf: the file; data is there of all sections that are loaded into memory,
 *	but those with zeros only (.bss)
 * @syms: its symbol table as it is in the file; owned
 * @nr_syms: symbols in it
 * @relocs: of each section, but those that live patching itself applies
 *	(.klp.rela.*); owned
 */
struct zu_patch_elf {
	struct zu_elf_file elf;
	uint8_t *syms;
	size_t nr_syms;
	struct zu_patch_relocs *relocs;
};

/**
 * zu_patch_elf_open() - open a module's file
 * @fd: the file; stays with the caller, who may close it
 * @e: any content; zu_patch_elf_close() it
 * @err: the causes
 *
 * Return: 0; ZU_EIO; ZU_EFORMAT if it is damaged, or no ELF file; ZU_ENOTSUP if
 * it is compressed, not of s390x, or not a relocatable file; ZU_ENOMEM.
 */
int zu_patch_elf_open(int fd, struct zu_patch_elf *e, struct zu_error *err);

/**
 * zu_patch_elf_close() - forget it
 * @e: open
 */
void zu_patch_elf_close(struct zu_patch_elf *e);

/**
 * zu_patch_relocs_read() - read the relocations, a part of zu_patch_elf_open()
 * @e: the file, with symbols
 * @err: the causes
 *
 * Return: as zu_patch_elf_open().
 */
int zu_patch_relocs_read(struct zu_patch_elf *e, struct zu_error *err);

/**
 * zu_patch_section() - a section that is in memory, by its name
 * @e: the file
 * @name: the name
 *
 * Return: its number; 0 if there is none.
 */
size_t zu_patch_section(const struct zu_patch_elf *e, const char *name);

/**
 * zu_patch_target() - where a relocation leads
 * @e: the file
 * @r: the relocation
 * @ret: the place; its offset is inside of the section
 * @err: the causes
 *
 * Return: 0; ZU_EFORMAT if that is no place in what is loaded.
 */
int zu_patch_target(const struct zu_patch_elf *e,
		    const struct zu_patch_reloc *r, struct zu_patch_place *ret,
		    struct zu_error *err);

/**
 * zu_patch_number() - an unsigned integer
 * @e: the file
 * @at: where it is
 * @size: its size: 1, 2, 4 or 8
 * @ret: its value
 * @err: the causes
 *
 * Return: 0; ZU_EFORMAT if it is not in the section, or a relocation is there.
 */
int zu_patch_number(const struct zu_patch_elf *e, struct zu_patch_place at,
		    uint32_t size, uint64_t *ret, struct zu_error *err);

/**
 * zu_patch_pointer() - a pointer
 * @e: the file
 * @at: where it is
 * @ret: where it leads
 * @err: the causes
 *
 * Return: 0; ZU_EFORMAT if it is not in the section, leads out of the file, or
 * is a number other than 0.
 */
int zu_patch_pointer(const struct zu_patch_elf *e, struct zu_patch_place at,
		     struct zu_patch_place *ret, struct zu_error *err);

/**
 * zu_patch_is_set() - is there a pointer, wherever it leads?
 * @e: the file
 * @at: where it is
 * @ret: it is not NULL
 * @err: the causes
 *
 * For a pointer to a new function, which may be in no section.
 *
 * Return: as zu_patch_pointer().
 */
int zu_patch_is_set(const struct zu_patch_elf *e, struct zu_patch_place at,
		    bool *ret, struct zu_error *err);

/**
 * zu_patch_string() - a string
 * @e: the file
 * @at: where it is
 * @max: longest that is right
 * @ret: the string, which stays with @e
 * @err: the causes
 *
 * Return: 0; ZU_EFORMAT if it is empty, too long, does not end in its section,
 * or has characters that no name in the kernel has.
 */
int zu_patch_string(const struct zu_patch_elf *e, struct zu_patch_place at,
		    size_t max, const char **ret, struct zu_error *err);

#endif
