/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Why a stack can't be trusted.
 *
 * To add a reason: one row in core/why.def, the check that gives it (a step
 * of the walk in core/back_chain.c or a rule in core/judge.c), a fixture in
 * tests/data/stacks that triggers it and a neighbour that does not.
 */
#ifndef ZU_CORE_WHY_H
#define ZU_CORE_WHY_H

#include "core/env.h"

/**
 * enum zu_why - the reasons for a verdict that is not "reliable"
 *
 * ZU_WHY_NONE is 0 and means that nothing was found. The numbers are not
 * stable, the words are (zu_why_word()).
 */
enum zu_why {
	ZU_WHY_NONE,
#define ZU_WHY(id, word, text) ZU_WHY_##id,
#include "core/why.def"
#undef ZU_WHY
	ZU_WHY_COUNT,
};

/**
 * zu_why_word() - the stable word for a reason
 * @why: the reason
 *
 * Return: a word such as "off-stack", for programs to compare; NULL for
 * ZU_WHY_NONE and for values that are no reason. Static memory.
 */
const char *zu_why_word(enum zu_why why);

/**
 * zu_why_text() - the reason in one sentence, for an operator
 * @why: the reason
 *
 * Return: a sentence without a full stop; NULL where zu_why_word() is NULL.
 * Static memory.
 */
const char *zu_why_text(enum zu_why why);

#endif
