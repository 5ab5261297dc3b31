/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without zlib: what is packed stays so. */
#include "klp/gunzip.h"

#include "util/fail.h"

int zu_gunzip(const struct zu_buf *in, size_t max, struct zu_buf *ret,
	      struct zu_error *err)
{
	(void)in;
	(void)max;
	(void)ret;
	return zu_fail(err, ZU_ENOTSUP, "unpacking was not built in (zlib)");
}
