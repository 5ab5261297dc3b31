/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the strict rules ask of code: rows and calls, from tables or by a look
 * at the functions that are on stacks. Every answer is remembered.
 */
#ifndef ZU_KERN_ROWS_H
#define ZU_KERN_ROWS_H

#include "core/unwind.h"
#include "kern/kernel.h"

/**
 * struct zu_row_source - where answers come from, other than a look at code
 * @site: as zu_site(). False if this source knows nothing of the code there;
 *	true with ZU_ROW_UNDEFINED if it knows that there is no row.
 * @leads_to: as zu_leads_to(), into @ret. False if this source knows nothing of
 *	the code at @target.
 * @close: releases @ctx
 * @ctx: given to all
 */
struct zu_row_source {
	bool (*site)(void *ctx, uint64_t ip, bool exact, struct zu_site *ret);
	bool (*leads_to)(void *ctx, uint64_t target, uint64_t func, bool *ret);
	void (*close)(void *ctx);
	void *ctx;
};

/**
 * zu_rows_create() - begin
 * @k: the kernel, which gets it as k->rows; none if the source has no code,
 *	like captures of old, and there is no table
 * @has_table: zu_rows_use() follows
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_rows_create(struct zu_kernel *k, bool has_table, struct zu_error *err);

/**
 * zu_rows_use() - take rows from a source where it has some
 * @k: a kernel with rows
 * @table: the source; closed with the rows
 */
void zu_rows_use(struct zu_kernel *k, const struct zu_row_source *table);

/**
 * zu_rows_table() - take answers from tables
 * @k: a kernel with rows
 * @path: a file with a table of the kernel: other code is looked at. Or a
 *	folder that has one named BUILD-ID.zut, and perhaps more of modules:
 *	what has no table there has no rows, but if the source is a capture
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if it is of another kernel, or a module's of another
 * module; ZU_ENOENT if the folder has none of the kernel; as zu_table_open(); ZU_ENOMEM.
 */
int zu_rows_table(struct zu_kernel *k, const char *path,
		  struct zu_error *err);

/**
 * zu_rows_destroy() - end
 * @rows: rows, or NULL
 */
void zu_rows_destroy(struct zu_rows *rows);

/**
 * zu_site() - what is known of the code at an address
 * @k: a kernel with rows
 * @ip: the address
 * @exact: it is that of an instruction, not a return address
 * @ret: the answer
 */
void zu_site(struct zu_kernel *k, uint64_t ip, bool exact,
	     struct zu_site *ret);

/**
 * zu_leads_to() - zu_call_leads_to(), remembered
 * @k: a kernel with rows
 * @target: what is called
 * @func: the start of a function
 *
 * Return: true if it can.
 */
bool zu_leads_to(struct zu_kernel *k, uint64_t target, uint64_t func);

#endif
