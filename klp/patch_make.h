/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The makes of patches: a function each that reads one. */
#ifndef ZU_KLP_PATCH_MAKE_H
#define ZU_KLP_PATCH_MAKE_H

#include "kern/layout.h"
#include "klp/patch_elf.h"
#include "klp/patch_file.h"

/** ZU_PATCH_NAME - longest name of a function: KSYM_NAME_LEN less its 0 */
#define ZU_PATCH_NAME 511

/** ZU_THIS_MODULE - the section that struct module is in, in each module */
#define ZU_THIS_MODULE ".gnu.linkonce.this_module"

/**
 * zu_patch_static() - a patch with a struct klp_patch
 * @e: the file
 * @layout: of the kernel
 * @ret: zeroed: gets functions and blank objects
 * @err: the causes
 *
 * Return: as zu_patch_file_read().
 */
int zu_patch_static(const struct zu_patch_elf *e,
		    const struct zu_layout *layout, struct zu_patch_file *ret,
		    struct zu_error *err);

/**
 * zu_patch_kpatch() - a patch by kpatch-build
 * @e: the file
 * @section: number of .kpatch.funcs
 * @ret: zeroed: gets functions
 * @err: the causes
 *
 * Return: as zu_patch_file_read().
 */
int zu_patch_kpatch(const struct zu_patch_elf *e, size_t section,
		    struct zu_patch_file *ret, struct zu_error *err);

/**
 * zu_patch_klp_build() - a patch by klp-build
 * @e: the file
 * @section: number of .init.klp_objects
 * @ret: zeroed: gets functions
 * @err: the causes
 *
 * Return: as zu_patch_file_read().
 */
int zu_patch_klp_build(const struct zu_patch_elf *e, size_t section,
		       struct zu_patch_file *ret, struct zu_error *err);

/**
 * zu_patch_add() - add the function whose name, object and position are known
 * @e: the file
 * @object: the module's name; NULL: the kernel
 * @name: where the pointer to its name is
 * @sympos: where its position is, an unsigned long
 * @ret: what gets it
 * @err: the causes
 *
 * Return: 0; ZU_EFORMAT if that is not there, or can't be right; ZU_ENOMEM.
 */
int zu_patch_add(const struct zu_patch_elf *e, const char *object,
		 struct zu_patch_place name, struct zu_patch_place sympos,
		 struct zu_patch_functions *ret, struct zu_error *err);

/**
 * zu_patch_at() - a place further on
 * @at: a place
 * @offset: by how much
 *
 * Return: the place.
 */
static inline struct zu_patch_place zu_patch_at(struct zu_patch_place at,
						uint64_t offset)
{
	at.offset += offset;
	return at;
}

#endif
