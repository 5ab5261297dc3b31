/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the analysis has to know of an instruction before it looks closer: most
 * have no trait, and cost nothing but forgetting what they write.
 */
#ifndef ZU_FLOW_TRAIT_H
#define ZU_FLOW_TRAIT_H

#include <stdint.h>

#include "insn/insn.h"

/* Bits of zu_traits[] */
enum {
	ZU_TRAIT_SUM = 1,	/* arith.c can know the result */
	ZU_TRAIT_STACK = 2,	/* data.c follows what it moves */
	ZU_TRAIT_COMPARE = 4,	/* bound.c learns from it */
	ZU_TRAIT_KEEPS_CC = 8,	/* often between a comparison and its branch */
	ZU_TRAIT_FUNCTION = 16,	/* r0 has a function code; 0 is the query */
};

/** zu_traits - bits by enum zu_op */
extern const uint8_t zu_traits[ZU_OP_COUNT];

#endif
