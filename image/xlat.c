/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits are named and numbered as in the Principles of Operation (SA22-7832),
 * chapter 3: bit 0 is the leftmost.
 *
 * Table origins: the Principles of Operation leave it open whether they are
 * real or absolute addresses ("Address Translation: Handling of Addresses").
 * They are taken as absolute here. It makes no difference to what Linux
 * builds: page tables are in memory of the page allocator, never in the first
 * 8 KiB or in the prefix area of a CPU. The address that translation ends in
 * is real beyond doubt, and prefixing applies to it.
 */
#include "image/xlat.h"

#include <stdbool.h>
#include <string.h>

#include "core/bytes.h"

#define BIT(n)		(UINT64_C(1) << (63 - (n)))
/* bits from..to as a number */
#define BITS(v, from, to) \
	((v) >> (63 - (to)) & ((UINT64_C(1) << ((to) - (from) + 1)) - 1))

#define PAGE_SIZE	UINT64_C(0x1000)
#define PREFIX_SIZE	UINT64_C(0x2000)

/* ASCE */
#define ASCE_R		BIT(58)			/* real-space control */
#define ASCE_DT(v)	BITS(v, 60, 61)		/* designation type */
#define ASCE_TL(v)	BITS(v, 62, 63)		/* table length */

/* Region- and segment-table entries */
#define ENTRY_FC	BIT(53)			/* format control */
#define ENTRY_I		BIT(58)			/* invalid */
#define ENTRY_TF(v)	BITS(v, 56, 57)		/* table offset */
#define ENTRY_TT(v)	BITS(v, 60, 61)		/* table type */
#define ENTRY_TL(v)	BITS(v, 62, 63)		/* table length */

/* Page-table entries */
#define PTE_ZERO	BIT(52)			/* must be zero */
#define PTE_I		BIT(53)			/* invalid */

/* Origins and frames */
#define TABLE_ORIGIN	(~UINT64_C(0xfff))	/* bits 0-51 */
#define PAGE_TABLE_ORIGIN (~UINT64_C(0x7ff))	/* bits 0-52 */
#define PAGE_FRAME	(~UINT64_C(0xfff))	/* bits 0-51 */
#define SEGMENT_FRAME	(~UINT64_C(0xfffff))	/* bits 0-43 */
#define REGION_FRAME	(~UINT64_C(0x7fffffff))	/* bits 0-32 */

/* Table types, and so levels; ENTRY_TT() and ASCE_DT() count alike */
enum { SEGMENT, REGION_THIRD, REGION_SECOND, REGION_FIRST };

/* Address bits below the index into a table of that type */
static const unsigned int shift_of[] = { 20, 31, 42, 53 };

#define INDEX_BITS	11

void zu_xlat_init(struct zu_xlat *x, struct zu_image *image, uint64_t asce,
		  uint64_t prefix)
{
	memset(x, 0, sizeof(*x));
	x->image = image;
	x->asce = asce;
	x->prefix = prefix;
}

static int read_entry(struct zu_xlat *x, uint64_t table, unsigned int index,
		      uint64_t *ret)
{
	uint8_t raw[8];
	int code;

	/* a table does not wrap: none is at the end of a 64-bit space */
	if (__builtin_add_overflow(table, index * sizeof(raw), &table))
		return ZU_EFAULT;
	code = zu_image_read_abs(x->image, table, raw, sizeof(raw));
	if (!code)
		*ret = zu_be64(raw);
	return code;
}

static int walk_page_table(struct zu_xlat *x, uint64_t table, uint64_t virt,
			   uint64_t *real)
{
	uint64_t pte;
	int ret;

	ret = read_entry(x, table, (unsigned int)(virt >> 12 & 0xff), &pte);
	if (ret)
		return ret;
	if (pte & PTE_I)
		return ZU_EFAULT;
	if (pte & PTE_ZERO)
		return ZU_EFORMAT;
	*real = (pte & PAGE_FRAME) | (virt & ~PAGE_FRAME);
	return 0;
}

static int walk(struct zu_xlat *x, uint64_t virt, uint64_t *real)
{
	unsigned int level = (unsigned int)ASCE_DT(x->asce);
	unsigned int beyond = shift_of[level] + INDEX_BITS;
	uint64_t table = x->asce & TABLE_ORIGIN;
	/* the part of the table that exists, in quarters */
	uint64_t first = 0, last = ASCE_TL(x->asce);

	if (x->asce & ASCE_R) {
		*real = virt;
		return 0;
	}
	if (beyond < 64 && virt >> beyond)
		return ZU_EFAULT;

	for (;; level--) {
		unsigned int index = virt >> shift_of[level] & 0x7ff;
		uint64_t entry;
		int ret;

		if (index >> 9 < first || index >> 9 > last)
			return ZU_EFAULT;
		ret = read_entry(x, table, index, &entry);
		if (ret)
			return ret;
		if (entry & ENTRY_I)
			return ZU_EFAULT;
		if (ENTRY_TT(entry) != level)
			return ZU_EFORMAT;
		if (level == REGION_THIRD && (entry & ENTRY_FC)) {
			*real = (entry & REGION_FRAME) |
				(virt & ~REGION_FRAME);
			return 0;
		}
		if (level == SEGMENT && (entry & ENTRY_FC)) {
			*real = (entry & SEGMENT_FRAME) |
				(virt & ~SEGMENT_FRAME);
			return 0;
		}
		if (level == SEGMENT)
			return walk_page_table(x, entry & PAGE_TABLE_ORIGIN,
					       virt, real);
		table = entry & TABLE_ORIGIN;
		first = ENTRY_TF(entry);
		last = ENTRY_TL(entry);
	}
}

/* Prefixing: the first 8 KiB and the prefix area change places */
static uint64_t real_to_abs(const struct zu_xlat *x, uint64_t real)
{
	if (x->prefix == ZU_NO_PREFIX)
		return real;
	if (real < PREFIX_SIZE)
		return real + x->prefix;
	if (real - x->prefix < PREFIX_SIZE)
		return real - x->prefix;
	return real;
}

/*
 * Kernel stacks are powers of two apart, so their page numbers alone would
 * fall into few slots: multiply by 2^64 / phi and take the upper bits.
 */
static struct zu_xlat_page *tlb_slot(struct zu_xlat *x, uint64_t virt)
{
	uint64_t hash = (virt >> 12) * UINT64_C(0x9e3779b97f4a7c15);

	return &x->tlb[hash / (UINT64_MAX / ZU_XLAT_TLB_SIZE + 1)];
}

static bool tlb_hit(const struct zu_xlat_page *p, uint64_t virt)
{
	return p->page == ((virt & PAGE_FRAME) | 1);
}

static int tlb_fill(struct zu_xlat *x, struct zu_xlat_page *p, uint64_t virt)
{
	const struct zu_image_kind *kind = x->image->kind;
	uint64_t page = virt & PAGE_FRAME, real;
	int ret;

	ret = walk(x, page, &real);
	if (ret)
		return ret;
	p->page = page | 1;
	p->abs = real_to_abs(x, real);
	p->mem = kind->map_abs ? kind->map_abs(x->image, p->abs, PAGE_SIZE) :
		 NULL;
	return 0;
}

int zu_xlat_abs(struct zu_xlat *x, uint64_t virt, uint64_t *abs)
{
	struct zu_xlat_page *p = tlb_slot(x, virt);
	int ret;

	if (!tlb_hit(p, virt)) {
		ret = tlb_fill(x, p, virt);
		if (ret)
			return ret;
	}
	*abs = p->abs | (virt & ~PAGE_FRAME);
	return 0;
}

/* Inside one page */
static int read_in_page(struct zu_xlat *x, uint64_t virt, void *buf,
			size_t len)
{
	struct zu_xlat_page *p = tlb_slot(x, virt);
	uint64_t offset = virt & ~PAGE_FRAME;
	int ret;

	if (!tlb_hit(p, virt)) {
		ret = tlb_fill(x, p, virt);
		if (ret)
			return ret;
	}
	if (!p->mem)
		return zu_image_read_abs(x->image, p->abs | offset, buf, len);
	if (len == sizeof(uint64_t))	/* the usual, without a call */
		memcpy(buf, p->mem + offset, sizeof(uint64_t));
	else
		memcpy(buf, p->mem + offset, len);
	return 0;
}

/* How much from @virt on, at most @len, is in one piece at *abs */
static int find_run(struct zu_xlat *x, uint64_t virt, size_t len,
		    uint64_t *abs, size_t *run)
{
	uint64_t next;
	size_t n = PAGE_SIZE - (virt & ~PAGE_FRAME);
	int ret;

	ret = zu_xlat_abs(x, virt, abs);
	while (!ret && n < len) {
		ret = zu_xlat_abs(x, virt + n, &next);
		if (ret || next != *abs + n)
			break;
		n += PAGE_SIZE;
	}
	*run = n < len ? n : len;
	return ret;
}

int zu_xlat_read(struct zu_xlat *x, uint64_t virt, void *buf, size_t len)
{
	uint64_t abs, end;
	size_t n;
	int ret;

	if (!len)
		return 0;
	if (len <= PAGE_SIZE - (virt & ~PAGE_FRAME))
		return read_in_page(x, virt, buf, len);
	if (__builtin_add_overflow(virt, len - 1, &end))
		return ZU_EFAULT;
	while (len) {
		ret = find_run(x, virt, len, &abs, &n);
		if (!ret)
			ret = zu_image_read_abs(x->image, abs, buf, n);
		if (ret)
			return ret;
		virt += n;
		buf = (char *)buf + n;
		len -= n;
	}
	return 0;
}
