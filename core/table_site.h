/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What a table, and a few bytes of the code that runs, say of an address: the
 * answers to zu_unwind_env.site and .leads_to for a host that does not look at
 * code itself.
 *
 * The table tells where functions start, where calls end and how functions are
 * left; the bytes at those places tell where a call or jump leads now. So a
 * call that was patched since, or a table of other code, is no witness.
 */
#ifndef ZU_CORE_TABLE_SITE_H
#define ZU_CORE_TABLE_SITE_H

#include "core/table.h"
#include "core/unwind.h"

/**
 * ZU_SITE_INSNS - how many instructions of a function are looked at, to tell a
 * call from the rest of one that has a breakpoint; behind them it is none
 */
#define ZU_SITE_INSNS 8192

/**
 * struct zu_table_text - code that a table is of
 * @table: its object in a table
 * @begin: the address of offset 0
 */
struct zu_table_text {
	const struct zu_table_object *table;
	uint64_t begin;
};

/**
 * struct zu_table_env - what is asked of the host
 * @find: the code that an address is in; false if that has no table
 * @read: copies @len bytes of code at @addr as they are now; false if there is
 *	no code. Asked for code that @find knows, and for trampolines that such
 *	code jumps to.
 * @plt: where code at @addr only leads on, to what a module calls far away:
 *	where to; else @addr
 * @may_replace: can the entry of another function be switched to the function
 *	at @func, by a live patch or BPF?
 */
struct zu_table_env {
	bool (*find)(void *ctx, uint64_t addr, struct zu_table_text *ret);
	bool (*read)(void *ctx, uint64_t addr, void *buf, size_t len);
	uint64_t (*plt)(void *ctx, uint64_t addr);
	bool (*may_replace)(void *ctx, uint64_t func);
};

/**
 * zu_table_site() - what is known of the code at an address
 * @env: the host
 * @ctx: given to its functions
 * @ip: a return address, or with @exact an instruction that would run next
 * @exact: which of the two
 * @ret: as zu_unwind_env.site fills it; @gone and @cpu are left false
 */
void zu_table_site(const struct zu_table_env *env, void *ctx, uint64_t ip,
		  bool exact, struct zu_site *ret);

/**
 * zu_table_leads_to() - can a call of one function end in another?
 * @env: the host
 * @ctx: given to its functions
 * @target: what is called
 * @func: the start of a function
 *
 * By tail calls; or because the entry of a function on the way is switched to
 * a tracer's trampoline, and @func is what may come in its place.
 *
 * Return: true if it can. Bounded: ways of over ZU_WAY functions are not
 * followed to their ends.
 */
bool zu_table_leads_to(const struct zu_table_env *env, void *ctx,
		      uint64_t target, uint64_t func);

#endif
