/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's table of BUG and WARN: which of the monitor calls in the code
 * come back. __bug_table, include/asm-generic/bug.h.
 */
#ifndef ZU_CHECK_BUGS_H
#define ZU_CHECK_BUGS_H

#include "check/code.h"

/**
 * struct zu_bugs - an object's table
 * @bug: entries by address; owned
 * @nr: how many
 * @known: there is a table, and its form is known
 */
struct zu_bugs {
	struct zu_bug {
		uint64_t addr;
		bool warns;
	} *bug;
	size_t nr;
	bool known;
};

/**
 * zu_bugs_init() - read an object's table
 * @b: the result; zu_bugs_deinit() it
 * @c: the object
 * @err: the causes
 *
 * Return: 0, also if there is none; ZU_ENOMEM.
 */
int zu_bugs_init(struct zu_bugs *b, struct zu_code *c, struct zu_error *err);

/**
 * zu_bugs_deinit() - release it
 * @b: initialized, or zeroed
 */
void zu_bugs_deinit(struct zu_bugs *b);

/**
 * zu_bugs_at() - does a monitor call come back?
 * @b: the table of its object
 * @addr: its address
 *
 * Return: 0 if it is a BUG, 1 if it is a WARN or something that the kernel
 * leaves alone, -1 if there is no table.
 */
int zu_bugs_at(const struct zu_bugs *b, uint64_t addr);

#endif
