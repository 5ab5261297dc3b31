/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of kern/layout.def as data, for those who look them up. */
#ifndef ZU_KERN_LAYOUT_ROWS_H
#define ZU_KERN_LAYOUT_ROWS_H

#include <stdbool.h>

#include "kern/layout.h"

/**
 * enum zu_row_kind - what a row asks for
 * @ZU_ROW_MEMBER: offset and size of a member of a structure
 * @ZU_ROW_SIZEOF: size of a structure
 * @ZU_ROW_ENUMERATOR: value of an enumerator
 */
enum zu_row_kind {
	ZU_ROW_MEMBER,
	ZU_ROW_SIZEOF,
	ZU_ROW_ENUMERATOR,
};

/**
 * struct zu_row - a row of kern/layout.def
 * @kind: what it asks for
 * @must: zunwind can't do without it
 * @type: name of the structure or enum
 * @path: of a member: its name, or several with dots between, each a member
 *	of the one before; of an enumerator: its name; otherwise NULL
 */
struct zu_row {
	enum zu_row_kind kind;
	bool must;
	const char *type;
	const char *path;
};

/** zu_rows - all rows, by enum zu_field */
extern const struct zu_row zu_rows[ZU_FIELD_COUNT];

#endif
