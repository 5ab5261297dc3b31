/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sections of a vmlinux, by libelf.
 *
 * libelf reads the file and does not map it, for image/file.h's reasons. It
 * allocates what the headers ask for, up to the size of the file, and a sparse
 * file has any size: so all sizes are looked at before libelf acts on them.
 */
#include "kern/layout_elf.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <gelf.h>
#include <libelf.h>

#include "core/bytes.h"
#include "util/fail.h"

/* far more than any kernel has; notes: all together */
#define NAMES_MAX (1u << 20)
#define NOTES_MAX (1u << 20)
/* bytes; SHA-1 has 20 */
#define BUILD_ID_MAX 64

/* what libelf says of the call that failed last */
static int fail_elf(struct zu_error *err)
{
	return zu_fail(err, ZU_EFORMAT, "%s", elf_errmsg(-1));
}

/* For what libelf does not check, or only after it allocated. */
static int check_header(const struct zu_file *file, struct zu_error *err)
{
	uint8_t head[sizeof(Elf64_Ehdr)];
	size_t len;
	int code;

	code = zu_file_head(file->fd, head, sizeof(head), &len, err);
	if (code)
		return code;
	if (head[EI_CLASS] != ELFCLASS64 || head[EI_DATA] != ELFDATA2MSB ||
	    zu_be16(head + offsetof(Elf64_Ehdr, e_machine)) != EM_S390)
		return zu_fail(err, ZU_ENOTSUP,
			       "it is an ELF file, but not of s390x");
	if (len < sizeof(head))
		return zu_fail(err, ZU_EFORMAT, "the file is cut off");
	/* a number of 0 may mean "see section 0": up to 2^32 of them */
	if (!zu_be16(head + offsetof(Elf64_Ehdr, e_shnum)) ||
	    zu_be16(head + offsetof(Elf64_Ehdr, e_shentsize)) !=
		    sizeof(Elf64_Shdr))
		return zu_fail(err, ZU_EFORMAT, "it has no sections");
	return 0;
}

/* the bytes as they are in the file; they go with the section */
static int read_section(const struct zu_file *file, Elf_Scn *scn, uint64_t max,
			Elf_Data **ret, struct zu_error *err)
{
	GElf_Shdr shdr;
	Elf_Data *data;

	if (!gelf_getshdr(scn, &shdr))
		return fail_elf(err);
	if (shdr.sh_type == SHT_NOBITS)
		return zu_fail(err, ZU_EFORMAT, "it has no data in this file");
	if (shdr.sh_flags & SHF_COMPRESSED)
		return zu_fail(err, ZU_ENOTSUP, "it is compressed");
	if (shdr.sh_offset > file->size ||
	    shdr.sh_size > file->size - shdr.sh_offset)
		return zu_fail(err, ZU_EFORMAT, "the file is cut off");
	if (shdr.sh_size > max)
		return zu_fail(err, ZU_EFORMAT,
			       "%" PRIu64 " bytes are too many", shdr.sh_size);
	data = elf_rawdata(scn, NULL);
	if (!data)
		return fail_elf(err);
	*ret = data;
	return 0;
}

/* The build-id in a section of notes in hex; "" if there is none in it. */
static int find_build_id(Elf_Data *notes, char hex[2 * BUILD_ID_MAX + 1],
			 struct zu_error *err)
{
	size_t at = 0, next, name, desc, i;
	const uint8_t *bytes = notes->d_buf;
	GElf_Nhdr note;

	hex[0] = '\0';
	while ((next = gelf_getnote(notes, at, &note, &name, &desc))) {
		if (note.n_type == NT_GNU_BUILD_ID && note.n_descsz &&
		    note.n_namesz == sizeof(ELF_NOTE_GNU) &&
		    !memcmp(bytes + name, ELF_NOTE_GNU, note.n_namesz)) {
			for (i = 0; i < note.n_descsz && i < BUILD_ID_MAX; i++)
				snprintf(hex + 2 * i, 3, "%02x",
					 bytes[desc + i]);
			return 0;
		}
		at = next;
	}
	if (notes->d_size - at >= sizeof(note))
		return zu_fail(err, ZU_EFORMAT, "a note does not end in it");
	return 0;
}

/* The first build-id of the file, "" if it has none */
static int read_build_id(const struct zu_file *file, Elf *elf,
			 char hex[2 * BUILD_ID_MAX + 1], struct zu_error *err)
{
	uint64_t left = NOTES_MAX;
	Elf_Scn *scn = NULL;
	Elf_Data *notes;
	GElf_Shdr shdr;
	int code;

	hex[0] = '\0';
	while (!hex[0] && (scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &shdr))
			return fail_elf(err);
		if (shdr.sh_type != SHT_NOTE)
			continue;
		code = read_section(file, scn, left, &notes, err);
		if (code)
			return code;
		left -= shdr.sh_size;
		/* with the headers of notes in the host's byte order */
		notes = elf_getdata(scn, NULL);
		if (!notes)
			return fail_elf(err);
		code = find_build_id(notes, hex, err);
		if (code)
			return code;
	}
	return 0;
}

/*
 * The kernel keeps 20 bytes: a shorter build-id has zeros behind it, and if it
 * has none, all are (parse_build_id() in lib/buildid.c).
 */
static bool is_zeros(const char *hex)
{
	return !hex[strspn(hex, "0")];
}

static int check_build_id(const struct zu_file *file, Elf *elf,
			  const char *wanted, struct zu_error *err)
{
	char hex[2 * BUILD_ID_MAX + 1];
	int code;

	if (!wanted || is_zeros(wanted))
		return 0;
	code = read_build_id(file, elf, hex, err);
	if (code)
		return zu_fail_at(err, "cannot read its notes");
	if (!hex[0] || (!strncmp(wanted, hex, strlen(hex)) &&
			is_zeros(wanted + strlen(hex))))
		return 0;
	return zu_fail(err, ZU_EINVAL,
		       "it is of another build of the kernel: its build-id is %s, that of the dump %s",
		       hex, wanted);
}

static int find_section(const struct zu_file *file, Elf *elf, const char *name,
			Elf_Scn **ret, struct zu_error *err)
{
	Elf_Data *names;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	size_t strndx;
	int code;

	if (elf_getshdrstrndx(elf, &strndx))
		return fail_elf(err);
	/* elf_strptr() would not bound what it reads */
	code = read_section(file, elf_getscn(elf, strndx), NAMES_MAX, &names,
			    err);
	if (code)
		return zu_fail_at(err, "cannot read the names of sections");
	while ((scn = elf_nextscn(elf, scn))) {
		const char *its = gelf_getshdr(scn, &shdr) ?
			elf_strptr(elf, strndx, shdr.sh_name) : NULL;

		if (its && !strcmp(its, name))
			break;
	}
	*ret = scn;
	return 0;
}

static int from_sections(const struct zu_file *file, Elf *elf,
			 struct zu_layout *ret, struct zu_error *err)
{
	Elf_Scn *scn = NULL;
	Elf_Data *btf;
	int code;

	code = find_section(file, elf, ".BTF", &scn, err);
	if (code)
		return code;
	if (!scn)
		return zu_fail(err, ZU_ENOENT,
			       "it has no section .BTF: no kernel, or one without CONFIG_DEBUG_INFO_BTF");
	code = read_section(file, scn, ZU_BTF_MAX, &btf, err);
	if (code)
		return zu_fail_at(err, "cannot read section .BTF");
	return zu_layout_from_btf(btf->d_buf, btf->d_size, ret, err);
}

static int from_elf(const struct zu_file *file, Elf *elf, const char *build_id,
		    struct zu_layout *ret, struct zu_error *err)
{
	size_t count;
	int code;

	if (elf_kind(elf) != ELF_K_ELF)
		return zu_fail(err, ZU_EFORMAT, "its ELF header is damaged");
	if (elf_getshdrnum(elf, &count))
		return fail_elf(err);
	/* that is how libelf takes headers of sections beyond the end */
	if (!count)
		return zu_fail(err, ZU_EFORMAT,
			       "cannot read its sections: the file is cut off");
	code = check_build_id(file, elf, build_id, err);
	return code ? code : from_sections(file, elf, ret, err);
}

int zu_layout_from_elf(const struct zu_file *file, const char *build_id,
		       struct zu_layout *ret, struct zu_error *err)
{
	Elf *elf;
	int code;

	code = check_header(file, err);
	if (code)
		return code;
	elf_version(EV_CURRENT);
	elf = elf_begin(file->fd, ELF_C_READ, NULL);
	if (!elf)
		return fail_elf(err);
	code = from_elf(file, elf, build_id, ret, err);
	elf_end(elf);
	return code;
}
