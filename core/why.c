/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "core/why.h"

static const struct {
	const char *word;
	const char *text;
} reasons[ZU_WHY_COUNT] = {
#define ZU_WHY(id, w, t) [ZU_WHY_##id] = { .word = w, .text = t },
#include "core/why.def"
#undef ZU_WHY
};

const char *zu_why_word(enum zu_why why)
{
	return (unsigned int)why < ZU_WHY_COUNT ? reasons[why].word : NULL;
}

const char *zu_why_text(enum zu_why why)
{
	return (unsigned int)why < ZU_WHY_COUNT ? reasons[why].text : NULL;
}
