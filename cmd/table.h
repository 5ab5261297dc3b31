/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of `zunwind table` share. */
#ifndef ZU_CMD_TABLE_H
#define ZU_CMD_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check/check.h"
#include "check/sframe_make.h"
#include "check/table_make.h"
#include "core/table.h"

/**
 * struct table_request - what the command line asks for
 * @path: what to make a table of, or to show
 * @output: file to write, or a folder for files to write into
 * @function: shell pattern of functions to show, or NULL
 * @sframe: write SFrame
 * @dump: show
 */
struct table_request {
	const char *path;
	const char *output;
	const char *function;
	bool sframe;
	bool dump;
};

/**
 * struct table_making - a file in the making
 * @q: what is asked for: which of the makers is used
 * @output: the file
 * @maker: makes a table
 * @sframe: makes SFrame
 * @no_back_chain: the code is built without a back chain
 * @base: what is subtracted from addresses in the object
 * @sum: what was looked at
 * @known: instructions with a row
 * @lacking: functions that have instructions without
 * @outside: functions that have no place in a table
 * @bytes: what is written; owned
 * @len: how much
 * @table: the table that these bytes are
 */
struct table_making {
	const struct table_request *q;
	const char *output;
	struct zu_table_maker maker;
	struct zu_sframe_maker sframe;
	bool no_back_chain;
	uint64_t base;
	struct zu_check_sum sum;
	uint64_t known;
	uint64_t lacking;
	uint64_t outside;
	void *bytes;
	size_t len;
	struct zu_table table;
};

/**
 * table_tell() - say what has been written, and what is not in it
 * @m: all of it
 */
void table_tell(const struct table_making *m);

/**
 * table_make() - write a table, or one for each object
 * @q: the request
 *
 * Return: exit status.
 */
int table_make(const struct table_request *q);

/**
 * table_dump() - show the rows of a table, or of code
 * @q: the request
 *
 * Return: exit status.
 */
int table_dump(const struct table_request *q);

#endif
