/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Captures made by tests, good and bad ones: sections are added to the
 * contents, which are compressed behind a header that tells the truth or not.
 * doc/capture.md describes the format.
 */
#ifndef ZU_TESTS_MAKE_CAPTURE_H
#define ZU_TESTS_MAKE_CAPTURE_H

#include <zstd.h>

#include "tests/make/bytes.h"

/**
 * struct cap - a capture in the making
 * @file: the file
 * @contents: what it holds, not compressed
 *
 * Zero it; cap_free() it.
 */
struct cap {
	struct mk file;
	struct mk contents;
};

static inline void cap_free(struct cap *c)
{
	mk_free(&c->file);
	mk_free(&c->contents);
}

static inline void cap_section(struct cap *c, const char *tag,
			       const void *data, size_t len)
{
	size_t at = c->contents.len;

	mk_at(&c->contents, at, 16 + len + 1);
	memcpy(c->contents.data + at, tag, strnlen(tag, 8));
	mk_be64(&c->contents, at + 8, len);
	if (len)
		mk_put(&c->contents, at + 16, data, len);
}

/*
 * The section of memory: @n addresses and lengths, and @room bytes, which are
 * those of mk_memory() for as many extents as they are enough for.
 */
static inline void cap_memory(struct cap *c, const uint64_t (*extent)[2],
			      size_t n, size_t room)
{
	struct mk m = { .len = 0 };
	size_t i, at = 8 + 16 * n, done = 0;

	mk_be64(&m, 0, n);
	mk_at(&m, at, room);
	for (i = 0; i < n; i++) {
		mk_be64(&m, 8 + 16 * i, extent[i][0]);
		mk_be64(&m, 16 + 16 * i, extent[i][1]);
		if (extent[i][1] > room - done)
			continue;
		mk_memory(&m, at + done, extent[i][0], extent[i][1]);
		done += extent[i][1];
	}
	cap_section(c, "memory", m.data, m.len);
	mk_free(&m);
}

static inline void cap_header(struct cap *c, uint32_t version, uint64_t len)
{
	mk_put(&c->file, 0, "ZUNWCAP\n", 8);
	mk_be32(&c->file, 8, version);
	mk_be32(&c->file, 12, 0);
	mk_be64(&c->file, 16, len);
}

/* Behind the header, and nothing behind it */
static inline void cap_compress(struct cap *c)
{
	size_t bound = ZSTD_compressBound(c->contents.len), n;
	uint8_t *p = malloc(bound);
	ZSTD_CCtx *ctx = ZSTD_createCCtx();

	if (!p || !ctx)
		abort();
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(ctx, p, bound, c->contents.data, c->contents.len);
	if (ZSTD_isError(n))
		abort();
	c->file.len = 24;
	mk_put(&c->file, 24, p, n);
	ZSTD_freeCCtx(ctx);
	free(p);
}

/* The file as it should be */
static inline const char *cap_finish(struct cap *c)
{
	cap_header(c, 1, c->contents.len);
	cap_compress(c);
	return mk_file(&c->file);
}

#endif
