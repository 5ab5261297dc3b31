/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks of a look, counted by what was decided of them. */
#ifndef ZU_KLP_COUNT_H
#define ZU_KLP_COUNT_H

#include "klp/blocker.h"

/**
 * struct zu_klp_count - how many tasks
 * @kernel: by what the kernel decides
 * @strict: by what strict rules decide
 * @could: the kernel does not switch them, but the code proves that it could
 * @hidden: the kernel would switch them, and strict rules would not
 */
struct zu_klp_count {
	size_t kernel[ZU_KLP_UNVISITED + 1];
	size_t strict[ZU_KLP_UNVISITED + 1];
	size_t could;
	size_t hidden;
};

/**
 * zu_klp_count_add() - one more
 * @c: the count
 * @b: the task; not gone
 */
static inline void zu_klp_count_add(struct zu_klp_count *c,
				    const struct zu_klp_blocker *b)
{
	bool kernel = zu_klp_blocks(&b->kernel);
	bool strict = zu_klp_blocks(&b->strict);

	c->kernel[b->kernel.cause]++;
	c->strict[b->strict.cause]++;
	c->could += kernel && !strict;
	c->hidden += !kernel && strict;
}

#endif
