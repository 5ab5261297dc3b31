/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a live patch's module file says of the functions it replaces. There are
 * three makes of such files: doc/patch-file.md has them.
 */
#ifndef ZU_KLP_PATCH_FILE_H
#define ZU_KLP_PATCH_FILE_H

#include "klp/functions.h"
#include "klp/object.h"

struct zu_layout;

/**
 * enum zu_patch_make - how a patch tells what it replaces
 * @ZU_PATCH_STATIC: by struct klp_patch in its data: patches that were written
 *	by hand
 * @ZU_PATCH_KPATCH: as kpatch-build makes them: .kpatch.funcs
 * @ZU_PATCH_KLP_BUILD: as the kernel's klp-build makes them: .init.klp_objects
 */
enum zu_patch_make {
	ZU_PATCH_STATIC,
	ZU_PATCH_KPATCH,
	ZU_PATCH_KLP_BUILD,
};

/**
 * struct zu_patch_file - a live patch's file
 * @name: the module's name; "" if it does not say it
 * @make: how it tells
 * @functions: what it replaces, as it is in the file
 * @replaces: it takes the place of all patches before it (cumulative): as its
 *	klp_patch says; of the other makes, whose code decides that, true, which is
 *	how they are made unless asked otherwise
 * @blank: objects (the kernel, modules) whose list of functions is empty in the
 *	file: the patch does nothing but call its callbacks there, or its code
 *	fills the list when it is loaded
 */
struct zu_patch_file {
	char name[ZU_OBJECT_NAME];
	enum zu_patch_make make;
	struct zu_patch_functions functions;
	bool replaces;
	size_t blank;
};

/**
 * zu_patch_file_read() - read a live patch's file
 * @path: its name
 * @layout: of the kernel it is for: where the members of klp_patch, klp_object
 *	and klp_func are
 * @ret: what it says; zu_patch_file_deinit() it
 * @err: the causes, without @path
 *
 * Return: 0; ZU_EIO if it can't be read; ZU_EFORMAT if it is damaged or no
 * kernel module; ZU_EINVAL if it is a module, but no live patch; ZU_ENOENT if
 * its functions are not in the file, or @layout lacks these structures;
 * ZU_ENOTSUP if it is compressed or not of s390x; ZU_ENOMEM.
 */
int zu_patch_file_read(const char *path, const struct zu_layout *layout,
		       struct zu_patch_file *ret, struct zu_error *err);

/**
 * zu_patch_file_deinit() - release the memory
 * @p: read, or zeroed
 */
void zu_patch_file_deinit(struct zu_patch_file *p);

#endif
