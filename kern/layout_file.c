/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types from a file that the user names: raw BTF, or ELF with section .BTF. */
#include "kern/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/bytes.h"
#include "image/file.h"
#include "util/fail.h"

/* the parts of the ELF format that lead to a section */
#define EHDR_SIZE 64
#define EHDR_CLASS 4
#define EHDR_DATA 5
#define EHDR_MACHINE 18
#define EHDR_SHOFF 40
#define EHDR_SHENTSIZE 58
#define EHDR_SHNUM 60
#define EHDR_SHSTRNDX 62
#define ELFCLASS64 2
#define ELFDATA2MSB 2
#define EM_S390 22

#define SHDR_SIZE 64
#define SHDR_NAME 0
#define SHDR_TYPE 4
#define SHDR_FLAGS 8
#define SHDR_OFFSET 24
#define SHDR_BYTES 32
#define SHT_NOBITS 8
#define SHF_COMPRESSED 0x800

/* far more than any kernel has */
#define NAMES_MAX (1u << 20)
#define BTF_MAX (256u << 20)

/* a piece of the file, 0 at its end for good measure; free() it */
static int read_piece(const struct zu_file *file, uint64_t offset,
		      uint64_t size, uint64_t max, uint8_t **ret,
		      struct zu_error *err)
{
	uint8_t *piece;
	int code;

	if (offset > file->size || size > file->size - offset)
		return zu_fail(err, ZU_EFORMAT, "the file is cut off");
	if (size > max)
		return zu_fail(err, ZU_EFORMAT,
			       "%" PRIu64 " bytes are too many", size);
	piece = malloc(size + 1);
	if (!piece)
		return zu_fail_nomem(err);
	code = zu_file_read(file, offset, piece, size);
	if (code) {
		free(piece);
		return zu_fail(err, code, "cannot read %" PRIu64
			       " bytes at offset %" PRIu64, size, offset);
	}
	piece[size] = '\0';
	*ret = piece;
	return 0;
}

static int read_section(const struct zu_file *file, const uint8_t *shdr,
			uint64_t max, uint8_t **ret, struct zu_error *err)
{
	if (zu_be32(shdr + SHDR_TYPE) == SHT_NOBITS)
		return zu_fail(err, ZU_EFORMAT, "it has no data in this file");
	if (zu_be64(shdr + SHDR_FLAGS) & SHF_COMPRESSED)
		return zu_fail(err, ZU_ENOTSUP, "it is compressed");
	return read_piece(file, zu_be64(shdr + SHDR_OFFSET),
			  zu_be64(shdr + SHDR_BYTES), max, ret, err);
}

static int from_section(const struct zu_file *file, const uint8_t *shdr,
			struct zu_layout *ret, struct zu_error *err)
{
	uint8_t *btf;
	int code;

	code = read_section(file, shdr, BTF_MAX, &btf, err);
	if (code)
		return zu_fail_at(err, "cannot read section .BTF");
	code = zu_layout_from_btf(btf, zu_be64(shdr + SHDR_BYTES), ret, err);
	free(btf);
	return code;
}

static int from_sections(const struct zu_file *file, const uint8_t *shdrs,
			 unsigned int shnum, unsigned int shstrndx,
			 struct zu_layout *ret, struct zu_error *err)
{
	const uint8_t *strtab = shdrs + (size_t)shstrndx * SHDR_SIZE;
	const uint8_t *btf = NULL;
	uint8_t *names;
	unsigned int i;
	int code;

	code = read_section(file, strtab, NAMES_MAX, &names, err);
	if (code)
		return zu_fail_at(err, "cannot read the names of sections");
	for (i = 0; i < shnum && !btf; i++) {
		const uint8_t *shdr = shdrs + (size_t)i * SHDR_SIZE;
		uint32_t name = zu_be32(shdr + SHDR_NAME);

		if (name < zu_be64(strtab + SHDR_BYTES) &&
		    !strcmp((const char *)names + name, ".BTF"))
			btf = shdr;
	}
	free(names);
	if (!btf)
		return zu_fail(err, ZU_ENOENT,
			       "it has no section .BTF: no kernel, "
			       "or one without CONFIG_DEBUG_INFO_BTF");
	return from_section(file, btf, ret, err);
}

static int from_elf(const struct zu_file *file, const uint8_t *ehdr,
		    struct zu_layout *ret, struct zu_error *err)
{
	unsigned int shnum = zu_be16(ehdr + EHDR_SHNUM);
	unsigned int shstrndx = zu_be16(ehdr + EHDR_SHSTRNDX);
	uint8_t *shdrs;
	int code;

	if (ehdr[EHDR_CLASS] != ELFCLASS64 || ehdr[EHDR_DATA] != ELFDATA2MSB ||
	    zu_be16(ehdr + EHDR_MACHINE) != EM_S390)
		return zu_fail(err, ZU_ENOTSUP,
			       "it is an ELF file, but not of s390x");
	if (zu_be16(ehdr + EHDR_SHENTSIZE) != SHDR_SIZE || shstrndx >= shnum)
		return zu_fail(err, ZU_EFORMAT, "it has no sections");
	code = read_piece(file, zu_be64(ehdr + EHDR_SHOFF),
			  (uint64_t)shnum * SHDR_SIZE, UINT32_MAX, &shdrs,
			  err);
	if (code)
		return zu_fail_at(err, "cannot read its sections");
	code = from_sections(file, shdrs, shnum, shstrndx, ret, err);
	free(shdrs);
	return code;
}

static int from_raw(const struct zu_file *file, struct zu_layout *ret,
		    struct zu_error *err)
{
	uint8_t *btf;
	int code;

	code = read_piece(file, 0, file->size, BTF_MAX, &btf, err);
	if (code)
		return code;
	code = zu_layout_from_btf(btf, file->size, ret, err);
	free(btf);
	return code;
}

static int from_fd(int fd, struct zu_layout *ret, struct zu_error *err)
{
	uint8_t head[EHDR_SIZE];
	struct zu_file file;
	size_t len;
	int code;

	code = zu_file_head(fd, head, sizeof(head), &len, err);
	if (!code)
		code = zu_file_init(&file, fd, err);
	if (code)
		return code;
	if (!memcmp(head, "\177ELF", 4))
		code = from_elf(&file, head, ret, err);
	else if (!memcmp(head, "\xeb\x9f", 2) || !memcmp(head, "\x9f\xeb", 2))
		code = from_raw(&file, ret, err);
	else
		code = zu_fail(err, ZU_EFORMAT, "it is neither BTF nor ELF");
	zu_file_deinit(&file);
	return code;
}

int zu_layout_from_file(const char *path, struct zu_layout *ret,
			struct zu_error *err)
{
	int code, fd;

	/* a FIFO without a writer must not hold us up */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return zu_fail(err, ZU_EIO, "cannot open %s: %s", path,
			       strerror(errno));
	code = from_fd(fd, ret, err);
	close(fd);
	if (code)
		return zu_fail_at(err, "cannot take types from %s", path);
	return 0;
}
