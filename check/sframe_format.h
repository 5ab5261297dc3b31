/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of an SFrame section, version 3, as binutils 2.46 and later read
 * them, for s390x. All integers are big-endian.
 *
 *	header | index: one entry for each function | data of each function
 *
 * A function's data are its attributes and its rows, and nothing of them is
 * aligned. What of it zunwind writes, and what it can't: doc/sframe.md.
 */
#ifndef ZU_CHECK_SFRAME_FORMAT_H
#define ZU_CHECK_SFRAME_FORMAT_H

#define ZU_SFRAME_MAGIC 0xdee2
#define ZU_SFRAME_VERSION 3
#define ZU_SFRAME_ABI_S390X 4

/* Header */
#define ZU_SFRAME_H_MAGIC 0
#define ZU_SFRAME_H_VERSION 2
#define ZU_SFRAME_H_FLAGS 3
#define ZU_SFRAME_H_ABI 4
#define ZU_SFRAME_H_NR_FDES 8
#define ZU_SFRAME_H_NR_FRES 12
#define ZU_SFRAME_H_DATA_LEN 16
#define ZU_SFRAME_H_INDEX 20	/* these two from the end of the header */
#define ZU_SFRAME_H_DATA 24
#define ZU_SFRAME_HEADER 28

/* Flags: the index is sorted; its addresses are distances from themselves */
#define ZU_SFRAME_F_SORTED 0x1
#define ZU_SFRAME_F_PCREL 0x4

/* An entry of the index */
#define ZU_SFRAME_E_START 0
#define ZU_SFRAME_E_SIZE 8
#define ZU_SFRAME_E_DATA 12	/* from the start of the data */
#define ZU_SFRAME_ENTRY 16

/* Attributes */
#define ZU_SFRAME_A_NR_FRES 0
#define ZU_SFRAME_A_START_SIZE 2
#define ZU_SFRAME_A_TYPE 3
#define ZU_SFRAME_ATTRIBUTES 5
#define ZU_SFRAME_MAX_FRES 65535u

/* Bytes of the place where a row begins, or of a word, as an exponent of 2 */
#define ZU_SFRAME_1B 0
#define ZU_SFRAME_2B 1
#define ZU_SFRAME_4B 2

#define ZU_SFRAME_TYPE_DEFAULT 0
#define ZU_SFRAME_TYPE_FLEX 1

/*
 * A row: where it begins in the function, a byte that describes it, words. No
 * words say that there is no caller.
 */
#define ZU_SFRAME_R_SP 0x01	/* default type: CFA is r15, not r11, + word */
#define ZU_SFRAME_R_COUNT 1	/* shift; words */
#define ZU_SFRAME_R_SIZE 5	/* shift; of a word */

/* CFA: its word is (offset - ZU_FRAME_SIZE) / ZU_SFRAME_CFA_UNIT. */
#define ZU_SFRAME_CFA_UNIT 8

/* Instead of a word or two: as it was */
#define ZU_SFRAME_SAME 0

/* Flexible type: the first word of each pair, the second is an offset */
#define ZU_SFRAME_W_REG 0x1	/* from a register, not from the CFA */
#define ZU_SFRAME_W_LOAD 0x2	/* what is in memory there */
#define ZU_SFRAME_W_NUMBER 3	/* shift; the register */

#endif
