/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's and a module's code with their tables, and code without one: a
 * host for core/table_site.c.
 *
 *	tt_object("", TT_KERNEL, 0x1000);
 *	tt_func(0x100, 0x80);		offsets, as check/table_make.h has them
 *	tt_call(0x104);
 *	tt_finish();
 *	tt_far(TT_KERNEL + 0x100, 0xc0e5, TT_KERNEL);
 *	zu_table_site(&tt_env, &tt, ...);
 */
#ifndef ZU_TESTS_MAKE_TABLETEXT_H
#define ZU_TESTS_MAKE_TABLETEXT_H

#include <stdlib.h>
#include <string.h>

#include "check/table_make.h"
#include "core/bytes.h"
#include "core/table_site.h"
#include "tests/make/rows.h"
#include "tests/make/table.h"

#define TT_KERNEL UINT64_C(0x3ffe0000000)
#define TT_MODULE UINT64_C(0x3ff7ff00000)
#define TT_OTHER UINT64_C(0x3ff7fe00000)	/* trampolines */
#define TT_TEXT 0x8000u
#define TT_TEXTS 3

/* @size: of the text, and of the code that can be read; no @table: OTHER */
struct tt_text {
	const char *name;
	uint64_t begin;
	uint32_t size;
	struct zu_table_object table;
	uint8_t code[TT_TEXT];
};

static struct tt {
	struct zu_table_maker maker;
	struct zu_error err;
	void *bytes;
	struct zu_table table;
	struct tt_text text[TT_TEXTS];
	size_t nr;
	unsigned int reads;
	uint64_t unread;	/* a byte that is not there */
	uint64_t plt, plt_to;	/* the PLT's one entry, and where it leads */
	uint64_t replaces;	/* the one function that may replace others */
} tt;

static inline struct tt_text *tt_text_at(uint64_t addr)
{
	size_t i;

	for (i = 0; i < tt.nr; i++)
		if (addr - tt.text[i].begin < tt.text[i].size)
			return &tt.text[i];
	return NULL;
}

static inline bool tt_find(void *ctx, uint64_t addr, struct zu_table_text *ret)
{
	const struct tt_text *t = tt_text_at(addr);

	assert_ptr_equal(ctx, &tt);
	if (!t || !t->name)
		return false;
	ret->table = &t->table;
	ret->begin = t->begin;
	return true;
}

static inline bool tt_read(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const struct tt_text *t = tt_text_at(addr);

	assert_ptr_equal(ctx, &tt);
	tt.reads++;
	if (!t || len > t->size - (addr - t->begin))
		return false;
	/* also what could not be read may have left something */
	memcpy(buf, t->code + (addr - t->begin), len);
	return tt.unread - addr >= len;
}

static inline uint64_t tt_plt(void *ctx, uint64_t addr)
{
	assert_ptr_equal(ctx, &tt);
	return tt.plt && addr == tt.plt ? tt.plt_to : addr;
}

static inline bool tt_may_replace(void *ctx, uint64_t func)
{
	assert_ptr_equal(ctx, &tt);
	return tt.replaces && func == tt.replaces;
}

static const struct zu_table_env tt_env = {
	.find = tt_find,
	.read = tt_read,
	.plt = tt_plt,
	.may_replace = tt_may_replace,
};

static inline int tt_setup(void **state)
{
	(void)state;
	memset(&tt, 0, sizeof(tt));
	tt.unread = UINT64_MAX / 2;
	return 0;
}

static inline int tt_teardown(void **state)
{
	(void)state;
	zu_table_maker_deinit(&tt.maker);
	free(tt.bytes);
	return 0;
}

static inline void tt_must(int code)
{
	if (code)
		fail_msg("%s", tt.err.text);
}

static inline void tt_object(const char *name, uint64_t begin, uint32_t size)
{
	assert_true(tt.nr < TT_TEXTS && size <= TT_TEXT);
	tt.text[tt.nr].name = name;
	tt.text[tt.nr].begin = begin;
	tt.text[tt.nr++].size = size;
	if (name)
		tt_must(zu_table_maker_object(&tt.maker, name, NULL, 0, size,
					      &tt.err));
}

static inline void tt_func(uint32_t offset, uint32_t len)
{
	const struct zu_flow_row row = { 0, rows_frame(160, 0, 0) };

	tt_must(zu_table_maker_func(&tt.maker, offset, len, &row, 1, &tt.err));
}

static inline void tt_call(uint32_t last)
{
	tt_must(zu_table_maker_call(&tt.maker, last, &tt.err));
}

static inline void tt_exit(uint32_t exit)
{
	tt_must(zu_table_maker_exit(&tt.maker, exit, &tt.err));
}

static inline void tt_finish(void)
{
	const char *why = NULL;
	size_t len, i;

	tt_must(zu_table_maker_finish(&tt.maker, &tt.bytes, &len, &tt.err));
	if (zu_table_init(&tt.table, tt.bytes, len, &why))
		fail_msg("%s", why);
	assert_true(table_holds(&tt.table));
	for (i = 0; i < tt.nr; i++)
		if (tt.text[i].name)
			assert_true(zu_table_find(&tt.table, tt.text[i].name,
						  &tt.text[i].table));
}

static inline void tt_put(uint64_t addr, const void *code, size_t len)
{
	struct tt_text *t = tt_text_at(addr);

	assert_non_null(t);
	assert_true(len <= t->size - (addr - t->begin));
	memcpy(t->code + (addr - t->begin), code, len);
}

/* An instruction of 6 or 4 bytes that leads to an address */
static inline void tt_far(uint64_t addr, uint32_t opcode, uint64_t to)
{
	uint64_t distance = (to - addr) / 2;
	uint8_t code[6] = { (uint8_t)(opcode >> 8), (uint8_t)opcode };

	zu_put_be32(code + 2, (uint32_t)distance);
	tt_put(addr, code, sizeof(code));
}

static inline void tt_near(uint64_t addr, uint32_t opcode, uint64_t to)
{
	uint64_t distance = (to - addr) / 2;
	uint8_t code[4] = {
		(uint8_t)(opcode >> 8), (uint8_t)opcode,
		(uint8_t)(distance >> 8), (uint8_t)distance,
	};

	tt_put(addr, code, sizeof(code));
}

static inline void tt_half(uint64_t addr, uint32_t half)
{
	const uint8_t code[2] = { (uint8_t)(half >> 8), (uint8_t)half };

	tt_put(addr, code, sizeof(code));
}

#endif
