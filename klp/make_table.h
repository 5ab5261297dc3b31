/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that make tables. */
#ifndef ZU_KLP_MAKE_TABLE_H
#define ZU_KLP_MAKE_TABLE_H

#include "klp/doctor.h"
#include "klp/module_file.h"

/**
 * zu_vmlinux_find() - the kernel's vmlinux
 * @d: the look
 * @ret: the file; the first place where it could be, if there is none
 *
 * Return: false if there is none where distributions put it.
 */
bool zu_vmlinux_find(const struct zu_doctor *d, struct zu_path *ret);

/**
 * zu_make_table() - the command that makes an object's table
 * @d: the look
 * @files: files of modules
 * @o: the object
 * @dir: where the table has to be
 * @ret: the command is added to it
 */
void zu_make_table(const struct zu_doctor *d,
		   const struct zu_module_files *files,
		   const struct zu_object *o, const char *dir,
		   struct zu_buf *ret);

/**
 * zu_make_tables() - one command that makes the tables of several modules
 * @d: the look
 * @files: files of modules
 * @o: the modules
 * @nr: how many, at least one
 * @dir: where the tables have to be
 * @ret: the command is added to it. It is not for all of them if their files
 *	have to be treated in different ways
 */
void zu_make_tables(const struct zu_doctor *d,
		    const struct zu_module_files *files,
		    const struct zu_object *const *o, size_t nr,
		    const char *dir, struct zu_buf *ret);

#endif
