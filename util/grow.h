/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that grow one element at a time. */
#ifndef ZU_UTIL_GROW_H
#define ZU_UTIL_GROW_H

#include <stddef.h>

/**
 * zu_grow() - make room for one more element
 * @array: the array, or NULL
 * @n: elements in it
 * @cap: elements it has room for, 0 with NULL; may become more
 * @size: of an element
 *
 * Return: the array, which may have moved, or NULL without memory: then it is
 * where and as it was.
 */
void *zu_grow(void *array, size_t n, size_t *cap, size_t size);

#endif
