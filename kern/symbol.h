/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names by address: the kernel's own table, modules, BPF, or the table of a
 * capture. Every answer is remembered, since the same few hundred functions
 * are on all stacks.
 */
#ifndef ZU_KERN_SYMBOL_H
#define ZU_KERN_SYMBOL_H

#include "kern/captured.h"
#include "zunwind/kernel.h"

struct zu_kallsyms;

/**
 * struct zu_symbol_slot - a remembered answer
 * @addr: what was asked for; 0: empty slot
 * @symbol: the answer, if @found; its strings are in @text
 * @found: there is a symbol
 * @text: name, then module; owned
 */
struct zu_symbol_slot {
	uint64_t addr;
	struct zu_symbol symbol;
	bool found;
	char *text;
};

/**
 * struct zu_symbols - the symbols of a kernel
 * @kallsyms: the kernel's own table; NULL for a capture
 * @captured: a capture's table
 * @slot: remembered answers, a hash table; owned
 * @slots: its size, 0 or a power of two
 * @used: how many slots are not empty
 */
struct zu_symbols {
	struct zu_kallsyms *kallsyms;
	struct zu_captured_symbols captured;
	struct zu_symbol_slot *slot;
	size_t slots;
	size_t used;
};

/**
 * zu_symbols_forget() - forget answers: modules may have come and gone
 * @s: symbols
 */
void zu_symbols_forget(struct zu_symbols *s);

/**
 * zu_symbols_deinit() - forget all
 * @s: symbols, or zeroed
 */
void zu_symbols_deinit(struct zu_symbols *s);

#endif
