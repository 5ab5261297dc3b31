/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making unwind tables (core/table.h; the bytes: doc/table.md).
 *
 *	struct zu_table_maker m = ZU_TABLE_MAKER_INIT;
 *
 *	zu_table_maker_object(&m, "", id, id_len, text_size, &err);
 *		zu_table_maker_func(&m, func_offset, func_len, rows, nr, &err);
 *			zu_table_maker_call(&m, call_offset, &err);
 *			... all of its calls, in order ...
 *			zu_table_maker_exit(&m, other_func_offset, &err);
 *			... all of its exits, in any order ...
 *		... all functions, in order of their addresses ...
 *	... all modules, in any order ...
 *	zu_table_maker_finish(&m, &bytes, &len, &err);
 *	zu_table_maker_deinit(&m);
 *
 * After finish, or a failure, only deinit is left to call.
 */
#ifndef ZU_CHECK_TABLE_MAKE_H
#define ZU_CHECK_TABLE_MAKE_H

#include "flow/flow.h"

struct zu_table_maker_func;
struct zu_table_maker_object;
struct zu_table_maker_row;
struct zu_table_maker_state;

/**
 * struct zu_table_maker - a table in the making
 * @unfit: rows that the format can't hold, such as a frame of over 256 KiB;
 *	they are made undefined
 *
 * The rest is private.
 */
struct zu_table_maker {
	uint64_t unfit;

	struct zu_table_maker_object *objects;
	size_t nr_objects;
	size_t cap_objects;
	struct zu_table_maker_row *rows;
	size_t nr_rows;
	size_t cap_rows;
	struct zu_table_maker_func *funcs;
	size_t nr_funcs;
	size_t cap_funcs;
	uint32_t *calls;
	size_t nr_calls;
	size_t cap_calls;
	uint32_t *exits;
	size_t nr_exits;
	size_t cap_exits;
	struct zu_table_maker_state *states;
	size_t nr_states;
	size_t cap_states;
	uint32_t *hash;
	size_t hash_size;
};

/** ZU_TABLE_MAKER_INIT - before the first object */
#define ZU_TABLE_MAKER_INIT { .unfit = 0 }

/**
 * zu_table_maker_object() - begin an object
 * @m: the maker
 * @name: "" for a kernel, else a module's name; copied
 * @build_id: its build ID; copied. NULL if @build_id_len is 0.
 * @build_id_len: its length, up to ZU_TABLE_BUILD_ID
 * @text_size: bytes of its text
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if the name has blanks or unprintable characters, or
 * the build ID or the text is too long; ZU_ENOMEM.
 */
int zu_table_maker_object(struct zu_table_maker *m, const char *name,
			  const uint8_t *build_id, size_t build_id_len,
			  uint64_t text_size, struct zu_error *err);

/**
 * zu_table_maker_func() - add a function of the object begun last
 * @m: the maker
 * @offset: where it is, from the start of the text; behind the functions added
 *	before. What lies between is undefined.
 * @len: its length
 * @rows: its rows, as in struct zu_flow
 * @nr: how many; 0: the function is undefined
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if the function or a row is not where it may be, the
 * function is empty, or there is no object; ZU_ENOTSUP if there are more
 * different rows than a table can hold, or more functions in a block of text;
 * ZU_ENOMEM.
 */
int zu_table_maker_func(struct zu_table_maker *m, uint64_t offset,
			uint32_t len, const struct zu_flow_row *rows,
			size_t nr, struct zu_error *err);

/**
 * zu_table_maker_call() - add a call of the function added last
 * @m: the maker
 * @last: the last halfword of the instruction, from the start of the text
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if it is not in that function, or not behind the call
 * added before; ZU_ENOMEM.
 */
int zu_table_maker_call(struct zu_table_maker *m, uint64_t last,
			struct zu_error *err);

/**
 * zu_table_maker_exit() - add an exit of the function added last
 * @m: the maker
 * @exit: as in a table: where a function starts that it jumps to, or with
 *	ZU_TABLE_EXIT_JUMP where it has a jump that leads out of the object;
 *	from the start of the text. Those that are there already are ignored.
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if there is no function, or the jump is not in it;
 * ZU_ENOMEM.
 */
int zu_table_maker_exit(struct zu_table_maker *m, uint32_t exit,
			struct zu_error *err);

/**
 * zu_table_maker_flags() - say more of the function added last
 * @m: the maker; nothing happens if it has no function
 * @anywhere: it can jump to what a register holds
 * @thunk: it does nothing else
 */
void zu_table_maker_flags(struct zu_table_maker *m, bool anywhere, bool thunk);

/**
 * zu_table_maker_finish() - the table
 * @m: the maker
 * @bytes: the file; to be given to free()
 * @len: its length
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if there is no object, two have one name, or an exit
 * leads to what is no function; ZU_ENOTSUP if the table would be too large;
 * ZU_ENOMEM.
 */
int zu_table_maker_finish(struct zu_table_maker *m, void **bytes, size_t *len,
			  struct zu_error *err);

/**
 * zu_table_maker_deinit() - release the memory
 * @m: the maker; ZU_TABLE_MAKER_INIT afterwards
 */
void zu_table_maker_deinit(struct zu_table_maker *m);

#endif
