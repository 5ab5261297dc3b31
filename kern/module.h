/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in modules; their text is found by zu_text_add_modules(). */
#ifndef ZU_KERN_MODULE_H
#define ZU_KERN_MODULE_H

#include "kern/kernel.h"

/**
 * zu_module_symbol() - the function of a module at an address
 * @k: the kernel
 * @range: the module's text that @addr is in
 * @addr: an address
 * @ret: name, start and size; the name is in @buf
 * @buf: room for the name
 * @size: of @buf
 *
 * As find_kallsyms_symbol() in kernel/module/kallsyms.c, 6.1 to 7.2.
 *
 * Return: true if there is one, false also if the table can't be read.
 */
bool zu_module_symbol(const struct zu_kernel *k,
		      const struct zu_text_range *range, uint64_t addr,
		      struct zu_symbol *ret, char *buf, size_t size);

/**
 * zu_module_name() - name of a module
 * @k: the kernel
 * @module: address of its struct module
 * @buf: where to
 * @size: of @buf
 *
 * Return: true if it could be read.
 */
bool zu_module_name(const struct zu_kernel *k, uint64_t module, char *buf,
		    size_t size);

#endif
