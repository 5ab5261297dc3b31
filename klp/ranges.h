/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a transition looks for on stacks: address ranges of functions, in the
 * order in which they are looked for.
 */
#ifndef ZU_KLP_RANGES_H
#define ZU_KLP_RANGES_H

#include "kern/livepatch.h"

/**
 * struct zu_klp_range - a function that may not be on a stack
 * @name: of the function that is patched
 * @module: its module; NULL for vmlinux
 * @start: first address
 * @size: bytes
 * @replaced: the range is code of a live patch, not the function's own
 *
 * The strings belong to who made the range.
 */
struct zu_klp_range {
	const char *name;
	const char *module;
	uint64_t start;
	uint64_t size;
	bool replaced;
};

/**
 * struct zu_klp_ranges - all of them
 * @range: in the order of the search; owned
 * @count: how many
 * @cap: private
 * @sorted: private: by address; owned
 */
struct zu_klp_ranges {
	struct zu_klp_range *range;
	size_t count;
	size_t cap;
	struct zu_klp_sorted *sorted;
};

/** ZU_KLP_RANGES_INIT - none */
#define ZU_KLP_RANGES_INIT { .range = NULL }

/**
 * zu_klp_ranges_add() - one more, at the end
 * @r: not sorted yet
 * @range: the range
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_klp_ranges_add(struct zu_klp_ranges *r,
		      const struct zu_klp_range *range, struct zu_error *err);

/**
 * zu_klp_ranges_transition() - what the transition that goes on looks for
 * @r: ZU_KLP_RANGES_INIT
 * @klp: live patching; outlives @r
 * @err: the causes
 *
 * As klp_check_stack() and klp_check_stack_func() in
 * kernel/livepatch/transition.c, 6.1 to 7.2: functions of all objects that are
 * patched; on the way to unpatched the patch's own code, on the way to patched
 * what was in use before. Sorts them.
 *
 * Return: 0; ZU_EFORMAT if a function is patched but on no function stack;
 * ZU_ENOMEM.
 */
int zu_klp_ranges_transition(struct zu_klp_ranges *r, const struct zu_klp *klp,
			     struct zu_error *err);

/**
 * zu_klp_ranges_sort() - when all are there
 * @r: the ranges
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_klp_ranges_sort(struct zu_klp_ranges *r, struct zu_error *err);

/**
 * zu_klp_ranges_find() - which range is an address in?
 * @r: sorted
 * @addr: the address
 *
 * Return: the number of the one that is looked for first; ZU_KLP_NONE.
 */
size_t zu_klp_ranges_find(const struct zu_klp_ranges *r, uint64_t addr);

/**
 * zu_klp_ranges_deinit() - release them
 * @r: the ranges
 */
void zu_klp_ranges_deinit(struct zu_klp_ranges *r);

#endif
