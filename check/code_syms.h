/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From symbols to functions.
 *
 * A function starts at the address of
 * - a function symbol, or
 * - a label (STT_NOTYPE, as assembler code has them) with a size, or
 * - a label or function symbol without a size that does not lie inside of one
 *   with a size: labels inside of assembler code are none,
 * unless it is in flow/labels.def: places inside of functions, and labels that
 * the linker puts between pieces of text ("__sched_text_start"). The latter, and
 * data between functions, only end the function before. kallsyms knows no sizes
 * and no labels: there each symbol of text but these starts a function.
 *
 * Several symbols at one address are one function. It has the name that the
 * kernel uses in its traces: sorted as by scripts/kallsyms.c.
 */
#ifndef ZU_CHECK_CODE_SYMS_H
#define ZU_CHECK_CODE_SYMS_H

#include "check/code.h"
#include "util/buf.h"

/**
 * enum zu_code_sym_kind - what a symbol says of itself; the best one first
 * @ZU_CODE_SYM_FUNC: a function
 * @ZU_CODE_SYM_LABEL: something
 * @ZU_CODE_SYM_DATA: data
 */
enum zu_code_sym_kind {
	ZU_CODE_SYM_FUNC,
	ZU_CODE_SYM_LABEL,
	ZU_CODE_SYM_DATA,
};

/**
 * struct zu_code_sym - a symbol
 * @addr: its address
 * @size: bytes; 0 if not known
 * @name: offset of its name
 * @kind: enum zu_code_sym_kind
 * @global: other objects see it
 * @weak: ... unless another symbol has the name
 */
struct zu_code_sym {
	uint64_t addr;
	uint64_t size;
	uint32_t name;
	uint8_t kind;
	bool global;
	bool weak;
};

/**
 * struct zu_code_range - a piece of text that no function crosses
 * @begin: its first address
 * @end: the first address behind it
 */
struct zu_code_range {
	uint64_t begin;
	uint64_t end;
};

/**
 * struct zu_code_syms - symbols of an object
 * @sym: the symbols, in any order; owned
 * @nr: how many
 * @cap: room for
 * @range: text, sorted, without overlaps; owned
 * @nr_range: how many
 *
 * Zero it. zu_code_syms_deinit() it.
 */
struct zu_code_syms {
	struct zu_code_sym *sym;
	size_t nr;
	size_t cap;
	struct zu_code_range *range;
	size_t nr_range;
};

/**
 * zu_code_syms_deinit() - forget symbols
 * @s: symbols
 */
void zu_code_syms_deinit(struct zu_code_syms *s);

/**
 * zu_code_syms_add() - one symbol more
 * @s: symbols
 * @sym: the symbol; ignored if it lies outside of text or at an odd address
 *
 * Return: false without memory.
 */
bool zu_code_syms_add(struct zu_code_syms *s, const struct zu_code_sym *sym);

/**
 * zu_code_syms_take() - make functions of symbols
 * @s: all symbols of the object; sorted afterwards
 * @c: the object; has its names, gets its functions
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_code_syms_take(struct zu_code_syms *s, struct zu_code *c,
		      struct zu_error *err);

/**
 * zu_code_name_clean() - make a name fit for a terminal
 * @name: the name
 *
 * zu_code_syms_take() does it to those of functions.
 */
void zu_code_name_clean(char *name);

#endif
