/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What the files of the walk share. Private to core/. */
#ifndef ZU_CORE_WALK_H
#define ZU_CORE_WALK_H

#include "core/unwind.h"

static inline bool zu_on_stack(const struct zu_stack *s, uint64_t addr,
			       uint64_t len)
{
	return addr + len >= addr && addr >= s->begin && addr + len <= s->end;
}

/* __kernel_text_address() */
static inline bool zu_is_text(const struct zu_unwind *u, uint64_t addr)
{
	const struct zu_unwind_env *env = u->env;

	return (addr >= env->text[0] && addr < env->text[1]) ||
	       env->is_text(u->task->ctx, addr);
}

/**
 * zu_read_stack() - eight bytes of the stack the walk is on
 * @u: the walk
 * @addr: where
 * @ret: the value
 *
 * Return: false if they are not on that stack, or can't be read.
 */
bool zu_read_stack(const struct zu_unwind *u, uint64_t addr, uint64_t *ret);

/**
 * zu_read_fp() - the value of r11
 * @u: the walk
 * @fp: where it is
 * @ret: the value
 *
 * Return: false if it is lost, or not on the stack.
 */
bool zu_read_fp(const struct zu_unwind *u, const struct zu_fp *fp,
		uint64_t *ret);

/**
 * zu_look_behind() - find the caller of what was interrupted
 * @u: a walk by rows, at a frame with registers; sets u->behind
 */
void zu_look_behind(struct zu_unwind *u);

#endif
