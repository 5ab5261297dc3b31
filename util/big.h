/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Buffers of megabytes that are filled once. In pages of 4 KiB, the page
 * faults cost more than the copying.
 */
#ifndef ZU_UTIL_BIG_H
#define ZU_UTIL_BIG_H

#include <stddef.h>

/**
 * zu_big_alloc() - allocate a large buffer
 * @len: bytes
 *
 * Return: memory, in huge pages where the system has them, to be given to
 * free(); NULL if there is none.
 */
void *zu_big_alloc(size_t len);

#endif
