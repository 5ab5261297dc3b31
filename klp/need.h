/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What reliable live patching needs of a system, one by one: a list that the
 * checks fill. An element is begun by zu_need(), and told more by the others.
 */
#ifndef ZU_KLP_NEED_H
#define ZU_KLP_NEED_H

#include <stdbool.h>

#include "util/buf.h"

/**
 * enum zu_need_state - how it stands
 * @ZU_NEED_OK: it is there
 * @ZU_NEED_NOTE: good to know; nothing depends on it
 * @ZU_NEED_MISSING: it is not there
 * @ZU_NEED_UNKNOWN: it could not be told
 */
enum zu_need_state {
	ZU_NEED_OK,
	ZU_NEED_NOTE,
	ZU_NEED_MISSING,
	ZU_NEED_UNKNOWN,
};

/**
 * struct zu_need - one of them
 * @check: one stable word, which several may share
 * @state: how it stands
 * @hard: it is missing, and there is no use in going on without
 * @text: what it is, on one line
 * @why: what to know of it; "" if there is nothing
 * @objects: names of the objects it is about, each followed by a space; ""
 *	if it is about none
 * @command: what to type, as root, that this becomes better; "" if no command
 *	would
 *
 * To be read by zu_need_text().
 */
struct zu_need {
	const char *check;
	enum zu_need_state state;
	bool hard;
	struct zu_buf text;
	struct zu_buf why;
	struct zu_buf objects;
	struct zu_buf command;
};

/**
 * struct zu_needs - the list
 * @need: its elements, in the order of the checks; owned
 * @nr: how many
 * @cap: room for
 * @spare: takes what there was no memory for
 */
struct zu_needs {
	struct zu_need *need;
	size_t nr;
	size_t cap;
	struct zu_need spare;
};

/**
 * zu_need() - begin an element
 * @needs: the list
 * @check: its word; static
 * @state: how it stands
 * @fmt: printf format of its text
 *
 * Return: the element, up to the next call; one that does not count if memory
 * ran out.
 */
struct zu_need *zu_need(struct zu_needs *needs, const char *check,
			enum zu_need_state state, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * zu_need_text() - one of the texts of an element
 * @text: the text
 *
 * Return: the text; "" if there is none.
 */
const char *zu_need_text(const struct zu_buf *text);

/**
 * zu_needs_is_whole() - did memory suffice
 * @needs: the list
 *
 * Return: false if something is missing in it.
 */
bool zu_needs_is_whole(const struct zu_needs *needs);

/**
 * zu_needs_state() - how it stands with all of them
 * @needs: the list
 *
 * Return: ZU_NEED_MISSING if one is; else ZU_NEED_UNKNOWN if one is; else
 * ZU_NEED_OK.
 */
enum zu_need_state zu_needs_state(const struct zu_needs *needs);

/**
 * zu_needs_next() - the one thing to do next
 * @needs: the list
 *
 * Return: the element whose command is to be typed; or the hard one that makes
 * all commands pointless; NULL if there is none of either kind.
 */
const struct zu_need *zu_needs_next(const struct zu_needs *needs);

/**
 * zu_needs_deinit() - release the memory
 * @needs: the list; empty afterwards
 */
void zu_needs_deinit(struct zu_needs *needs);

#endif
