/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ZU_FLOW_LABEL_H
#define ZU_FLOW_LABEL_H

#include <stddef.h>

/**
 * enum zu_label - what a symbol in text is, by its name
 * @ZU_LABEL_NONE: nothing special: it may be a function
 * @ZU_LABEL_INSIDE: a place in a function
 * @ZU_LABEL_DATA: data
 * @ZU_LABEL_MARKER: a place between pieces of text
 */
enum zu_label {
	ZU_LABEL_NONE,
	ZU_LABEL_INSIDE,
	ZU_LABEL_DATA,
	ZU_LABEL_MARKER,
};

/**
 * zu_label() - what is a symbol, by its name?
 * @name: its name
 *
 * A symbol that has a size needs no such guess.
 *
 * Return: what flow/labels.def says.
 */
enum zu_label zu_label(const char *name);

/**
 * zu_label_places() - all places in functions
 * @ret: room for @max names
 * @max: how many
 *
 * Return: how many there are, at most @max.
 */
size_t zu_label_places(const char **ret, size_t max);

#endif
