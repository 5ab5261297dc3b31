/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address translation of s390x: from kernel virtual to absolute addresses.
 *
 * The tables are those of the Principles of Operation, chapter 3, "Dynamic
 * Address Translation": up to three region levels, segment and page tables,
 * with 1 MiB segments and 2 GiB regions (EDAT-1, EDAT-2). A walk gives a real
 * address; prefixing makes it absolute.
 */
#ifndef ZU_IMAGE_XLAT_H
#define ZU_IMAGE_XLAT_H

#include <stddef.h>
#include <stdint.h>

#include "image/image.h"

/** ZU_XLAT_TLB_SIZE - translations remembered; a power of two */
#define ZU_XLAT_TLB_SIZE 1024

/** ZU_NO_PREFIX - do not apply prefixing: take real addresses for absolute */
#define ZU_NO_PREFIX UINT64_MAX

/**
 * struct zu_xlat - an address space
 * @image: gives the tables; must outlive this
 * @asce: address space control element: origin, type and length of the top
 *	table
 * @prefix: absolute address of the prefix area of the CPU whose view this is,
 *	or ZU_NO_PREFIX
 * @tlb: remembered translations (page by page), private
 *
 * Caller-owned. Fill the first three fields by zu_xlat_init().
 */
struct zu_xlat {
	struct zu_image *image;
	uint64_t asce;
	uint64_t prefix;
	struct zu_xlat_page {
		uint64_t page;	/* virtual page address | 1, 0 = empty */
		uint64_t abs;
		const uint8_t *mem;	/* the page itself, or NULL */
	} tlb[ZU_XLAT_TLB_SIZE];
};

/**
 * zu_xlat_init() - set up an address space
 * @x: any content
 * @image: an image that can read absolute storage
 * @asce: address space control element
 * @prefix: prefix area, or ZU_NO_PREFIX
 */
void zu_xlat_init(struct zu_xlat *x, struct zu_image *image, uint64_t asce,
		  uint64_t prefix);

/**
 * zu_xlat_abs() - translate
 * @x: the address space
 * @virt: virtual address
 * @abs: absolute address
 *
 * Return: 0; ZU_EFAULT if @virt is not mapped (invalid entry, index outside a
 * table's length, beyond the address space) or if a table is not in the
 * image; ZU_EFORMAT if a table entry is not of the type that belongs at its
 * level. At most five table entries are read.
 */
int zu_xlat_abs(struct zu_xlat *x, uint64_t virt, uint64_t *abs);

/**
 * zu_xlat_read() - read virtual memory
 * @x: the address space
 * @virt: virtual address; a range that wraps around is not mapped
 * @buf: where to
 * @len: how much; on failure the contents of @buf are undefined
 *
 * Return: 0 or as zu_xlat_abs().
 */
int zu_xlat_read(struct zu_xlat *x, uint64_t virt, void *buf, size_t len);

#endif
