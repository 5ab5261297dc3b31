/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Layouts as makedumpfile (diskdump_mod.h, struct page_desc), QEMU
 * (include/sysemu/dump.h, struct DiskDumpHeader64 and KdumpSubHeader64) and
 * s390-tools (struct df_s390_hdr) have them, for a 64-bit big-endian machine.
 */
#include "image/kdump_check.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "core/bytes.h"
#include "image/kdump_magic.h"
#include "util/fail.h"

#define PAGE_SIZE		UINT64_C(4096)

/* kdump-compressed: main header, in block 0 */
#define DH_VERSION		8
#define DH_MACHINE		(12 + 4 * 65)	/* fifth string of utsname */
#define DH_MACHINE_SIZE		65
#define DH_STATUS		424
#define DH_BLOCK_SIZE		428
#define DH_SUB_HDR_SIZE		432
#define DH_BITMAP_BLOCKS	436
#define DH_MAX_MAPNR		440
#define DH_SIZE			464
#define DH_STATUS_INCOMPLETE	8
/* sub header, in block 1 */
#define SH_SPLIT		12
#define SH_VMCOREINFO		32
#define SH_VMCOREINFO_SIZE	40
#define SH_NOTE			48
#define SH_NOTE_SIZE		56
#define SH_MAX_MAPNR		96
/* page descriptor */
#define PD_SIZE			24

/* flattened: header, then pieces: offset (all ones: the end), size, data */
#define FLAT_SIZE		4096
#define FLAT_PIECE		16

/* s390 stand-alone: header */
#define SA_HDR_SIZE		12
#define SA_PAGE_SIZE		20
#define SA_MEM_SIZE		24
#define SA_MEM_START		32
#define SA_NUM_PAGES		48
#define SA_ARCH			72
#define SA_MVDUMP		92
#define SA_SIZE			0x1000
#define SA_ARCH_64BIT		2
#define SA_END			"DUMP_END"
#define SA_END_SIZE		16

static int truncated(struct zu_error *err, const char *what, uint64_t end,
		     uint64_t size)
{
	return zu_fail(err, ZU_EFORMAT,
		       "file is truncated: %s ends at byte %" PRIu64 ", the file at %" PRIu64,
		       what, end, size);
}

/* A piece of the file; 0 bytes are anywhere */
static int check_piece(const struct zu_file *f, const char *what,
		       uint64_t offset, uint64_t size, struct zu_error *err)
{
	uint64_t end;

	if (!size)
		return 0;
	if (__builtin_add_overflow(offset, size, &end))
		return zu_fail(err, ZU_EFORMAT, "%s has an impossible size",
			       what);
	if (end > f->size)
		return truncated(err, what, end, f->size);
	return 0;
}

static int read_piece(const struct zu_file *f, const char *what,
		      uint64_t offset, void *buf, size_t len,
		      struct zu_error *err)
{
	int ret;

	ret = check_piece(f, what, offset, len, err);
	if (ret)
		return ret;
	ret = zu_file_read(f, offset, buf, len);
	return ret ? zu_fail(err, ret, "cannot read %s", what) : 0;
}

static int check_alone(const struct zu_file *f, struct zu_error *err)
{
	uint8_t h[SA_SIZE], mark[SA_END_SIZE];
	uint64_t end;
	int ret;

	ret = read_piece(f, "its header", 0, h, sizeof(h), err);
	if (ret)
		return ret;
	if (zu_be32(h + SA_ARCH) != SA_ARCH_64BIT)
		return zu_fail(err, ZU_ENOTSUP,
			       "this is a stand-alone dump of a 31-bit machine; zunwind reads dumps of s390x");
	if (h[SA_MVDUMP])
		return zu_fail(err, ZU_ENOTSUP,
			       "this is one volume of a multi-volume dump: copy it with zgetdump first");
	if (zu_be32(h + SA_PAGE_SIZE) != PAGE_SIZE ||
	    zu_be32(h + SA_HDR_SIZE) != SA_SIZE)
		return zu_fail(err, ZU_EFORMAT,
			       "its header contradicts itself: page size %u, header size %u",
			       zu_be32(h + SA_PAGE_SIZE),
			       zu_be32(h + SA_HDR_SIZE));
	if (zu_be64(h + SA_MEM_START))
		return zu_fail(err, ZU_ENOTSUP,
			       "its memory does not begin at address 0");
	if (zu_be32(h + SA_NUM_PAGES) > zu_be64(h + SA_MEM_SIZE) / PAGE_SIZE)
		return zu_fail(err, ZU_EFORMAT,
			       "its header contradicts itself: %u pages in %" PRIu64 " bytes of memory",
			       zu_be32(h + SA_NUM_PAGES),
			       zu_be64(h + SA_MEM_SIZE));
	if (__builtin_add_overflow(zu_be64(h + SA_MEM_SIZE),
				   SA_SIZE + SA_END_SIZE, &end))
		return zu_fail(err, ZU_EFORMAT,
			       "its memory has an impossible size");
	ret = read_piece(f, "its memory", end - sizeof(mark), mark,
			 sizeof(mark), err);
	if (ret)
		return ret;
	if (memcmp(mark, SA_END, strlen(SA_END)))
		return zu_fail(err, ZU_EFORMAT,
			       "the dump was not finished: there is no end mark behind its memory");
	return 0;
}

/* Where the parts of a kdump-compressed file are */
struct parts {
	uint64_t bitmap;	/* of the pages in the file */
	uint64_t bitmap_size;
	uint64_t desc;
};

static int check_machine(const uint8_t *h, struct zu_error *err)
{
	char machine[DH_MACHINE_SIZE + 1] = "";
	size_t i;

	memcpy(machine, h + DH_MACHINE, DH_MACHINE_SIZE);
	/* it goes into a message */
	for (i = 0; machine[i]; i++) {
		if (machine[i] < ' ' || machine[i] > '~')
			machine[i] = '?';
	}
	/* QEMU writes capitals */
	if (strcasecmp(machine, "s390x"))
		return zu_fail(err, ZU_ENOTSUP,
			       "this is a dump of machine \"%s\"; zunwind reads dumps of s390x",
			       machine);
	return 0;
}

static int check_headers(const struct zu_file *f, const uint8_t *h,
			 struct zu_kdump_facts *facts, struct zu_error *err)
{
	const uint8_t *sub = h + PAGE_SIZE;
	uint32_t version;
	int ret;

	ret = check_machine(h, err);
	if (ret)
		return ret;
	version = zu_be32(h + DH_VERSION);
	if (version < 1 || version > 0xffff)
		return zu_fail(err, ZU_ENOTSUP, "header version %u", version);
	if (zu_be32(h + DH_BLOCK_SIZE) != PAGE_SIZE)
		return zu_fail(err, ZU_EFORMAT,
			       "its blocks have %u bytes, pages of s390x have %" PRIu64,
			       zu_be32(h + DH_BLOCK_SIZE), PAGE_SIZE);
	if (zu_be32(h + DH_STATUS) & DH_STATUS_INCOMPLETE)
		return zu_fail(err, ZU_EFORMAT,
			       "the dump is marked incomplete: there was no room for all of it");
	if (version >= 2 && zu_be32(sub + SH_SPLIT))
		return zu_fail(err, ZU_ENOTSUP,
			       "this is one file of a split dump: join them with makedumpfile --reassemble");
	if (version >= 3) {
		facts->vmcoreinfo = zu_be64(sub + SH_VMCOREINFO);
		facts->vmcoreinfo_len = zu_be64(sub + SH_VMCOREINFO_SIZE);
		ret = check_piece(f, "VMCOREINFO", facts->vmcoreinfo,
				  facts->vmcoreinfo_len, err);
	}
	if (!ret && version >= 4)
		ret = check_piece(f, "the area of notes",
				  zu_be64(sub + SH_NOTE),
				  zu_be64(sub + SH_NOTE_SIZE), err);
	return ret;
}

static int find_parts(const struct zu_file *f, const uint8_t *h,
		      struct parts *parts, struct zu_error *err)
{
	uint64_t blocks = zu_be32(h + DH_BITMAP_BLOCKS);
	uint64_t pages = zu_be32(h + DH_MAX_MAPNR);
	uint64_t start = (1 + (uint64_t)zu_be32(h + DH_SUB_HDR_SIZE)) *
			 PAGE_SIZE;
	int ret;

	if (zu_be32(h + DH_VERSION) >= 6)
		pages = zu_be64(h + PAGE_SIZE + SH_MAX_MAPNR);
	if (!blocks)
		return zu_fail(err, ZU_EFORMAT, "it has no bitmap of pages");
	ret = check_piece(f, "its bitmap", start, blocks * PAGE_SIZE, err);
	if (ret)
		return ret;
	/* usually two: pages that exist, then pages that were dumped */
	parts->bitmap = start;
	parts->bitmap_size = blocks * PAGE_SIZE;
	parts->desc = start + parts->bitmap_size;
	if (pages <= parts->bitmap_size * 8 / 2) {
		parts->bitmap_size = blocks / 2 * PAGE_SIZE;
		parts->bitmap += parts->bitmap_size;
	}
	if (pages > parts->bitmap_size * 8)
		return zu_fail(err, ZU_EFORMAT,
			       "its bitmap is too small for %" PRIu64 " pages",
			       pages);
	return 0;
}

static int check_page(const struct zu_file *f, uint64_t addr,
		      const uint8_t *desc, struct zu_kdump_facts *facts,
		      struct zu_error *err)
{
	uint64_t offset = zu_be64(desc), end;
	uint32_t size = zu_be32(desc + 8);
	uint32_t fresh = zu_be32(desc + 12) & ~facts->methods;

	if (!size || size > PAGE_SIZE ||
	    __builtin_add_overflow(offset, size, &end))
		return zu_fail(err, ZU_EFORMAT,
			       "page 0x%" PRIx64 " has an impossible size",
			       addr);
	if (end > f->size)
		return zu_fail(err, ZU_EFORMAT,
			       "file is truncated: page 0x%" PRIx64 " ends at byte %" PRIu64 ", the file at %" PRIu64,
			       addr, end, f->size);
	for (; fresh; fresh &= fresh - 1)
		facts->sample[__builtin_ctz(fresh)] = addr;
	facts->methods |= zu_be32(desc + 12);
	return 0;
}

/* Descriptors, read by the block */
struct descs {
	uint64_t pos;			/* in the file, behind the block */
	size_t used, count;		/* of the block */
	uint8_t block[170 * PD_SIZE];
};

static int next_desc(const struct zu_file *f, struct descs *d,
		     const uint8_t **ret, struct zu_error *err)
{
	uint64_t left = (f->size - d->pos) / PD_SIZE;
	int code;

	if (d->used == d->count) {
		if (!left)
			return zu_fail(err, ZU_EFORMAT,
				       "file is truncated: it ends at byte %" PRIu64 ", in the descriptors of pages",
				       f->size);
		d->used = 0;
		d->count = sizeof(d->block) / PD_SIZE;
		if (d->count > left)
			d->count = (size_t)left;
		code = read_piece(f, "the descriptors of pages", d->pos,
				  d->block, d->count * PD_SIZE, err);
		if (code)
			return code;
		d->pos += d->count * PD_SIZE;
	}
	*ret = d->block + d->used++ * PD_SIZE;
	return 0;
}

/* Eight pages of the bitmap */
static int check_byte(const struct zu_file *f, struct descs *d, uint8_t bits,
		      uint64_t addr, struct zu_kdump_facts *facts,
		      struct zu_error *err)
{
	const uint8_t *desc = NULL;
	int ret = 0;

	for (; bits && !ret; bits >>= 1, addr += PAGE_SIZE) {
		if (!(bits & 1))
			continue;
		ret = next_desc(f, d, &desc, err);
		if (!ret)
			ret = check_page(f, addr, desc, facts, err);
	}
	return ret;
}

static int check_pages(const struct zu_file *f, const struct parts *parts,
		       struct zu_kdump_facts *facts, struct zu_error *err)
{
	struct descs descs = { .pos = parts->desc };
	uint8_t bitmap[PAGE_SIZE];
	uint64_t i;
	int ret;

	for (i = 0; i < parts->bitmap_size; i++) {
		if (i % PAGE_SIZE == 0) {
			ret = read_piece(f, "its bitmap", parts->bitmap + i,
					 bitmap, sizeof(bitmap), err);
			if (ret)
				return ret;
		}
		ret = check_byte(f, &descs, bitmap[i % PAGE_SIZE],
				 i * 8 * PAGE_SIZE, facts, err);
		if (ret)
			return ret;
	}
	if (descs.pos == parts->desc)
		return zu_fail(err, ZU_EFORMAT, "it has no memory in it");
	return 0;
}

static int check_disk(const struct zu_file *f, struct zu_kdump_facts *facts,
		      struct zu_error *err)
{
	struct parts parts = { 0 };
	uint8_t h[2 * PAGE_SIZE];
	int ret;

	ret = read_piece(f, "its header", 0, h, sizeof(h), err);
	if (!ret)
		ret = check_headers(f, h, facts, err);
	if (!ret)
		ret = find_parts(f, h, &parts, err);
	if (!ret)
		ret = check_pages(f, &parts, facts, err);
	return ret;
}

/* Pieces of a kdump-compressed file, in the order they were written */
static int check_flat(const struct zu_file *f, struct zu_error *err)
{
	uint8_t piece[FLAT_PIECE];
	uint64_t pos = FLAT_SIZE;
	int ret;

	for (;;) {
		ret = read_piece(f, "a piece", pos, piece, sizeof(piece), err);
		if (ret)
			return ret;
		if (zu_be64(piece) == UINT64_MAX)
			return 0;
		pos += sizeof(piece);
		ret = check_piece(f, "a piece", pos, zu_be64(piece + 8), err);
		if (ret)
			return ret;
		pos += zu_be64(piece + 8);
	}
}

int zu_kdump_check(const struct zu_file *file, struct zu_kdump_facts *facts,
		   struct zu_error *err)
{
	uint8_t head[ZU_KDUMP_MAGIC_SIZE];

	if (zu_file_read(file, 0, head, sizeof(head)))
		return ZU_ENOTMINE;
	memset(facts, 0, sizeof(*facts));
	switch (zu_kdump_kind(head)) {
	case ZU_KDUMP_NONE:
		return ZU_ENOTMINE;
	case ZU_KDUMP_FLAT:
		return check_flat(file, err);
	case ZU_KDUMP_ALONE:
		return check_alone(file, err);
	case ZU_KDUMP_DISK:
		return check_disk(file, facts, err);
	}
	return ZU_ENOTMINE;
}
