/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expoline thunks: `exrl 0,(br rN)`, or `larl rM,...; ex 0,0(rM)`, called or
 * jumped to in place of a branch to what register N holds.
 */
#ifndef ZU_CHECK_THUNK_H
#define ZU_CHECK_THUNK_H

#include "check/code.h"

/**
 * zu_thunk_shape() - is a function a thunk, by its instructions?
 * @c: its object
 * @f: the function
 *
 * Return: ZU_DEST_THUNK with the register, or 0.
 */
unsigned int zu_thunk_shape(struct zu_code *c, const struct zu_code_func *f);

/**
 * zu_thunk_name() - is a function elsewhere a thunk, by its name?
 * @name: its name
 *
 * Return: ZU_DEST_THUNK with the register, or 0.
 */
unsigned int zu_thunk_name(const char *name);

#endif
