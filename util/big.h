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

/**
 * zu_big_grow() - make a buffer larger
 * @old: from zu_big_alloc() or this, or NULL; freed on success
 * @used: bytes of it to keep
 * @len: bytes to have
 *
 * Return: as zu_big_alloc(); on failure @old is as it was.
 */
void *zu_big_grow(void *old, size_t used, size_t len);

#endif
