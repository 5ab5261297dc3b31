/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What check/sframe_make.c collects and check/sframe_write.c writes. */
#ifndef ZU_CHECK_SFRAME_PRIVATE_H
#define ZU_CHECK_SFRAME_PRIVATE_H

#include "check/sframe_make.h"

/**
 * struct zu_sframe_maker_fde - a piece of a function
 * @addr: where it is
 * @size: bytes
 * @data: offset of its attributes and rows
 */
struct zu_sframe_maker_fde {
	uint64_t addr;
	uint32_t size;
	uint32_t data;
};

/**
 * zu_sframe_write() - write what has been collected
 * @m: the maker; its entries are sorted
 * @id: build ID
 * @id_len: its length
 * @bytes: the file; to be given to free()
 * @len: its length
 * @err: the causes
 *
 * Return: 0; ZU_ENOTSUP, ZU_ENOMEM as zu_sframe_maker_finish().
 */
int zu_sframe_write(const struct zu_sframe_maker *m, const uint8_t *id,
		    size_t id_len, void **bytes, size_t *len,
		    struct zu_error *err);

#endif
