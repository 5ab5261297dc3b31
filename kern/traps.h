/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which monitor calls of a kernel come back. Tables are read when they are
 * first asked; a capture has the answers.
 */
#ifndef ZU_KERN_TRAPS_H
#define ZU_KERN_TRAPS_H

#include "kern/kernel.h"
#include "util/buf.h"

/**
 * zu_trap() - does a monitor call come back?
 * @k: the kernel
 * @addr: its address
 *
 * Return: 0 no (BUG), 1 yes, -1 not known.
 */
int zu_trap(struct zu_kernel *k, uint64_t addr);

/**
 * zu_traps_ahead() - read the kernel's own table now
 * @k: the kernel, with its own text ranges
 *
 * It leads to every page of the kernel's text, and never changes.
 */
void zu_traps_ahead(struct zu_kernel *k);

/**
 * zu_traps_forget() - forget what may change: all but the kernel's own table
 * @traps: k->traps, or NULL
 */
void zu_traps_forget(struct zu_traps *traps);

/**
 * zu_traps_store() - all answers given, for a capture
 * @k: the kernel
 * @out: text, a line each, by address
 */
void zu_traps_store(const struct zu_kernel *k, struct zu_buf *out);

/**
 * zu_traps_destroy() - forget them
 * @traps: k->traps, or NULL
 */
void zu_traps_destroy(struct zu_traps *traps);

#endif
