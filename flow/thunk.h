/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ZU_FLOW_THUNK_H
#define ZU_FLOW_THUNK_H

#include "flow/flow.h"

/**
 * zu_flow_thunk() - is the code at an address an expoline thunk?
 * @env: for its @read
 * @addr: where a function starts
 *
 * Thunks are `exrl 0,(br rN)`, or `larl rM,...; ex 0,0(rM)`.
 *
 * Return: ZU_DEST_THUNK with the register, or 0.
 */
unsigned int zu_flow_thunk(const struct zu_flow_env *env, uint64_t addr);

#endif
