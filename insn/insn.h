/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * One s390x instruction: how long it is, what it is, what it does to the
 * general registers and where it leads. No policy.
 *
 * Invariants
 * - The length is right for any bytes: the first two bits tell it.
 * - What the tables do not know is ZU_OP_UNKNOWN, as is an instruction with
 *   something in a field that is reserved. Nothing is guessed.
 * - Pure: no allocation, no state. One call takes a few nanoseconds.
 *
 * Instructions are the rows of insn/insn.def; registers, storage operands and
 * branches follow from a row's format (insn/format.def) and effect
 * (insn/effect.h). To add an instruction: one row there.
 *
 * Source: z/Architecture Principles of Operation, SA22-7832 (z10 to z17).
 */
#ifndef ZU_INSN_INSN_H
#define ZU_INSN_INSN_H

#include "core/env.h"

/**
 * enum zu_op - instructions, ZU_OP_lgr and so on: the rows of insn/insn.def
 *
 * Only ZU_OP_UNKNOWN has a fixed number, 0.
 */
enum zu_op {
	ZU_OP_UNKNOWN,
#define ZU_INSN(name, opcode, format, effect) ZU_OP_##name,
#include "insn/insn.def"
#undef ZU_INSN
	ZU_OP_COUNT,
};

/**
 * enum zu_flow_kind - where control goes after an instruction
 * @ZU_FLOW_NEXT: to the next instruction
 * @ZU_FLOW_JUMP: to @target, always (brc 15, brcl 15)
 * @ZU_FLOW_COND: to @target or the next (brc, brcl, compare-and-branch, loops)
 * @ZU_FLOW_NOP: to the next; a branch that is never taken (brc 0, brcl 0,
 *	bc 0, bcr 0, bcr with register 0), which patching can turn into a jump.
 *	@target is valid for brc and brcl.
 * @ZU_FLOW_JUMP_REG: to the address in register @r2, always (br)
 * @ZU_FLOW_COND_REG: to the address in @r2, or the next (bcr, bctr, bctgr)
 * @ZU_FLOW_JUMP_MEM: to the address that the first storage operand computes,
 *	not what is stored there (b D(X,B))
 * @ZU_FLOW_COND_MEM: the same or the next (bc, bct, bxh, crb and their like)
 * @ZU_FLOW_JUMP_LOAD: to the address stored at the storage operand (bi)
 * @ZU_FLOW_COND_LOAD: the same or the next (bic)
 * @ZU_FLOW_CALL: to @target, link in @link (brasl, bras)
 * @ZU_FLOW_CALL_REG: to the address in @r2, link in @link (basr, balr, bassm);
 *	with register 0 only the link is set, which is ZU_FLOW_NEXT
 * @ZU_FLOW_CALL_MEM: to the address the storage operand computes (bas, bal)
 * @ZU_FLOW_EXECUTE: executes one other instruction, then the next (ex, exrl);
 *	@target is valid for exrl
 * @ZU_FLOW_TRAP: a program check that the kernel may continue behind (mc, and
 *	opcodes that are reserved to trap)
 * @ZU_FLOW_COND_TRAP: the same, under a condition (crt, clgit and their like)
 * @ZU_FLOW_SVC: a supervisor call, then the next
 * @ZU_FLOW_STOP: control does not come back this way (lpsw, lpswe, lpswey, pr,
 *	bsa, bsg ...)
 */
enum zu_flow_kind {
	ZU_FLOW_NEXT,
	ZU_FLOW_JUMP,
	ZU_FLOW_COND,
	ZU_FLOW_NOP,
	ZU_FLOW_JUMP_REG,
	ZU_FLOW_COND_REG,
	ZU_FLOW_JUMP_MEM,
	ZU_FLOW_COND_MEM,
	ZU_FLOW_JUMP_LOAD,
	ZU_FLOW_COND_LOAD,
	ZU_FLOW_CALL,
	ZU_FLOW_CALL_REG,
	ZU_FLOW_CALL_MEM,
	ZU_FLOW_EXECUTE,
	ZU_FLOW_TRAP,
	ZU_FLOW_COND_TRAP,
	ZU_FLOW_SVC,
	ZU_FLOW_STOP,
};

/** ZU_NO_REG - no register: no base, no index, no link */
#define ZU_NO_REG 0xff

/** ZU_LEN_UNKNOWN - a storage operand of a length that the code doesn't tell */
#define ZU_LEN_UNKNOWN 0xffff

/**
 * struct zu_mem - a storage operand
 * @base: base register, or ZU_NO_REG (register 0 in that field means none; it
 *	can be one where a register alone points to the operand)
 * @index: index register, or ZU_NO_REG (none, or a vector)
 * @reads: it is read
 * @writes: it is written
 * @disp: displacement, signed
 * @len: bytes, or ZU_LEN_UNKNOWN (a register tells, or it can vary)
 *
 * With neither @reads nor @writes it is only an address (la, branches), or a
 * number made like one (shifts), and @len is 0.
 */
struct zu_mem {
	uint8_t base;
	uint8_t index;
	bool reads;
	bool writes;
	int32_t disp;
	uint16_t len;
};

/**
 * struct zu_insn - one instruction
 * @op: which, or ZU_OP_UNKNOWN
 * @len: bytes: 2, 4 or 6; right for unknown ones too
 * @flow: where control goes next, an enum zu_flow_kind; ZU_FLOW_NEXT for
 *	unknown ones, which means nothing
 * @r1: first operand register (any kind of register), ZU_NO_REG if none
 * @r2: second one
 * @r3: third one; of stm, stmg, lm, lmg the last of the range
 * @link: register that a call writes the return address to, or ZU_NO_REG
 * @mask: M field that holds a condition or a mask, 0 if none
 * @nr_mem: storage operands: 0, 1 or 2
 * @reads: general registers read, bit N for register N; base and index
 *	registers included
 * @writes: general registers written, in full or in part, or possibly
 * @imm: immediate operand, extended as the instruction does, but not shifted
 *	to its place (llilh); of risbg and its like I3, I4 and I5 in one number of
 *	24 bits
 * @target: with a pc-relative operand, its distance in bytes from the
 *	instruction's own address (branches, larl, lgrl, exrl ...); else 0
 * @pcrel: there is a pc-relative operand
 * @mem: storage operands addressed by registers. For two, first and second
 *	operand as the mnemonic has them. An operand that a register alone points
 *	to (mvcl, mvcle, mvst ...) is one with disp 0 and ZU_LEN_UNKNOWN.
 *
 * A pc-relative storage operand (lgrl, stgrl) is in @target, not in @mem. So
 * is not storage that no operand names (what register 1 points to for km), nor
 * a third operand (of plo).
 */
struct zu_insn {
	uint16_t op;
	uint8_t len;
	uint8_t flow;
	uint8_t r1;
	uint8_t r2;
	uint8_t r3;
	uint8_t link;
	uint8_t mask;
	uint8_t nr_mem;
	bool pcrel;
	uint16_t reads;
	uint16_t writes;
	int64_t imm;
	int64_t target;
	struct zu_mem mem[2];
};

/**
 * zu_insn_len() - length of an instruction
 * @byte: its first byte
 *
 * Return: 2, 4 or 6.
 */
static inline unsigned int zu_insn_len(uint8_t byte)
{
	/* by its first two bits: 00 2, 01 and 10 4, 11 6; without a branch */
	return 2 + (((byte >> 6) + 1U) & 6);
}

/**
 * zu_insn_decode() - decode one instruction
 * @insn: the result, filled in any case
 * @code: its bytes
 * @avail: how many bytes are at @code
 *
 * Return: its length; 0 if @avail is too small to hold it, then @insn is
 * ZU_OP_UNKNOWN of that length.
 */
unsigned int zu_insn_decode(struct zu_insn *insn, const uint8_t *code,
			    size_t avail);

/**
 * zu_insn_name() - mnemonic of an instruction
 * @op: an enum zu_op
 *
 * Return: such as "lgr"; the basic mnemonic ("brc", "bcr", "crj"), not the
 * extended one ("jne"); "unknown" for what is none. Static memory.
 */
const char *zu_insn_name(unsigned int op);

#endif
