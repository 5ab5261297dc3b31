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
 *   FLOW(kind)	an enum zu_flow_kind
 *   FIX(what)	what the row alone can't tell: see fix() in insn/decode.c
 */
#ifndef ZU_INSN_EFFECT_H
#define ZU_INSN_EFFECT_H

#include "insn/insn.h"

#define ZU_AT(value, bit) ((uint64_t)(value) << (bit))

#define R1 ZU_AT(1, 0)
#define RP1 ZU_AT(3, 0)
#define W1 ZU_AT(1, 2)
#define WP1 ZU_AT(3, 2)
#define RW1 (R1 | W1)
#define RWP1 (RP1 | WP1)
#define R2 ZU_AT(1, 4)
#define RP2 ZU_AT(3, 4)
#define W2 ZU_AT(1, 6)
#define RW2 (R2 | W2)
#define RWP2 (RP2 | ZU_AT(3, 6))
#define R3 ZU_AT(1, 8)
#define RP3 ZU_AT(3, 8)
#define W3 ZU_AT(1, 10)
#define WP3 ZU_AT(3, 10)
#define RW3 (R3 | W3)
#define RWP3 (RP3 | WP3)
#define IN(reg) ZU_AT(1 << (reg), 12)
#define OUT(reg) ZU_AT(1 << (reg), 18)
#define IO(reg) (IN(reg) | OUT(reg))

#define LD(len) (ZU_AT(1, 24) | ZU_AT(ZU_LEN_##len, 28))
#define ST(len) (ZU_AT(2, 24) | ZU_AT(ZU_LEN_##len, 28))
#define LS(len) (ZU_AT(3, 24) | ZU_AT(ZU_LEN_##len, 28))
#define LD2(len) (ZU_AT(1, 26) | ZU_AT(ZU_LEN_##len, 36))
#define ST2(len) (ZU_AT(2, 26) | ZU_AT(ZU_LEN_##len, 36))
#define LS2(len) (ZU_AT(3, 26) | ZU_AT(ZU_LEN_##len, 36))

#define FLOW(kind) ZU_AT(ZU_FLOW_##kind, 44)
#define FIX(what) ZU_AT(ZU_FIX_##what, 49)

#define ZU_REGS(e, bit) ((unsigned int)((e) >> (bit)) & 3)
#define ZU_IMPLIED(e, bit) ((unsigned int)((e) >> (bit)) & 63)
#define ZU_ACCESS(e, k) ((unsigned int)((e) >> (24 + 2 * (k))) & 3)
#define ZU_LEN(e, k) ((unsigned int)((e) >> (28 + 8 * (k))) & 255)
#define ZU_FLOW(e) ((uint8_t)((e) >> 44 & 31))
#define ZU_FIX(e) ((unsigned int)((e) >> 49) & 31)

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
 * @ZU_FIX_BRC: the mask says whether it is a jump, a nop or neither
 * @ZU_FIX_BC: the same, to a storage operand's address
 * @ZU_FIX_BIC: the same, to an address in storage
 * @ZU_FIX_BCR: the same; register 0 is no target
 * @ZU_FIX_BCTR: register 0 is no target: the count alone
 * @ZU_FIX_BSM: register 0 is no target, nor is it written
 * @ZU_FIX_LINK: r1 gets the return address
 * @ZU_FIX_BASR: the same; register 0 is no target
 * @ZU_FIX_TO: registers r1 to r3 are written
 * @ZU_FIX_FROM: registers r1 to r3 are read
 * @ZU_FIX_EREG: registers r1 to r2 are written
 * @ZU_FIX_PAD: reads the register of a third address, which is a number
 */
enum zu_fix {
	ZU_FIX_NONE,
	ZU_FIX_BRC,
	ZU_FIX_BC,
	ZU_FIX_BIC,
	ZU_FIX_BCR,
	ZU_FIX_BCTR,
	ZU_FIX_BSM,
	ZU_FIX_LINK,
	ZU_FIX_BASR,
	ZU_FIX_TO,
	ZU_FIX_FROM,
	ZU_FIX_EREG,
	ZU_FIX_PAD,
};

#endif
