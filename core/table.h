/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Unwind tables: rows for code addresses. This header is shared by the maker
 * and the user of tables; doc/table.md describes the bytes.
 *
 * A table file is about one kernel, named by its build ID, and holds one
 * object for the kernel itself and one for each module. An object's addresses
 * are offsets from the start of its text, so that a table holds wherever KASLR
 * or the module loader put the code.
 *
 * Invariants
 * - zu_table_init() validates everything; what it accepts can be looked up
 *   without any check and without a fault, whatever the address.
 * - Nothing is copied: the bytes must outlive the table.
 * - Look-up is bounded, allocates nothing and has few branches.
 */
#ifndef ZU_CORE_TABLE_H
#define ZU_CORE_TABLE_H

#include "core/err.h"
#include "core/row.h"

/** ZU_TABLE_BUILD_ID - longest build ID */
#define ZU_TABLE_BUILD_ID 32

/**
 * struct zu_table - a validated table
 * @bytes: the file
 * @len: its length
 * @build_id: of the kernel
 * @build_id_len: its length, 0 to ZU_TABLE_BUILD_ID
 * @nr_objects: how many objects
 *
 * The rest is private.
 */
struct zu_table {
	const uint8_t *bytes;
	size_t len;
	const uint8_t *build_id;
	uint32_t build_id_len;
	uint32_t nr_objects;

	const uint8_t *objects;
	const uint8_t *states;
	uint32_t nr_states;
};

/**
 * struct zu_table_object - one object: the kernel, or a module
 * @name: "" for the kernel, else the module's name, 0-terminated
 * @build_id: the object's own
 * @build_id_len: its length
 * @size: bytes of its text; offsets are below that
 * @nr_rows: rows
 *
 * The rest is private.
 */
struct zu_table_object {
	const char *name;
	const uint8_t *build_id;
	uint32_t build_id_len;
	uint32_t size;
	uint32_t nr_rows;

	const uint8_t *index;
	const uint8_t *offsets;
	const uint8_t *numbers;
	const struct zu_table *table;
};

/**
 * zu_table_init() - validate a table
 * @t: the result
 * @bytes: the whole file; must outlive @t
 * @len: its length
 * @why: if not NULL, set to a constant sentence about what is wrong
 *
 * Return: 0; ZU_ENOTSUP if it is a table of a newer format; ZU_EFORMAT if it
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
 * zu_table_row() - the row for an address
 * @o: the object
 * @offset: of the instruction, or any byte of it, from the start of the text
 * @ret: the row; ZU_ROW_UNDEFINED if there is none
 *
 * Return: true if @ret is not ZU_ROW_UNDEFINED.
 */
bool zu_table_row(const struct zu_table_object *o, uint64_t offset,
		  struct zu_row *ret);

#endif
