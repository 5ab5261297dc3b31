/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a capture knows without memory: layout, globals, and symbols, as text
 * (doc/capture.md). Written by kern/capture.c.
 */
#ifndef ZU_KERN_CAPTURED_H
#define ZU_KERN_CAPTURED_H

#include "image/image.h"
#include "kern/layout.h"
#include "zunwind/kernel.h"

struct zu_text_symbols;

/** ZU_CAPTURED_MANY_MOMENTS - in "about" of what ran while it was captured */
#define ZU_CAPTURED_MANY_MOMENTS "\nmoments=many\n"

/**
 * zu_captured_says() - is there a line in "about"?
 * @image: any image
 * @line: what a whole line begins with, between two newlines, or one
 *
 * Return: true if @image is a capture that has it.
 */
bool zu_captured_says(const struct zu_image *image, const char *line);

/**
 * zu_captured_layout() - the layout in a capture
 * @image: a capture
 * @ret: rows that are not in it are not present
 */
void zu_captured_layout(const struct zu_image *image, struct zu_layout *ret);

/**
 * zu_captured_globals() - addresses of globals in a capture
 * @image: a capture
 * @names: their names
 * @n: how many
 * @addrs: n addresses; 0 for those that are not in it
 */
void zu_captured_globals(const struct zu_image *image,
			 const char *const *names, size_t n, uint64_t *addrs);

/**
 * struct zu_captured_trap - a monitor call
 * @addr: its address
 * @returns: 1 if it comes back, 0 if not
 */
struct zu_captured_trap {
	uint64_t addr;
	int returns;
};

/**
 * struct zu_captured_traps - the monitor calls in a capture
 * @trap: by address; owned
 * @count: how many
 */
struct zu_captured_traps {
	struct zu_captured_trap *trap;
	size_t count;
};

/**
 * zu_captured_traps_init() - find them
 * @t: any content; zu_captured_traps_deinit() it
 * @image: a capture
 *
 * Of a line that is out of order, and of those behind it, nothing is known.
 */
void zu_captured_traps_init(struct zu_captured_traps *t,
			    const struct zu_image *image);

/**
 * zu_captured_traps_deinit() - forget them
 * @t: initialized or zeroed
 */
void zu_captured_traps_deinit(struct zu_captured_traps *t);

/**
 * zu_captured_trap() - does a monitor call come back?
 * @t: what the capture says
 * @addr: its address
 *
 * Return: as zu_trap().
 */
int zu_captured_trap(const struct zu_captured_traps *t, uint64_t addr);

/** ZU_CAPTURED_SYMBOLS - more than any capture has */
#define ZU_CAPTURED_SYMBOLS (1u << 20)

/**
 * struct zu_captured_symbols - the symbols in a capture
 * @line: where in the section a symbol is told, by address; owned
 * @count: how many
 */
struct zu_captured_symbols {
	struct zu_captured_line *line;
	size_t count;
};

/**
 * zu_captured_symbols_init() - find them
 * @s: any content; zu_captured_symbols_deinit() it
 * @image: a capture; must outlive @s
 * @err: the causes
 *
 * Return: 0; ZU_EFORMAT if there are more than ZU_CAPTURED_SYMBOLS, or they
 * are not in the order of their addresses; ZU_ENOMEM.
 */
int zu_captured_symbols_init(struct zu_captured_symbols *s,
			     const struct zu_image *image,
			     struct zu_error *err);

/**
 * zu_captured_symbols_deinit() - forget them
 * @s: initialized or zeroed
 */
void zu_captured_symbols_deinit(struct zu_captured_symbols *s);

/**
 * zu_captured_symbol() - the symbol at an address in a capture
 * @s: the symbols
 * @addr: an address
 * @ret: the symbol; its strings are in @buf
 * @buf: room for name and module
 * @size: of @buf
 *
 * Return: true if the capture has one that covers it.
 */
bool zu_captured_symbol(const struct zu_captured_symbols *s, uint64_t addr,
			struct zu_symbol *ret, char *buf, size_t size);

/**
 * zu_captured_symbols_each() - all symbols of a capture in a range
 * @s: the symbols
 * @begin: the first address
 * @last: the last one
 * @to: what to do; all are functions, whose sizes count padding
 */
void zu_captured_symbols_each(const struct zu_captured_symbols *s,
			      uint64_t begin, uint64_t last,
			      const struct zu_text_symbols *to);

#endif
