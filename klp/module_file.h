/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a kernel's modules, as depmod lists them. */
#ifndef ZU_KLP_MODULE_FILE_H
#define ZU_KLP_MODULE_FILE_H

#include "klp/root.h"

/**
 * struct zu_module_files - modules.dep
 * @dep: its text; empty if there is none
 * @release: of the kernel
 */
struct zu_module_files {
	struct zu_buf dep;
	const char *release;
};

/**
 * zu_module_files_open() - read the list
 * @root: the system
 * @release: of its kernel; must outlive @ret
 * @ret: the list; zu_module_files_close() it. Where there is none that can be
 *	read, no module has a file
 */
void zu_module_files_open(const struct zu_root *root, const char *release,
			  struct zu_module_files *ret);

/**
 * zu_module_files_close() - release the memory
 * @files: the list
 */
void zu_module_files_close(struct zu_module_files *files);

/**
 * zu_module_file() - the file that a module is loaded from
 * @files: the list
 * @name: the module
 * @ret: the file's name on that system; it is plain
 * @size: room for it
 *
 * Return: false if there is none.
 */
bool zu_module_file(const struct zu_module_files *files, const char *name,
		    char *ret, size_t size);

#endif
