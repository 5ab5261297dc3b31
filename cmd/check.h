/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How `zunwind check` shows what it found.
 *
 * To add a format: one file with a const struct check_format, one row in the
 * table in cmd/check.c, its name in zu_usage_check and the man page.
 */
#ifndef ZU_CMD_CHECK_H
#define ZU_CMD_CHECK_H

#include "check/check.h"
#include "util/json.h"

/**
 * struct check_report - one run of the command
 * @path: what the user named
 * @set: the objects
 * @out: output that is not written yet; the command writes it
 * @total: the sums of the objects so far
 * @hints: text shall list functions with a hint, too
 * @some: not all functions are looked at
 * @hinted: the JSON format's own: those of this object
 */
struct check_report {
	const char *path;
	const struct zu_code_set *set;
	struct zu_json out;
	struct zu_check_sum total;
	bool hints;
	bool some;
	struct zu_json hinted;
};

/**
 * struct check_format - a way to show findings
 * @name: for --format
 * @begin: before the first object
 * @object: before the functions of an object
 * @func: a function; @flow is NULL if its code could not be had
 * @object_end: after them
 * @end: after the last object
 */
struct check_format {
	const char *name;
	void (*begin)(struct check_report *r);
	void (*object)(struct check_report *r, const struct zu_code *c);
	void (*func)(struct check_report *r, const struct zu_code *c,
		     const struct zu_code_func *f, const struct zu_flow *flow);
	void (*object_end)(struct check_report *r, const struct zu_code *c,
			   const struct zu_check_sum *sum);
	void (*end)(struct check_report *r);
};

extern const struct check_format check_text;
extern const struct check_format check_json;

#endif
