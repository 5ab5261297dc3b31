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
 * zu_captured_symbol() - the symbol at an address in a capture
 * @image: a capture
 * @addr: an address
 * @ret: the symbol; its strings are in @buf
 * @buf: room for name and module
 * @size: of @buf
 *
 * Return: true if the capture has one that covers it.
 */
bool zu_captured_symbol(const struct zu_image *image, uint64_t addr,
			struct zu_symbol *ret, char *buf, size_t size);

#endif
