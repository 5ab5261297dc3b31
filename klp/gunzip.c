/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/gunzip.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

#include "util/fail.h"

#define CHUNK 65536
#define GZIP_ONLY (16 + MAX_WBITS)

static int inflate_all(z_stream *z, size_t max, struct zu_buf *ret,
		       struct zu_error *err)
{
	char *p;
	int code;

	do {
		p = zu_buf_reserve(ret, CHUNK);
		if (!p)
			return zu_fail_nomem(err);
		z->next_out = (Bytef *)p;
		z->avail_out = CHUNK - 1;
		code = inflate(z, Z_NO_FLUSH);
		ret->len += CHUNK - 1 - z->avail_out;
		if (ret->len > max)
			return zu_fail(err, ZU_EFORMAT,
				       "it unpacks to more than %zu bytes",
				       max);
	} while (code == Z_OK && !z->avail_out);
	if (code == Z_OK || code == Z_BUF_ERROR)
		return zu_fail(err, ZU_EFORMAT, "it is cut off");
	if (code != Z_STREAM_END)
		return zu_fail(err, code == Z_MEM_ERROR ? ZU_ENOMEM :
			       ZU_EFORMAT, "%s", z->msg ? z->msg : zError(code));
	ret->data[ret->len] = '\0';
	return 0;
}

int zu_gunzip(const struct zu_buf *in, size_t max, struct zu_buf *ret,
	      struct zu_error *err)
{
	z_stream z;
	int code;

	if (in->len > UINT_MAX)
		return zu_fail(err, ZU_EFORMAT, "it is too large");
	memset(&z, 0, sizeof(z));
	z.next_in = (Bytef *)in->data;
	z.avail_in = (uInt)in->len;
	if (inflateInit2(&z, GZIP_ONLY) != Z_OK)
		return zu_fail_nomem(err);
	code = inflate_all(&z, max, ret, err);
	inflateEnd(&z);
	if (code)
		zu_buf_deinit(ret);
	return code;
}
