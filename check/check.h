/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at all functions of an object, one after the other.
 *
 * Private: libzunwind does not export it. Those who want findings or tables in
 * a program take the JSON of `zunwind check` and the tables of `zunwind table`.
 */
#ifndef ZU_CHECK_CHECK_H
#define ZU_CHECK_CHECK_H

#include "check/code.h"
#include "flow/flow.h"

/**
 * struct zu_check_sum - what was looked at
 * @functions: functions
 * @verdict: of these, by enum zu_flow_verdict
 * @unread: of these, those whose code could not be had; they have no verdict
 * @findings: findings
 * @cause: functions with findings, by the kind of the first one
 * @code: what their instructions are, summed up
 * @text: bytes of text of the object
 * @covered: of these, bytes of functions
 *
 * The sums of several objects can be added up.
 */
struct zu_check_sum {
	uint64_t functions;
	uint64_t verdict[ZU_FLOW_UNPROVEN + 1];
	uint64_t unread;
	uint64_t findings;
	uint64_t cause[ZU_FINDING_COUNT];
	struct {
		uint64_t insns;
		uint64_t rows_known;
		uint64_t calls;
		uint64_t jump_tables;
		uint64_t open_tables;
		uint64_t executed;
		uint64_t traps;
	} code;
	uint64_t text;
	uint64_t covered;
};

/**
 * struct zu_check_ops - what to do with an object's functions
 * @ctx: given to the functions
 * @want: shall this function be looked at? NULL: all. Those left out are not
 *	counted, but may be looked at for what others that call them do
 * @each: a function and the result, valid during the call; @flow is NULL if
 *	its code could not be had. 0, or an enum zu_err, which ends it all
 * @no_back_chain: the code is built without a back chain
 */
struct zu_check_ops {
	void *ctx;
	bool (*want)(void *ctx, const char *name);
	int (*each)(void *ctx, struct zu_code *c, const struct zu_code_func *f,
		    const struct zu_flow *flow, struct zu_error *err);
	bool no_back_chain;
};

/**
 * zu_check_run() - look at the functions of an object
 * @c: the object
 * @ops: what to do with them
 * @sum: what was looked at
 * @err: the causes
 *
 * Whether a callee returns is found by looking at the callee, where a caller's
 * code depends on it: up to ZU_CHECK_DEPTH deep.
 *
 * Return: 0, whatever was found; ZU_ENOMEM; or what @each returns.
 */
int zu_check_run(struct zu_code *c, const struct zu_check_ops *ops,
		 struct zu_check_sum *sum, struct zu_error *err);

/**
 * zu_check_add() - add the sums of one object to those of others
 * @to: the others
 * @sum: the one
 */
void zu_check_add(struct zu_check_sum *to, const struct zu_check_sum *sum);

/** ZU_CHECK_DEPTH - callees of callees that are looked at for one caller */
#define ZU_CHECK_DEPTH 8

#endif
