/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers of core/table_site.c that were given before: stacks have the same few
 * hundred return addresses over and over.
 *
 * What is remembered are facts about code: the row, the function, and the call
 * that stood before an address; that a call leads to a function by tail calls;
 * and links, which follow from these. They hold as long as the code is there, so
 * all of it is forgotten when an object comes or goes. That a live patch stands
 * in for a function is asked each time.
 */
#ifndef ZU_KMOD_SITE_CACHE_H
#define ZU_KMOD_SITE_CACHE_H

#include "core/unwind.h"

/**
 * zu_site_cached() - zu_table_site() of the running kernel, remembered
 * @ip: as there
 * @exact: as there
 * @ret: as there, with @gone false and @cpu set
 *
 * In any context; with interrupts off, or in an RCU section.
 */
void zu_site_cached(unsigned long ip, bool exact, struct zu_site *ret);

/**
 * zu_leads_to_cached() - zu_table_leads_to() of the running kernel, remembered
 * @target: as there
 * @func: as there
 *
 * Context: as zu_site_cached().
 *
 * Return: as there.
 */
bool zu_leads_to_cached(unsigned long target, unsigned long func);

/**
 * zu_link_cached() - zu_unwind_env.link
 * @inner: as there
 * @outer: as there
 * @ret: as there
 *
 * Context: as zu_site_cached().
 *
 * Return: as there.
 */
bool zu_link_cached(unsigned long inner, unsigned long outer,
		    struct zu_link *ret);

/**
 * zu_link_learn() - zu_unwind_env.learn
 * @inner: as there
 * @outer: as there
 * @func: as there
 * @link: as there
 * @age: zu_site_age() when the walk began: what was forgotten since is not
 *	learnt again
 *
 * Context: as zu_site_cached().
 */
void zu_link_learn(unsigned long inner, unsigned long outer,
		   unsigned long func, const struct zu_link *link, u32 age);

/**
 * zu_site_age() - how often all was forgotten
 *
 * To be asked before the first look at an object.
 *
 * Return: a number.
 */
u32 zu_site_age(void);

/**
 * zu_site_forget() - forget all that is remembered
 *
 * Walks that begin later don't see it; those under way may, up to the end of a
 * grace period.
 */
void zu_site_forget(void);

#endif
