/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ZU_FLOW_NORETURN_H
#define ZU_FLOW_NORETURN_H

#include <stdbool.h>

/**
 * zu_is_noreturn() - is a function declared not to return?
 * @name: its name
 *
 * Return: whether flow/noreturn.def has it.
 */
bool zu_is_noreturn(const char *name);

#endif
