/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What check/table_make.c collects and check/table_write.c writes. */
#ifndef ZU_CHECK_TABLE_PRIVATE_H
#define ZU_CHECK_TABLE_PRIVATE_H

#include "check/table_make.h"
#include "core/table.h"

/**
 * struct zu_table_maker_object - an object
 * @name: its name; owned
 * @build_id: its build ID
 * @build_id_len: the length
 * @size: bytes of text
 * @end: where the last function so far ends
 * @first_row: its first row
 * @nr_rows: how many it has
 */
struct zu_table_maker_object {
	char *name;
	uint8_t build_id[ZU_TABLE_BUILD_ID];
	uint32_t build_id_len;
	uint32_t size;
	uint32_t end;
	size_t first_row;
	size_t nr_rows;
};

/**
 * struct zu_table_maker_row - a row
 * @offset: from the start of the object's text
 * @state: number of its state
 */
struct zu_table_maker_row {
	uint32_t offset;
	uint32_t state;
};

/**
 * struct zu_table_maker_state - what rows say
 * @key: the bytes of the state, as a number: in the same order
 * @uses: rows that say it
 * @number: when writing: its number in the file
 */
struct zu_table_maker_state {
	uint64_t key;
	uint32_t uses;
	uint32_t number;
};

/* Spread the bits of a state's bytes. */
static inline size_t zu_state_hash(uint64_t key)
{
	return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 40);
}

/**
 * zu_table_write() - write what has been collected
 * @m: the maker; its objects and states change
 * @bytes: the file; to be given to free()
 * @len: its length
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL, ZU_ENOTSUP, ZU_ENOMEM as zu_table_maker_finish().
 */
int zu_table_write(struct zu_table_maker *m, void **bytes, size_t *len,
		   struct zu_error *err);

#endif
