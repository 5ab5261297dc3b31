/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a module's code is. */
#ifndef ZU_KMOD_MODULE_TEXT_H
#define ZU_KMOD_MODULE_TEXT_H

#include <linux/types.h>

struct module;

/**
 * zu_module_memory() - where a module has code
 * @mod: a module that cannot go away
 * @memory: begin and end of its text memory, with GOT and PLT
 * @trampolines: begin and end of its hotpatch trampolines; 0 and 0 if it has
 *	none
 */
void zu_module_memory(const struct module *mod, unsigned long memory[2],
		      unsigned long trampolines[2]);

/**
 * zu_module_funcs() - each function of a module's text memory
 * @mod: a module that cannot go away
 * @fn: what to do with its address; false ends it
 * @ctx: given to @fn
 *
 * Functions of init text and symbols without a size are left out.
 *
 * Return: false if @fn returned that.
 */
bool zu_module_funcs(const struct module *mod,
		     bool (*fn)(void *ctx, unsigned long addr), void *ctx);

#endif
