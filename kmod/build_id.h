/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Build IDs of what is loaded, from its own memory. */
#ifndef ZU_KMOD_BUILD_ID_H
#define ZU_KMOD_BUILD_ID_H

#include <linux/types.h>

#include "core/table.h"

struct module;

/**
 * struct zu_build_id - a build ID
 * @bytes: its bytes
 * @len: how many; 0: there is none, or more than one
 */
struct zu_build_id {
	u8 bytes[ZU_TABLE_BUILD_ID];
	u32 len;
};

/** ZU_BUILD_ID_HEX - room for one in hexadecimal, with its end */
#define ZU_BUILD_ID_HEX (2 * ZU_TABLE_BUILD_ID + 1)

/**
 * zu_build_id_kernel() - the kernel's, from its notes
 * @ret: the build ID
 */
void zu_build_id_kernel(struct zu_build_id *ret);

/**
 * zu_build_id_module() - a module's, from its read-only data
 * @mod: a module that cannot go away, at any state from COMING on
 * @ret: the build ID
 *
 * Its notes lie somewhere there; sysfs shows them, but only later than a
 * module's first code runs. What looks like one is one, if there is only one.
 */
void zu_build_id_module(const struct module *mod, struct zu_build_id *ret);

/**
 * zu_build_id_hex() - in hexadecimal
 * @id: the build ID
 * @buf: room for ZU_BUILD_ID_HEX characters; "-" if there is none
 */
void zu_build_id_hex(const struct zu_build_id *id, char *buf);

#endif
