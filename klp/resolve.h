/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the functions are that a live patch replaces, by the kernel's own
 * rules: klp_find_object_symbol() and klp_init_object_loaded() in
 * kernel/livepatch/core.c, 6.12 and 7.2.
 */
#ifndef ZU_KLP_RESOLVE_H
#define ZU_KLP_RESOLVE_H

#include <stdbool.h>

#include "klp/functions.h"
#include "zunwind/kernel.h"

/**
 * struct zu_patch_range - a function that is replaced
 * @function: its names; those of the list that was resolved
 * @waits: its module is not loaded, or about to go: it will be patched when it
 *	comes, and no task can be in it now. The rest is 0
 * @old: its address as it was compiled: klp_func.old_func
 * @start: first address of the code that tasks may be in. It is @old, unless
 *	the caller knows that the function is patched already: see
 *	zu_patch_replace()
 * @size: bytes from @start to the next symbol, as
 *	kallsyms_lookup_size_offset() has it: padding counts
 */
struct zu_patch_range {
	const struct zu_patch_function *function;
	bool waits;
	uint64_t old;
	uint64_t start;
	uint64_t size;
};

/**
 * struct zu_patch_ranges - all of them
 * @range: one for each function, in the order of the list; owned
 * @nr: how many
 */
struct zu_patch_ranges {
	struct zu_patch_range *range;
	size_t nr;
};

/**
 * zu_patch_resolve() - find the functions
 * @k: the kernel
 * @list: the functions; must outlive @ret
 * @ret: where they are; zu_patch_ranges_deinit() it
 * @err: the causes
 *
 * Whether ftrace can reach a function, without which it can't be patched, is
 * not looked at.
 *
 * Return: 0; ZU_ENOENT if there is no such function, or none at its position;
 * ZU_EINVAL if there are several and no position tells which, or it is no code;
 * ZU_ENOTSUP if @k is a capture, which has not all symbols; ZU_EFAULT;
 * ZU_EFORMAT; ZU_ENOMEM.
 */
int zu_patch_resolve(struct zu_kernel *k,
		     const struct zu_patch_functions *list,
		     struct zu_patch_ranges *ret, struct zu_error *err);

/**
 * zu_patch_replace() - say that a function is patched already
 * @ranges: the functions
 * @old: klp_func.old_func of the patch that is there
 * @start: new_func of the newest one (first in klp_ops.func_stack): that is
 *	where tasks are, and what klp_check_stack_func() looks for
 * @size: its new_size
 *
 * Return: how many of the functions were it.
 */
size_t zu_patch_replace(struct zu_patch_ranges *ranges, uint64_t old,
			uint64_t start, uint64_t size);

/**
 * zu_patch_ranges_deinit() - release the memory
 * @ranges: resolved, or zeroed
 */
void zu_patch_ranges_deinit(struct zu_patch_ranges *ranges);

#endif
