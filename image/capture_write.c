/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "core/bytes.h"
#include "image/capture.h"
#include "image/capture_format.h"
#include "util/buf.h"
#include "util/fail.h"
#include "util/outfile.h"

/* Captures are made once and sent around: size matters more than time. */
#define LEVEL 19

static void add_part(struct zu_buf *b, const struct zu_capture_part *part)
{
	char tag[ZU_CAPTURE_TAG + 8] = { 0 };
	size_t len = strlen(part->tag);

	memcpy(tag, part->tag, len < ZU_CAPTURE_TAG ? len : ZU_CAPTURE_TAG);
	zu_put_be64(tag + ZU_CAPTURE_TAG, part->len);
	zu_buf_add(b, tag, sizeof(tag));
	zu_buf_add(b, part->data, part->len);
	zu_buf_add(b, "", 1);
}

static int compress(struct zu_buf *out, const struct zu_buf *in,
		    struct zu_error *err)
{
	ZSTD_CCtx *ctx = ZSTD_createCCtx();
	size_t bound = ZSTD_compressBound(in->len), n;
	char *p = zu_buf_reserve(out, bound);

	if (!ctx || !p) {
		ZSTD_freeCCtx(ctx);
		return zu_fail_nomem(err);
	}
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(ctx, p, bound, in->data, in->len);
	ZSTD_freeCCtx(ctx);
	if (ZSTD_isError(n))
		return zu_fail(err, ZU_ENOMEM, "%s", ZSTD_getErrorName(n));
	out->len += n;
	return 0;
}

int zu_capture_payload(const struct zu_capture_part *parts, size_t n,
		       struct zu_buf *ret, struct zu_error *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		add_part(ret, &parts[i]);
	if (ret->failed)
		return zu_fail_nomem(err);
	if (ret->len > ZU_CAPTURE_MAX)
		return zu_fail(err, ZU_ENOTSUP,
			       "a capture would hold %zu bytes, more than the %u that can be read again",
			       ret->len, ZU_CAPTURE_MAX);
	return 0;
}

int zu_capture_store(const char *path, const struct zu_capture_part *parts,
		     size_t n, struct zu_error *err)
{
	char header[ZU_CAPTURE_HEADER] = ZU_CAPTURE_MAGIC;
	struct zu_buf payload = { .data = NULL }, out = { .data = NULL };
	int ret = zu_capture_payload(parts, n, &payload, err);

	zu_put_be32(header + ZU_CAPTURE_VERSION_AT, ZU_CAPTURE_VERSION);
	zu_put_be64(header + ZU_CAPTURE_LEN_AT, payload.len);
	zu_buf_add(&out, header, sizeof(header));
	if (!ret && out.failed)
		ret = zu_fail_nomem(err);
	if (!ret)
		ret = compress(&out, &payload, err);
	if (!ret)
		ret = zu_outfile_write(path, out.data, out.len, err);
	zu_buf_deinit(&payload);
	zu_buf_deinit(&out);
	return ret;
}
