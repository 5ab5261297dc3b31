/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `zunwind transition --patch` and `--functions`: which tasks would be in the way of
 * a patch, counted by function, over one look or several.
 */
#ifndef ZU_CMD_PROSPECT_H
#define ZU_CMD_PROSPECT_H

#include "cmd/put.h"
#include "klp/blocker.h"
#include "klp/prospect.h"
#include "util/json.h"

/** PROSPECT_STAY - so many tasks of a function are remembered that never left it */
#define PROSPECT_STAY 8

/**
 * struct prospect_count - tasks in one function
 * @now: in this look
 * @most: in the look that had most
 * @looks: looks that had any
 * @main: of those of this look, kernel threads whose main function it is, or one
 *	that calls that: they are in it as long as they live
 * @nr_stay: tasks that were in it in each look, as far as they are remembered
 * @stay: them
 * @seen: which of them are in this look
 */
struct prospect_count {
	size_t now;
	size_t most;
	unsigned int looks;
	size_t main;
	unsigned int nr_stay;
	struct zu_task stay[PROSPECT_STAY];
	bool seen[PROSPECT_STAY];
};

/**
 * struct prospect - what the command line asks for, and what was counted
 * @path: the patch's file, or NULL
 * @names: functions by name, or NULL
 * @seconds: how long to look
 * @replaces: whether it replaces all patches before it: 1 or 0; -1: as its file says
 * @of: the patch
 * @count: for each of of.where; owned
 * @nr_count: how many
 * @looks: how many were counted
 */
struct prospect {
	const char *path;
	const char *names;
	double seconds;
	int replaces;
	struct zu_prospect of;
	struct prospect_count *count;
	size_t nr_count;
	unsigned int looks;
};

/**
 * prospect_open() - find out what the patch replaces
 * @p: as the command line says; prospect_deinit() it, also on failure
 * @k: the kernel
 * @err: the causes
 *
 * Return: 0; an enum zu_err.
 */
int prospect_open(struct prospect *p, struct zu_kernel *k,
		  struct zu_error *err);

/**
 * prospect_begin() - before each look
 * @p: open; zu_prospect_ranges() was called for this look
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int prospect_begin(struct prospect *p, struct zu_error *err);

/**
 * prospect_task() - count a task
 * @p: begun
 * @k: the kernel
 * @task: the task
 * @b: what was decided about it
 */
void prospect_task(struct prospect *p, struct zu_kernel *k,
		   const struct zu_task *task, const struct zu_klp_blocker *b);

/**
 * prospect_end() - after each look that counts
 * @p: begun
 */
void prospect_end(struct prospect *p);

/**
 * prospect_text() - what was counted, the function with most tasks first
 * @b: where to
 * @p: ended
 */
void prospect_text(struct zu_buf *b, const struct prospect *p);

/**
 * prospect_json() - the same, in the order of the patch
 * @j: where to
 * @p: ended
 */
void prospect_json(struct zu_json *j, const struct prospect *p);

/**
 * prospect_deinit() - release it
 * @p: opened or not
 */
void prospect_deinit(struct prospect *p);

#endif
