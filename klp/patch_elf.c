/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A module's file: its sections and symbols. */
#include "klp/patch_elf.h"

#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "util/fail.h"

/* Files of modules that the kernel, or kmod, unpacks when it loads them */
static const struct {
	const char *magic;
	size_t len;
	const char *name;
	const char *program;
} packed[] = {
	{ "\xfd" "7zXZ", 6, "xz", "unxz" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd", "unzstd" },
	{ "\x1f\x8b", 2, "gzip", "gunzip" },
};

static int check_magic(int fd, struct zu_error *err)
{
	uint8_t head[EI_NIDENT];
	size_t len, i;
	int code;

	code = zu_file_head(fd, head, sizeof(head), &len, err);
	if (code)
		return code;
	for (i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (!memcmp(head, packed[i].magic, packed[i].len))
			return zu_fail(err, ZU_ENOTSUP,
				       "it is compressed with %s: unpack a copy with %s first",
				       packed[i].name, packed[i].program);
	if (memcmp(head, ELFMAG, SELFMAG))
		return zu_fail(err, ZU_EFORMAT,
			       "it is no ELF file, and so no module");
	return 0;
}

static int read_symbols(struct zu_patch_elf *e, struct zu_error *err)
{
	void *syms;
	int code;

	if (!e->elf.symtab)
		return zu_fail(err, ZU_EFORMAT, "it has no symbols");
	code = zu_elf_file_read(&e->elf, e->elf.symtab, &syms, err);
	if (code)
		return code;
	e->syms = syms;
	e->nr_syms = e->elf.symtab->size / sizeof(Elf64_Sym);
	return 0;
}

static int read_data(struct zu_patch_elf *e, struct zu_error *err)
{
	void *data;
	size_t i;
	int code;

	for (i = 1; i < e->elf.nr; i++) {
		struct zu_elf_section *s = &e->elf.section[i];

		if (!(s->flags & SHF_ALLOC) || s->type == SHT_NOBITS ||
		    s->type == SHT_NULL)
			continue;
		code = zu_elf_file_read(&e->elf, s, &data, err);
		if (code)
			return code;
		s->data = data;
	}
	return 0;
}

static int read_file(struct zu_patch_elf *e, struct zu_error *err)
{
	int code;

	/* a module that was linked, or a dump, is none that can be loaded */
	if (e->elf.type != ET_REL)
		return zu_fail(err, ZU_ENOTSUP,
			       "it is an ELF file, but not a relocatable one, and so no module");
	e->relocs = calloc(e->elf.nr, sizeof(*e->relocs));
	if (!e->relocs)
		return zu_fail_nomem(err);
	code = read_symbols(e, err);
	if (!code)
		code = read_data(e, err);
	return code ? code : zu_patch_relocs_read(e, err);
}

int zu_patch_elf_open(int fd, struct zu_patch_elf *e, struct zu_error *err)
{
	int code;

	memset(e, 0, sizeof(*e));
	code = check_magic(fd, err);
	if (!code)
		code = zu_elf_file_open(fd, &e->elf, err);
	if (code)
		return code;
	code = read_file(e, err);
	if (code)
		zu_patch_elf_close(e);
	return code;
}

void zu_patch_elf_close(struct zu_patch_elf *e)
{
	size_t i;

	for (i = 0; e->relocs && i < e->elf.nr; i++)
		free(e->relocs[i].reloc);
	free(e->relocs);
	free(e->syms);
	zu_elf_file_close(&e->elf);
	memset(e, 0, sizeof(*e));
	e->elf.file.fd = -1;
}

size_t zu_patch_section(const struct zu_patch_elf *e, const char *name)
{
	const struct zu_elf_section *s = zu_elf_file_find(&e->elf, name);

	return s ? (size_t)(s - e->elf.section) : 0;
}
