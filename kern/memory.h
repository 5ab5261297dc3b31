/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's virtual memory, wherever it comes from. */
#ifndef ZU_KERN_MEMORY_H
#define ZU_KERN_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct zu_memory - a reader of kernel virtual addresses
 * @read: copy @len bytes at @addr, all or nothing; 0, or ZU_EFAULT if they
 *	are not mapped or not in the image, or ZU_EFORMAT if the page tables
 *	are damaged
 * @ctx: given to @read
 */
struct zu_memory {
	int (*read)(void *ctx, uint64_t addr, void *buf, size_t len);
	void *ctx;
};

static inline int zu_memory_read(const struct zu_memory *m, uint64_t addr,
				 void *buf, size_t len)
{
	return m->read(m->ctx, addr, buf, len);
}

#endif
