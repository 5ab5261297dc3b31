/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The objects whose code a system runs: its kernel and the loaded modules. */
#ifndef ZU_KLP_OBJECT_H
#define ZU_KLP_OBJECT_H

#include "core/table.h"
#include "klp/root.h"

/** ZU_OBJECT_KERNEL - the kernel's name, as zunwind.ko calls it */
#define ZU_OBJECT_KERNEL "vmlinux"

/** ZU_OBJECT_NAME - room for a module's name: MODULE_NAME_LEN of s390x */
#define ZU_OBJECT_NAME 56

/**
 * struct zu_object - the kernel, or a module
 * @name: ZU_OBJECT_KERNEL, or the module's name
 * @kernel: it is the kernel
 * @build_id: in hexadecimal; "" if it has none
 * @table: its table's file was found, and nothing is known to be wrong with it
 */
struct zu_object {
	char name[ZU_OBJECT_NAME];
	bool kernel;
	char build_id[2 * ZU_TABLE_BUILD_ID + 1];
	bool table;
};

/**
 * struct zu_objects - all of them
 * @object: the kernel first; owned
 * @nr: how many
 * @cap: room for
 */
struct zu_objects {
	struct zu_object *object;
	size_t nr;
	size_t cap;
};

/**
 * zu_objects_read() - find out what is loaded
 * @root: the system
 * @ret: the objects; zu_objects_deinit() them
 * @err: the causes
 *
 * Return: 0; ZU_ENOENT if the kernel does not say its build-id; ZU_EIO;
 * ZU_EFORMAT; ZU_ENOMEM.
 */
int zu_objects_read(const struct zu_root *root, struct zu_objects *ret,
		    struct zu_error *err);

/**
 * zu_objects_deinit() - release the memory
 * @o: the objects, or zeroed
 */
void zu_objects_deinit(struct zu_objects *o);

#endif
