// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/object_check.h"

#include <linux/kernel.h>
#include <linux/sched.h>

#include "kmod/module_text.h"
#include "kmod/object_text.h"
#include "kmod/objects.h"
#include "kmod/symbols.h"

static bool lowest(void *ctx, unsigned long addr)
{
	unsigned long *first = ctx;

	*first = min(*first, addr);
	return true;
}

/*
 * A table counts from the start of a module's code, which is behind a GOT and
 * a PLT: where the first function lies, both know.
 */
static const char *find_begin(struct zu_object *o)
{
	unsigned long first = ULONG_MAX;
	u32 offset;

	zu_module_funcs(o->module, lowest, &first);
	offset = zu_table_first_func(&o->rows);
	if (first == ULONG_MAX || offset == o->rows.size)
		return "the module has no functions";
	o->begin = first - offset;
	if (o->begin < o->memory[0] ||
	    o->begin + o->rows.size > o->memory[1])
		return "it is of more code than the module has";
	return NULL;
}

static const char *check_size(const struct zu_object *o)
{
	return o->begin + o->rows.size < zu_sym.etext ||
	       o->begin + o->rows.size > zu_sym.end ?
	       "it is not of as much code as the kernel has" : NULL;
}

static bool is_start(void *ctx, unsigned long addr)
{
	const struct zu_object *o = ctx;
	u32 start;

	return zu_table_func(&o->rows, addr - o->begin, &start) &&
	       start == addr - o->begin;
}

/* brasl, bras, basr with r14, or the breakpoint of a kprobe on one of them */
static bool is_call(const u8 code[6])
{
	return (code[0] == 0xc0 && code[1] == 0xe5) ||
	       (code[2] == 0xa7 && code[3] == 0xe5) ||
	       (code[4] == 0x0d && code[5] >> 4 == 14) ||
	       (code[0] == 0x00 && code[1] == 0x02) ||
	       (code[2] == 0x00 && code[3] == 0x02) ||
	       (code[4] == 0x00 && code[5] == 0x02);
}

/* A call through a thunk has two ends in a table: before and after a rewrite. */
static bool is_thunk_call(const struct zu_object *o, u32 end)
{
	u8 code[6];

	return zu_table_call(&o->rows, end + 4) &&
	       zu_object_read(o, o->begin + end - 2, code, sizeof(code)) &&
	       code[0] == 0xc0 && code[1] == 0xe5;
}

static bool was_thunk_call(const struct zu_object *o, u32 end)
{
	u8 code[2];

	return end >= 4 && zu_table_call(&o->rows, end - 4) &&
	       zu_object_read(o, o->begin + end - 6, code, sizeof(code)) &&
	       code[0] == 0x0d;
}

static const char *check_calls(const struct zu_object *o)
{
	u32 end = 0;
	u8 code[6];

	while ((end = zu_table_next_call(&o->rows, end))) {
		cond_resched();
		/* init text that was given away is not looked at by walks */
		if (!zu_object_read(o, o->begin + end - sizeof(code), code,
				    sizeof(code)))
			continue;
		if (!is_call(code) && !is_thunk_call(o, end) &&
		    !was_thunk_call(o, end))
			return "the code in memory has no calls where the table has";
	}
	return NULL;
}

const char *zu_object_check(struct zu_object *o)
{
	const char *why = o->module ? find_begin(o) : check_size(o);

	if (why)
		return why;
	if (o->module && !zu_module_funcs(o->module, is_start, o))
		return "the module's functions are not where the table has them";
	return check_calls(o);
}
