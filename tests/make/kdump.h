/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes kdump-compressed and s390 stand-alone dumps, as image/kdump_check.c
 * describes them. Memory is MK_PAGES pages; page 3 is not in a kdump.
 */
#ifndef ZU_TESTS_MAKE_KDUMP_H
#define ZU_TESTS_MAKE_KDUMP_H

#include "tests/make/bytes.h"

#define MK_PAGE		0x1000
#define MK_PAGES	9
#define MK_NO_PAGE	3	/* not dumped */
#define MK_ZERO_PAGE	5	/* compressed */

/* kdump-compressed: header, sub header, two bitmaps, descriptors, data */
#define MK_SUB		MK_PAGE
#define MK_BITMAP	(2 * MK_PAGE)
#define MK_DESC		(4 * MK_PAGE)
#define MK_DESC_SIZE	24
#define MK_INFO		(5 * MK_PAGE)
#define MK_DATA		(6 * MK_PAGE)

static inline void mk_kdump_headers(struct mk *m, const char *machine,
				    const char *vmcoreinfo)
{
	mk_put(m, 0, "KDUMP   ", 8);
	mk_be32(m, 8, 6);			/* header_version */
	mk_put(m, 12, "Linux", 6);
	mk_put(m, 12 + 4 * 65, machine, strlen(machine) + 1);
	mk_be32(m, 428, MK_PAGE);		/* block_size */
	mk_be32(m, 432, 1);			/* sub_hdr_size */
	mk_be32(m, 436, 2);			/* bitmap_blocks */
	mk_be32(m, 440, MK_PAGES);		/* max_mapnr */
	mk_be64(m, MK_SUB + 96, MK_PAGES);	/* max_mapnr_64 */
	if (vmcoreinfo) {
		mk_be64(m, MK_SUB + 32, MK_INFO);
		mk_be64(m, MK_SUB + 40, strlen(vmcoreinfo));
		mk_put(m, MK_INFO, vmcoreinfo, strlen(vmcoreinfo));
	}
}

/* The file offset of the descriptor of the @i-th page that was dumped */
static inline size_t mk_desc(unsigned int i)
{
	return MK_DESC + (size_t)i * MK_DESC_SIZE;
}

static inline void mk_kdump(struct mk *m, const char *machine,
			    const char *vmcoreinfo)
{
	/* zlib.compress(bytes(4096)) */
	static const uint8_t zeros[] = {
		0x78, 0x9c, 0xed, 0xc1, 0x01, 0x0d, 0x00, 0x00, 0x00,
		0xc2, 0xa0, 0xf7, 0x4f, 0x6d, 0x0f, 0x07, 0x14, 0x00,
		0x00, 0x00, 0xf0, 0x6e, 0x10, 0x00, 0x00, 0x01,
	};
	unsigned int pfn, i = 0;
	size_t at = MK_DATA;

	memset(m, 0, sizeof(*m));
	mk_kdump_headers(m, machine, vmcoreinfo);
	for (pfn = 0; pfn < MK_PAGES; pfn++) {
		bool zero = pfn == MK_ZERO_PAGE;
		size_t len = zero ? sizeof(zeros) : MK_PAGE;

		*mk_at(m, MK_BITMAP + pfn / 8, 1) |=
			(uint8_t)(1 << pfn % 8);
		if (pfn == MK_NO_PAGE)
			continue;
		*mk_at(m, MK_BITMAP + MK_PAGE + pfn / 8, 1) |=
			(uint8_t)(1 << pfn % 8);
		mk_be64(m, mk_desc(i), at);
		mk_be32(m, mk_desc(i) + 8, (uint32_t)len);
		mk_be32(m, mk_desc(i) + 12, zero);
		i++;
		if (zero)
			mk_put(m, at, zeros, len);
		else
			mk_memory(m, at, pfn * MK_PAGE, len);
		at += len;
	}
}

/* The same in makedumpfile's flattened form, in two pieces */
static inline void mk_kdump_flat(struct mk *m, const char *machine)
{
	struct mk plain;
	size_t half, at = MK_PAGE;

	mk_kdump(&plain, machine, NULL);
	half = plain.len / 2;
	memset(m, 0, sizeof(*m));
	mk_put(m, 0, "makedumpfile", 12);
	mk_be64(m, 16, 1);			/* type: flattened */
	mk_be64(m, 24, 1);			/* version */
	mk_be64(m, at, 0);
	mk_be64(m, at + 8, half);
	mk_put(m, at + 16, plain.data, half);
	at += 16 + half;
	mk_be64(m, at, half);
	mk_be64(m, at + 8, plain.len - half);
	mk_put(m, at + 16, plain.data + half, plain.len - half);
	at += 16 + plain.len - half;
	mk_be64(m, at, UINT64_MAX);
	mk_be64(m, at + 8, UINT64_MAX);
	mk_free(&plain);
}

static inline void mk_alone(struct mk *m)
{
	const size_t end = MK_PAGE + MK_PAGES * MK_PAGE;

	memset(m, 0, sizeof(*m));
	mk_be64(m, 0, UINT64_C(0xa8190173618f23fd));
	mk_be32(m, 8, 4);			/* version */
	mk_be32(m, 12, MK_PAGE);		/* hdr_size */
	mk_be32(m, 16, 4);			/* dump_level */
	mk_be32(m, 20, MK_PAGE);		/* page_size */
	mk_be64(m, 24, MK_PAGES * MK_PAGE);	/* mem_size */
	mk_be64(m, 40, MK_PAGES * MK_PAGE);	/* mem_end */
	mk_be32(m, 48, MK_PAGES);		/* num_pages */
	mk_be64(m, 56, 1);			/* tod */
	mk_be32(m, 72, 2);			/* arch: 64 bit */
	mk_memory(m, MK_PAGE, 0, MK_PAGES * MK_PAGE);
	mk_put(m, end, "DUMP_END", 8);
	mk_be64(m, end + 8, 2);
}

#endif
