/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A live patch that is not applied yet: what it would look for on stacks. */
#ifndef ZU_KLP_PROSPECT_H
#define ZU_KLP_PROSPECT_H

#include "klp/ranges.h"
#include "klp/resolve.h"

/**
 * struct zu_prospect - a patch that may come
 * @functions: what it replaces
 * @replaces: it takes the place of all patches before it (cumulative)
 * @undone: then, functions that those have patched and it does not: they go back to
 *	what they were (klp_add_nops(), 6.12 to 7.2). All that were seen so far
 * @where: where each of @functions is, then each of @undone; owned. One that
 *	waits for its module, or is patched no longer, has no place
 * @entry: which of these a range is that zu_prospect_ranges() made, by its number; owned
 */
struct zu_prospect {
	struct zu_patch_functions functions;
	bool replaces;
	struct zu_patch_functions undone;
	struct zu_patch_ranges where;
	size_t *entry;
};

/**
 * zu_prospect_from_file() - as a patch's file says
 * @k: the kernel it is for
 * @path: the file
 * @ret: zeroed; zu_prospect_deinit() it, also on failure
 * @err: the causes
 *
 * Return: 0; as zu_patch_file_read(); ZU_EINVAL if it replaces nothing.
 */
int zu_prospect_from_file(struct zu_kernel *k, const char *path,
			  struct zu_prospect *ret, struct zu_error *err);

/**
 * zu_prospect_ranges() - what would be looked for
 * @p: its functions
 * @k: the kernel
 * @klp: live patching in it: a function that is patched already is looked for
 *	where it is now; so is one that is undone
 * @ret: ZU_KLP_RANGES_INIT; sorted afterwards; its strings are those of @p
 * @err: the causes
 *
 * Return: 0; as zu_patch_resolve(); ZU_EAGAIN if a transition goes on: the kernel
 * takes no other patch meanwhile (klp_enable_patch(), 6.12 to 7.2).
 */
int zu_prospect_ranges(struct zu_prospect *p, struct zu_kernel *k,
		       const struct zu_klp *klp, struct zu_klp_ranges *ret,
		       struct zu_error *err);

/**
 * zu_prospect_deinit() - release it
 * @p: made, or zeroed
 */
void zu_prospect_deinit(struct zu_prospect *p);

#endif
