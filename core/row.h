/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A row: where, at one instruction, the caller's frame, the return address
 * and the caller's r11 are. The s390x ORC entry.
 *
 * CFA is what DWARF and SFrame mean by it: the stack pointer that the function
 * was entered with, plus ZU_FRAME_SIZE. The caller's r15 is CFA - 160, always.
 */
#ifndef ZU_CORE_ROW_H
#define ZU_CORE_ROW_H

#include "core/env.h"

/**
 * enum zu_row_kind - what a row says
 * @ZU_ROW_UNDEFINED: nothing: no instruction, or none that was understood
 * @ZU_ROW_FRAME: a caller's frame, return address and r11
 * @ZU_ROW_REGS: there is no caller: a struct pt_regs at r15 + @cfa_off holds
 *	what was interrupted, or is the task's own (entry code)
 * @ZU_ROW_END: there is no caller and there are no registers: the start of a
 *	CPU or of a task
 */
enum zu_row_kind {
	ZU_ROW_UNDEFINED,
	ZU_ROW_FRAME,
	ZU_ROW_REGS,
	ZU_ROW_END,
};

/**
 * enum zu_cfa_rule - how the CFA is found
 * @ZU_CFA_REG: register + offset
 * @ZU_CFA_LOAD: the stack pointer stored at r15 + offset, plus 160: the back
 *	chain of a frame laid on another stack (call_on_stack)
 */
enum zu_cfa_rule {
	ZU_CFA_REG,
	ZU_CFA_LOAD,
};

/**
 * enum zu_row_place - where a register's value at the caller is
 * @ZU_PLACE_SAME: still in the register itself
 * @ZU_PLACE_CFA: in memory at CFA + offset
 * @ZU_PLACE_REG: in another general register
 * @ZU_PLACE_LOST: not to be found
 */
enum zu_row_place {
	ZU_PLACE_SAME,
	ZU_PLACE_CFA,
	ZU_PLACE_REG,
	ZU_PLACE_LOST,
};

/**
 * struct zu_row - a row
 * @kind: enum zu_row_kind
 * @cfa_rule: enum zu_cfa_rule; of ZU_ROW_FRAME only
 * @cfa_reg: ZU_CFA_REG: the register, 15 or 11 (or another that holds a copy)
 * @ra_place: enum zu_row_place of the return address; ZU_PLACE_SAME is r14
 * @ra_reg: ZU_PLACE_REG: the register
 * @fp_place: enum zu_row_place of r11
 * @fp_reg: ZU_PLACE_REG: the register
 * @cfa_off: bytes
 * @ra_off: ZU_PLACE_CFA: bytes
 * @fp_off: ZU_PLACE_CFA: bytes
 *
 * Fields that the others make meaningless are 0, so that rows can be compared
 * with memcmp().
 */
struct zu_row {
	uint8_t kind;
	uint8_t cfa_rule;
	uint8_t cfa_reg;
	uint8_t ra_place;
	uint8_t ra_reg;
	uint8_t fp_place;
	uint8_t fp_reg;
	uint8_t zero;
	int32_t cfa_off;
	int32_t ra_off;
	int32_t fp_off;
};

#endif
