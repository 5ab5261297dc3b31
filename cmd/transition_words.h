/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that all who show a transition use. */
#ifndef ZU_CMD_TRANSITION_WORDS_H
#define ZU_CMD_TRANSITION_WORDS_H

#include "cmd/put.h"
#include "klp/blocker.h"

/**
 * transition_put_place() - where a frame is: "function+0x1/0x2 [module]"
 * @b: where to
 * @k: the kernel
 * @f: the frame
 */
void transition_put_place(struct zu_buf *b, struct zu_kernel *k,
			  const struct zu_frame *f);

/**
 * transition_put_range() - a function: "a patch's function [module]"
 * @b: where to
 * @r: its range
 */
void transition_put_range(struct zu_buf *b, const struct zu_klp_range *r);

/**
 * transition_put_decision() - what is in the way: "sleeping on function"
 * @b: where to
 * @ranges: what may not be on a stack
 * @d: the decision
 */
void transition_put_decision(struct zu_buf *b,
			     const struct zu_klp_ranges *ranges,
			     const struct zu_klp_decision *d);

#endif
