/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the kernel would find an object's table, and whether it is one. */
#ifndef ZU_KLP_TABLE_PLACE_H
#define ZU_KLP_TABLE_PLACE_H

#include "klp/doctor.h"

/**
 * enum zu_table_place - what was found
 * @ZU_TABLE_ABSENT: no file
 * @ZU_TABLE_PACKED: a file that the kernel unpacks; it was not looked into
 * @ZU_TABLE_BAD: a file that is no such table
 * @ZU_TABLE_UNKNOWN: a file that can't be read
 * @ZU_TABLE_FINE: the table
 */
enum zu_table_place {
	ZU_TABLE_ABSENT,
	ZU_TABLE_PACKED,
	ZU_TABLE_BAD,
	ZU_TABLE_UNKNOWN,
	ZU_TABLE_FINE,
};

/**
 * zu_table_look() - look for an object's table
 * @d: the look
 * @o: the object; has a build-id
 * @ret: the file that counts, if there is one
 * @err: with ZU_TABLE_BAD and ZU_TABLE_UNKNOWN: why
 *
 * Return: what was found.
 */
enum zu_table_place zu_table_look(const struct zu_doctor *d,
				  const struct zu_object *o,
				  struct zu_path *ret, struct zu_error *err);

#endif
