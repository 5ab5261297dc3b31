/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zu_table_site(): what the table and the bytes before a return address say
 * together. tests/unit/test_table_leads.c has the rest of core/table_site.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/make/tabletext.h"

#define K TT_KERNEL

/* What was there before must be gone. */
static struct zu_site site(uint64_t ip, bool exact)
{
	struct zu_site s;

	memset(&s, 0xff, sizeof(s));
	zu_table_site(&tt_env, &tt, ip, exact, &s);
	assert_false(s.gone);
	assert_false(s.cpu);
	return s;
}

static void expect_call(uint64_t ip, enum zu_call call, uint64_t target)
{
	struct zu_site s = site(ip, false);

	assert_int_equal(s.call, call);
	assert_int_equal(s.target, target);
}

/* Nothing is known but what @exact says by itself. */
static void expect_nothing(uint64_t ip, bool exact)
{
	struct zu_site s = site(ip, exact);

	assert_int_equal(s.row.kind, ZU_ROW_UNDEFINED);
	assert_int_equal(s.call, exact ? ZU_CALL_NONE : ZU_CALL_UNKNOWN);
	assert_int_equal(s.func, 0);
	assert_int_equal(s.target, 0);
}

#define CALL_END (K + 0x140)

/* A function with one call that ends at CALL_END, if @call */
static void one_call(bool call)
{
	tt_object("", K, 0x400);
	tt_func(0x100, 0x100);
	if (call)
		tt_call(0x13e);
	tt_func(0x200, 0x100);
	tt_finish();
}

static void direct_calls(void **state)
{
	static const int64_t far[] = {
		2, -2, 0, 0x100, -0x100, 0xfffffffe, -0x100000000,
		0xc0e5 * 2, 0x0de1 * 2, 0x0d010de1 * 2, -0x581a0000LL * 2,
	};
	static const int64_t near[] = { 2, -2, 0, 0xfffe, -0x10000, 0xde1 * 2 };
	size_t i;

	(void)state;
	one_call(true);
	for (i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		uint64_t to = CALL_END - 6 + (uint64_t)far[i];

		tt_far(CALL_END - 6, 0xc0e5, to);
		expect_call(CALL_END, ZU_CALL_DIRECT, to);
	}
	/* its distance looks like bras */
	tt_far(CALL_END - 6, 0xc0e5, CALL_END - 6 +
	       2 * (uint64_t)(int64_t)(int32_t)0xa7e50004);
	expect_call(CALL_END, ZU_CALL_DIRECT, CALL_END - 6 +
		    2 * (uint64_t)(int64_t)(int32_t)0xa7e50004);
	tt_half(CALL_END - 6, 0x0700);
	for (i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
		uint64_t to = CALL_END - 4 + (uint64_t)near[i];

		tt_near(CALL_END - 4, 0xa7e5, to);
		expect_call(CALL_END, ZU_CALL_DIRECT, to);
	}
}

static void calls_through_a_plt(void **state)
{
	(void)state;
	one_call(true);
	tt.plt = K + 0x300;
	tt.plt_to = TT_MODULE + 0x42;
	tt_far(CALL_END - 6, 0xc0e5, K + 0x300);
	expect_call(CALL_END, ZU_CALL_DIRECT, TT_MODULE + 0x42);
	tt_far(CALL_END - 6, 0xc0e5, K + 0x302);
	expect_call(CALL_END, ZU_CALL_DIRECT, K + 0x302);
	tt_half(CALL_END - 6, 0x0700);
	tt_near(CALL_END - 4, 0xa7e5, K + 0x300);
	expect_call(CALL_END, ZU_CALL_DIRECT, TT_MODULE + 0x42);
}

static void indirect_calls(void **state)
{
	uint32_t reg;

	(void)state;
	one_call(true);
	for (reg = 0; reg < 16; reg++) {
		tt_half(CALL_END - 2, 0x0de0 | reg);
		/* basr %r14,0 calls nobody */
		expect_call(CALL_END, reg ? ZU_CALL_INDIRECT : ZU_CALL_NONE, 0);
	}
}

/* The table has a call there, and the code has something else now. */
static void patched_calls(void **state)
{
	static const uint16_t other[][3] = {
		/* a kprobe on brasl, bras, basr */
		{ 0x0002, 0x0000, 0x0010 }, { 0x0700, 0x0002, 0x0010 },
		{ 0x0700, 0x0700, 0x0002 },
		/* other registers: brasl, bras, basr */
		{ 0xc0f5, 0x0000, 0x0010 }, { 0xc005, 0x0000, 0x0010 },
		{ 0x0700, 0xa7f5, 0x0010 }, { 0x0700, 0xa705, 0x0010 },
		{ 0x0700, 0x0700, 0x0d1e }, { 0x0700, 0x0700, 0x0dfe },
		{ 0x0700, 0x0700, 0x0d01 },
		/* jg, jgnop, larl, lgfi, j, lghi, br, bcr, balr, mvcos */
		{ 0xc0f4, 0x0000, 0x0010 }, { 0xc004, 0x0000, 0x0000 },
		{ 0xc0e0, 0x0000, 0x0010 }, { 0xc0e1, 0x0000, 0x0010 },
		{ 0x0700, 0xa7f4, 0x0010 }, { 0x0700, 0xa7e9, 0x0010 },
		{ 0x0700, 0x0700, 0x07fe }, { 0x0700, 0x0700, 0x07e1 },
		{ 0x0700, 0x0700, 0x05e1 }, { 0xc8e5, 0x0000, 0x0010 },
		{ 0xc2e5, 0x0000, 0x0010 }, { 0x0700, 0xa5e5, 0x0010 },
		/* the halfwords of a call, where none ends */
		{ 0xa7e5, 0x0010, 0x0700 }, { 0x0700, 0xc0e5, 0x0000 },
		{ 0x0700, 0x0de1, 0x0700 }, { 0x0de1, 0x0700, 0x0700 },
		{ 0, 0, 0 },
	};
	size_t i, j;

	(void)state;
	one_call(true);
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		struct zu_site s;

		for (j = 0; j < 3; j++)
			tt_half(CALL_END - 6 + 2 * j, other[i][j]);
		expect_call(CALL_END, ZU_CALL_NONE, 0);
		/* the rest stands in the table */
		s = site(CALL_END, false);
		assert_int_equal(s.func, K + 0x100);
		assert_int_equal(s.row.kind, ZU_ROW_FRAME);
	}
}

static void put(uint64_t end, const uint16_t half[4])
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		tt_half(end - 8 + 2 * i, half[i]);
}

/*
 * What is left of a call with a kprobe on it can look like a shorter call; and a
 * number before a call like a breakpoint.
 */
static void kprobes_on_calls(void **state)
{
	static const struct {
		uint16_t half[4];
		enum zu_call call;
	} cases[] = {
		/* brasl, a little further than 0x0de1 or 0xa7e50010 halfwords */
		{ { 0x0700, 0x0002, 0x0000, 0x0de1 }, ZU_CALL_NONE },
		{ { 0x0700, 0x0002, 0xa7e5, 0x0010 }, ZU_CALL_NONE },
		{ { 0x0700, 0xc0e5, 0x0000, 0x0de1 }, ZU_CALL_DIRECT },
		/* bras; lr %r2,%r3 and basr look the same with one on lr */
		{ { 0x0700, 0x0700, 0x0002, 0x0de1 }, ZU_CALL_NONE },
		/* lghi %r2,2 and a call */
		{ { 0x0700, 0xa729, 0x0002, 0x0de1 }, ZU_CALL_INDIRECT },
		{ { 0xa729, 0x0002, 0x0700, 0x0de1 }, ZU_CALL_INDIRECT },
		{ { 0xa729, 0x0002, 0xa7e5, 0x0010 }, ZU_CALL_DIRECT },
		/* lgfi %r2,2 */
		{ { 0xc021, 0x0000, 0x0002, 0x0de1 }, ZU_CALL_INDIRECT },
		/* that lghi with a kprobe on it: as if it were on a brasl */
		{ { 0x0700, 0x0002, 0x0002, 0x0de1 }, ZU_CALL_NONE },
	};
	static const uint16_t plain[4] = { 0x0700, 0x0700, 0x0700, 0x0de1 };
	size_t i;

	(void)state;
	one_call(true);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(CALL_END, cases[i].half);
		assert_int_equal(site(CALL_END, false).call, cases[i].call);
	}
	/* one somewhere before: where instructions begin is not known */
	put(CALL_END, cases[4].half);
	tt_half(K + 0x100, 0x0002);
	expect_call(CALL_END, ZU_CALL_NONE, 0);
	/* before the function it says nothing */
	tt_half(K + 0x100, 0x0700);
	tt_half(K + 0xfe, 0x0002);
	expect_call(CALL_END, ZU_CALL_INDIRECT, 0);
	/* nor does anybody look where nothing is like a breakpoint */
	put(CALL_END, plain);
	tt_half(K + 0x100, 0x0002);
	expect_call(CALL_END, ZU_CALL_INDIRECT, 0);
}

/* All instructions from the start on are looked at, but not for ever. */
static void kprobes_in_long_functions(void **state)
{
	static const uint16_t half[4] = { 0x0700, 0xa729, 0x0002, 0x0de1 };
	const uint32_t last = 2 * (ZU_SITE_INSNS - 1) + 2;
	uint64_t end = K + 0x100 + last + 4;
	uint32_t at;

	(void)state;
	tt_object("", K, TT_TEXT);
	tt_func(0x100, 0x7000);
	tt_call(0x100 + last + 2);
	tt_call(0x100 + last + 4);
	tt_finish();
	put(end, half);
	expect_call(end, ZU_CALL_INDIRECT, 0);
	for (at = 0; at < last - 2; at += 2) {
		tt_half(K + 0x100 + at, 0x0002);
		expect_call(end, ZU_CALL_NONE, 0);
		tt_half(K + 0x100 + at, 0x0700);
	}
	/* the last that is looked at, and one more */
	put(end + 2, half);
	expect_call(end + 2, ZU_CALL_NONE, 0);
}

/* The code has a call there, and the table doesn't know of it. */
static void unknown_calls(void **state)
{
	(void)state;
	one_call(false);
	tt_far(CALL_END - 6, 0xc0e5, K + 0x200);
	expect_call(CALL_END, ZU_CALL_NONE, 0);
	tt_near(CALL_END - 4, 0xa7e5, K + 0x200);
	expect_call(CALL_END, ZU_CALL_NONE, 0);
	tt_half(CALL_END - 2, 0x0de1);
	expect_call(CALL_END, ZU_CALL_NONE, 0);
	/* nobody needs to look then */
	assert_int_equal(tt.reads, 0);
}

static void code_that_cannot_be_read(void **state)
{
	struct zu_site s;

	(void)state;
	one_call(true);
	tt_far(CALL_END - 6, 0xc0e5, K + 0x200);
	for (tt.unread = CALL_END - 6; tt.unread < CALL_END; tt.unread++) {
		expect_call(CALL_END, ZU_CALL_UNKNOWN, 0);
		s = site(CALL_END, false);
		assert_int_equal(s.func, K + 0x100);
		assert_int_equal(s.row.kind, ZU_ROW_FRAME);
	}
	expect_call(CALL_END, ZU_CALL_DIRECT, K + 0x200);
	tt.unread = CALL_END - 7;
	expect_call(CALL_END, ZU_CALL_DIRECT, K + 0x200);
}

static void places_without_function_or_row(void **state)
{
	const struct zu_flow_row rows[] = {
		{ 0, rows_frame(160, 0, 0) }, { 0x10, rows_undefined() },
	};
	struct zu_site s;

	(void)state;
	tt_object("", K, 0x400);
	tt_must(zu_table_maker_func(&tt.maker, 0x100, 0x20, rows, 2, &tt.err));
	tt_must(zu_table_maker_func(&tt.maker, 0x200, 0x20, NULL, 0, &tt.err));
	tt_finish();
	s = site(K + 0x80, false);
	assert_int_equal(s.func, 0);
	assert_int_equal(s.row.kind, ZU_ROW_UNDEFINED);
	assert_int_equal(s.call, ZU_CALL_NONE);
	s = site(K + 0x110, false);
	assert_int_equal(s.func, K + 0x100);
	assert_int_equal(s.row.kind, ZU_ROW_FRAME);
	s = site(K + 0x112, false);
	assert_int_equal(s.func, K + 0x100);
	assert_int_equal(s.row.kind, ZU_ROW_UNDEFINED);
	s = site(K + 0x210, false);
	assert_int_equal(s.func, K + 0x200);
	assert_int_equal(s.row.kind, ZU_ROW_UNDEFINED);
	assert_int_equal(s.call, ZU_CALL_NONE);
	assert_int_equal(tt.reads, 0);
}

/* A return address belongs to the call before it, an exact one to itself. */
static void exact_addresses(void **state)
{
	const struct zu_flow_row rows[] = {
		{ 0, rows_frame(160, 0, 0) }, { 0x40, rows_frame(320, 0, 0) },
	};
	struct zu_site s;

	(void)state;
	tt_object("", K, 0x400);
	tt_must(zu_table_maker_func(&tt.maker, 0x100, 0x100, rows, 2,
				    &tt.err));
	tt_call(0x13e);
	tt_call(0x1fe);
	tt_func(0x200, 0x100);
	tt_finish();
	tt_far(K + 0x13a, 0xc0e5, K + 0x200);
	tt_far(K + 0x1fa, 0xc0e5, K + 0x200);
	s = site(K + 0x140, true);
	assert_int_equal(s.row.cfa_off, 320);
	assert_int_equal(s.call, ZU_CALL_NONE);
	assert_int_equal(s.target, 0);
	s = site(K + 0x200, true);
	assert_int_equal(s.func, K + 0x200);
	assert_int_equal(tt.reads, 0);
	s = site(K + 0x140, false);
	assert_int_equal(s.row.cfa_off, 160);
	assert_int_equal(s.call, ZU_CALL_DIRECT);
	s = site(K + 0x200, false);
	assert_int_equal(s.func, K + 0x100);
	assert_int_equal(s.row.cfa_off, 320);
	assert_int_equal(s.call, ZU_CALL_DIRECT);
}

/* Its return address is no address of the object any more. */
static void call_at_the_end(void **state)
{
	(void)state;
	tt_object("", K, 0x400);
	tt_func(0x300, 0x100);
	tt_call(0x3fe);
	tt_finish();
	tt_half(K + 0x3fe, 0x0de1);
	expect_call(K + 0x400, ZU_CALL_INDIRECT, 0);
	assert_int_equal(site(K + 0x400, false).func, K + 0x300);
}

static void places_without_a_table(void **state)
{
	(void)state;
	tt_object("", K, 0x400);
	tt_func(0, 0x400);
	tt_call(0);
	tt_finish();
	tt_object(NULL, TT_OTHER, 0x100);
	tt_far(TT_OTHER, 0xc0e5, K);
	expect_nothing(TT_OTHER + 6, false);
	expect_nothing(TT_OTHER + 6, true);
	expect_nothing(K, false);
	expect_nothing(K + 0x400, true);
	expect_nothing(K + 0x402, false);
	expect_nothing(0, false);
	expect_nothing(UINT64_MAX - 1, false);
	expect_nothing(UINT64_MAX - 1, true);
	assert_int_equal(tt.reads, 0);
	assert_int_equal(site(K, true).func, K);
	assert_int_equal(site(K + 2, false).func, K);
}

static void odd_addresses(void **state)
{
	uint64_t ip;

	(void)state;
	one_call(true);
	tt_far(CALL_END - 6, 0xc0e5, K + 0x200);
	for (ip = K + 1; ip < K + 0x400; ip += 2) {
		expect_nothing(ip, false);
		expect_nothing(ip, true);
	}
}

/* The longest call does not fit before these. */
static void tiny_addresses(void **state)
{
	uint64_t ip;

	(void)state;
	tt_object("", 0, 0x400);
	tt_func(0, 0x400);
	for (ip = 0; ip < 8; ip += 2)
		tt_call((uint32_t)ip);
	tt_finish();
	tt_far(0, 0xc0e5, 0x100);
	for (ip = 0; ip < 6; ip++) {
		expect_nothing(ip, false);
		expect_nothing(ip, true);
	}
	assert_int_equal(tt.reads, 0);
	expect_call(6, ZU_CALL_DIRECT, 0x100);
	assert_int_equal(site(6, true).row.kind, ZU_ROW_FRAME);
}

/* Each text has its own table, wherever it lies. */
static void two_texts(void **state)
{
	(void)state;
	tt_object("m", TT_MODULE, 0x200);
	tt_func(0x10, 0x100);
	tt_call(0x2e);
	tt_object("", K, 0x200);
	tt_func(0x20, 0x100);
	tt_call(0x3e);
	tt_finish();
	tt_far(TT_MODULE + 0x2a, 0xc0e5, K + 0x20);
	tt_far(K + 0x3a, 0xc0e5, TT_MODULE + 0x10);
	expect_call(TT_MODULE + 0x30, ZU_CALL_DIRECT, K + 0x20);
	expect_call(K + 0x40, ZU_CALL_DIRECT, TT_MODULE + 0x10);
	expect_call(K + 0x30, ZU_CALL_NONE, 0);
	expect_call(TT_MODULE + 0x40, ZU_CALL_NONE, 0);
	assert_int_equal(site(TT_MODULE + 0x30, false).func, TT_MODULE + 0x10);
	assert_int_equal(site(K + 0x40, false).func, K + 0x20);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, tt_setup, tt_teardown)
	const struct CMUnitTest tests[] = {
		TEST(direct_calls),
		TEST(calls_through_a_plt),
		TEST(indirect_calls),
		TEST(patched_calls),
		TEST(kprobes_on_calls),
		TEST(kprobes_in_long_functions),
		TEST(unknown_calls),
		TEST(code_that_cannot_be_read),
		TEST(places_without_function_or_row),
		TEST(exact_addresses),
		TEST(call_at_the_end),
		TEST(places_without_a_table),
		TEST(odd_addresses),
		TEST(tiny_addresses),
		TEST(two_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
