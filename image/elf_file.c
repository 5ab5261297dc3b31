/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Headers and sections of ELF files. */
#include "image/elf_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "util/big.h"
#include "util/fail.h"

/* far more than any file has */
#define NAMES_MAX (64u << 20)
#define ALIGN_MAX (1u << 20)

static int read_piece(const struct zu_elf_file *elf, uint64_t offset,
		      uint64_t len, void **ret, struct zu_error *err)
{
	char *buf;
	int code;

	if (offset > elf->file.size || len > elf->file.size - offset)
		return zu_fail(err, ZU_EFORMAT, "the file is cut off");
	if (len > ZU_ELF_FILE_MAX)
		return zu_fail(err, ZU_EFORMAT, "%" PRIu64
			       " bytes are too many", len);
	buf = zu_big_alloc(len + 1);
	if (!buf)
		return zu_fail_nomem(err);
	code = zu_file_read(&elf->file, offset, buf, len);
	if (code) {
		free(buf);
		return zu_fail(err, code, "cannot read %" PRIu64
			       " bytes at %" PRIu64, len, offset);
	}
	buf[len] = '\0';
	*ret = buf;
	return 0;
}

int zu_elf_file_read(const struct zu_elf_file *elf,
		     const struct zu_elf_section *s, void **ret,
		     struct zu_error *err)
{
	int code;

	if (s->type == SHT_NOBITS)
		code = zu_fail(err, ZU_EFORMAT, "it has no data in this file");
	else if (s->flags & SHF_COMPRESSED)
		code = zu_fail(err, ZU_ENOTSUP, "it is compressed");
	else
		code = read_piece(elf, s->offset, s->size, ret, err);
	return code ? zu_fail_at(err, "section %s", s->name) : 0;
}

const struct zu_elf_section *zu_elf_file_find(const struct zu_elf_file *elf,
					      const char *name)
{
	size_t i;

	for (i = 0; i < elf->nr; i++)
		if ((elf->section[i].flags & SHF_ALLOC) &&
		    !strcmp(elf->section[i].name, name))
			return &elf->section[i];
	return NULL;
}

static int check_header(const uint8_t *head, size_t len, struct zu_error *err)
{
	if (head[EI_CLASS] != ELFCLASS64 || head[EI_DATA] != ELFDATA2MSB ||
	    zu_be16(head + offsetof(Elf64_Ehdr, e_machine)) != EM_S390)
		return zu_fail(err, ZU_ENOTSUP,
			       "it is an ELF file, but not of s390x");
	if (len < sizeof(Elf64_Ehdr))
		return zu_fail(err, ZU_EFORMAT, "the file is cut off");
	if (!zu_be16(head + offsetof(Elf64_Ehdr, e_shnum)) ||
	    zu_be16(head + offsetof(Elf64_Ehdr, e_shentsize)) !=
		    sizeof(Elf64_Shdr))
		return zu_fail(err, ZU_EFORMAT, "it has no sections");
	return 0;
}

/* @raw: its header; its name is set later */
static void parse_section(const uint8_t *raw, struct zu_elf_section *s)
{
	*s = (struct zu_elf_section){
		.name = "",
		.name_at = zu_be32(raw + offsetof(Elf64_Shdr, sh_name)),
		.type = zu_be32(raw + offsetof(Elf64_Shdr, sh_type)),
		.flags = zu_be64(raw + offsetof(Elf64_Shdr, sh_flags)),
		.addr = zu_be64(raw + offsetof(Elf64_Shdr, sh_addr)),
		.offset = zu_be64(raw + offsetof(Elf64_Shdr, sh_offset)),
		.size = zu_be64(raw + offsetof(Elf64_Shdr, sh_size)),
		.link = zu_be32(raw + offsetof(Elf64_Shdr, sh_link)),
		.info = zu_be32(raw + offsetof(Elf64_Shdr, sh_info)),
		.align = zu_be64(raw + offsetof(Elf64_Shdr, sh_addralign)),
	};
	if (!s->align)
		s->align = 1;
}

static bool is_in_file(const struct zu_elf_section *s)
{
	return s->type != SHT_NULL && s->type != SHT_NOBITS;
}

static int check_sections(const struct zu_elf_file *elf, struct zu_error *err)
{
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < elf->nr; i++) {
		const struct zu_elf_section *s = &elf->section[i];

		if (s->align > ALIGN_MAX || s->align & (s->align - 1))
			return zu_fail(err, ZU_EFORMAT,
				       "section %zu has an alignment of %#"
				       PRIx64, i, s->align);
		if (s->addr + s->size < s->addr)
			return zu_fail(err, ZU_EFORMAT,
				       "section %zu wraps around", i);
		if (!is_in_file(s))
			continue;
		if (s->offset > elf->file.size ||
		    s->size > elf->file.size - s->offset)
			return zu_fail(err, ZU_EFORMAT,
				       "the file is cut off: section %zu ends behind it",
				       i);
		all += s->size;
		if (all > elf->file.size)
			return zu_fail(err, ZU_EFORMAT,
				       "its sections overlap");
	}
	return 0;
}

static int read_sections(struct zu_elf_file *elf, const uint8_t *head,
			 struct zu_error *err)
{
	void *raw;
	size_t i;
	int code;

	elf->nr = zu_be16(head + offsetof(Elf64_Ehdr, e_shnum));
	code = read_piece(elf, zu_be64(head + offsetof(Elf64_Ehdr, e_shoff)),
			  elf->nr * sizeof(Elf64_Shdr), &raw, err);
	if (code)
		return zu_fail_at(err, "cannot read its sections");
	elf->section = calloc(elf->nr + 1, sizeof(*elf->section));
	if (!elf->section) {
		free(raw);
		return zu_fail_nomem(err);
	}
	for (i = 0; i < elf->nr; i++)
		parse_section((uint8_t *)raw + i * sizeof(Elf64_Shdr),
			      &elf->section[i]);
	free(raw);
	return check_sections(elf, err);
}

/* Names come last, since their section is one of all. */
static int read_names(struct zu_elf_file *elf, const uint8_t *head,
		      struct zu_error *err)
{
	size_t index = zu_be16(head + offsetof(Elf64_Ehdr, e_shstrndx));
	void *names;
	size_t i;
	int code;

	if (index >= elf->nr || elf->section[index].type != SHT_STRTAB ||
	    elf->section[index].size > NAMES_MAX)
		return zu_fail(err, ZU_EFORMAT,
			       "its sections have no names");
	code = zu_elf_file_read(elf, &elf->section[index], &names, err);
	if (code)
		return zu_fail_at(err, "names of sections");
	elf->section_names = names;
	for (i = 0; i < elf->nr; i++) {
		uint32_t at = elf->section[i].name_at;

		if (at > elf->section[index].size)
			return zu_fail(err, ZU_EFORMAT,
				       "the name of section %zu is damaged",
				       i);
		elf->section[i].name = elf->section_names + at;
	}
	return 0;
}

static int find_symbols(struct zu_elf_file *elf, struct zu_error *err)
{
	const struct zu_elf_section *s;
	size_t i;

	for (i = 0; i < elf->nr; i++) {
		s = &elf->section[i];
		if (s->type != SHT_SYMTAB)
			continue;
		if (s->link >= elf->nr ||
		    elf->section[s->link].type != SHT_STRTAB)
			return zu_fail(err, ZU_EFORMAT,
				       "its symbols have no names");
		elf->symtab = s;
		elf->strtab = &elf->section[s->link];
		return 0;
	}
	return 0;
}

int zu_elf_file_open(int fd, struct zu_elf_file *elf, struct zu_error *err)
{
	uint8_t head[sizeof(Elf64_Ehdr)];
	size_t len;
	int code;

	*elf = (struct zu_elf_file){ .file = { .fd = -1 } };
	code = zu_file_head(fd, head, sizeof(head), &len, err);
	if (!code)
		code = check_header(head, len, err);
	if (code)
		return code;
	code = zu_file_init(&elf->file, fd, err);
	if (code)
		return code;
	elf->type = zu_be16(head + offsetof(Elf64_Ehdr, e_type));
	code = read_sections(elf, head, err);
	if (!code)
		code = read_names(elf, head, err);
	if (!code)
		code = find_symbols(elf, err);
	if (code)
		zu_elf_file_close(elf);
	return code;
}

void zu_elf_file_close(struct zu_elf_file *elf)
{
	size_t i;

	for (i = 0; elf->section && i <= elf->nr; i++)
		free(elf->section[i].data);
	free(elf->section);
	free(elf->section_names);
	zu_file_deinit(&elf->file);
	*elf = (struct zu_elf_file){ .file = { .fd = -1 } };
}
