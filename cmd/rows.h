/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows as text, for `zunwind table --dump`. */
#ifndef ZU_CMD_ROWS_H
#define ZU_CMD_ROWS_H

#include "core/row.h"
#include "util/buf.h"

/**
 * rows_put() - a row in words
 * @b: where to
 * @row: the row
 */
void rows_put(struct zu_buf *b, const struct zu_row *row);

#endif
