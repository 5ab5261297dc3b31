/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions that no frame shows, because a trampoline that ftrace calls from
 * their entry sleeps: BPF's, and those of register_ftrace_direct().
 */
#ifndef ZU_KMOD_HIDDEN_H
#define ZU_KMOD_HIDDEN_H

#include "core/unwind.h"

/**
 * zu_hides_caller() - does the code of a frame hide a function?
 * @f: the frame
 * @inner: the return address of the frame inside of it, or 0
 *
 * With interrupts off. In doubt it does.
 *
 * Return: true if it does.
 */
bool zu_hides_caller(const struct zu_frame *f, unsigned long inner);

#endif
