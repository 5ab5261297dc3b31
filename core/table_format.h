/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The bytes of an unwind table, for who makes tables and who reads them.
 * doc/table.md has the words to it. All integers are big-endian, and nothing
 * is aligned.
 *
 *	header | objects | states | names | data of each object | CRC-32C
 *
 * The data of an object: rows, marks, exits.
 */
#ifndef ZU_CORE_TABLE_FORMAT_H
#define ZU_CORE_TABLE_FORMAT_H

#include "core/table.h"

#define ZU_TABLE_VERSION 2

/* Header: ZU_TABLE_MAGIC, then at */
#define ZU_TABLE_H_VERSION 8
#define ZU_TABLE_H_LEN 12
#define ZU_TABLE_H_NR_OBJECTS 16
#define ZU_TABLE_H_NR_STATES 20
#define ZU_TABLE_H_NAMES_LEN 24
#define ZU_TABLE_H_ZERO 28
#define ZU_TABLE_HEADER 32

/* An object */
#define ZU_TABLE_O_NAME 0	/* from the start of the names */
#define ZU_TABLE_O_SIZE 4	/* bytes of text */
#define ZU_TABLE_O_NR_ROWS 8
#define ZU_TABLE_O_NR_FUNCS 12
#define ZU_TABLE_O_NR_CALLS 16
#define ZU_TABLE_O_NR_EXITS 20
#define ZU_TABLE_O_DATA 24	/* from the start of the file */
#define ZU_TABLE_O_ID_LEN 28
#define ZU_TABLE_O_ID 32
#define ZU_TABLE_OBJECT (ZU_TABLE_O_ID + ZU_TABLE_BUILD_ID)

/* Offsets have 31 bits: see ZU_TABLE_EXIT_JUMP. */
#define ZU_TABLE_MAX_TEXT 0x7fffffffu

/*
 * A state is what a row says, without where. The first byte has four fields
 * of two bits: kind, CFA rule, place of the return address, place of r11. The
 * last two fields are an offset / 8 or a register, as the place wants.
 */
#define ZU_TABLE_S_KIND 0
#define ZU_TABLE_S_CFA_REG 1
#define ZU_TABLE_S_CFA 2
#define ZU_TABLE_S_RA 4
#define ZU_TABLE_S_FP 6
#define ZU_TABLE_STATE 8
#define ZU_TABLE_MAX_STATES 65536u

/* Numbers below this have one byte in blocks that have no other ones. */
#define ZU_TABLE_NARROW 256u

/*
 * Rows: an index with one entry for each block of text and one for the end,
 * then the rows. An entry is where the block's rows begin, from the end of the
 * index; with ZU_TABLE_WIDE the block's state numbers have two bytes. A
 * block's rows are their offsets in it, a byte each, in halfwords, then their
 * state numbers.
 */
#define ZU_TABLE_BLOCK 512u
#define ZU_TABLE_ENTRY 4
#define ZU_TABLE_WIDE 0x80000000u

/*
 * Marks: an index as that of the rows, but without ZU_TABLE_WIDE, then the marks
 * of each block. They begin with how many blocks before this one the last
 * function begins that does so before this block (0: none does, or it is more
 * than ZU_TABLE_MAX_BACK), and with the number of functions that begin in it.
 * Then come their offsets, a byte each, in halfwords; the rest are those of the
 * last halfwords of calls.
 */
#define ZU_TABLE_M_BACK 0
#define ZU_TABLE_M_NR_FUNCS 2
#define ZU_TABLE_M_HEAD 3
#define ZU_TABLE_MAX_BACK 65535u
#define ZU_TABLE_MAX_FUNCS 255u	/* in a block */

/*
 * Exits: the starts of the functions that have any; then for each of them, and
 * for the end, where its list begins, in words, with its flags; then the lists.
 * A word in a list is the start of a function, or with ZU_TABLE_EXIT_JUMP the
 * offset of a jump instruction.
 */
#define ZU_TABLE_WORD 4
#define ZU_TABLE_ANYWHERE 0x80000000u
#define ZU_TABLE_THUNK 0x40000000u
#define ZU_TABLE_LIST 0x3fffffffu

/* The checksum of all before it ends the file. */
#define ZU_TABLE_CRC 4

/**
 * zu_table_blocks() - blocks of a text
 * @size: bytes of text
 *
 * Return: how many; the last one may be cut short.
 */
static inline uint32_t zu_table_blocks(uint32_t size)
{
	return size / ZU_TABLE_BLOCK + (size % ZU_TABLE_BLOCK > 0);
}

/**
 * zu_table_index_len() - length of an index
 * @size: bytes of text
 *
 * Return: bytes.
 */
static inline size_t zu_table_index_len(uint32_t size)
{
	return ((size_t)zu_table_blocks(size) + 1) * ZU_TABLE_ENTRY;
}

/**
 * zu_table_object_rows() - zu_table_object(), but for marks and exits
 * @t: the table; need not be valid but for its header and parts
 * @index: 0 to nr_objects - 1
 * @ret: the object
 */
void zu_table_object_rows(const struct zu_table *t, uint32_t index,
			  struct zu_table_object *ret);

/**
 * zu_table_place_marks() - find the marks, which lie behind the rows
 * @o: the object; its rows are valid
 */
void zu_table_place_marks(struct zu_table_object *o);

/**
 * zu_table_place_exits() - find the exits, which lie behind the marks
 * @o: the object; its marks are valid
 */
void zu_table_place_exits(struct zu_table_object *o);

/**
 * zu_table_starts() - does a function start at an offset?
 * @o: the object; its marks are valid
 * @offset: any
 *
 * Return: true if one does.
 */
bool zu_table_starts(const struct zu_table_object *o, uint32_t offset);

/**
 * zu_table_check_marks() - what zu_table_init() wants of marks
 * @o: the object, with zu_table_place_marks()
 * @room: bytes of the file from there on
 * @len: how many of these are marks
 *
 * Return: NULL, or what is wrong.
 */
const char *zu_table_check_marks(const struct zu_table_object *o, uint64_t room,
				 uint64_t *len);

/**
 * zu_table_check_exits() - what zu_table_init() wants of exits
 * @o: the object, with zu_table_place_exits()
 * @room: bytes of the file from there on
 * @len: how many of these are exits
 *
 * Return: NULL, or what is wrong.
 */
const char *zu_table_check_exits(const struct zu_table_object *o, uint64_t room,
				 uint64_t *len);

/**
 * zu_table_get_state() - from a state's bytes to a row
 * @state: ZU_TABLE_STATE bytes, valid
 * @row: the row
 */
void zu_table_get_state(const uint8_t *state, struct zu_row *row);

/**
 * zu_table_put_state() - from a row to a state's bytes
 * @state: ZU_TABLE_STATE bytes; any, if the row has none
 * @row: the row
 *
 * Return: false if the row is no valid one, or has offsets that are no
 * multiple of 8 or larger than 256 KiB.
 */
bool zu_table_put_state(uint8_t *state, const struct zu_row *row);

#endif
