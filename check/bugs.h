/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of BUG and WARN of an object whose code is looked at. */
#ifndef ZU_CHECK_BUGS_H
#define ZU_CHECK_BUGS_H

#include "check/code.h"
#include "kern/bugs.h"

/**
 * zu_bugs_init() - read an object's table
 * @b: the result; zu_bugs_deinit() it
 * @c: the object
 * @err: the causes
 *
 * Return: 0, also if there is none; ZU_ENOMEM.
 */
int zu_bugs_init(struct zu_bugs *b, struct zu_code *c, struct zu_error *err);

#endif
