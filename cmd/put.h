/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that is put together in a buffer and written in large pieces. */
#ifndef ZU_CMD_PUT_H
#define ZU_CMD_PUT_H

#include "core/row.h"
#include "util/buf.h"
#include "zunwind/error.h"

/** PUT_CHUNK - write when so much has come together */
#define PUT_CHUNK (64u << 10)

/**
 * put_flush() - write to standard output what has come together
 * @b: the buffer; empty afterwards if it was written
 * @chunk: if it is as much as that; 0: in any case
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM if memory for @b ran out before; ZU_EIO.
 */
int put_flush(struct zu_buf *b, size_t chunk, struct zu_error *err);

/**
 * put_name() - a name that may hold anything
 * @b: where to
 * @name: the name; bytes that cannot be printed become '?'
 */
void put_name(struct zu_buf *b, const char *name);

/**
 * put_row() - a row in words
 * @b: where to
 * @row: the row
 */
void put_row(struct zu_buf *b, const struct zu_row *row);

#endif
