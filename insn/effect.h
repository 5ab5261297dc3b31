/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The words that the last column of insn/insn.def is made of. Each is some
 * bits of one number, so that a row is ready when the compiler has read it.
 *
 * General registers, N = 1, 2, 3 for the operands r1, r2, r3:
 *   R1 RP1	read: the register; the pair it begins
 *   W1 WP1	written, in full, in part or on a condition
 *   RW1 RWP1	both
 *   IN(n) OUT(n) IO(n)		the same for register n (0 to 5), which no
 *				operand names
 * Storage operands, the first and the second; without one of these words an
 * operand is only an address (la, shifts, branches):
 *   LD(len) ST(len) LS(len)	read, written, both
 *   LD2(len) ST2(len) LS2(len)
 * Control:
 *   FLOW(kind)	an enum zu_flow_kind; a condition that the mask says is always
 *		true or never becomes a jump or a nop: see insn/format.def
 *   FIX(what)	what depends on other fields: enum zu_fix
 */
#ifndef ZU_INSN_EFFECT_H
#define ZU_INSN_EFFECT_H

#include "insn/insn.h"

#define ZU_AT(value, bit) ((uint64_t)(value) << (bit))

#define R1 ZU_AT(1, 0)
#define RP1 ZU_AT(3, 0)
#define R2 ZU_AT(1, 2)
#define RP2 ZU_AT(3, 2)
#define R3 ZU_AT(1, 4)
#define RP3 ZU_AT(3, 4)
#define IN(reg) ZU_AT(1 << (reg), 6)
#define W1 (R1 << ZU_WRITES)
#define WP1 (RP1 << ZU_WRITES)
#define W2 (R2 << ZU_WRITES)
#define WP2 (RP2 << ZU_WRITES)
#define W3 (R3 << ZU_WRITES)
#define WP3 (RP3 << ZU_WRITES)
#define OUT(reg) (IN(reg) << ZU_WRITES)
#define RW1 (R1 | W1)
#define RWP1 (RP1 | WP1)
#define RW2 (R2 | W2)
#define RWP2 (RP2 | WP2)
#define RW3 (R3 | W3)
#define RWP3 (RP3 | WP3)
#define IO(reg) (IN(reg) | OUT(reg))

#define LD(len) (ZU_AT(1, 12) | ZU_AT(ZU_LEN_##len, 44))
#define ST(len) (ZU_AT(2, 12) | ZU_AT(ZU_LEN_##len, 44))
#define LS(len) (ZU_AT(3, 12) | ZU_AT(ZU_LEN_##len, 44))
#define LD2(len) (ZU_AT(1, 14) | ZU_AT(ZU_LEN_##len, 52))
#define ST2(len) (ZU_AT(2, 14) | ZU_AT(ZU_LEN_##len, 52))
#define LS2(len) (ZU_AT(3, 14) | ZU_AT(ZU_LEN_##len, 52))

#define FLOW(kind) ZU_AT(ZU_FLOW_##kind, 16)
#define FIX(what) ZU_AT(ZU_FIX_##what, 21)

/* What is read stands in the low half, what is written in the high one. */
#define ZU_WRITES 32
#define ZU_BOTH(bits) (ZU_AT(bits, 0) | ZU_AT(bits, ZU_WRITES))

/* The fields of an effect */
#define ZU_OPERAND(e, k) ((e) >> 2 * (k) & ZU_BOTH(3))
#define ZU_IMPLIED(e) ((e) >> 6 & ZU_BOTH(63))
#define ZU_ACCESS(e, k) ((unsigned int)((e) >> (12 + 2 * (k))) & 3)
#define ZU_LEN(e, k) ((unsigned int)((e) >> (44 + 8 * (k))) & 255)
#define ZU_FLOW(e) ((unsigned int)((e) >> 16) & 31)
#define ZU_FIX(e) ((unsigned int)((e) >> 21) & 7)

/* FIX(), or a first length that is a rule: there is more to look at */
#define ZU_MORE (ZU_AT(7, 21) | ZU_AT(ZU_LEN_RULES, 44))

/**
 * enum zu_len - lengths of storage operands: a number of bytes, or a rule
 * @ZU_LEN_L8: the second byte of the instruction, plus 1
 * @ZU_LEN_LA: the high half of that byte, plus 1
 * @ZU_LEN_LB: the low half, plus 1
 * @ZU_LEN_EACH4: 4 for each register from r1 to r3, which may wrap around
 * @ZU_LEN_EACH8: 8
 * @ZU_LEN_EACH16: 16
 * @ZU_LEN_BITS: as many as the mask has bits
 * @ZU_LEN_ELEM: an element of a vector, whose size the mask has
 * @ZU_LEN_256: 256
 * @ZU_LEN_ANY: the code doesn't tell
 */
enum zu_len {
	ZU_LEN_1 = 1,
	ZU_LEN_2 = 2,
	ZU_LEN_4 = 4,
	ZU_LEN_8 = 8,
	ZU_LEN_16 = 16,
	ZU_LEN_RULES = 128,
	ZU_LEN_L8 = ZU_LEN_RULES,
	ZU_LEN_LA,
	ZU_LEN_LB,
	ZU_LEN_EACH4,
	ZU_LEN_EACH8,
	ZU_LEN_EACH16,
	ZU_LEN_BITS,
	ZU_LEN_ELEM,
	ZU_LEN_256,
	ZU_LEN_ANY,
};

/**
 * enum zu_fix - what depends on the value of a field
 * @ZU_FIX_NO_R2: register 0 as r2 is no target: goes on to the next
 * @ZU_FIX_NO_R1: the same, and register 0 as r1 is not written
 * @ZU_FIX_LOAD: registers r1 to r3 are written
 * @ZU_FIX_STORE: registers r1 to r3 are read
 * @ZU_FIX_EREG: registers r1 to r2 are written
 * @ZU_FIX_PAD: a number comes as a third address
 * @ZU_FIX_DIAG: some functions of the hypervisor write a pair
 */
enum zu_fix {
	ZU_FIX_NONE,
	ZU_FIX_NO_R2,
	ZU_FIX_NO_R1,
	ZU_FIX_LOAD,
	ZU_FIX_STORE,
	ZU_FIX_EREG,
	ZU_FIX_PAD,
	ZU_FIX_DIAG,
};

#endif
