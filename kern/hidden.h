/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions that no frame shows. ftrace can call a trampoline directly from
 * the entry of a function; when what it calls sleeps, the stack shows the
 * trampoline and the function's caller, but not the function, which will run
 * as soon as the trampoline is done. The kernel's reliable walk can't see
 * that. BPF's fentry programs are such direct calls, and so are those of
 * modules (register_ftrace_direct()).
 */
#ifndef ZU_KERN_HIDDEN_H
#define ZU_KERN_HIDDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/unwind.h"
#include "zunwind/error.h"

struct zu_kernel;

/**
 * struct zu_direct - a direct call
 * @trampoline: what is called
 * @function: from where: the address of the traced instruction
 */
struct zu_direct {
	uint64_t trampoline;
	uint64_t function;
};

/**
 * struct zu_hidden - all direct calls
 * @direct: sorted by @trampoline, then by @function; owned
 * @count: how many
 * @cap: room for
 */
struct zu_hidden {
	struct zu_direct *direct;
	size_t count;
	size_t cap;
};

/**
 * zu_hidden_init() - read the table of direct calls
 * @k: the kernel; fills k->hidden, which zu_hidden_deinit() releases
 * @err: the causes
 *
 * Return: 0; ZU_EFAULT or ZU_EFORMAT if the table is damaged; ZU_ENOMEM.
 */
int zu_hidden_init(struct zu_kernel *k, struct zu_error *err);

/**
 * zu_hidden_deinit() - forget it
 * @h: initialized or zeroed
 */
void zu_hidden_deinit(struct zu_hidden *h);

/**
 * zu_hidden_is_same() - has the table changed since it was read?
 * @k: the kernel; k->hidden stays as it is
 *
 * Return: true if it has not.
 */
bool zu_hidden_is_same(struct zu_kernel *k);

/**
 * zu_hides_caller() - does the code of a frame hide a function?
 * @k: the kernel
 * @f: the frame: a return address, or with registers an instruction
 * @inner: the return address of the frame inside of it, or 0 if there is none
 *
 * In doubt it does: a trampoline hides its function unless it is seen to have
 * called it itself, so that the function has a frame or is over.
 *
 * Return: true if it does.
 */
bool zu_hides_caller(struct zu_kernel *k, const struct zu_frame *f,
		     uint64_t inner);

#endif
