/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF core files of an s390x machine: QEMU's dump-guest-memory, /proc/vmcore
 * and copies of it, makedumpfile -E, zgetdump -f elf.
 *
 * Only the program headers are trusted. QEMU 7.2 writes e_ehsize 8 and a
 * section header in the wrong byte order; nothing here needs either. What is
 * needed is taken strictly: a dump with a piece missing is not opened.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "image/elf.h"
#include "image/kinds.h"
#include "image/notes.h"
#include "util/fail.h"

/* System V ABI, "Object Files" and "Program Loading", 64-bit layouts */
#define EHDR_SIZE	64
#define EI_CLASS	4
#define EI_DATA		5
#define ELFCLASS64	2
#define ELFDATA2LSB	1
#define ELFDATA2MSB	2
#define ET_CORE		4
#define EM_S390		22
#define PN_XNUM		0xffff
#define PHDR_SIZE	56
#define SHDR_SIZE	64
#define SHDR_INFO	44
#define PT_LOAD		1
#define PT_NOTE		4

/* Far more than there are; bounds what a damaged header makes us read */
#define MAX_SEGMENTS	(1u << 20)
#define MAX_NOTES	(16u << 20)

/* The file while it is opened */
struct reader {
	struct zu_elf *elf;
	struct zu_image *image;
	const uint8_t *ehdr;
	zu_elf_piece_fn *piece;
	void *ctx;
	struct zu_error *err;
};

struct phdr {
	uint32_t type;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
};

static struct phdr get_phdr(const uint8_t *p)
{
	return (struct phdr) {
		.type = zu_be32(p),
		.offset = zu_be64(p + 8),
		.vaddr = zu_be64(p + 16),
		.paddr = zu_be64(p + 24),
		.filesz = zu_be64(p + 32),
		.memsz = zu_be64(p + 40),
	};
}

static int fail_read(struct zu_error *err, int code, const char *what)
{
	return zu_fail(err, code, "cannot read %s", what);
}

static const char *machine_name(unsigned int machine)
{
	static const struct {
		unsigned int machine;
		const char *name;
	} names[] = {
		{ 3, "i386" }, { 20, "ppc" }, { 21, "ppc64" }, { 22, "s390" },
		{ 40, "arm" }, { 62, "x86-64" }, { 183, "aarch64" },
		{ 243, "riscv" }, { 258, "loongarch" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].machine == machine)
			return names[i].name;
	}
	return NULL;
}

/* An ELF file, but is it a dump of s390x? */
static int check_kind(const uint8_t *h, struct zu_error *err)
{
	bool lsb = h[EI_DATA] == ELFDATA2LSB;
	unsigned int machine = lsb ? h[18] | h[19] << 8 : zu_be16(h + 18);
	unsigned int type = lsb ? h[16] | h[17] << 8 : zu_be16(h + 16);
	const char *name = machine_name(machine);

	if (!name)
		return zu_fail(err, ZU_ENOTSUP,
			       "this is an ELF file of machine %u; zunwind reads dumps of s390x",
			       machine);
	if (machine != EM_S390 || h[EI_CLASS] != ELFCLASS64)
		return zu_fail(err, ZU_ENOTSUP,
			       "this is an ELF file of machine %s%s; zunwind reads dumps of s390x",
			       name, machine == EM_S390 ? ", 31 bit" : "");
	if (h[EI_DATA] != ELFDATA2MSB)
		return zu_fail(err, ZU_EFORMAT,
			       "this is an ELF file of s390x that is not big-endian");
	if (type != ET_CORE)
		return zu_fail(err, ZU_ENOTSUP,
			       "this is an ELF file of type %u (%s); zunwind reads dumps, of type %u (core)",
			       type,
			       type == 1 ? "object, as a kernel module is" :
			       type == 2 ? "executable, as a vmlinux is" :
			       type == 3 ? "shared, as a relocatable vmlinux is" :
			       "unknown", ET_CORE);
	return 0;
}

/* More than 65534 segments: section header 0 has their number */
static int get_phnum(struct reader *r, uint64_t *ret)
{
	uint64_t shoff = zu_be64(r->ehdr + 40);
	unsigned int phnum = zu_be16(r->ehdr + 56);
	uint8_t shdr[SHDR_SIZE];

	if (phnum != PN_XNUM) {
		*ret = phnum;
		return 0;
	}
	if (zu_file_read(&r->elf->file, shoff, shdr, sizeof(shdr)))
		return zu_fail(r->err, ZU_EFORMAT,
			       "section header 0, which has the number of segments, is not in the file");
	*ret = zu_be32(shdr + SHDR_INFO);
	if (*ret < PN_XNUM)
		return zu_fail(r->err, ZU_EFORMAT,
			       "section header 0 says there are %" PRIu64 " segments, the ELF header says more than %u",
			       *ret, PN_XNUM - 1);
	return 0;
}

static int read_phdrs(struct reader *r, uint8_t **ret, size_t *count)
{
	const struct zu_file *f = &r->elf->file;
	uint64_t phoff = zu_be64(r->ehdr + 32);
	unsigned int phentsize = zu_be16(r->ehdr + 54);
	uint64_t phnum = 0;
	uint8_t *phdrs;
	int code;

	code = get_phnum(r, &phnum);
	if (code)
		return code;
	if (!phnum)
		return zu_fail(r->err, ZU_EFORMAT, "it has no segments");
	if (phnum > MAX_SEGMENTS)
		return zu_fail(r->err, ZU_ENOTSUP,
			       "it has %" PRIu64 " segments; zunwind reads at most %u",
			       phnum, MAX_SEGMENTS);
	if (phentsize != PHDR_SIZE)
		return zu_fail(r->err, ZU_EFORMAT,
			       "its program headers have %u bytes each, they should have %u",
			       phentsize, PHDR_SIZE);
	if (phoff > f->size || (f->size - phoff) / PHDR_SIZE < phnum)
		return zu_fail(r->err, ZU_EFORMAT,
			       "file is truncated: %" PRIu64 " program headers at %" PRIu64 " reach beyond its end at byte %" PRIu64,
			       phnum, phoff, f->size);
	phdrs = malloc((size_t)phnum * PHDR_SIZE);
	if (!phdrs)
		return zu_fail_nomem(r->err);
	code = zu_file_read(f, phoff, phdrs, (size_t)phnum * PHDR_SIZE);
	if (code) {
		free(phdrs);
		return fail_read(r->err, code, "the program headers");
	}
	*ret = phdrs;
	*count = (size_t)phnum;
	return 0;
}

static int check_phdr(struct reader *r, size_t i, const struct phdr *p)
{
	uint64_t end, size = r->elf->file.size;

	if (__builtin_add_overflow(p->offset, p->filesz, &end))
		return zu_fail(r->err, ZU_EFORMAT,
			       "segment %zu has an impossible size", i);
	if (end > size)
		return zu_fail(r->err, ZU_EFORMAT,
			       "file is truncated: segment %zu ends at byte %" PRIu64 ", the file at %" PRIu64,
			       i, end, size);
	if (p->type != PT_LOAD)
		return 0;
	if (p->filesz > p->memsz)
		return zu_fail(r->err, ZU_EFORMAT,
			       "segment %zu has more bytes in the file than in memory",
			       i);
	if (p->memsz && __builtin_add_overflow(p->paddr, p->memsz - 1, &end))
		return zu_fail(r->err, ZU_EFORMAT,
			       "segment %zu reaches beyond the end of memory",
			       i);
	return 0;
}

static int keep_vmcoreinfo(struct reader *r, const struct zu_note *note)
{
	struct zu_elf *elf = r->elf;

	elf->vmcoreinfo = malloc(note->desc_len);
	if (!elf->vmcoreinfo)
		return zu_fail_nomem(r->err);
	memcpy(elf->vmcoreinfo, note->desc, note->desc_len);
	r->image->vmcoreinfo = elf->vmcoreinfo;
	r->image->vmcoreinfo_len = note->desc_len;
	return 0;
}

/* The first VMCOREINFO is it; the other notes have to be well-formed */
static int parse_notes(struct reader *r, const uint8_t *data, size_t len)
{
	static const char name[] = "VMCOREINFO";
	struct zu_notes it = { .data = data, .len = len };
	struct zu_note note;
	int ret;

	while (!(ret = zu_notes_next(&it, &note, r->err))) {
		if (note.name_len != sizeof(name) - 1 ||
		    memcmp(note.name, name, note.name_len))
			continue;
		if (!note.desc_len || r->elf->vmcoreinfo)
			continue;
		ret = keep_vmcoreinfo(r, &note);
		if (ret)
			return ret;
	}
	return ret == ZU_ENOENT ? 0 : ret;
}

static int read_notes(struct reader *r, const struct phdr *p)
{
	size_t len = (size_t)p->filesz;
	uint8_t *data;
	int ret;

	if (p->filesz > MAX_NOTES)
		return zu_fail(r->err, ZU_ENOTSUP,
			       "it has %" PRIu64 " bytes of notes; zunwind reads at most %u",
			       p->filesz, MAX_NOTES);
	if (!len)
		return 0;
	data = malloc(len);
	if (!data)
		return zu_fail_nomem(r->err);
	ret = zu_file_read(&r->elf->file, p->offset, data, len);
	if (ret)
		fail_read(r->err, ret, "the notes");
	else
		ret = parse_notes(r, data, len);
	free(data);
	return ret;
}

/* p_memsz counts for nothing: memory that the file leaves out (makedumpfile
 * -E) may hold zeros or anything else, so it is not in the image */
static void add_segment(struct zu_elf *elf, const struct phdr *p)
{
	if (!p->filesz)
		return;
	elf->memory.seg[elf->memory.count++] = (struct zu_segment) {
		.start = p->paddr,
		.len = p->filesz,
		.offset = p->offset,
	};
}

static int read_segment(struct reader *r, size_t i, const struct phdr *p)
{
	int ret;

	if (p->type != PT_LOAD && p->type != PT_NOTE)
		return 0;
	ret = check_phdr(r, i, p);
	if (ret)
		return ret;
	if (p->type == PT_LOAD) {
		add_segment(r->elf, p);
		return 0;
	}
	ret = read_notes(r, p);
	return ret ? zu_fail_at(r->err, "segment %zu", i) : 0;
}

static int read_segments(struct reader *r)
{
	bool placed = false, mapped = false;
	struct zu_elf *elf = r->elf;
	uint8_t *phdrs = NULL;
	size_t i, count = 0;
	int ret;

	ret = read_phdrs(r, &phdrs, &count);
	if (ret)
		return ret;
	elf->memory.seg = calloc(count, sizeof(*elf->memory.seg));
	if (!elf->memory.seg)
		ret = zu_fail_nomem(r->err);
	for (i = 0; !ret && i < count; i++) {
		struct phdr p = get_phdr(phdrs + i * PHDR_SIZE);

		placed |= p.type == PT_LOAD && p.paddr;
		mapped |= p.type == PT_LOAD && p.vaddr;
		if (r->piece && p.type == PT_LOAD)
			p.paddr = r->piece(r->ctx, p.vaddr, p.paddr, p.filesz);
		ret = read_segment(r, i, &p);
	}
	free(phdrs);
	if (ret)
		return ret;

	if (!elf->memory.count)
		return zu_fail(r->err, ZU_EFORMAT, "it has no memory in it");
	if (!r->piece && elf->memory.count > 1 && mapped && !placed)
		return zu_fail(r->err, ZU_ENOTSUP,
			       "this is the core file of a process, not of a machine: it has no physical addresses");
	return zu_segments_init(&elf->memory, r->err);
}

void zu_elf_deinit(struct zu_elf *elf)
{
	zu_file_deinit(&elf->file);
	free(elf->vmcoreinfo);
	zu_segments_deinit(&elf->memory);
}

int zu_elf_init(struct zu_elf *elf, struct zu_image *image, int fd,
		zu_elf_piece_fn *piece, void *ctx, struct zu_error *err)
{
	uint8_t ehdr[EHDR_SIZE];
	struct reader r = {
		.elf = elf, .image = image, .ehdr = ehdr, .piece = piece,
		.ctx = ctx, .err = err,
	};
	size_t len;
	int ret;

	ret = zu_file_head(fd, ehdr, sizeof(ehdr), &len, err);
	if (ret)
		return ret;
	if (memcmp(ehdr, "\177ELF", 4))
		return ZU_ENOTMINE;
	if (len < EHDR_SIZE)
		return zu_fail(err, ZU_EFORMAT,
			       "file is truncated: it has %zu bytes, an ELF header has %u",
			       len, EHDR_SIZE);
	ret = check_kind(ehdr, err);
	if (ret)
		return ret;
	ret = zu_file_init(&elf->file, fd, err);
	if (!ret)
		ret = read_segments(&r);
	if (ret)
		zu_elf_deinit(elf);
	return ret;
}

static int elf_open(struct zu_image *image, const char *path, int fd,
		    struct zu_error *err)
{
	struct zu_elf *elf = calloc(1, sizeof(*elf));
	int ret;

	(void)path;
	if (!elf)
		return zu_fail_nomem(err);
	ret = zu_elf_init(elf, image, fd, NULL, NULL, err);
	if (ret)
		free(elf);
	else
		image->priv = elf;
	return ret;
}

static void elf_close(struct zu_image *image)
{
	struct zu_elf *elf = image->priv;

	zu_elf_deinit(elf);
	free(elf);
}

static int elf_read_abs(struct zu_image *image, uint64_t addr, void *buf,
			size_t len)
{
	struct zu_elf *elf = image->priv;

	return zu_segments_read(&elf->memory, &elf->file, addr, buf, len);
}

const struct zu_image_kind zu_image_elf = {
	.name = "elf",
	.open = elf_open,
	.close = elf_close,
	.read_abs = elf_read_abs,
};
