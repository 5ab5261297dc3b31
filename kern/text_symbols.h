/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All symbols in a piece of a kernel's text, one after the other. One symbol
 * for one address is the business of kern/symbol.h.
 */
#ifndef ZU_KERN_TEXT_SYMBOLS_H
#define ZU_KERN_TEXT_SYMBOLS_H

#include "kern/kernel.h"

/**
 * enum zu_text_symbol_type - what a symbol is said to be
 * @ZU_TEXT_FUNCTION: a function; of the kernel's own symbols also any label
 * @ZU_TEXT_LABEL: some place
 * @ZU_TEXT_DATA: data
 */
enum zu_text_symbol_type {
	ZU_TEXT_FUNCTION,
	ZU_TEXT_LABEL,
	ZU_TEXT_DATA,
};

/**
 * struct zu_text_symbol - a symbol
 * @addr: its address
 * @size: bytes; 0: not known
 * @name: its name, as it is in memory; valid until the next one
 * @type: what it is
 * @global: others see it
 * @weak: ... unless another one has the name
 */
struct zu_text_symbol {
	uint64_t addr;
	uint64_t size;
	const char *name;
	enum zu_text_symbol_type type;
	bool global;
	bool weak;
};

/**
 * struct zu_text_symbols - what to do with each
 * @each: called for each symbol; false ends it
 * @ctx: given to @each
 */
struct zu_text_symbols {
	bool (*each)(void *ctx, const struct zu_text_symbol *sym);
	void *ctx;
};

/**
 * zu_text_symbols() - all symbols in a piece of text
 * @k: the kernel
 * @range: text of the kernel, or of a module; a capture knows only those that
 *	were on stacks. Other kinds of text have none.
 * @to: what to do
 * @err: the causes
 *
 * In any order.
 *
 * Return: 0, also if there are none, or if @to ended it; ZU_EFAULT if the
 * table of a module can't be read; ZU_EFORMAT if it is damaged; ZU_ENOMEM.
 */
int zu_text_symbols(const struct zu_kernel *k,
		    const struct zu_text_range *range,
		    const struct zu_text_symbols *to, struct zu_error *err);

#endif
