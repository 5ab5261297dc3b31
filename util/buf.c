/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void zu_buf_deinit(struct zu_buf *b)
{
	free(b->data);
	*b = (struct zu_buf){ .data = NULL };
}

char *zu_buf_reserve(struct zu_buf *b, size_t len)
{
	size_t cap = b->cap ? b->cap : 256;
	char *p;

	if (b->failed || len > SIZE_MAX / 2 - b->len)
		goto fail;
	if (len <= b->cap - b->len && b->data)
		return b->data + b->len;
	while (cap - b->len < len)
		cap *= 2;
	p = realloc(b->data, cap);
	if (!p)
		goto fail;
	b->data = p;
	b->cap = cap;
	return b->data + b->len;
fail:
	b->failed = true;
	return NULL;
}

void zu_buf_add(struct zu_buf *b, const void *data, size_t len)
{
	char *p = len ? zu_buf_reserve(b, len) : NULL;

	if (!p)
		return;
	memcpy(p, data, len);
	b->len += len;
}

void zu_buf_printf(struct zu_buf *b, const char *fmt, ...)
{
	char *p;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p = n < 0 ? NULL : zu_buf_reserve(b, (size_t)n + 1);
	if (!p) {
		b->failed = true;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}
