/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int zu_fail(struct zu_error *err, int code, const char *fmt, ...)
{
	va_list ap;

	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return code;
}

int zu_fail_at(struct zu_error *err, const char *fmt, ...)
{
	char outer[ZU_ERROR_SIZE];
	size_t len;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(outer, sizeof(outer) - 2, fmt, ap);
	va_end(ap);
	len = strlen(outer);
	memcpy(outer + len, ": ", 2);
	len += 2;

	/* the innermost cause gives way, the outer one is what one sees first */
	memmove(err->text + len, err->text, sizeof(err->text) - len);
	memcpy(err->text, outer, len);
	err->text[sizeof(err->text) - 1] = '\0';
	return err->code;
}

int zu_fail_nomem(struct zu_error *err)
{
	return zu_fail(err, ZU_ENOMEM, "out of memory");
}
