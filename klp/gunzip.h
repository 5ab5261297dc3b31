/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ZU_KLP_GUNZIP_H
#define ZU_KLP_GUNZIP_H

#include "util/buf.h"
#include "zunwind/error.h"

/**
 * zu_gunzip() - unpack the contents of a .gz file
 * @in: the file
 * @max: most bytes that may come out
 * @ret: an empty buffer: what came out, and a 0 behind that; to be released
 * @err: the causes
 *
 * Return: 0; ZU_EFORMAT if it is damaged or too large; ZU_ENOTSUP if that was
 * not built in; ZU_ENOMEM.
 */
int zu_gunzip(const struct zu_buf *in, size_t max, struct zu_buf *ret,
	      struct zu_error *err);

#endif
