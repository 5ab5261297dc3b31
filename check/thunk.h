/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expoline thunks whose code is elsewhere. For those at hand: flow/thunk.h.
 */
#ifndef ZU_CHECK_THUNK_H
#define ZU_CHECK_THUNK_H

/**
 * zu_thunk_name() - is a function a thunk, by its name?
 * @name: its name
 *
 * Return: ZU_DEST_THUNK with the register, or 0.
 */
unsigned int zu_thunk_name(const char *name);

#endif
