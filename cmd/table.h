/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of `zunwind table` share. */
#ifndef ZU_CMD_TABLE_H
#define ZU_CMD_TABLE_H

#include <stdbool.h>

/**
 * struct table_request - what the command line asks for
 * @path: what to make a table of, or to show
 * @output: file to write
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
 * table_make() - write a table
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
