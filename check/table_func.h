/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the analysis says of a function to what a table says of it. */
#ifndef ZU_CHECK_TABLE_FUNC_H
#define ZU_CHECK_TABLE_FUNC_H

#include "check/code.h"
#include "check/table_make.h"

/**
 * zu_table_maker_add() - add a function of the object begun last
 * @m: the maker
 * @c: the object; zu_code_in_text() says yes to the function
 * @f: the function, behind those added before
 * @flow: the result; NULL if its code could not be had. If it isn't trusted, the
 *	table gets the function's start only.
 * @err: the causes
 *
 * Return: as zu_table_maker_func().
 */
int zu_table_maker_add(struct zu_table_maker *m, const struct zu_code *c,
		       const struct zu_code_func *f,
		       const struct zu_flow *flow, struct zu_error *err);

#endif
