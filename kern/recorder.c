/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/recorder.h"

#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"

/* One read of the kernel's memory, and where its bytes are kept */
struct piece {
	uint64_t addr;
	size_t len;
	size_t data;
};

/* Memory without a gap, and where its bytes go */
struct extent {
	uint64_t begin;
	uint64_t len;
	size_t data;
};

void zu_recorder_add(void *ctx, uint64_t addr, const void *buf, size_t len)
{
	struct zu_recorder *r = ctx;
	struct piece p = { .addr = addr, .len = len, .data = r->bytes.len };

	zu_buf_add(&r->pieces, &p, sizeof(p));
	zu_buf_add(&r->bytes, buf, len);
}

void zu_recorder_deinit(struct zu_recorder *r)
{
	zu_buf_deinit(&r->pieces);
	zu_buf_deinit(&r->bytes);
}

static int by_addr(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return (x->addr > y->addr) - (x->addr < y->addr);
}

/* Of sorted pieces, which overlap where something was read twice. */
static void find_extents(struct zu_buf *extents, const struct piece *p,
			 size_t n, size_t *bytes)
{
	struct extent e = { .begin = 0 };
	size_t i;

	*bytes = 0;
	for (i = 0; i < n; i++) {
		uint64_t skip = e.begin + e.len - p[i].addr;

		if (!i || p[i].addr > e.begin + e.len) {
			if (i)
				zu_buf_add(extents, &e, sizeof(e));
			*bytes += e.len;
			e = (struct extent){ p[i].addr, p[i].len, *bytes };
		} else if (skip < p[i].len) {
			e.len += p[i].len - skip;
		}
	}
	if (n)
		zu_buf_add(extents, &e, sizeof(e));
	*bytes += e.len;
}

static void sort(const struct zu_recorder *r, struct zu_buf *extents,
		 size_t *bytes)
{
	struct zu_buf sorted = { .data = NULL };
	size_t n = r->pieces.len / sizeof(struct piece);
	struct piece *p;

	zu_buf_add(&sorted, r->pieces.data, r->pieces.len);
	p = (struct piece *)(void *)sorted.data;
	if (n && !sorted.failed) {
		qsort(p, n, sizeof(*p), by_addr);
		find_extents(extents, p, n, bytes);
	}
	extents->failed |= sorted.failed;
	zu_buf_deinit(&sorted);
}

/* The extent that has an address: there is one */
static const struct extent *find(const struct extent *e, size_t n,
				 uint64_t addr)
{
	size_t lo = 0, hi = n;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (e[mid].begin <= addr)
			lo = mid;
		else
			hi = mid;
	}
	return &e[lo];
}

static void write_extents(struct zu_buf *out, const struct extent *e, size_t n)
{
	char entry[16];
	size_t i;

	for (i = 0; i < n; i++) {
		zu_put_be64(entry, e[i].begin);
		zu_put_be64(entry + 8, e[i].len);
		zu_buf_add(out, entry, sizeof(entry));
	}
}

static void write_bytes(struct zu_buf *out, const struct zu_recorder *r,
			const struct extent *e, size_t n, size_t bytes)
{
	const struct piece *p = (struct piece *)(void *)r->pieces.data;
	size_t pieces = r->pieces.len / sizeof(*p), i;
	char *to = zu_buf_reserve(out, bytes);

	for (i = 0; to && i < pieces; i++) {
		const struct extent *in = find(e, n, p[i].addr);

		memcpy(to + in->data + (p[i].addr - in->begin),
		       r->bytes.data + p[i].data, p[i].len);
	}
	out->len += to ? bytes : 0;
}

size_t zu_recorder_write(const struct zu_recorder *r, struct zu_buf *out)
{
	struct zu_buf extents = { .data = NULL };
	size_t n, bytes = 0;
	char count[8];

	out->failed |= r->pieces.failed | r->bytes.failed;
	if (!out->failed)
		sort(r, &extents, &bytes);
	n = extents.len / sizeof(struct extent);
	zu_put_be64(count, n);
	zu_buf_add(out, count, sizeof(count));
	out->failed |= extents.failed;
	if (n && !out->failed) {
		const struct extent *e = (void *)extents.data;

		write_extents(out, e, n);
		write_bytes(out, r, e, n, bytes);
	}
	zu_buf_deinit(&extents);
	return bytes;
}
