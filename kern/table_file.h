/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables in files. */
#ifndef ZU_KERN_TABLE_FILE_H
#define ZU_KERN_TABLE_FILE_H

#include "core/table.h"
#include "zunwind/error.h"

/**
 * struct zu_table_file - a table that was read
 * @table: the table, validated
 * @bytes: the file; owned
 */
struct zu_table_file {
	struct zu_table table;
	void *bytes;
};

/**
 * zu_table_open() - read a table
 * @path: the file
 * @ret: the table; zu_table_close() it
 * @err: the causes
 *
 * Return: 0; ZU_EIO; ZU_ENOTMINE if it is a file of another kind; ZU_ENOTSUP
 * if it is a table of a newer format; ZU_EFORMAT if it is damaged; ZU_ENOMEM.
 * @err is set in all these cases.
 */
int zu_table_open(const char *path, struct zu_table_file *ret,
		  struct zu_error *err);

/**
 * zu_table_close() - release it
 * @file: opened, or zeroed; zeroed afterwards
 */
void zu_table_close(struct zu_table_file *file);

/** ZU_TABLE_FILE_MAX - longest file that is read */
#define ZU_TABLE_FILE_MAX (1u << 30)

#endif
