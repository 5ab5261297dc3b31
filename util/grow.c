/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/grow.h"

#include <stdlib.h>

void *zu_grow(void *array, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 64;
	void *p;

	if (n < *cap)
		return array;
	if (more < *cap)
		return NULL;
	p = reallocarray(array, more, size);
	if (p)
		*cap = more;
	return p;
}
