/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The objects whose code runs, the kernel and each module, and their unwind
 * tables.
 *
 * Invariants
 * - A table is used only if all of it is valid, its build ID is that of the
 *   object, and the object's code is as the table says: object_check.h.
 * - A walk sees each table as long as it may look at it: it runs with
 *   interrupts off, or under rcu_read_lock(), and tables go after a grace
 *   period. A module's table goes before the module's code does.
 */
#ifndef ZU_KMOD_OBJECTS_H
#define ZU_KMOD_OBJECTS_H

#include <linux/list.h>
#include <linux/module.h>

#include "kmod/build_id.h"
#include "core/table_site.h"

struct firmware;
struct seq_file;

/**
 * enum zu_object_state - what became of an object's table
 * @ZU_OBJECT_NONE: there is no file
 * @ZU_OBJECT_NO_BUILD_ID: the object has no build ID, so that no table can be
 *	told to be its own
 * @ZU_OBJECT_REFUSED: there is a file, and @why says what is wrong with it
 * @ZU_OBJECT_WANTED: nobody has looked for the file yet
 * @ZU_OBJECT_LOADING: somebody does
 * @ZU_OBJECT_LOADED: it is used
 */
enum zu_object_state {
	ZU_OBJECT_NONE,
	ZU_OBJECT_NO_BUILD_ID,
	ZU_OBJECT_REFUSED,
	ZU_OBJECT_WANTED,
	ZU_OBJECT_LOADING,
	ZU_OBJECT_LOADED,
};

/**
 * struct zu_object - the kernel, or a module
 * @list: in the list of all
 * @name: "vmlinux", or the module's name
 * @module: NULL for the kernel; to be compared only, unless somebody holds it
 * @id: its build ID
 * @state: what became of its table
 * @why: with ZU_OBJECT_REFUSED: why; static
 * @livepatch: it is a live patch
 * @memory: bounds of its text memory; of a module that begins with a GOT and a
 *	PLT
 * @trampolines: bounds of ftrace's hotpatch trampolines for it, if these lie
 *	elsewhere
 * @begin: where its code begins, from where the table counts
 * @size: bytes that the table is of
 * @file: the table's file
 * @rows: the table's object
 */
struct zu_object {
	struct list_head list;
	char name[MODULE_NAME_LEN];
	struct module *module;
	struct zu_build_id id;
	enum zu_object_state state;
	const char *why;
	bool livepatch;
	unsigned long memory[2];
	unsigned long trampolines[2];
	unsigned long begin;
	unsigned long size;
	const struct firmware *file;
	struct zu_table_object rows;
};

/**
 * zu_objects_init() - load the tables of all that is there, and from now on of
 * each module that comes
 *
 * Return: 0; a negative errno. A table that is missing or refused is no error.
 */
int zu_objects_init(void);

/**
 * zu_objects_exit() - let all tables go
 *
 * No walk may be under way, or begin.
 */
void zu_objects_exit(void);

/**
 * zu_objects_reload() - look again for the tables that are not loaded
 *
 * Return: 0; -ENOMEM.
 */
int zu_objects_reload(void);

/**
 * zu_objects_has_kernel() - is there a table of the kernel itself?
 *
 * Without, no stack can be proven.
 *
 * Return: true if it is loaded.
 */
bool zu_objects_has_kernel(void);

/**
 * zu_objects_show() - a line for each object
 * @m: where to
 */
void zu_objects_show(struct seq_file *m);

#endif
