/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The symbol table as kern/kallsyms_load.c leaves it for kern/kallsyms.c: as
 * it is in the kernel, to save memory, but checked. Tokens are inside their
 * table, all names can be decoded and fit, addresses ascend.
 */
#ifndef ZU_KERN_KALLSYMS_TABLE_H
#define ZU_KERN_KALLSYMS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/bytes.h"

/** ZU_KSYM_STRIDE - one of so many names has its place remembered */
#define ZU_KSYM_STRIDE 16

/**
 * enum zu_ksym_form - what the kernel keeps of an address
 * @ZU_KSYM_FULL: all 64 bits
 * @ZU_KSYM_BASED: 32 bits, unsigned, from a base
 * @ZU_KSYM_PLACED: 32 bits, signed, from the place they are in
 */
enum zu_ksym_form {
	ZU_KSYM_FULL,
	ZU_KSYM_BASED,
	ZU_KSYM_PLACED,
};

/**
 * struct zu_ksym_token - a piece of text that many names share
 * @at: its place in zu_kallsyms.tokens
 * @len: its length; 0 if no name uses it
 */
struct zu_ksym_token {
	uint32_t at;
	uint32_t len;
};

/**
 * struct zu_ksym_range - addresses that symbols cover
 * @start: the first
 * @end: the first that is not
 */
struct zu_ksym_range {
	uint64_t start;
	uint64_t end;
};

/**
 * struct zu_kallsyms - the table
 * @n: number of symbols
 * @names: kallsyms_names: per symbol the number of its codes, and these. Each
 *	is the number of a token. Together they make the type letter and the
 *	name, from 2 to ZU_KSYM_NAME characters.
 * @marks: where in @names every ZU_KSYM_STRIDE-th symbol is
 * @tokens: kallsyms_token_table
 * @token: where each token is
 * @form: of @addrs
 * @addrs: kallsyms_offsets or kallsyms_addresses
 * @base: of ZU_KSYM_BASED the base, of ZU_KSYM_PLACED the place of @addrs in
 *	the kernel
 * @ranges_known: if the table has the symbols that bound these:
 * @main: text, or with CONFIG_KALLSYMS_ALL the whole image
 * @init: init text, or the whole init section; may be empty
 */
struct zu_kallsyms {
	size_t n;
	uint8_t *names;
	uint32_t *marks;
	char *tokens;
	struct zu_ksym_token token[256];
	enum zu_ksym_form form;
	uint8_t *addrs;
	uint64_t base;
	bool ranges_known;
	struct zu_ksym_range main;
	struct zu_ksym_range init;
};

/* kallsyms_sym_address() of each release */
static inline uint64_t zu_ksym_addr(const struct zu_kallsyms *ks, size_t i)
{
	uint32_t offset;

	if (ks->form == ZU_KSYM_FULL)
		return zu_be64(ks->addrs + 8 * i);
	offset = zu_be32(ks->addrs + 4 * i);
	if (ks->form == ZU_KSYM_BASED)
		return ks->base + offset;
	return ks->base + 4 * i + (uint64_t)(int64_t)(int32_t)offset;
}

#endif
