// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which functions each patch replaces. Settled when the module is loaded, or a
 * chain would be judged by two opinions.
 */
#include <linux/export.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/string.h>

#include "zucycle.h"

static char *sets[ZU_STATES - 1];
static unsigned int nr_sets;
module_param_array(sets, charp, &nr_sets, 0444);
MODULE_PARM_DESC(sets, "what patches 1, 2, ... replace: leaf+main, all, random");

unsigned int zu_states;
EXPORT_SYMBOL_GPL(zu_states);
unsigned long zu_set[ZU_STATES];
EXPORT_SYMBOL_GPL(zu_set);
unsigned long zu_plain[ZU_IDS];
EXPORT_SYMBOL_GPL(zu_plain);

/* What may be in "all" and "random" */
#define ANY (GENMASK(ZU_LAST, 0) & ~BIT(ZU_ID_probed))

static unsigned long bit_of(const char *name)
{
	unsigned int id;

	for (id = 0; id < ZU_IDS; id++)
		if (!strcmp(zu_names[id] + strlen("zu_"), name))
			return BIT(id);
	return 0;
}

/* 0: a word that nobody knows */
static unsigned long parse_set(char *words)
{
	unsigned long bits = 0;
	char *word;

	if (!strcmp(words, "all"))
		return ANY;
	if (!strcmp(words, "random"))
		return (get_random_u32() & get_random_u32() & ANY) |
			BIT(ZU_ID_leaf);
	while ((word = strsep(&words, "+"))) {
		unsigned long bit = bit_of(word);

		if (!bit)
			return 0;
		bits |= bit;
	}
	return bits;
}

int zu_states_init(void)
{
	unsigned int state, id;

	for (id = 0; id < ZU_IDS; id++)
		zu_plain[id] = ~0UL;
	for (state = 1; state <= nr_sets; state++) {
		zu_set[state] = parse_set(sets[state - 1]);
		if (!zu_set[state])
			return -EINVAL;
		for (id = 0; id < ZU_IDS; id++)
			if (zu_set[state] & BIT(id))
				zu_plain[id] &= ~BIT(state);
	}
	zu_states = state;
	return 0;
}
