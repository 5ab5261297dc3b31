/* SPDX-License-Identifier: GPL-2.0-or-later */
/* core/env.h of the kernel module: it is found before the one of user space. */
#ifndef ZU_CORE_ENV_H
#define ZU_CORE_ENV_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>

#define ZU_STATIC_ASSERT(cond, text) static_assert(cond, text)

/*
 * Straight from the task's stack, where the walk knows that it is. KASAN would
 * not have somebody else's frames looked at: the kernel's unwinder has the same
 * exception.
 */
static __always_inline int zu_env_read(int (*read)(void *ctx, uint64_t addr,
						   void *buf, size_t len),
				       void *ctx, uint64_t addr, void *buf,
				       size_t len)
{
	const unsigned long *from = (const unsigned long *)addr;
	unsigned long *to = buf;
	size_t i;

	for (i = 0; i < len / sizeof(*to); i++)
		to[i] = READ_ONCE_NOCHECK(from[i]);
	return 0;
}

struct zu_link;
bool zu_link_cached(unsigned long inner, unsigned long outer,
		    struct zu_link *ret);

typedef bool zu_link_fn(void *ctx, u64 inner, u64 outer, struct zu_link *ret);

static __always_inline bool zu_env_link(zu_link_fn *link, void *ctx, u64 inner,
					u64 outer, struct zu_link *ret)
{
	return zu_link_cached(inner, outer, ret);
}

#endif
