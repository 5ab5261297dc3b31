/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in modules; their text is found by zu_text_add_modules(). */
#ifndef ZU_KERN_MODULE_H
#define ZU_KERN_MODULE_H

#include "kern/text_symbols.h"

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
 * zu_module_symbols() - all symbols in a module's text
 * @k: the kernel
 * @range: the text
 * @to: what to do
 * @err: the causes
 *
 * Return: as zu_text_symbols().
 */
int zu_module_symbols(const struct zu_kernel *k,
		      const struct zu_text_range *range,
		      const struct zu_text_symbols *to, struct zu_error *err);

/**
 * zu_module_find() - a module by its name
 * @k: the kernel
 * @name: the name
 * @ret: address of its struct module; 0 if there is none
 * @err: the causes
 *
 * As find_module(): one that is only being read is not there.
 *
 * Return: 0; ZU_EFAULT or ZU_EFORMAT if the list of modules is damaged.
 */
int zu_module_find(const struct zu_kernel *k, const char *name, uint64_t *ret,
		   struct zu_error *err);

/**
 * zu_module_is_alive() - may live patching touch a module?
 * @k: the kernel
 * @module: address of its struct module
 * @ret: klp_alive: it has begun to come, and not to go; true in a kernel
 *	without live patching
 * @err: the causes
 *
 * Return: 0, or as the kernel's memory says.
 */
int zu_module_is_alive(const struct zu_kernel *k, uint64_t module, bool *ret,
		       struct zu_error *err);

/**
 * zu_module_named() - all symbols that a module defines
 * @k: the kernel
 * @module: address of its struct module
 * @each: called for each, as module_kallsyms_on_each_symbol() does it, and in
 *	the same order
 * @ctx: given to @each
 * @err: the causes
 *
 * Return: 0; ZU_EFAULT if the table can't be read; ZU_ENOENT if the kernel has
 * no symbols of modules.
 */
int zu_module_named(const struct zu_kernel *k, uint64_t module,
		    void (*each)(void *ctx, const char *name, uint64_t addr),
		    void *ctx, struct zu_error *err);

/**
 * zu_module_text() - where the text of a module starts that is kept
 * @k: the kernel
 * @module: address of its struct module
 * @ret: the address
 *
 * Return: true if it could be read, and there is some.
 */
bool zu_module_text(const struct zu_kernel *k, uint64_t module, uint64_t *ret);

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

/**
 * zu_module_is_livepatch() - is a module a live patch?
 * @k: the kernel
 * @module: address of its struct module
 *
 * Return: true if so; false also if that can't be read.
 */
bool zu_module_is_livepatch(const struct zu_kernel *k, uint64_t module);

/** ZU_MODULE_BUILD_ID - longest build ID of a module */
#define ZU_MODULE_BUILD_ID 32

/**
 * zu_module_build_id() - build ID of a module
 * @k: the kernel
 * @module: address of its struct module
 * @ret: the build ID
 *
 * From its notes, which the kernel keeps for /sys/module/NAME/notes.
 *
 * Return: its length; 0 if it has none, or it can't be read.
 */
uint32_t zu_module_build_id(const struct zu_kernel *k, uint64_t module,
			    uint8_t ret[ZU_MODULE_BUILD_ID]);

/**
 * zu_module_bugs() - where a module's table of BUG and WARN is
 * @k: the kernel
 * @module: address of its struct module
 * @addr: its address
 * @len: its length
 *
 * Return: true if it has one.
 */
bool zu_module_bugs(const struct zu_kernel *k, uint64_t module, uint64_t *addr,
		    uint64_t *len);

#endif
