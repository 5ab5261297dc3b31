/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions, calls and exits in tables: what was put in is what a look-up
 * finds, and nothing else, wherever it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "check/table_make.h"
#include "core/table.h"
#include "tests/make/rows.h"
#include "tests/make/table.h"

#define JUMP ZU_TABLE_EXIT_JUMP

static struct zu_table_maker maker;
static struct zu_table table;
static struct zu_table_object o;
static struct zu_error error;
static void *bytes;
static size_t len;

static int setup(void **state)
{
	(void)state;
	maker = (struct zu_table_maker)ZU_TABLE_MAKER_INIT;
	bytes = NULL;
	memset(&error, 0, sizeof(error));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	zu_table_maker_deinit(&maker);
	free(bytes);
	return 0;
}

static void begin(const char *name, uint64_t size)
{
	assert_int_equal(zu_table_maker_object(&maker, name, NULL, 0, size,
					       &error), 0);
}

static void add(uint64_t offset, uint32_t length)
{
	const struct zu_flow_row row = { 0, rows_frame(160, 0, 0) };

	if (zu_table_maker_func(&maker, offset, length, &row, 1, &error))
		fail_msg("%s", error.text);
}

static void call(uint64_t last)
{
	if (zu_table_maker_call(&maker, last, &error))
		fail_msg("%s", error.text);
}

static void leave(uint32_t exit)
{
	if (zu_table_maker_exit(&maker, exit, &error))
		fail_msg("%s", error.text);
}

static void finish(void)
{
	const char *why = NULL;

	if (zu_table_maker_finish(&maker, &bytes, &len, &error))
		fail_msg("%s", error.text);
	if (zu_table_init(&table, bytes, len, &why))
		fail_msg("%s", why);
	assert_true(table_holds(&table));
	zu_table_object(&table, 0, &o);
}

static void expect_func(uint64_t offset, uint32_t want)
{
	uint32_t start = 1;

	assert_true(zu_table_func(&o, offset, &start));
	assert_int_equal(start, want);
}

static void expect_no_func(uint64_t offset)
{
	uint32_t start = 1;

	assert_false(zu_table_func(&o, offset, &start));
	assert_int_equal(start, 1);
}

static void expect_exits(uint32_t func, bool anywhere, bool thunk,
			 const uint32_t *want, uint32_t nr)
{
	struct zu_table_exits e;
	uint32_t i, off;
	bool jump;

	memset(&e, 0xff, sizeof(e));
	zu_table_exits(&o, func, &e);
	assert_int_equal(e.anywhere, anywhere);
	assert_int_equal(e.thunk, thunk);
	assert_int_equal(e.nr, nr);
	for (i = 0; i < nr; i++) {
		off = zu_table_exit(&e, i, &jump);
		assert_int_equal(off | (jump ? JUMP : 0), want[i]);
	}
}

static void test_functions(void **state)
{
	(void)state;
	begin("", 0x20000);
	add(0x300, 42);
	add(0x3fe, 2);
	add(0x400, 0x1000);
	add(0x1f000, 0x1000);
	finish();
	assert_int_equal(o.nr_funcs, 4);
	expect_no_func(0);
	expect_no_func(0x2ff);
	expect_func(0x300, 0x300);
	expect_func(0x301, 0x300);
	/* the gap behind it is its own */
	expect_func(0x3fd, 0x300);
	expect_func(0x3fe, 0x3fe);
	expect_func(0x400, 0x400);
	expect_func(0x1efff, 0x400);
	expect_func(0x1f000, 0x1f000);
	expect_func(0x1ffff, 0x1f000);
	expect_no_func(0x20000);
	expect_no_func(0x100000300);
	expect_no_func(UINT64_MAX);
}

static void test_no_functions(void **state)
{
	(void)state;
	begin("", 0x10000);
	begin("a", 0);
	finish();
	expect_no_func(0);
	expect_no_func(0xffff);
	assert_false(zu_table_call(&o, 2));
	expect_exits(0, false, false, NULL, 0);
	zu_table_object(&table, 1, &o);
	expect_no_func(0);
	assert_false(zu_table_call(&o, 0));
	expect_exits(0, false, false, NULL, 0);
}

/* At the edges of functions, blocks and the text */
static void test_calls(void **state)
{
	static const uint32_t ends[] = {
		0x102, 0x104, 0x200, 0x202, 0x400, 0x402, 0x602, 0x800,
	};
	uint32_t end, n = 0;
	size_t i;

	(void)state;
	begin("", 0x800);
	add(0x100, 0x100);
	call(0x100);
	call(0x102);
	call(0x1fe);
	add(0x200, 0x600);
	for (i = 3; i < 8; i++)
		call(ends[i] - 2);
	finish();
	assert_int_equal(o.nr_calls, 8);
	for (end = 0; end < 0x1000; end++) {
		bool want = n < 8 && end == ends[n];

		assert_int_equal(zu_table_call(&o, end), want);
		n += want;
	}
	assert_int_equal(n, 8);
	assert_false(zu_table_call(&o, 0x100000102));
	assert_false(zu_table_call(&o, UINT64_MAX));
}

/* All halfwords of a block, and none of its neighbours' */
static void test_full_block(void **state)
{
	uint32_t i;

	(void)state;
	begin("", 0x600);
	for (i = 0; i < 255; i++) {
		add(0x200 + 2 * i, 2);
		call(0x200 + 2 * i);
	}
	assert_int_equal(zu_table_maker_func(&maker, 0x3fe, 2, NULL, 0, &error),
			 ZU_ENOTSUP);
	assert_string_equal(error.text,
			    "there are over 255 functions in 512 bytes");
	zu_table_maker_deinit(&maker);
	begin("", 0x600);
	for (i = 0; i < 254; i++)
		add(0x200 + 2 * i, 2);
	add(0x3fc, 4);
	call(0x3fc);
	call(0x3fe);
	add(0x400, 2);
	finish();
	assert_int_equal(o.nr_funcs, 256);
	for (i = 0; i < 255; i++)
		expect_func(0x201 + 2 * i, 0x200 + 2 * i);
	expect_func(0x3fe, 0x3fc);
	expect_func(0x5ff, 0x400);
	assert_true(zu_table_call(&o, 0x400));
	assert_false(zu_table_call(&o, 0x402));
}

/* As far back as two bytes tell, and a block more */
static void test_far(void **state)
{
	uint64_t far = 65535u * 512u;

	(void)state;
	begin("", far + 0x2000);
	add(0x1fe, 2);
	finish();
	expect_func(far, 0x1fe);
	expect_func(far + 0x1ff, 0x1fe);
	expect_no_func(far + 0x200);
	free(bytes);
	bytes = NULL;
	zu_table_maker_deinit(&maker);
	begin("", far + 0x2000);
	add(0, 2);
	add(far + 0x400, 2);
	finish();
	expect_no_func(far + 0x3ff);
	expect_func(far + 0x600, far + 0x400);
}

static void test_exits(void **state)
{
	static const uint32_t first[] = { 0x100, 0x300, JUMP | 0x100, JUMP | 0x1fa };
	static const uint32_t second[] = { 0x100 };

	(void)state;
	begin("", 0x400);
	add(0x100, 0x100);
	leave(JUMP | 0x1fa);
	leave(0x300);
	leave(JUMP | 0x100);
	leave(0x100);
	leave(0x300);
	add(0x200, 8);
	add(0x210, 8);
	zu_table_maker_flags(&maker, false, true);
	add(0x300, 0x100);
	leave(0x100);
	zu_table_maker_flags(&maker, true, false);
	finish();
	assert_int_equal(o.nr_exits, 3);
	expect_exits(0x100, false, false, first, 4);
	expect_exits(0x200, false, false, NULL, 0);
	expect_exits(0x210, false, true, NULL, 0);
	expect_exits(0x300, true, false, second, 1);
	expect_exits(0, false, false, NULL, 0);
	expect_exits(0x101, false, false, NULL, 0);
	expect_exits(0x1000, false, false, NULL, 0);
	expect_exits(UINT32_MAX, false, false, NULL, 0);
}

/* What belongs to one object is not that of another. */
static void test_objects(void **state)
{
	static const uint32_t kernel[] = { 0x10 }, module[] = { 0x20 };

	(void)state;
	begin("b", 0x100);
	add(0x20, 8);
	call(0x20);
	leave(0x20);
	begin("", 0x100);
	add(0x10, 8);
	call(0x14);
	leave(0x10);
	finish();
	expect_func(0xff, 0x10);
	assert_true(zu_table_call(&o, 0x16));
	assert_false(zu_table_call(&o, 0x22));
	expect_exits(0x10, false, false, kernel, 1);
	expect_exits(0x20, false, false, NULL, 0);
	zu_table_object(&table, 1, &o);
	expect_func(0xff, 0x20);
	assert_false(zu_table_call(&o, 0x16));
	assert_true(zu_table_call(&o, 0x22));
	expect_exits(0x20, false, false, module, 1);
}

static void expect_misuse(int code)
{
	assert_int_equal(code, ZU_EINVAL);
}

static void test_misuse(void **state)
{
	(void)state;
	expect_misuse(zu_table_maker_call(&maker, 0, &error));
	expect_misuse(zu_table_maker_exit(&maker, 0, &error));
	zu_table_maker_flags(&maker, true, true);
	begin("a", 0x100);
	add(0, 0x20);
	begin("", 0x100);
	/* a function of another object */
	expect_misuse(zu_table_maker_call(&maker, 0, &error));
	expect_misuse(zu_table_maker_exit(&maker, JUMP, &error));
	expect_misuse(zu_table_maker_func(&maker, 0, 0, NULL, 0, &error));
	expect_misuse(zu_table_maker_func(&maker, 0x100, 0, NULL, 0, &error));
	add(0x10, 0x20);
	expect_misuse(zu_table_maker_call(&maker, 0xe, &error));
	expect_misuse(zu_table_maker_call(&maker, 0x11, &error));
	expect_misuse(zu_table_maker_call(&maker, 0x30, &error));
	call(0x20);
	expect_misuse(zu_table_maker_call(&maker, 0x20, &error));
	expect_misuse(zu_table_maker_call(&maker, 0x1e, &error));
	call(0x2e);
	expect_misuse(zu_table_maker_exit(&maker, JUMP | 0xe, &error));
	expect_misuse(zu_table_maker_exit(&maker, JUMP | 0x11, &error));
	expect_misuse(zu_table_maker_exit(&maker, JUMP | 0x2c, &error));
	leave(JUMP | 0x2a);
	/* known when all functions are */
	leave(0x40);
	expect_misuse(zu_table_maker_finish(&maker, &bytes, &len, &error));
	assert_string_equal(error.text,
			    "an exit leads to 0x40, where no function is");
}

/* A text told halfword by halfword */
#define HALFWORDS (1u << 14)
struct model {
	uint32_t func[HALFWORDS];	/* 1 + start, of the last function */
	bool call[HALFWORDS];		/* that is a call's last */
	uint32_t exit[HALFWORDS][8];	/* of a function that starts there */
	uint32_t nr_exit[HALFWORDS];
	bool anywhere[HALFWORDS], thunk[HALFWORDS];
	uint32_t start[HALFWORDS];
	uint32_t nr;
};

static void model_exit(struct model *m, uint32_t start, uint32_t exit)
{
	uint32_t *list = m->exit[start / 2], i, n = m->nr_exit[start / 2];

	leave(exit);
	for (i = 0; i < n && list[i] < exit; i++)
		;
	if (i < n && list[i] == exit)
		return;
	memmove(list + i + 1, list + i, (n - i) * sizeof(*list));
	list[i] = exit;
	m->nr_exit[start / 2]++;
}

static void model_func(struct model *m, struct rows *r, uint32_t start,
		       uint32_t length)
{
	uint32_t at, i;

	add(start, length);
	for (at = start; at < start + length; at += 2)
		if (!rows_random(r, 6)) {
			call(at);
			m->call[at / 2] = true;
		}
	m->anywhere[start / 2] = !rows_random(r, 5);
	m->thunk[start / 2] = !rows_random(r, 9);
	zu_table_maker_flags(&maker, m->anywhere[start / 2],
			     m->thunk[start / 2]);
	for (i = rows_random(r, 3) ? 0 : rows_random(r, 8); i; i--)
		if (length >= 6 && rows_random(r, 2))
			model_exit(m, start, JUMP |
				   (start + 2 * rows_random(r, (length - 4) / 2)));
		else
			model_exit(m, start,
				   m->start[rows_random(r, m->nr)]);
}

/* Starts first, so that exits can lead to what comes later */
static void model_fill(struct model *m, struct rows *r)
{
	uint32_t at = 0, h = 0, i, lens[HALFWORDS];

	memset(m, 0, sizeof(*m));
	for (;;) {
		at += rows_random(r, 4) ? 0 : 2 * rows_random(r, 700);
		lens[m->nr] = 2 + 2 * rows_random(r, rows_random(r, 4) ? 40 :
						  600);
		if (at + lens[m->nr] > 2 * HALFWORDS)
			break;
		m->start[m->nr] = at;
		at += lens[m->nr++];
	}
	for (i = 0; i < m->nr; i++)
		model_func(m, r, m->start[i], lens[i]);
	for (i = 0; h < HALFWORDS; h++) {
		while (i < m->nr && m->start[i] <= 2 * h)
			i++;
		m->func[h] = i ? 1 + m->start[i - 1] : 0;
	}
}

static void model_compare(const struct model *m)
{
	uint32_t h;

	for (h = 0; h < HALFWORDS; h++) {
		if (m->func[h]) {
			expect_func(2 * h, m->func[h] - 1);
			expect_func(2 * h + 1, m->func[h] - 1);
		} else {
			expect_no_func(2 * h + 1);
		}
		assert_int_equal(zu_table_call(&o, 2 * h + 2), m->call[h]);
		assert_false(zu_table_call(&o, 2 * h + 1));
		expect_exits(2 * h, m->anywhere[h], m->thunk[h], m->exit[h],
			     m->nr_exit[h]);
	}
}

static void test_random(void **state)
{
	struct model *m = malloc(sizeof(*m));
	struct rows r = { .random = 3 };
	uint32_t round;

	(void)state;
	assert_non_null(m);
	for (round = 0; round < 20; round++) {
		begin("", 2 * HALFWORDS);
		model_fill(m, &r);
		finish();
		assert_true(m->nr > 30 && o.nr_funcs == m->nr);
		model_compare(m);
		free(bytes);
		bytes = NULL;
		zu_table_maker_deinit(&maker);
	}
	free(m);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(functions),
		TEST(no_functions),
		TEST(calls),
		TEST(full_block),
		TEST(far),
		TEST(exits),
		TEST(objects),
		TEST(misuse),
		TEST(random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
