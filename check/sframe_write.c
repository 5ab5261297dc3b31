/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An SFrame section and the ELF file around it. The file is like a linked one,
 * so that no relocation is needed: the section has a place in memory, behind
 * all functions, to which the distances in it are relative. There is nothing
 * else in the file but the build ID of what the section is about.
 */
#include <elf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "check/sframe_format.h"
#include "check/sframe_private.h"
#include "core/bytes.h"
#include "util/big.h"
#include "util/fail.h"

/* Younger than some hosts' elf.h */
#define SHT_SFRAME 0x6ffffff4u
#define PT_SFRAME 0x6474e554u

#define ALIGN 8u
#define NOTE_HEAD (sizeof(Elf64_Nhdr) + 4)

enum section { NONE, NOTE, SFRAME, NAMES, SECTIONS };

static const char names[] = "\0.note.gnu.build-id\0.sframe\0.shstrtab";

static const struct {
	unsigned int name;	/* in @names */
	uint32_t type;
	uint64_t flags;
	unsigned int align;
} sections[] = {
	[NOTE] = { 1, SHT_NOTE, 0, 4 },
	[SFRAME] = { 20, SHT_SFRAME, SHF_ALLOC, ALIGN },
	[NAMES] = { 28, SHT_STRTAB, 0, 1 },
};

/*
 * A file that is being written
 * @addr: of the section in memory
 * @at: where each section is in the file, and behind them their headers
 * @size: of each section
 */
struct out {
	const struct zu_sframe_maker *m;
	uint8_t *bytes;
	uint64_t addr;
	size_t at[SECTIONS + 1];
	size_t size[SECTIONS];
};

static size_t align(size_t n)
{
	return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static void put_header(uint8_t *p, const struct zu_sframe_maker *m)
{
	zu_put_be16(p + ZU_SFRAME_H_MAGIC, ZU_SFRAME_MAGIC);
	p[ZU_SFRAME_H_VERSION] = ZU_SFRAME_VERSION;
	p[ZU_SFRAME_H_FLAGS] = ZU_SFRAME_F_SORTED | ZU_SFRAME_F_PCREL;
	p[ZU_SFRAME_H_ABI] = ZU_SFRAME_ABI_S390X;
	zu_put_be32(p + ZU_SFRAME_H_NR_FDES, (uint32_t)m->nr_fdes);
	zu_put_be32(p + ZU_SFRAME_H_NR_FRES, (uint32_t)m->nr_rows);
	zu_put_be32(p + ZU_SFRAME_H_DATA_LEN, (uint32_t)m->data.len);
	zu_put_be32(p + ZU_SFRAME_H_DATA,
		    (uint32_t)(m->nr_fdes * ZU_SFRAME_ENTRY));
}

static void put_section(struct out *out)
{
	const struct zu_sframe_maker *m = out->m;
	uint8_t *p = out->bytes + out->at[SFRAME];
	uint64_t addr = out->addr + ZU_SFRAME_HEADER;
	size_t i;

	put_header(p, m);
	p += ZU_SFRAME_HEADER;
	for (i = 0; i < m->nr_fdes; i++) {
		const struct zu_sframe_maker_fde *f = &m->fdes[i];

		zu_put_be64(p + ZU_SFRAME_E_START, f->addr - addr);
		zu_put_be32(p + ZU_SFRAME_E_SIZE, f->size);
		zu_put_be32(p + ZU_SFRAME_E_DATA, f->data);
		p += ZU_SFRAME_ENTRY;
		addr += ZU_SFRAME_ENTRY;
	}
	if (m->data.len)
		memcpy(p, m->data.data, m->data.len);
}

static void put_note(uint8_t *p, const uint8_t *id, size_t id_len)
{
	zu_put_be32(p + offsetof(Elf64_Nhdr, n_namesz), 4);
	zu_put_be32(p + offsetof(Elf64_Nhdr, n_descsz), (uint32_t)id_len);
	zu_put_be32(p + offsetof(Elf64_Nhdr, n_type), NT_GNU_BUILD_ID);
	memcpy(p + sizeof(Elf64_Nhdr), "GNU", 4);
	memcpy(p + NOTE_HEAD, id, id_len);
}

static void put_elf_header(const struct out *out)
{
	uint8_t *p = out->bytes;

	memcpy(p, ELFMAG, SELFMAG);
	p[EI_CLASS] = ELFCLASS64;
	p[EI_DATA] = ELFDATA2MSB;
	p[EI_VERSION] = EV_CURRENT;
	zu_put_be16(p + offsetof(Elf64_Ehdr, e_type), ET_EXEC);
	zu_put_be16(p + offsetof(Elf64_Ehdr, e_machine), EM_S390);
	zu_put_be32(p + offsetof(Elf64_Ehdr, e_version), EV_CURRENT);
	zu_put_be64(p + offsetof(Elf64_Ehdr, e_phoff), sizeof(Elf64_Ehdr));
	zu_put_be64(p + offsetof(Elf64_Ehdr, e_shoff), out->at[SECTIONS]);
	zu_put_be16(p + offsetof(Elf64_Ehdr, e_ehsize), sizeof(Elf64_Ehdr));
	zu_put_be16(p + offsetof(Elf64_Ehdr, e_phentsize), sizeof(Elf64_Phdr));
	zu_put_be16(p + offsetof(Elf64_Ehdr, e_phnum), 1);
	zu_put_be16(p + offsetof(Elf64_Ehdr, e_shentsize), sizeof(Elf64_Shdr));
	zu_put_be16(p + offsetof(Elf64_Ehdr, e_shnum), SECTIONS);
	zu_put_be16(p + offsetof(Elf64_Ehdr, e_shstrndx), NAMES);
}

static void put_segment(const struct out *out)
{
	uint8_t *p = out->bytes + sizeof(Elf64_Ehdr);

	zu_put_be32(p + offsetof(Elf64_Phdr, p_type), PT_SFRAME);
	zu_put_be32(p + offsetof(Elf64_Phdr, p_flags), PF_R);
	zu_put_be64(p + offsetof(Elf64_Phdr, p_offset), out->at[SFRAME]);
	zu_put_be64(p + offsetof(Elf64_Phdr, p_vaddr), out->addr);
	zu_put_be64(p + offsetof(Elf64_Phdr, p_paddr), out->addr);
	zu_put_be64(p + offsetof(Elf64_Phdr, p_filesz), out->size[SFRAME]);
	zu_put_be64(p + offsetof(Elf64_Phdr, p_memsz), out->size[SFRAME]);
	zu_put_be64(p + offsetof(Elf64_Phdr, p_align), ALIGN);
}

static void put_section_header(const struct out *out, enum section s)
{
	uint8_t *p = out->bytes + out->at[SECTIONS] + s * sizeof(Elf64_Shdr);

	zu_put_be32(p + offsetof(Elf64_Shdr, sh_name), sections[s].name);
	zu_put_be32(p + offsetof(Elf64_Shdr, sh_type), sections[s].type);
	zu_put_be64(p + offsetof(Elf64_Shdr, sh_flags), sections[s].flags);
	zu_put_be64(p + offsetof(Elf64_Shdr, sh_addr),
		    sections[s].flags & SHF_ALLOC ? out->addr : 0);
	zu_put_be64(p + offsetof(Elf64_Shdr, sh_offset), out->at[s]);
	zu_put_be64(p + offsetof(Elf64_Shdr, sh_size), out->size[s]);
	zu_put_be64(p + offsetof(Elf64_Shdr, sh_addralign), sections[s].align);
}

/* Behind all functions; false if there is no room */
static bool place(struct out *out)
{
	const struct zu_sframe_maker *m = out->m;
	uint64_t end = 0;

	if (m->nr_fdes)
		end = m->fdes[m->nr_fdes - 1].addr +
		      m->fdes[m->nr_fdes - 1].size;
	out->addr = (end + ALIGN - 1) & ~(uint64_t)(ALIGN - 1);
	return out->addr >= end && out->size[SFRAME] <= UINT64_MAX - out->addr;
}

/* Sizes and places of all; false if they are too large */
static bool lay_out(struct out *out, size_t id_len)
{
	uint64_t index = (uint64_t)out->m->nr_fdes * ZU_SFRAME_ENTRY;
	size_t at = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
	enum section s;

	if (index > UINT32_MAX || out->m->data.len > UINT32_MAX - index)
		return false;
	out->size[NOTE] = id_len ? NOTE_HEAD + id_len : 0;
	out->size[SFRAME] = ZU_SFRAME_HEADER + (size_t)index +
			    out->m->data.len;
	out->size[NAMES] = sizeof(names);
	for (s = NOTE; s < SECTIONS; s++) {
		out->at[s] = at;
		at = align(at + out->size[s]);
	}
	out->at[SECTIONS] = at;
	return true;
}

int zu_sframe_write(const struct zu_sframe_maker *m, const uint8_t *id,
		    size_t id_len, void **bytes, size_t *len,
		    struct zu_error *err)
{
	struct out out = { .m = m };
	size_t all;

	if (!lay_out(&out, id_len))
		return zu_fail(err, ZU_ENOTSUP,
			       "the SFrame section would be too large");
	if (!place(&out))
		return zu_fail(err, ZU_ENOTSUP,
			       "no room in memory behind the functions");
	all = out.at[SECTIONS] + SECTIONS * sizeof(Elf64_Shdr);
	out.bytes = zu_big_alloc(all);
	if (!out.bytes)
		return zu_fail_nomem(err);
	memset(out.bytes, 0, all);
	put_elf_header(&out);
	put_segment(&out);
	if (id_len) {
		put_note(out.bytes + out.at[NOTE], id, id_len);
		put_section_header(&out, NOTE);
	}
	put_section(&out);
	memcpy(out.bytes + out.at[NAMES], names, sizeof(names));
	put_section_header(&out, SFRAME);
	put_section_header(&out, NAMES);
	*bytes = out.bytes;
	*len = all;
	return 0;
}
