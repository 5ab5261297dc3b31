/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The bytes of an unwind table, for who makes tables and who reads them.
 * doc/table.md has the words to it. All integers are big-endian, and nothing
 * is aligned.
 *
 *	header | objects | states | names | data of each object | CRC-32C
 */
#ifndef ZU_CORE_TABLE_FORMAT_H
#define ZU_CORE_TABLE_FORMAT_H

#include "core/table.h"

#define ZU_TABLE_VERSION 1

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
#define ZU_TABLE_O_DATA 12	/* from the start of the file */
#define ZU_TABLE_O_ID_LEN 16
#define ZU_TABLE_O_ID 20
#define ZU_TABLE_OBJECT (ZU_TABLE_O_ID + ZU_TABLE_BUILD_ID)

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
 * Data: an index with one entry for each block of text and one for the end,
 * then the rows. An entry is where the block's rows begin, from the end of the
 * index; with ZU_TABLE_WIDE the block's state numbers have two bytes. A
 * block's rows are their offsets in it, a byte each, in halfwords, then their
 * state numbers.
 */
#define ZU_TABLE_BLOCK 512u
#define ZU_TABLE_ENTRY 4
#define ZU_TABLE_WIDE 0x80000000u

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
