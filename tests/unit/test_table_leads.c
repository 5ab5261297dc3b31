/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zu_table_leads_to(): by tail calls that the table knows and the code still
 * has, and by entries that are switched to a trampoline.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/way.h"
#include "tests/make/tabletext.h"

#define JUMP ZU_TABLE_EXIT_JUMP
#define K TT_KERNEL
#define M TT_MODULE
#define NOWHERE UINT64_C(0x3ffd4711000)	/* no table, no code */

static bool leads(uint64_t target, uint64_t func)
{
	return zu_table_leads_to(&tt_env, &tt, target, func);
}

/* Functions of 16 bytes at 0, 0x10, ... */
static void funcs(uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++)
		tt_func(0x10 * i, 0x10);
}

/* A kernel with one function that jumps out of it, and code to jump to */
static void one_jump(void)
{
	tt_object("", K, 0x100);
	funcs(1);
	tt_exit(JUMP | 0x4);
	tt_func(0x10, 0x10);
	tt_object("m", M, 0x100);
	funcs(2);
	tt_finish();
	tt_object(NULL, TT_OTHER, 0x42);
}

static void a_function_itself(void **state)
{
	(void)state;
	one_jump();
	assert_true(leads(K, K));
	assert_true(leads(NOWHERE, NOWHERE));
	assert_true(leads(TT_OTHER, TT_OTHER));
	assert_int_equal(tt.reads, 0);
	assert_false(leads(K, K + 0x10));
	assert_false(leads(NOWHERE, K));
	assert_false(leads(TT_OTHER, K));
}

static void jumps_in_an_object(void **state)
{
	(void)state;
	tt_object("", K, 0x100);
	tt_func(0x10, 0x10);
	tt_exit(0x40);
	tt_exit(0x60);
	tt_func(0x20, 0x10);
	tt_func(0x40, 0x10);
	tt_exit(0x20);
	tt_func(0x60, 0x10);
	tt_finish();
	assert_true(leads(K + 0x10, K + 0x40));
	assert_true(leads(K + 0x10, K + 0x60));
	assert_true(leads(K + 0x10, K + 0x20));
	assert_true(leads(K + 0x40, K + 0x20));
	assert_false(leads(K + 0x40, K + 0x10));
	assert_false(leads(K + 0x20, K + 0x10));
	assert_false(leads(K + 0x10, K + 0x42));
	/* what is called is no function's start: nothing is known of it */
	assert_false(leads(K + 0x12, K + 0x40));
	assert_false(leads(K + 0x3e, K + 0x20));
	assert_false(leads(K, K + 0x40));
	/* the table alone says all that */
	assert_int_equal(tt.reads, 0);
}

static void jumps_out_of_an_object(void **state)
{
	uint32_t cond;

	(void)state;
	one_jump();
	for (cond = 0; cond < 16; cond++) {
		tt_far(K + 4, 0xc004 | cond << 4, M + 0x10);
		assert_true(leads(K, M + 0x10));
		assert_false(leads(K, M));
		tt_far(K + 4, 0xc004 | cond << 4, K - 0x12340);
		assert_true(leads(K, K - 0x12340));
	}
}

static void jumps_by_a_plt(void **state)
{
	(void)state;
	one_jump();
	tt.plt = K + 0x80;
	tt.plt_to = M + 0x10;
	tt_far(K + 4, 0xc0f4, K + 0x80);
	assert_true(leads(K, M + 0x10));
	assert_false(leads(K, K + 0x80));
}

static void jumps_that_are_no_more(void **state)
{
	static const uint16_t other[] = {
		/* a kprobe; brasl, larl, lgfi; lrl, brxhg and other formats */
		0x0002, 0xc0e5, 0xc005, 0xc0e0, 0xc0f1, 0xc4fd, 0xc4e4, 0xecf4,
		0xc2f4, 0xa7f4, 0x0004, 0xe3f4, 0xc1f4, 0x40f4, 0x80f4, 0,
		/* xilf, iilf, llilf: beside brcl */
		0xc0f7, 0xc0f6, 0xc0fc, 0xc0ff, 0xc0fe,
	};
	size_t i;

	(void)state;
	one_jump();
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		tt_far(K + 4, 0xc0f4, M + 0x10);
		assert_true(leads(K, M + 0x10));
		tt_half(K + 4, other[i]);
		assert_false(leads(K, M + 0x10));
		/* nor does it lead to a function that nobody knows */
		assert_false(leads(K, 0));
	}
}

static void jumps_that_cannot_be_read(void **state)
{
	(void)state;
	one_jump();
	tt_far(K + 4, 0xc0f4, M + 0x10);
	for (tt.unread = K + 4; tt.unread < K + 10; tt.unread++) {
		assert_false(leads(K, M + 0x10));
		assert_false(leads(K, 0));
	}
	assert_true(leads(K, M + 0x10));
}

/* From object to object and back */
static void chains(void **state)
{
	(void)state;
	tt_object("", K, 0x100);
	funcs(2);
	tt_exit(0x20);
	tt_func(0x20, 0x10);
	tt_exit(JUMP | 0x20);
	tt_func(0x30, 0x10);
	tt_exit(JUMP | 0x3a);
	tt_object("m", M, 0x100);
	funcs(3);
	tt_exit(0);
	tt_exit(JUMP | 0x20);
	tt_finish();
	tt_far(K + 0x20, 0xc0f4, M + 0x20);
	tt_far(M + 0x20, 0xc084, K + 0x30);
	tt_far(K + 0x3a, 0xc0f4, NOWHERE);
	assert_true(leads(K + 0x10, K + 0x20));
	assert_true(leads(K + 0x10, M + 0x20));
	assert_true(leads(K + 0x10, M));
	assert_true(leads(K + 0x10, K + 0x30));
	assert_true(leads(K + 0x10, NOWHERE));
	assert_true(leads(M + 0x20, NOWHERE));
	assert_false(leads(K + 0x10, M + 0x10));
	assert_false(leads(K, NOWHERE));
	tt_half(M + 0x20, 0x0002);
	assert_true(leads(K + 0x10, M));
	assert_false(leads(K + 0x10, K + 0x30));
	assert_false(leads(K + 0x10, NOWHERE));
}

static void loops(void **state)
{
	(void)state;
	tt_object("", K, 0x100);
	funcs(1);
	tt_exit(0);
	tt_exit(0x10);
	tt_func(0x10, 0x10);
	tt_exit(JUMP | 0x10);
	tt_exit(0);
	tt_func(0x20, 0x10);
	tt_finish();
	tt_far(K + 0x10, 0xc0f4, K + 0x10);
	assert_true(leads(K, K + 0x10));
	assert_true(leads(K + 0x10, K));
	assert_false(leads(K, K + 0x20));
}

#define WAY ZU_WAY

/* Each function jumps to the next, and all of them to the first. */
static void long_chains(void **state)
{
	uint32_t i;

	(void)state;
	tt_object("", K, 0x1000);
	for (i = 0; i < WAY + 4; i++) {
		tt_func(0x10 * i, 0x10);
		tt_exit(0);
		tt_exit(0x10 * (i + 1));
	}
	tt_func(0x10 * i, 0x10);
	tt_finish();
	for (i = 0; i < WAY + 4; i++)
		assert_int_equal(leads(K, K + 0x10 * i), i < WAY);
	assert_true(leads(K + 0x10, K + 0x10 * WAY - 0x10));
	assert_false(leads(K + 0x10 * (WAY + 4), K));
}

/* A function with exits to others from the second on, and a jump out */
static void fan(uint32_t i, uint32_t exits)
{
	uint32_t j;

	tt_func(0x10 * i, 0x10);
	for (j = 1; j <= exits; j++)
		tt_exit(0x10 * j);
	tt_exit(JUMP | (0x10 * i + 8));
	tt_far(K + 0x10 * i + 8, 0xc0f4, M);
}

/* The function itself, and what it jumps to, are looked at in turn. */
static void many_exits(void **state)
{
	uint32_t i;

	(void)state;
	tt_object("", K, 0x1000);
	fan(0, WAY + 1);
	for (i = 1; i < WAY + 2; i++)
		tt_func(0x10 * i, 0x10);
	fan(WAY + 2, WAY - 3);
	fan(WAY + 3, WAY - 2);
	fan(WAY + 4, WAY - 1);
	tt_finish();
	for (i = 0; i < WAY + 2; i++)
		assert_int_equal(leads(K, K + 0x10 * i), i < WAY);
	assert_false(leads(K, M));
	/* where there is no room, nothing is read */
	assert_int_equal(tt.reads, 0);
	assert_true(leads(K + 0x10 * (WAY + 2), M));
	assert_true(leads(K + 0x10 * (WAY + 3), M));
	assert_false(leads(K + 0x10 * (WAY + 4), M));
}

/* The last function there is room for is looked at, too. */
static void the_end_of_a_long_chain(void **state)
{
	uint32_t i;

	(void)state;
	tt_object("", K, 0x1000);
	for (i = 0; i < WAY; i++) {
		tt_func(0x10 * i, 0x10);
		if (i < WAY - 1)
			tt_exit(0x10 * (i + 1));
	}
	zu_table_maker_flags(&tt.maker, true, false);
	tt_finish();
	assert_true(leads(K, NOWHERE));
	assert_true(leads(K, K + 0x10 * (WAY - 1)));
}

static void anywhere_and_thunks(void **state)
{
	bool thunk;

	for (thunk = false;; thunk = true) {
		tt_setup(state);
		tt_object("", K, 0x100);
		funcs(1);
		zu_table_maker_flags(&tt.maker, !thunk, thunk);
		tt_func(0x10, 0x10);
		tt_exit(0);
		tt_func(0x20, 0x10);
		tt_exit(0x10);
		tt_func(0x30, 0x10);
		tt_finish();
		assert_true(leads(K, NOWHERE));
		assert_true(leads(K + 0x10, NOWHERE));
		assert_true(leads(K + 0x20, K + 0x30));
		assert_false(leads(K + 0x30, K));
		/* not by a jump to its middle */
		assert_false(leads(K + 2, NOWHERE));
		assert_int_equal(tt.reads, 0);
		if (thunk)
			break;
		tt_teardown(state);
	}
}

#define PATCH (M + 0x10)

/* The kernel's function at 0, and one that jumps to it */
static void one_entry(void)
{
	tt_object("", K, 0x100);
	funcs(2);
	tt_exit(0);
	tt_object("m", M, 0x100);
	funcs(2);
	tt_finish();
	tt_object(NULL, TT_OTHER, 0x42);
	tt.replaces = PATCH;
}

static void expect_redirected(bool want)
{
	assert_int_equal(leads(K, PATCH), want);
	assert_int_equal(leads(K + 0x10, PATCH), want);
	/* what replaces no function does not come in its place */
	assert_false(leads(K, M));
	assert_false(leads(K + 0x10, M));
	assert_false(leads(K + 2, PATCH));
}

/* brasl 0 of ftrace itself, and what only looks like it */
static void entries_that_call_ftrace(void **state)
{
	static const uint16_t other[] = {
		0xc015, 0xc004, 0xc0e5, 0x0002, 0xc205, 0x0005, 0xc006, 0x05c0,
	};
	size_t i;

	(void)state;
	one_entry();
	expect_redirected(false);
	tt_far(K, 0xc005, NOWHERE);
	expect_redirected(true);
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		tt_half(K, other[i]);
		expect_redirected(false);
	}
	tt_half(K, 0xc005);
	for (tt.unread = K; tt.unread < K + 6; tt.unread++)
		expect_redirected(false);
	tt.unread = 0;
	tt.replaces = 0;
	assert_false(leads(K, PATCH));
}

/* brcl 15 to a trampoline; @at: where in the code that it lies in */
static void entries_with_a_trampoline(void **state)
{
	static const uint16_t entry[] = { 0xc0e4, 0xc004, 0xc0f5, 0xc4f4, 0 };
	static const uint16_t tramp[] = { 0xc005, 0xc0e5, 0xc115, 0x0d15, 0 };
	uint64_t at;
	size_t i;

	(void)state;
	one_entry();
	for (at = TT_OTHER; at <= TT_OTHER + 0x40; at += 0x20) {
		tt_far(K, 0xc0f4, at);
		expect_redirected(false);
		/* two bytes tell; there may be no more */
		tt_half(at, 0xc015);
		expect_redirected(true);
		for (i = 0; i < sizeof(entry) / sizeof(entry[0]); i++) {
			tt_half(K, entry[i]);
			expect_redirected(false);
		}
		tt_half(K, 0xc0f4);
		for (tt.unread = at; tt.unread < at + 2; tt.unread++)
			expect_redirected(false);
		for (tt.unread = K; tt.unread < K + 6; tt.unread++)
			expect_redirected(false);
		for (i = 0; i < sizeof(tramp) / sizeof(tramp[0]); i++) {
			tt_half(at, tramp[i]);
			expect_redirected(false);
		}
	}
	/* behind the entry; a jump there leads on, and is no trampoline */
	tt_far(K, 0xc0f4, K + 0x20);
	tt_half(K + 0x20, 0xc015);
	expect_redirected(true);
	tt_far(K, 0xc0f4, NOWHERE);
	expect_redirected(false);
}

/* Functions of two objects that jump at random, told function by function */
#define NR 40u
struct model {
	uint64_t addr[NR + 1];	/* the last one replaces others */
	bool step[NR + 1][NR + 1];
	bool wild[NR + 1];
	bool redirected[NR + 1];
	struct rows random;
};

static uint64_t model_addr(uint32_t i)
{
	return (i < NR / 2 ? K : M) + 0x20 * (uint64_t)(i % (NR / 2));
}

static bool one_in(struct model *m, uint32_t n)
{
	return !rows_random(&m->random, n);
}

/* An exit of @from to @to, which may have been patched away */
static void model_exit(struct model *m, uint32_t from, uint32_t to)
{
	uint32_t off = (uint32_t)(m->addr[from] % 0x10000);

	if ((m->addr[from] ^ m->addr[to]) >> 16 == 0) {
		tt_exit((uint32_t)(m->addr[to] % 0x10000));
		m->step[from][to] = true;
	} else {
		tt_exit(JUMP | (off + 8));
	}
}

static void model_func(struct model *m, uint32_t i)
{
	bool thunk = one_in(m, 60), anywhere = one_in(m, 60);

	tt_func((uint32_t)(m->addr[i] % 0x10000), 0x20);
	if (one_in(m, 2))
		model_exit(m, i, rows_random(&m->random, NR));
	if (one_in(m, 3))
		model_exit(m, i, rows_random(&m->random, NR));
	m->wild[i] = thunk || anywhere;
	zu_table_maker_flags(&tt.maker, anywhere, thunk);
}

/* The code as it is now: where jumps lead, and which entries are switched */
static void model_code(struct model *m, uint32_t i)
{
	struct zu_table_exits exits;
	uint32_t to = rows_random(&m->random, NR), j;
	bool jump, live = !one_in(m, 4);

	tt_far(m->addr[i] + 8, live ? 0xc0f4 : 0xc0e5, m->addr[to]);
	zu_table_exits(&tt_text_at(m->addr[i])->table, m->addr[i] % 0x10000,
		       &exits);
	for (j = 0; j < exits.nr; j++) {
		zu_table_exit(&exits, j, &jump);
		if (jump && live)
			m->step[i][to] = true;
	}
	m->redirected[i] = one_in(m, 15);
	if (m->redirected[i])
		tt_far(m->addr[i], one_in(m, 2) ? 0xc005 : 0xc0f4, TT_OTHER);
}

static void model_make(struct model *m)
{
	uint32_t i;

	memset(m->step, 0, sizeof(m->step));
	for (i = 0; i < NR; i++)
		m->addr[i] = model_addr(i);
	m->addr[NR] = M + 0x1000;
	tt_object("", K, 0x2000);
	for (i = 0; i < NR / 2; i++)
		model_func(m, i);
	tt_object("m", M, 0x2000);
	for (; i < NR; i++)
		model_func(m, i);
	tt_func(0x1000, 0x10);
	tt_finish();
	tt_object(NULL, TT_OTHER, 2);
	tt_half(TT_OTHER, 0xc015);
	for (i = 0; i < NR; i++)
		model_code(m, i);
	for (i = 0; i < NR; i++)
		m->step[i][i] = true;
}

/* All ways of any length */
static void model_close(struct model *m)
{
	uint32_t i, j, k;

	for (k = 0; k < NR; k++)
		for (i = 0; i < NR; i++)
			for (j = 0; j < NR; j++)
				if (m->step[i][k] && m->step[k][j])
					m->step[i][j] = true;
}

static bool model_leads(const struct model *m, uint32_t from, uint32_t to)
{
	uint32_t i;

	for (i = 0; i < NR; i++)
		if (m->step[from][i] &&
		    (i == to || m->wild[i] || (to == NR && m->redirected[i])))
			return true;
	return false;
}

static bool compare(const struct model *m, uint32_t from, uint32_t to)
{
	bool want = model_leads(m, from, to);

	if (leads(m->addr[from], m->addr[to]) != want)
		fail_msg("%u to %u is %d", from, to, !want);
	return want;
}

static void random_ways(void **state)
{
	static struct model m = { .random = { .random = 5 } };
	uint32_t round, i, j, yes = 0, no = 0, replaced = 0;

	for (round = 0; round < 50; round++) {
		tt_teardown(state);
		tt_setup(state);
		model_make(&m);
		model_close(&m);
		tt.replaces = m.addr[NR];
		for (i = 0; i < NR; i++) {
			for (j = 0; j < NR; j++)
				*(compare(&m, i, j) ? &yes : &no) += 1;
			replaced += compare(&m, i, NR);
		}
	}
	assert_true(yes > 2000 && no > 2000 && replaced > 200);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, tt_setup, tt_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_function_itself),
		TEST(jumps_in_an_object),
		TEST(jumps_out_of_an_object),
		TEST(jumps_by_a_plt),
		TEST(jumps_that_are_no_more),
		TEST(jumps_that_cannot_be_read),
		TEST(chains),
		TEST(loops),
		TEST(long_chains),
		TEST(many_exits),
		TEST(the_end_of_a_long_chain),
		TEST(anywhere_and_thunks),
		TEST(entries_that_call_ftrace),
		TEST(entries_with_a_trampoline),
		TEST(random_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
