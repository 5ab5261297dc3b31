/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes modules as the kernel loads them: relocatable ELF files of s390x, with
 * symbols and relocations, well-formed until a test spoils them.
 */
#ifndef ZU_TESTS_MAKE_MODULE_H
#define ZU_TESTS_MAKE_MODULE_H

#include <elf.h>

#include "tests/make/bytes.h"

#define MM_SECTIONS 12
#define MM_SYMS 64

/* Sections that each module has, by number; a symbol of each has that, too */
enum {
	MM_NULL, MM_INFO, MM_THIS, MM_TEXT, MM_STR, MM_DATA, MM_BSS, MM_DEBUG,
	MM_FIRST_FREE,
};

/* A symbol of no section */
#define MM_UNDEF MM_SECTIONS

/** struct mm_section - a section, and its relocations */
struct mm_section {
	const char *name;
	uint32_t type;
	uint64_t flags;
	uint64_t nobits;
	struct mk bytes;
	struct mk rela;
};

/** struct mm - a module in the making; mm_init() it, mm_free() it */
struct mm {
	struct mm_section section[MM_SECTIONS];
	unsigned int nr;
	unsigned int nr_syms;
	uint16_t sym_section[MM_SYMS];
	uint64_t sym_value[MM_SYMS];
	uint64_t rela_flags;
	uint16_t type;
	uint16_t machine;
};

static inline unsigned int mm_section(struct mm *m, const char *name,
				      uint64_t flags)
{
	unsigned int i = m->nr++;

	m->section[i].name = name;
	m->section[i].type = SHT_PROGBITS;
	m->section[i].flags = flags;
	return i;
}

/* A symbol; its number */
static inline unsigned int mm_symbol(struct mm *m, unsigned int section,
				     uint64_t value)
{
	m->sym_section[m->nr_syms] = (uint16_t)section;
	m->sym_value[m->nr_syms] = value;
	return m->nr_syms++;
}

static inline void mm_init(struct mm *m, const char *modinfo, size_t len)
{
	unsigned int i;

	memset(m, 0, sizeof(*m));
	m->type = ET_REL;
	m->machine = EM_S390;
	m->nr = 1;
	mm_section(m, ".modinfo", SHF_ALLOC);
	mm_section(m, ".gnu.linkonce.this_module", SHF_ALLOC | SHF_WRITE);
	mm_section(m, ".text", SHF_ALLOC | SHF_EXECINSTR);
	mm_section(m, ".rodata.str", SHF_ALLOC);
	mm_section(m, ".data", SHF_ALLOC | SHF_WRITE);
	mm_section(m, ".bss", SHF_ALLOC | SHF_WRITE);
	mm_section(m, ".debug", 0);
	m->section[MM_BSS].type = SHT_NOBITS;
	m->section[MM_BSS].nobits = 4096;
	mk_at(&m->section[MM_THIS].bytes, 0, 64);
	mk_at(&m->section[MM_TEXT].bytes, 0, 64);
	mk_put(&m->section[MM_DEBUG].bytes, 0, "debug", 6);
	mk_put(&m->section[MM_INFO].bytes, 0, modinfo, len);
	for (i = 0; i < MM_SECTIONS; i++)
		mm_symbol(m, i, 0);
	mm_symbol(m, SHN_UNDEF, 0);
}

static inline void mm_free(struct mm *m)
{
	unsigned int i;

	for (i = 0; i < MM_SECTIONS; i++) {
		mk_free(&m->section[i].bytes);
		mk_free(&m->section[i].rela);
	}
}

static inline void mm_reloc(struct mm *m, unsigned int section, uint64_t at,
			    uint32_t type, unsigned int sym, uint64_t addend)
{
	struct mk *r = &m->section[section].rela;
	size_t o = r->len;

	mk_be64(r, o, at);
	mk_be64(r, o + 8, (uint64_t)sym << 32 | type);
	mk_be64(r, o + 16, addend);
}

/* A pointer to @addend of section @to */
static inline void mm_pointer(struct mm *m, unsigned int section, uint64_t at,
			      unsigned int to, uint64_t addend)
{
	mk_at(&m->section[section].bytes, at, 8);
	mm_reloc(m, section, at, R_390_64, to, addend);
}

/* A pointer to a string */
static inline void mm_string(struct mm *m, unsigned int section, uint64_t at,
			     const char *s)
{
	struct mk *str = &m->section[MM_STR].bytes;
	size_t where = str->len;

	mk_put(str, where, s, strlen(s) + 1);
	mm_pointer(m, section, at, MM_STR, where);
}

static inline void mm_shdr(struct mk *f, unsigned int i, uint32_t name,
			   uint32_t type, uint64_t flags, uint64_t size,
			   uint32_t link, uint32_t info)
{
	size_t o = 64 + (size_t)i * 64;

	mk_be32(f, o, name);
	mk_be32(f, o + 4, type);
	mk_be64(f, o + 8, flags);
	mk_be64(f, o + 24, f->len);
	mk_be64(f, o + 32, size);
	mk_be32(f, o + 40, link);
	mk_be32(f, o + 44, info);
	mk_be64(f, o + 48, 1);
}

static inline void mm_symtab(const struct mm *m, struct mk *to)
{
	unsigned int i;

	for (i = 0; i < m->nr_syms; i++) {
		mk_be16(to, i * 24 + 6, m->sym_section[i]);
		mk_be64(to, i * 24 + 8, m->sym_value[i]);
		mk_be64(to, i * 24 + 16, 0);
	}
}

static inline void mm_header(const struct mm *m, struct mk *f,
			     unsigned int nr)
{
	mk_put(f, 0, "\177ELF\2\2\1", 7);
	mk_be16(f, 16, m->type);
	mk_be16(f, 18, m->machine);
	mk_be32(f, 20, 1);
	mk_be64(f, 40, 64);		/* e_shoff */
	mk_be16(f, 52, 64);
	mk_be16(f, 58, 64);		/* e_shentsize */
	mk_be16(f, 60, nr);		/* e_shnum */
	mk_be16(f, 62, nr - 1);		/* e_shstrndx */
	mk_at(f, 64, (size_t)nr * 64);
}

/* Sections, relocations of each, symbols, their names, names of sections */
static inline void mm_write(const struct mm *m, struct mk *f)
{
	unsigned int symtab = 2 * m->nr, i;
	struct mk names = { .len = 0 }, syms = { .len = 0 };

	mm_header(m, f, symtab + 3);
	mm_symtab(m, &syms);
	mk_put(&names, 0, "", 1);
	for (i = 1; i < m->nr; i++) {
		const struct mm_section *s = &m->section[i];
		bool nobits = s->type == SHT_NOBITS;

		mm_shdr(f, i, (uint32_t)names.len, s->type, s->flags,
			nobits ? s->nobits : s->bytes.len, 0, 0);
		mk_put(&names, names.len, s->name, strlen(s->name) + 1);
		if (!nobits)
			mk_put(f, f->len, s->bytes.data, s->bytes.len);
		mm_shdr(f, m->nr + i, 0, SHT_RELA, m->rela_flags, s->rela.len,
			symtab, i);
		mk_put(f, f->len, s->rela.data, s->rela.len);
	}
	mm_shdr(f, symtab, 0, SHT_SYMTAB, 0, syms.len, symtab + 1, 0);
	mk_put(f, f->len, syms.data, syms.len);
	mm_shdr(f, symtab + 1, 0, SHT_STRTAB, 0, 1, 0, 0);
	mk_put(f, f->len, "", 1);
	mm_shdr(f, symtab + 2, 0, SHT_STRTAB, 0, names.len, 0, 0);
	mk_put(f, f->len, names.data, names.len);
	mk_free(&names);
	mk_free(&syms);
}

#endif
