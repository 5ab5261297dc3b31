/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An image in memory: absolute addresses [base, base + len). */
#ifndef ZU_TESTS_MAKE_TOY_H
#define ZU_TESTS_MAKE_TOY_H

#include <stdbool.h>
#include <string.h>

#include "core/err.h"
#include "image/image.h"

/**
 * struct toy - the image
 * @image: give this to what is tested
 * @data: the memory; the test owns it
 * @base: its first address
 * @len: its length
 * @reads: how often it was read
 */
struct toy {
	struct zu_image image;
	uint8_t *data;
	uint64_t base;
	size_t len;
	unsigned int reads;
};

static inline uint8_t *toy_at(struct toy *t, uint64_t addr, size_t len)
{
	if (addr - t->base >= t->len || len > t->len - (addr - t->base))
		return NULL;
	return t->data + (addr - t->base);
}

static inline int toy_read(struct zu_image *image, uint64_t addr, void *buf,
			   size_t len)
{
	struct toy *t = image->priv;
	const uint8_t *p = toy_at(t, addr, len);

	t->reads++;
	if (!p)
		return ZU_EFAULT;
	memcpy(buf, p, len);
	return 0;
}

static inline const void *toy_map(struct zu_image *image, uint64_t addr,
				  size_t len)
{
	return toy_at(image->priv, addr, len);
}

/* @mapped: it has map_abs() as well */
static inline void toy_init(struct toy *t, uint8_t *data, uint64_t base,
			    size_t len, bool mapped)
{
	static const struct zu_image_kind kinds[2] = {
		{ .name = "toy", .read_abs = toy_read },
		{ .name = "toy", .read_abs = toy_read, .map_abs = toy_map },
	};

	memset(t, 0, sizeof(*t));
	t->image.kind = &kinds[mapped];
	t->image.priv = t;
	t->data = data;
	t->base = base;
	t->len = len;
}

#endif
