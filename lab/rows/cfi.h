/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the compiler says of frames: .debug_frame, read by elfutils. */
#ifndef ZU_LAB_CFI_H
#define ZU_LAB_CFI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/row.h"

/**
 * struct cfi_function - one FDE
 * @addr: for cfi_rules()
 * @len: bytes
 * @section: name of the section it describes code in
 * @offset: from that section's start
 * @linked: the file is linked: @link_addr is the address to be had in it
 * @link_addr: its address in the file
 */
struct cfi_function {
	uint64_t addr;
	uint64_t len;
	const char *section;
	uint64_t offset;
	bool linked;
	uint64_t link_addr;
};

struct cfi;

/**
 * cfi_open() - open a file's .debug_frame
 * @path: an ELF file; a relocatable one is relocated
 * @why: what is wrong
 *
 * Return: it, for cfi_close(); or NULL.
 */
struct cfi *cfi_open(const char *path, const char **why);

/**
 * cfi_close() - release it
 * @c: opened, or NULL
 */
void cfi_close(struct cfi *c);

/**
 * cfi_next() - the next FDE, in the file's order
 * @c: the file
 * @ret: the function
 *
 * Return: false behind the last one.
 */
bool cfi_next(struct cfi *c, struct cfi_function *ret);

/**
 * cfi_rules() - what holds at an address
 * @c: the file
 * @addr: in a function
 * @ret: the rules as a row. ZU_ROW_UNDEFINED if a row can't say them
 *	(expressions).
 * @end: they hold up to there
 *
 * Return: false if there are none.
 */
bool cfi_rules(struct cfi *c, uint64_t addr, struct zu_row *ret, uint64_t *end);

#endif
