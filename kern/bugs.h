/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's table of BUG and WARN: which of the monitor calls in the code
 * come back. __bug_table, include/asm-generic/bug.h.
 */
#ifndef ZU_KERN_BUGS_H
#define ZU_KERN_BUGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zunwind/error.h"

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
 * struct zu_bug_code - the code that a table is of
 * @ctx: given to the functions
 * @read: copies the first two bytes of an instruction; false if not there
 * @is_func: is this address in a function?
 */
struct zu_bug_code {
	void *ctx;
	bool (*read)(void *ctx, uint64_t addr, uint8_t ret[2]);
	bool (*is_func)(void *ctx, uint64_t addr);
};

/**
 * zu_bugs_fill() - understand a table
 * @b: the result; zu_bugs_deinit() it
 * @c: its code
 * @table: its bytes
 * @addr: where they are
 * @len: how many
 * @err: the causes
 *
 * Return: 0, also if its form is not known; ZU_ENOMEM.
 */
int zu_bugs_fill(struct zu_bugs *b, const struct zu_bug_code *c,
		 const uint8_t *table, uint64_t addr, size_t len,
		 struct zu_error *err);

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
