/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How `zunwind stacks` shows what it found.
 *
 * To add a format: one file with a const struct format, one row in the table
 * in cmd/stacks.c, its name in zu_usage_stacks and the man page.
 */
#ifndef ZU_CMD_FORMAT_H
#define ZU_CMD_FORMAT_H

#include <stdio.h>

#include "zunwind/trace.h"

/**
 * struct report - one run of the command
 * @k: the kernel
 * @rules: the rules that count for the exit status and the filters
 * @seen: tasks that were looked at, shown or not, by verdict under @rules
 * @colour: the output may have colours
 * @priv: the format's own
 */
struct report {
	struct zu_kernel *k;
	enum zu_rules rules;
	size_t seen[ZU_RUNNING + 1];
	bool colour;
	void *priv;
};

/**
 * struct format - a way to show tasks
 * @name: for --format
 * @begin: before the first task; 0 or an enum zu_err
 * @task: one task with its trace
 * @end: after the last task; releases report.priv. Not @whole: an error came
 *	between, and what was written must not look complete
 */
struct format {
	const char *name;
	int (*begin)(struct report *r);
	int (*task)(struct report *r, const struct zu_task *task,
		    const struct zu_trace *t);
	int (*end)(struct report *r, bool whole);
};

extern const struct format format_text;
extern const struct format format_json;
extern const struct format format_folded;

/**
 * report_verdict() - the verdict under the rules of the report
 * @r: the report
 * @t: a trace
 *
 * Return: one of the two in @t.
 */
static inline const struct zu_verdict *report_verdict(const struct report *r,
						      const struct zu_trace *t)
{
	return r->rules == ZU_RULES_KERNEL ? &t->kernel : &t->strict;
}

#endif
