/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The symbol table of an ELF file, and what an object learns from it. */
#ifndef ZU_CHECK_CODE_ELF_TABLE_H
#define ZU_CHECK_CODE_ELF_TABLE_H

#include <string.h>

#include "check/code_elf.h"
#include "core/bytes.h"

/**
 * struct zu_elf_table - a symbol table; zeroed: none
 * @raw: as it is in the file; owned (by free())
 * @nr: symbols
 */
struct zu_elf_table {
	uint8_t *raw;
	size_t nr;
};

static inline const uint8_t *zu_elf_sym(const struct zu_elf_table *t, size_t i)
{
	return t->raw + i * sizeof(Elf64_Sym);
}

static inline uint64_t zu_elf_sym_value(const struct zu_elf_table *t, size_t i)
{
	return zu_be64(zu_elf_sym(t, i) + offsetof(Elf64_Sym, st_value));
}

static inline uint32_t zu_elf_sym_name(const struct zu_elf_table *t, size_t i)
{
	return zu_be32(zu_elf_sym(t, i) + offsetof(Elf64_Sym, st_name));
}

/* Number of its section, or one that is reserved */
static inline size_t zu_elf_sym_index(const struct zu_elf_table *t, size_t i)
{
	return zu_be16(zu_elf_sym(t, i) + offsetof(Elf64_Sym, st_shndx));
}

/* Is it a number of a section, after zu_elf_table_read() a valid one? */
static inline bool zu_elf_is_index(size_t index)
{
	return index != SHN_UNDEF && index < SHN_LORESERVE;
}

/**
 * zu_elf_table_read() - read the symbol table
 * @e: the object; its nr_syms and names_len are set
 * @c: what it belongs to; gets the names, if it has none yet
 * @ret: the table
 * @err: the causes
 *
 * What was read is checked by zu_elf_table_check().
 *
 * Return: 0; ZU_ENOENT if there is none; ZU_EFORMAT if it is damaged; ZU_EIO;
 * ZU_ENOMEM.
 */
int zu_elf_table_read(struct zu_elf_code *e, struct zu_code *c,
		      struct zu_elf_table *ret, struct zu_error *err);

/**
 * zu_elf_table_check() - are names and sections of all symbols there?
 * @t: the table
 * @e: the object
 * @err: the causes
 *
 * Return: 0; ZU_EFORMAT.
 */
int zu_elf_table_check(const struct zu_elf_table *t,
		       const struct zu_elf_code *e, struct zu_error *err);

/**
 * zu_elf_table_find() - a symbol by its name
 * @t: the table
 * @c: has the names
 * @name: the name
 *
 * Return: the number of the first one that is defined, or 0.
 */
size_t zu_elf_table_find(const struct zu_elf_table *t, const struct zu_code *c,
			 const char *name);

/**
 * zu_elf_table_functions() - make functions of symbols
 * @t: the table
 * @e: the object, whose sections are placed
 * @c: what it belongs to; gets the functions
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_elf_table_functions(const struct zu_elf_table *t,
			   const struct zu_elf_code *e, struct zu_code *c,
			   struct zu_error *err);

/**
 * zu_elf_table_undefined() - note what other objects define
 * @t: the table
 * @e: the object; its undef is set
 * @c: what it belongs to; has the names
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_elf_table_undefined(const struct zu_elf_table *t, struct zu_elf_code *e,
			   struct zu_code *c, struct zu_error *err);

/**
 * zu_elf_has_code() - are there functions in a section?
 * @s: the section
 *
 * Return: false for data, and for .altinstr_replacement, which has pieces of
 * functions.
 */
static inline bool zu_elf_has_code(const struct zu_elf_section *s)
{
	return s->placed && (s->flags & SHF_EXECINSTR) &&
	       strcmp(s->name, ".altinstr_replacement");
}

#endif
