/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that a live patch replaces, by their names. */
#ifndef ZU_KLP_FUNCTIONS_H
#define ZU_KLP_FUNCTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "zunwind/error.h"

/** ZU_PATCH_FUNCTIONS - more than any patch replaces */
#define ZU_PATCH_FUNCTIONS 65536

/**
 * struct zu_patch_function - a function that is replaced
 * @object: the module it is in; NULL: the kernel
 * @name: its name
 * @sympos: which one of that name in the object, from 1, in the order of the
 *	object's symbols; 0: there is only one
 * @text: owner of both strings
 */
struct zu_patch_function {
	const char *object;
	const char *name;
	uint64_t sympos;
	char *text;
};

/**
 * struct zu_patch_functions - all of them
 * @function: the functions; owned
 * @nr: how many
 * @cap: room for
 */
struct zu_patch_functions {
	struct zu_patch_function *function;
	size_t nr;
	size_t cap;
};

/**
 * zu_patch_functions_add() - add a function
 * @list: the list
 * @object: the module; NULL: the kernel
 * @name: its name
 * @sympos: its position, or 0
 * @err: the causes
 *
 * Return: 0; ZU_EFORMAT if there are more than ZU_PATCH_FUNCTIONS; ZU_ENOMEM.
 */
int zu_patch_functions_add(struct zu_patch_functions *list, const char *object,
			   const char *name, uint64_t sympos,
			   struct zu_error *err);

/**
 * zu_patch_functions_deinit() - release the memory
 * @list: the list, or zeroed; empty afterwards
 */
void zu_patch_functions_deinit(struct zu_patch_functions *list);

#endif
