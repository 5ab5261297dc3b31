/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes that grow, and what happens when they can't. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "util/buf.h"

static struct zu_buf b;

static int teardown(void **state)
{
	(void)state;
	zu_buf_deinit(&b);
	return 0;
}

static void test_add(void **state)
{
	(void)state;
	zu_buf_add(&b, "abc", 3);
	zu_buf_add(&b, "", 0);
	zu_buf_add(&b, "d\0e", 3);
	assert_int_equal(b.len, 6);
	assert_memory_equal(b.data, "abcd\0e", 6);
	assert_false(b.failed);
}

static void test_add_nothing_to_nothing(void **state)
{
	(void)state;
	zu_buf_add(&b, NULL, 0);
	assert_int_equal(b.len, 0);
	assert_false(b.failed);
}

/* From one byte below to one above each size it grows to */
static void test_growth(void **state)
{
	size_t start, i;

	(void)state;
	for (start = 254; start < 4100; start = start * 2 + 2) {
		char *data = calloc(1, start + 4);

		assert_non_null(data);
		zu_buf_add(&b, data, start);
		for (i = 0; i < 4; i++)
			zu_buf_add(&b, "x", 1);
		assert_int_equal(b.len, start + 4);
		assert_true(b.cap >= b.len);
		assert_memory_equal(b.data, data, start);
		assert_memory_equal(b.data + start, "xxxx", 4);
		zu_buf_deinit(&b);
		free(data);
	}
}

static void test_many_small(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 100000; i++)
		zu_buf_add(&b, &"0123456789"[i % 10], 1);
	assert_int_equal(b.len, 100000);
	for (i = 0; i < 100000; i++)
		if (b.data[i] != (char)('0' + i % 10))
			fail_msg("byte %u", i);
}

static void test_reserve(void **state)
{
	char *p;

	(void)state;
	zu_buf_add(&b, "ab", 2);
	p = zu_buf_reserve(&b, 1000);
	assert_ptr_equal(p, b.data + 2);
	memset(p, 'x', 1000);
	assert_int_equal(b.len, 2); /* moved by the caller */
	assert_true(b.cap >= 1002);
	assert_ptr_equal(zu_buf_reserve(&b, 1000), p);
	assert_non_null(zu_buf_reserve(&b, 0));
}

/* Even nothing gets a place, so that NULL always means failure. */
static void test_reserve_nothing(void **state)
{
	(void)state;
	assert_non_null(zu_buf_reserve(&b, 0));
	assert_false(b.failed);
}

static void test_too_much(void **state)
{
	static const size_t sizes[] = {
		SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 2, SIZE_MAX / 2 + 1,
		SIZE_MAX / 2, SIZE_MAX / 2 - 1,
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		zu_buf_add(&b, "ab", 2);
		assert_null(zu_buf_reserve(&b, sizes[i]));
		assert_true(b.failed);
		assert_int_equal(b.len, 2);
		assert_memory_equal(b.data, "ab", 2);
		zu_buf_deinit(&b);
	}
}

/* What came before a failure stays, what comes after is dropped. */
static void test_after_failure(void **state)
{
	(void)state;
	zu_buf_add(&b, "ab", 2);
	assert_null(zu_buf_reserve(&b, SIZE_MAX));
	zu_buf_add(&b, "cd", 2);
	zu_buf_printf(&b, "%d", 5);
	assert_null(zu_buf_reserve(&b, 1));
	assert_true(b.failed);
	assert_int_equal(b.len, 2);
	assert_memory_equal(b.data, "ab", 2);
	zu_buf_deinit(&b);
	assert_false(b.failed);
	zu_buf_add(&b, "ef", 2);
	assert_memory_equal(b.data, "ef", 2);
}

static void test_printf(void **state)
{
	(void)state;
	zu_buf_printf(&b, "%s=%x", "a", 0x1f);
	zu_buf_printf(&b, "%s", "");
	zu_buf_printf(&b, ";%c", 'z');
	assert_int_equal(b.len, 6);
	assert_memory_equal(b.data, "a=1f;z", 6);
}

/* The final 0 of printf takes room, but does not count. */
static void test_printf_at_the_end(void **state)
{
	int n;

	(void)state;
	for (n = 253; n <= 258; n++) {
		zu_buf_printf(&b, "%*d", n, 7);
		assert_int_equal(b.len, n);
		assert_true(b.cap > b.len);
		assert_int_equal(b.data[n - 1], '7');
		zu_buf_printf(&b, "!");
		assert_int_equal(b.data[n], '!');
		zu_buf_deinit(&b);
	}
}

static void test_deinit_twice(void **state)
{
	(void)state;
	zu_buf_add(&b, "ab", 2);
	zu_buf_deinit(&b);
	zu_buf_deinit(&b);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	assert_int_equal(b.cap, 0);
}

#define TEST(f) cmocka_unit_test_teardown(f, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_add),
		TEST(test_add_nothing_to_nothing),
		TEST(test_growth),
		TEST(test_many_small),
		TEST(test_reserve),
		TEST(test_reserve_nothing),
		TEST(test_too_much),
		TEST(test_after_failure),
		TEST(test_printf),
		TEST(test_printf_at_the_end),
		TEST(test_deinit_twice),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
