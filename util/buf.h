/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes that grow. A zeroed struct zu_buf is an empty one. */
#ifndef ZU_UTIL_BUF_H
#define ZU_UTIL_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct zu_buf - bytes
 * @data: the bytes; owned
 * @len: how many
 * @cap: room for
 * @failed: memory ran out; what came after is missing
 */
struct zu_buf {
	char *data;
	size_t len;
	size_t cap;
	bool failed;
};

/**
 * zu_buf_deinit() - release the memory
 * @b: the buffer; empty afterwards
 */
void zu_buf_deinit(struct zu_buf *b);

/**
 * zu_buf_reserve() - make room
 * @b: the buffer
 * @len: for so many more bytes
 *
 * Return: where they go, or NULL with b->failed set; b->len is for the caller
 * to move.
 */
char *zu_buf_reserve(struct zu_buf *b, size_t len);

/**
 * zu_buf_add() - append bytes
 * @b: the buffer
 * @data: the bytes; may be NULL if there are none
 * @len: how many
 */
void zu_buf_add(struct zu_buf *b, const void *data, size_t len);

/**
 * zu_buf_printf() - append text
 * @b: the buffer
 * @fmt: printf format
 */
void zu_buf_printf(struct zu_buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
