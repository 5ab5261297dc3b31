/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What zunwind says of frames: its analysis, and a table made of it. */
#ifndef ZU_LAB_OURS_H
#define ZU_LAB_OURS_H

#include "check/code.h"
#include "core/table.h"
#include "flow/flow.h"

/**
 * struct ours_row - a row of the analysis
 * @addr: from there on, up to the next one
 * @row: the row
 */
struct ours_row {
	uint64_t addr;
	struct zu_row row;
};

/**
 * struct ours_function - what the analysis says of a function
 * @addr: where it is
 * @verdict: in one word
 * @finding: the first finding, if it is unproven
 * @complete: each instruction that a path leads to has a row
 * @hint: with ZU_FLOW_HINTED, why
 */
struct ours_function {
	uint64_t addr;
	enum zu_flow_verdict verdict;
	enum zu_finding_kind finding;
	bool complete;
	const char *hint;
};

/**
 * struct ours - an object
 * @code: the object
 * @rows: of the analysis, by address
 * @nr_rows: how many
 * @functions: by address
 * @nr_functions: how many
 * @table: the table's object, if there is one
 * @has_table: there is
 */
struct ours {
	struct zu_code *code;
	struct ours_row *rows;
	size_t nr_rows, cap_rows;
	struct ours_function *functions;
	size_t nr_functions, cap_functions;
	struct zu_table_object table;
	bool has_table;
};

/**
 * ours_make() - analyse an object
 * @o: the result; ours_free() it
 * @code: the object
 * @err: the causes
 *
 * Return: 0 or an enum zu_err.
 */
int ours_make(struct ours *o, struct zu_code *code, struct zu_error *err);

/**
 * ours_free() - release it
 * @o: made, or zeroed
 */
void ours_free(struct ours *o);

/**
 * ours_row() - the analysis' row
 * @o: the object
 * @addr: of an instruction
 *
 * Return: the row; ZU_ROW_UNDEFINED if there is none.
 */
const struct zu_row *ours_row(const struct ours *o, uint64_t addr);

/**
 * ours_table_row() - the table's row
 * @o: the object
 * @addr: of an instruction
 * @ret: the row
 *
 * Return: false if there is no table, or no place in it for that address.
 */
bool ours_table_row(const struct ours *o, uint64_t addr, struct zu_row *ret);

/**
 * ours_function() - what the analysis said of the function at an address
 * @o: the object
 * @addr: in the function
 *
 * Return: that, or NULL.
 */
const struct ours_function *ours_function(const struct ours *o, uint64_t addr);

#endif
