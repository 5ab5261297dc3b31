/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Unwind tables: rows for code addresses, and what strict rules ask of code
 * besides: where functions start, where calls end, where functions can be left
 * for others. doc/table.md tells what they are, core/table_format.h has the
 * bytes.
 *
 * A table file is about one kernel and holds one object for the kernel itself
 * and one for each module, each named by its build ID. An object's addresses
 * are offsets from the start of its text, so that a table holds wherever KASLR
 * or the module loader put the code.
 *
 * Invariants
 * - zu_table_init() validates everything; what it accepts can be looked up
 *   without any check and without a fault, whatever the address.
 * - Nothing is copied: the bytes must outlive the table and its objects, and
 *   not change.
 * - Look-up is bounded, allocates nothing and has few branches.
 */
#ifndef ZU_CORE_TABLE_H
#define ZU_CORE_TABLE_H

#include "core/err.h"
#include "core/row.h"

/** ZU_TABLE_BUILD_ID - longest build ID */
#define ZU_TABLE_BUILD_ID 32

/** ZU_TABLE_MAGIC - what a table file begins with */
#define ZU_TABLE_MAGIC "ZUTABLE\n"
#define ZU_TABLE_MAGIC_LEN 8

/**
 * struct zu_table - a validated table
 * @bytes: the file
 * @len: its length
 * @build_id: of the kernel
 * @build_id_len: its length, 0 to ZU_TABLE_BUILD_ID; 0 if there is no kernel,
 *	but modules only
 * @nr_objects: how many objects, at least one. A kernel is the first; modules
 *	are in order of their names' bytes.
 * @nr_states: how many different rows there are
 *
 * The rest is private.
 */
struct zu_table {
	const uint8_t *bytes;
	size_t len;
	const uint8_t *build_id;
	uint32_t build_id_len;
	uint32_t nr_objects;
	uint32_t nr_states;

	const uint8_t *objects;
	const uint8_t *states;
	const uint8_t *names;
};

/**
 * struct zu_table_object - one object: the kernel, or a module
 * @name: "" for the kernel, else the module's name, 0-terminated
 * @build_id: the object's own
 * @build_id_len: its length, 0 to ZU_TABLE_BUILD_ID
 * @size: bytes of its text; offsets are below that
 * @nr_rows: rows
 * @nr_funcs: functions
 * @nr_calls: places where a call can end
 * @nr_exits: functions that zu_table_exits() has something to say of
 *
 * The rest is private.
 */
struct zu_table_object {
	const char *name;
	const uint8_t *build_id;
	uint32_t build_id_len;
	uint32_t size;
	uint32_t nr_rows;
	uint32_t nr_funcs;
	uint32_t nr_calls;
	uint32_t nr_exits;

	const uint8_t *index;
	const uint8_t *rows;
	const uint8_t *states;
	const uint8_t *marks_index;
	const uint8_t *marks;
	const uint8_t *exits;
};

/**
 * struct zu_table_exits - how a function can be left other than by a return
 * @anywhere: by a jump to what a register holds
 * @thunk: it does nothing but that: an expoline thunk
 * @nr: how many are known by name: see zu_table_exit()
 * @list: private
 */
struct zu_table_exits {
	bool anywhere;
	bool thunk;
	uint32_t nr;
	const uint8_t *list;
};

/**
 * zu_table_init() - validate a table
 * @t: the result
 * @bytes: the whole file; must outlive @t
 * @len: its length
 * @why: if not NULL, set to what is wrong: words that can follow a file's
 *	name and a colon; static memory
 *
 * It takes time in proportion to @len, and no memory.
 *
 * Return: 0; ZU_ENOTSUP if it is a table of another version; ZU_EFORMAT if it
 * is none, truncated or damaged.
 */
int zu_table_init(struct zu_table *t, const void *bytes, size_t len,
		  const char **why);

/**
 * zu_table_object() - an object of a table
 * @t: the table
 * @index: 0 to nr_objects - 1
 * @ret: the object
 */
void zu_table_object(const struct zu_table *t, uint32_t index,
		     struct zu_table_object *ret);

/**
 * zu_table_find() - an object by its name
 * @t: the table
 * @name: "" for the kernel, else a module's name, as it stands in the table
 * @ret: the object
 *
 * Return: false if the table has none of that name.
 */
bool zu_table_find(const struct zu_table *t, const char *name,
		   struct zu_table_object *ret);

/**
 * zu_table_row() - the row for an address
 * @o: the object
 * @offset: of the instruction, or any byte of it, from the start of the text
 * @ret: the row; ZU_ROW_UNDEFINED if there is none
 *
 * Return: true if @ret is not ZU_ROW_UNDEFINED.
 */
bool zu_table_row(const struct zu_table_object *o, uint64_t offset,
		  struct zu_row *ret);

/**
 * zu_table_next() - where the next row begins
 * @o: the object
 * @offset: below @o->size
 *
 * Each row of an object in turn:
 *
 *	for (off = 0; off < o.size; off = zu_table_next(&o, off))
 *		zu_table_row(&o, off, &row);
 *
 * Return: the first offset above @offset where another row begins, or @o->size.
 */
uint32_t zu_table_next(const struct zu_table_object *o, uint32_t offset);

/**
 * zu_table_func() - the function at an address
 * @o: the object
 * @offset: any
 * @start: where the last function that starts at or before @offset starts;
 *	padding, data and gaps behind it count for it
 *
 * Return: false if there is none, @offset is beyond the text, or there is more
 * than 32 MiB without a function before it.
 */
bool zu_table_func(const struct zu_table_object *o, uint64_t offset,
		   uint32_t *start);

/**
 * zu_table_next_func() - where the next function starts
 * @o: the object
 * @offset: up to @o->size
 *
 * Return: the first start above @offset, or @o->size if there is none.
 */
uint32_t zu_table_next_func(const struct zu_table_object *o, uint32_t offset);

/**
 * zu_table_first_func() - where the first function starts
 * @o: the object
 *
 * Return: its start, or @o->size if there is none.
 */
static inline uint32_t zu_table_first_func(const struct zu_table_object *o)
{
	uint32_t start;

	return zu_table_func(o, 0, &start) ? start : zu_table_next_func(o, 0);
}

/**
 * zu_table_call() - does a call end at an address?
 * @o: the object
 * @end: offset of a return address, any
 *
 * Only calls of proven functions are known. A call of a thunk also counts where
 * it ends if the kernel has put a basr in its place (__nospec_revert()).
 *
 * Return: true if one does.
 */
bool zu_table_call(const struct zu_table_object *o, uint64_t end);

/**
 * zu_table_next_call() - where the next call ends
 * @o: the object
 * @offset: up to @o->size
 *
 * Return: the first offset above @offset that zu_table_call() says yes to, or
 * 0 if there is none.
 */
uint32_t zu_table_next_call(const struct zu_table_object *o, uint32_t offset);

/**
 * zu_table_exits() - where a function can be left for others by a tail call
 * @o: the object
 * @func: the start of a function
 * @ret: all zero if there is nothing, @func starts none, or it isn't proven
 */
void zu_table_exits(const struct zu_table_object *o, uint32_t func,
		    struct zu_table_exits *ret);

/** ZU_TABLE_EXIT_JUMP - bit of an exit as it stands in the file: see there */
#define ZU_TABLE_EXIT_JUMP 0x80000000u

/**
 * zu_table_exit() - one of a function's exits
 * @e: the exits
 * @i: 0 to @e->nr - 1
 * @jump: false: it leads to the function of this object whose start is
 *	returned. True: it is the jump instruction (brcl) at what is returned;
 *	it leads out of the object, and has the address.
 *
 * Return: an offset in the object.
 */
uint32_t zu_table_exit(const struct zu_table_exits *e, uint32_t i, bool *jump);

#endif
