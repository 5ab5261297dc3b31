/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A second opinion on single registers, where zunwind and the compiler name
 * different places of one value. It is simple on purpose and shares nothing
 * with flow/ but the decoder: which registers still hold what they held at
 * entry, and which hold the entry's stack pointer plus a number, on all paths
 * of direct branches. Jump tables are not followed: what only they lead to has
 * no track, which proves nothing.
 */
#ifndef ZU_LAB_TRACKS_H
#define ZU_LAB_TRACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insn/insn.h"

/**
 * struct track - what is known before an instruction
 * @insn: the instruction
 * @off: its offset
 * @reached: from the entry, by direct branches; else nothing below is known
 * @is_executed: an ex or exrl executes it
 * @entry: bit N: register N holds what it held at entry
 * @frame: bit N: register N holds the entry's r15 plus @d
 * @d: bytes
 */
struct track {
	struct zu_insn insn;
	uint32_t off;
	bool reached;
	bool is_executed;
	uint16_t entry;
	uint16_t frame;
	int32_t d[16];
};

/**
 * struct tracks - a function
 * @at: its instructions
 * @nr: how many
 */
struct tracks {
	struct track *at;
	size_t nr;
};

/**
 * tracks_make() - follow a function
 * @t: the result; tracks_free() it
 * @code: its bytes
 * @len: how many
 */
void tracks_make(struct tracks *t, const uint8_t *code, size_t len);

/**
 * tracks_free() - release it
 * @t: made
 */
void tracks_free(struct tracks *t);

/**
 * tracks_find() - an instruction
 * @t: the function
 * @off: its offset
 *
 * Return: it, or NULL if none starts there.
 */
struct track *tracks_find(const struct tracks *t, uint32_t off);

#endif
