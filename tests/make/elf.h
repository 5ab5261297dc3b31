/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes ELF core files of s390x, well-formed until a test spoils them. */
#ifndef ZU_TESTS_MAKE_ELF_H
#define ZU_TESTS_MAKE_ELF_H

#include "tests/make/bytes.h"

#define MK_PHDRS 64		/* where the program headers are */
#define MK_PHDR_SIZE 56
#define MK_LOAD 1
#define MK_NOTE 4

/** struct mk_phdr - a program header */
struct mk_phdr {
	uint32_t type;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
};

static inline void mk_ehdr(struct mk *m, unsigned int phnum)
{
	mk_put(m, 0, "\177ELF\2\2\1", 7);
	mk_be16(m, 16, 4);		/* e_type: ET_CORE */
	mk_be16(m, 18, 22);		/* e_machine: EM_S390 */
	mk_be32(m, 20, 1);		/* e_version */
	mk_be64(m, 32, MK_PHDRS);	/* e_phoff */
	mk_be64(m, 40, 0);		/* e_shoff */
	mk_be16(m, 52, 64);		/* e_ehsize */
	mk_be16(m, 54, MK_PHDR_SIZE);	/* e_phentsize */
	mk_be16(m, 56, phnum);		/* e_phnum */
	mk_be16(m, 62, 0);		/* e_shstrndx */
}

/* The @i-th, at @at */
static inline void mk_phdr_at(struct mk *m, size_t at, unsigned int i,
			      const struct mk_phdr *p)
{
	size_t o = at + (size_t)i * MK_PHDR_SIZE;

	mk_be32(m, o, p->type);
	mk_be32(m, o + 4, 0);
	mk_be64(m, o + 8, p->offset);
	mk_be64(m, o + 16, p->vaddr);
	mk_be64(m, o + 24, p->paddr);
	mk_be64(m, o + 32, p->filesz);
	mk_be64(m, o + 40, p->memsz);
	mk_be64(m, o + 48, 0);
}

static inline void mk_phdr(struct mk *m, unsigned int i,
			   const struct mk_phdr *p)
{
	mk_phdr_at(m, MK_PHDRS, i, p);
}

/* Memory [paddr, paddr + len) at @offset, as the @i-th segment */
static inline void mk_load(struct mk *m, unsigned int i, size_t offset,
			   uint64_t paddr, size_t len)
{
	struct mk_phdr p = {
		.type = MK_LOAD, .offset = offset, .paddr = paddr,
		.filesz = len, .memsz = len,
	};

	mk_phdr(m, i, &p);
	mk_memory(m, offset, paddr, len);
}

/* A note at @offset; name_len counts a NUL if it has one; the end of it */
static inline size_t mk_note(struct mk *m, size_t offset, const char *name,
			     size_t name_len, uint32_t type, const void *desc,
			     size_t desc_len)
{
	size_t at = offset + 12;

	mk_be32(m, offset, (uint32_t)name_len);
	mk_be32(m, offset + 4, (uint32_t)desc_len);
	mk_be32(m, offset + 8, type);
	mk_put(m, at, name, name_len);
	at += (name_len + 3) & ~(size_t)3;
	mk_put(m, at, desc, desc_len);
	at += (desc_len + 3) & ~(size_t)3;
	mk_at(m, at, 0);
	return at;
}

static inline void mk_notes(struct mk *m, unsigned int i, size_t offset,
			    size_t len)
{
	struct mk_phdr p = {
		.type = MK_NOTE, .offset = offset, .filesz = len,
	};

	mk_phdr(m, i, &p);
}

#endif
