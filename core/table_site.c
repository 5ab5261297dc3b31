/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "core/table_site.h"

#include "core/bytes.h"
#include "core/way.h"

/* The longest instruction, of which brasl and brcl are */
#define LONG 6

/* Of a kprobe (arch/s390/include/asm/kprobes.h): over a first halfword */
#define BREAKPOINT 0x0002

/* Where a branch with a distance of 32 bits, in halfwords, leads */
static uint64_t far_target(uint64_t addr, const uint8_t *code)
{
	return addr + 2 * (uint64_t)(int64_t)(int32_t)zu_be32(code + 2);
}

static uint64_t near_target(uint64_t addr, const uint8_t *code)
{
	return addr + 2 * (uint64_t)(int64_t)(int16_t)zu_be16(code + 2);
}

static bool is_breakpoint(const uint8_t *code)
{
	return zu_be16(code) == BREAKPOINT;
}

/*
 * Does an instruction begin at @at? What a kprobe is set on keeps its last
 * halfwords, which can look like a shorter call. They can't be told from a call
 * behind a number that looks like a breakpoint but by all instructions from the
 * function's start on; of which none may be a breakpoint, for the same reason.
 */
static bool is_insn(const struct zu_table_env *env, void *ctx, uint64_t func,
		    uint64_t at)
{
	uint64_t addr = func, from = func, end = func;
	uint8_t code[64];
	unsigned int n;

	for (n = 0; addr < at && n < ZU_SITE_INSNS; n++) {
		if (addr >= end) {
			from = addr;
			end = at - addr < sizeof(code) ? at :
							 addr + sizeof(code);
			if (!env->read(ctx, from, code, end - from))
				return false;
		}
		if (is_breakpoint(code + (addr - from)))
			return false;
		/* by the first two bits: 00 2, 01 and 10 4, 11 6 */
		addr += 2 + (((code[addr - from] >> 6) + 1U) & 6);
	}
	return func && addr == at;
}

/* The call that ends at @ip, if it is still there: brasl, bras, basr r14 */
static enum zu_call call_before(const struct zu_table_env *env, void *ctx,
				uint64_t func, uint64_t ip, uint64_t *target)
{
	uint8_t code[LONG];

	if (!env->read(ctx, ip - LONG, code, sizeof(code)))
		return ZU_CALL_UNKNOWN;
	if (code[0] == 0xc0 && code[1] == 0xe5) {
		*target = env->plt(ctx, far_target(ip - LONG, code));
		return ZU_CALL_DIRECT;
	}
	if (code[2] == 0xa7 && code[3] == 0xe5) {
		if (is_breakpoint(code) && !is_insn(env, ctx, func, ip - 4))
			return ZU_CALL_NONE;
		*target = env->plt(ctx, near_target(ip - 4, code + 2));
		return ZU_CALL_DIRECT;
	}
	/* register 0 would mean no call at all */
	if (code[4] != 0x0d || code[5] >> 4 != 14 || !(code[5] & 0xf))
		return ZU_CALL_NONE;
	if ((is_breakpoint(code) || is_breakpoint(code + 2)) &&
	    !is_insn(env, ctx, func, ip - 2))
		return ZU_CALL_NONE;
	return ZU_CALL_INDIRECT;
}

void zu_table_site(const struct zu_table_env *env, void *ctx, uint64_t ip,
		  bool exact, struct zu_site *ret)
{
	uint64_t addr = exact ? ip : ip - 1;
	struct zu_table_text text;
	uint32_t func;

	memset(ret, 0, sizeof(*ret));
	ret->call = exact ? ZU_CALL_NONE : ZU_CALL_UNKNOWN;
	if (ip < LONG || ip % 2 || !env->find(ctx, addr, &text))
		return;
	zu_table_row(text.table, addr - text.begin, &ret->row);
	if (zu_table_func(text.table, addr - text.begin, &func))
		ret->func = text.begin + func;
	if (exact)
		return;
	ret->call = ZU_CALL_NONE;
	if (zu_table_call(text.table, ip - text.begin))
		ret->call = call_before(env, ctx, ret->func, ip, &ret->target);
}

/*
 * Is a function's entry switched on: brcl 15 to a hotpatch trampoline, which
 * begins with brasl 1, or brasl 0 to ftrace itself?
 */
static bool is_redirected(const struct zu_table_env *env, void *ctx,
			  uint64_t func)
{
	uint8_t code[LONG], to[2];

	if (!env->read(ctx, func, code, sizeof(code)) || code[0] != 0xc0)
		return false;
	if (code[1] == 0x05)
		return true;
	return code[1] == 0xf4 &&
	       env->read(ctx, far_target(func, code), to, sizeof(to)) &&
	       to[0] == 0xc0 && to[1] == 0x15;
}

/* Where brcl leads now, whatever its condition; 0: it is none any more */
static uint64_t jump_target(const struct zu_table_env *env, void *ctx,
			    uint64_t addr)
{
	uint8_t code[LONG];

	if (!env->read(ctx, addr, code, sizeof(code)) || code[0] != 0xc0 ||
	    (code[1] & 0xf) != 4)
		return 0;
	return env->plt(ctx, far_target(addr, code));
}

static void add_exits(const struct zu_table_env *env, void *ctx,
		      const struct zu_table_text *text,
		      const struct zu_table_exits *exits, struct zu_way *w)
{
	uint32_t i;

	for (i = 0; i < exits->nr && w->n < ZU_WAY; i++) {
		bool jump;
		uint64_t to = text->begin + zu_table_exit(exits, i, &jump);

		if (jump)
			to = jump_target(env, ctx, to);
		if (to)
			zu_way_add(w, to);
	}
}

bool zu_table_leads_to(const struct zu_table_env *env, void *ctx,
		      uint64_t target, uint64_t func)
{
	bool replaces = env->may_replace(ctx, func);
	struct zu_way w = { .n = 0 };
	unsigned int i;

	zu_way_add(&w, target);
	for (i = 0; i < w.n; i++) {
		struct zu_table_exits exits;
		uint64_t addr = w.addr[i];
		struct zu_table_text text;
		uint32_t start;

		if (addr == func)
			return true;
		if (!env->find(ctx, addr, &text) ||
		    !zu_table_func(text.table, addr - text.begin, &start) ||
		    text.begin + start != addr)
			continue;
		zu_table_exits(text.table, start, &exits);
		if (exits.thunk || exits.anywhere ||
		    (replaces && is_redirected(env, ctx, addr)))
			return true;
		add_exits(env, ctx, &text, &exits, &w);
	}
	return false;
}
