/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code that is known by hand: entry code, trampolines. See flow/hints.def.
 */
#ifndef ZU_FLOW_HINT_H
#define ZU_FLOW_HINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * enum zu_hint_kind - what is special
 * @ZU_HINT_ENTRY: control comes from hardware or from nowhere: no return
 *	address, no stack at first; the function lays a base frame with a back
 *	chain of 0 and registers above it, and calls from that
 * @ZU_HINT_BASE: the same, and that frame is already laid
 * @ZU_HINT_ZEROED: the same, on a stack that is zero: setting the stack pointer
 *	lays the frame
 * @ZU_HINT_RA_R0: a function like others, but for its return address, which
 *	comes in register 0
 * @ZU_HINT_OPAQUE: it cannot be followed by rules for functions: no rows
 */
enum zu_hint_kind {
	ZU_HINT_ENTRY,
	ZU_HINT_BASE,
	ZU_HINT_ZEROED,
	ZU_HINT_RA_R0,
	ZU_HINT_OPAQUE,
};

/**
 * struct zu_hint - one row of flow/hints.def
 * @name: the symbol
 * @kind: what is special
 * @shape: mnemonics that occur in its code in this order
 * @reason: why, for the user
 */
struct zu_hint {
	const char *name;
	enum zu_hint_kind kind;
	const char *shape;
	const char *reason;
};

/**
 * zu_hint_find() - the hint for a function
 * @name: its symbol, or NULL
 * @code: its bytes
 * @len: how many
 *
 * Return: a hint whose name and shape both fit, or NULL.
 */
const struct zu_hint *zu_hint_find(const char *name, const uint8_t *code,
				   size_t len);

#endif
