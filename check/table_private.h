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
 * @first_func: its first function
 * @nr_funcs: how many it has
 * @first_call: its first call
 * @nr_calls: how many it has
 */
struct zu_table_maker_object {
	char *name;
	uint8_t build_id[ZU_TABLE_BUILD_ID];
	uint32_t build_id_len;
	uint32_t size;
	uint32_t end;
	size_t first_row;
	size_t nr_rows;
	size_t first_func;
	size_t nr_funcs;
	size_t first_call;
	size_t nr_calls;
};

/**
 * struct zu_table_maker_func - a function
 * @offset: from the start of the object's text
 * @flags: ZU_TABLE_ANYWHERE, ZU_TABLE_THUNK
 * @first_exit: its first exit
 * @nr_exits: how many it has; when writing: different ones
 */
struct zu_table_maker_func {
	uint32_t offset;
	uint32_t flags;
	size_t first_exit;
	size_t nr_exits;
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
 * struct zu_table_out - a file that is being written
 * @m: the maker
 * @bytes: the file; as large as it can become
 * @at: bytes written
 */
struct zu_table_out {
	const struct zu_table_maker *m;
	uint8_t *bytes;
	size_t at;
};

/**
 * zu_table_maker_mark() - a function of the object begun last
 * @m: the maker; has an object
 * @offset: where it starts: behind the one before, in the text
 * @err: the causes
 *
 * Return: 0; ZU_ENOTSUP, ZU_ENOMEM as zu_table_maker_func().
 */
int zu_table_maker_mark(struct zu_table_maker *m, uint32_t offset,
			struct zu_error *err);

/**
 * zu_table_sort_exits() - bring exits into the order they have in the file
 * @m: the maker
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if one is no function.
 */
int zu_table_sort_exits(struct zu_table_maker *m, struct zu_error *err);

/**
 * zu_table_count_exits() - functions with exits
 * @m: the maker
 * @o: an object of it
 *
 * Return: how many.
 */
uint32_t zu_table_count_exits(const struct zu_table_maker *m,
			      const struct zu_table_maker_object *o);

/**
 * zu_table_code_bytes() - the most that marks and exits can take
 * @m: the maker
 *
 * Return: bytes.
 */
uint64_t zu_table_code_bytes(const struct zu_table_maker *m);

/**
 * zu_table_put_code() - write marks and exits of an object
 * @out: the file
 * @o: the object
 */
void zu_table_put_code(struct zu_table_out *out,
		       const struct zu_table_maker_object *o);

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
