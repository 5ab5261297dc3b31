/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The one header a host of core/ replaces: fixed-size integers, bool,
 * size_t, and memcpy, memset, memcmp; and how a walk reads a stack. Nothing
 * else of the host is used.
 */
#ifndef ZU_CORE_ENV_H
#define ZU_CORE_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ZU_STATIC_ASSERT(cond, text) _Static_assert(cond, text)

/**
 * zu_env_read() - bytes of a stack
 * @read: zu_unwind_env.read
 * @ctx: for @read
 * @addr: where; inside of a stack that the task description names
 * @buf: for the bytes
 * @len: how many, a multiple of 8
 *
 * A host whose own memory the stacks are in has no need of @read.
 *
 * Return: 0 or negative.
 */
static inline int zu_env_read(int (*read)(void *ctx, uint64_t addr, void *buf,
					  size_t len),
			      void *ctx, uint64_t addr, void *buf, size_t len)
{
	return read(ctx, addr, buf, len);
}

struct zu_link;

/* As zu_unwind_env.link */
typedef bool zu_link_fn(void *ctx, uint64_t inner, uint64_t outer,
			struct zu_link *ret);

/**
 * zu_env_link() - was this link learnt?
 * @link: zu_unwind_env.link
 * @ctx: for @link
 * @inner: as there
 * @outer: as there
 * @ret: as there
 *
 * A host that remembers them may be asked without @link.
 *
 * Return: as there.
 */
static inline bool zu_env_link(zu_link_fn *link, void *ctx, uint64_t inner,
			       uint64_t outer, struct zu_link *ret)
{
	return link && link(ctx, inner, outer, ret);
}

#endif
