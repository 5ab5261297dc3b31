/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of object, for check/code.c and each other. */
#ifndef ZU_CHECK_CODE_KINDS_H
#define ZU_CHECK_CODE_KINDS_H

#include "check/code.h"

/**
 * zu_elf_code_open() - open a vmlinux, a module or an object file
 * @path: its name
 * @fd: the file; stays with the caller, who may close it
 * @ret: one object; zu_code_deinit() it
 * @err: the causes, without @path
 *
 * Return: as zu_code_open().
 */
int zu_elf_code_open(const char *path, int fd, struct zu_code *ret,
		     struct zu_error *err);

/**
 * zu_kernel_code_open() - open the kernel and the modules in a source
 * @path: its name
 * @ret: the objects; zu_code_close() them
 * @err: the causes, with @path
 *
 * Return: as zu_code_open().
 */
int zu_kernel_code_open(const char *path, struct zu_code_set *ret,
			struct zu_error *err);

/**
 * zu_code_deinit() - release an object
 * @c: the object; @priv may be NULL
 */
void zu_code_deinit(struct zu_code *c);

#endif
