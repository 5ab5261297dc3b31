/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which monitor calls come back: tables of all forms that kernels have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "check/bugs.h"
#include "check/check.h"
#include "core/bytes.h"
#include "tests/make/fakecode.h"

#define FUNC(name, text) fakecode_func(name, text, sizeof(text) - 1)
#define I_MC "\xaf\x00\x00\x00"
#define I_LARL "\xc0\x20\x00\x00\x00\x00"

static struct zu_bugs bugs;
static struct zu_error error;
static uint64_t warn, bug, other, args;

/* Code, and a table of zeros behind it */
static void begin(size_t len)
{
	static const uint8_t zeros[256];

	fakecode_begin();
	/* the table has them in another order */
	bug = FUNC("f", I_MC I_MC I_MC I_LARL);
	other = bug + 4;
	warn = bug + 8;
	args = bug + 12;
	fakecode.bugs = fakecode_func("table", zeros, len);
	fakecode.bugs_len = len;
}

static uint8_t *entry(size_t at, uint64_t addr)
{
	uint8_t *p = fakecode.bytes + (fakecode.bugs - FAKECODE_BASE) + at;

	zu_put_be32(p, (uint32_t)(addr - fakecode.bugs - at));
	return p;
}

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* A WARN and a BUG; @line as __LINE__ if there is one, @flags beside WARNING */
static void make(size_t size, size_t line, size_t flags, uint16_t more)
{
	uint8_t *p;

	begin(2 * size);
	p = entry(0, warn);
	if (line)
		put16(p + line, 4711);
	put16(p + flags, (uint16_t)(1 | more));
	p = entry(size, bug);
	if (line)
		put16(p + line, 1);
	put16(p + flags, more);
}

static void expect(int a_warn, int a_bug, int another)
{
	assert_int_equal(zu_bugs_init(&bugs, &fakecode.code, &error), 0);
	assert_int_equal(zu_bugs_at(&bugs, warn), a_warn);
	assert_int_equal(zu_bugs_at(&bugs, bug), a_bug);
	assert_int_equal(zu_bugs_at(&bugs, other), another);
	assert_int_equal(zu_bugs_at(&bugs, 0), another);
	assert_int_equal(zu_bugs_at(&bugs, UINT64_MAX), another);
	zu_bugs_deinit(&bugs);
}

static void test_forms(void **state)
{
	(void)state;
	make(16, 12, 14, 0x900);
	expect(1, 0, 1);
	make(12, 8, 10, 0x902);
	expect(1, 0, 1);
	make(8, 0, 4, 0);
	expect(1, 0, 1);
}

static void test_labels(void **state)
{
	(void)state;
	make(16, 12, 14, 0);
	fakecode.labels = true;
	expect(1, 0, 1);
	fakecode.bugs_len = 0;
	expect(-1, -1, -1);
}

static void test_larl(void **state)
{
	(void)state;
	make(16, 12, 14, 0);
	entry(0, args);
	expect(1, 0, 1);
	/* another instruction of the same first byte is none */
	fakecode.bytes[args - FAKECODE_BASE + 1] = 0x25;
	expect(-1, -1, -1);
}

/* 12 bytes without a second number: flags, if they look like some, or lines */
static void test_twelve(void **state)
{
	static const unsigned int flags[] = { 0x901, 0x903, 0x91f, 0x1f01 };
	static const unsigned int lines[] = { 2, 0x902, 0x921, 0x2001 };
	size_t i;

	(void)state;
	make(12, 0, 8, 0);
	expect(-1, -1, -1);
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		make(12, 0, 8, 0);
		put16(entry(0, warn) + 8, (uint16_t)flags[i]);
		expect(-1, -1, -1);
	}
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		make(12, 0, 8, 0);
		put16(entry(0, warn) + 8, (uint16_t)lines[i]);
		expect(0, 0, 1);
	}
	make(12, 0, 8, 0);
	put16(entry(0, warn) + 8, 0);
	expect(0, 0, 1);
	make(12, 8, 10, 0);
	put16(entry(0, warn) + 10, 0);
	expect(0, 0, 1);
}

/* A table of BUGs alone has no flags at all. */
static void test_no_flags(void **state)
{
	(void)state;
	make(16, 12, 14, 0);
	put16(entry(0, warn) + 14, 0);
	expect(0, 0, 1);
	make(8, 0, 4, 0);
	put16(entry(0, warn) + 4, 0);
	expect(0, 0, 1);
}

static void test_no_table(void **state)
{
	(void)state;
	begin(16);
	fakecode.bugs_len = 0;
	expect(-1, -1, -1);
	fakecode.code.ops = &(struct zu_code_ops){ .bytes = fakecode_bytes };
	expect(-1, -1, -1);
}

static void test_damaged(void **state)
{
	(void)state;
	/* not of that length, not in memory, to elsewhere, to an odd address */
	make(16, 12, 14, 0);
	fakecode.bugs_len = 31;
	expect(-1, -1, -1);
	fakecode.bugs_len = 1u << 30;
	expect(-1, -1, -1);
	fakecode.bugs_len = 32;
	expect(1, 0, 1);
	entry(16, fakecode.bugs);
	expect(-1, -1, -1);
	entry(16, bug + 1);
	expect(-1, -1, -1);
	entry(16, bug + (1u << 30));
	expect(-1, -1, -1);
}

/* Code that has gone may be named, if little. */
static void test_gone(void **state)
{
	int i;

	(void)state;
	begin(4 * 16);
	put16(entry(0, warn) + 14, 1);
	entry(16, bug);
	entry(32, bug);
	entry(48, bug + (1u << 30));
	expect(1, 0, 1);
	for (i = 0; i < 2; i++)
		entry(32 + 16 * (size_t)i, bug + (1u << 30));
	expect(-1, -1, -1);
}

static int each(void *ctx, struct zu_code *c, const struct zu_code_func *f,
		const struct zu_flow *flow, struct zu_error *err)
{
	bool *proven = ctx;

	(void)err;
	if (f == c->func)
		*proven = flow->verdict == ZU_FLOW_PROVEN;
	return 0;
}

/* Code may end in a BUG, but not in a WARN. */
static void test_check_asks(void **state)
{
	bool proven;
	const struct zu_check_ops ops = { .ctx = &proven, .each = each };
	struct zu_check_sum sum;

	(void)state;
	make(16, 12, 14, 0);
	fakecode.code.func[0].len = 4;
	assert_int_equal(zu_check_run(&fakecode.code, &ops, &sum, &error), 0);
	assert_true(proven);
	put16(entry(16, bug) + 14, 1);
	assert_int_equal(zu_check_run(&fakecode.code, &ops, &sum, &error), 0);
	assert_false(proven);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_larl),
		cmocka_unit_test(test_twelve),
		cmocka_unit_test(test_no_flags),
		cmocka_unit_test(test_no_table),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_check_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
