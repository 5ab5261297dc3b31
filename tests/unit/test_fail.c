/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chains of causes, and what gives way when one is too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "util/fail.h"

static struct zu_error error;

static int setup(void **state)
{
	(void)state;
	memset(&error, 0xa5, sizeof(error));
	return 0;
}

static void test_one_cause(void **state)
{
	(void)state;
	assert_int_equal(zu_fail(&error, ZU_EFORMAT, "note %u is %s", 3, "cut"),
			 ZU_EFORMAT);
	assert_int_equal(error.code, ZU_EFORMAT);
	assert_string_equal(error.text, "note 3 is cut");
}

static void test_overwrites(void **state)
{
	(void)state;
	zu_fail(&error, ZU_EFORMAT, "a rather long first cause");
	zu_fail(&error, ZU_EIO, "second");
	assert_int_equal(error.code, ZU_EIO);
	assert_string_equal(error.text, "second");
}

static void test_chain(void **state)
{
	(void)state;
	zu_fail(&error, ZU_EFAULT, "no memory at 0x%x", 0x100);
	assert_int_equal(zu_fail_at(&error, "list of %s", "tasks"), ZU_EFAULT);
	assert_int_equal(zu_fail_at(&error, "cannot read vmcore"), ZU_EFAULT);
	assert_int_equal(error.code, ZU_EFAULT);
	assert_string_equal(error.text,
			    "cannot read vmcore: list of tasks: no memory at 0x100");
}

/* Paths of users may hold anything. */
static void test_percent_is_text(void **state)
{
	(void)state;
	zu_fail(&error, ZU_EIO, "%s", "100%s%n");
	zu_fail_at(&error, "%s", "%d");
	assert_string_equal(error.text, "%d: 100%s%n");
}

static void test_nomem(void **state)
{
	(void)state;
	assert_int_equal(zu_fail_nomem(&error), ZU_ENOMEM);
	assert_int_equal(error.code, ZU_ENOMEM);
	assert_string_equal(error.text, "out of memory");
}

static char *letters(char c, size_t n)
{
	static char text[2][2 * ZU_ERROR_SIZE];
	static unsigned int turn;
	char *s = text[turn++ % 2];

	memset(s, c, n);
	s[n] = '\0';
	return s;
}

/* One cause of each length around the room there is */
static void test_long_cause(void **state)
{
	size_t n;

	(void)state;
	for (n = ZU_ERROR_SIZE - 2; n <= ZU_ERROR_SIZE + 1; n++) {
		size_t want = n < ZU_ERROR_SIZE ? n : ZU_ERROR_SIZE - 1;

		zu_fail(&error, ZU_EIO, "%s", letters('i', n));
		assert_int_equal(strlen(error.text), want);
	}
}

/* The innermost cause is cut at its end, the outer one stays. */
static void test_long_chain(void **state)
{
	size_t outer, inner;

	(void)state;
	for (outer = ZU_ERROR_SIZE - 8; outer < ZU_ERROR_SIZE + 2; outer++)
		for (inner = 0; inner < 12; inner++) {
			size_t kept = outer < ZU_ERROR_SIZE - 3 ?
				      outer : ZU_ERROR_SIZE - 3;
			size_t room = ZU_ERROR_SIZE - 1 - kept - 2;

			setup(NULL);
			zu_fail(&error, ZU_EIO, "%s", letters('i', inner));
			zu_fail_at(&error, "%s", letters('o', outer));
			assert_int_equal(strspn(error.text, "o"), kept);
			assert_memory_equal(error.text + kept, ": ", 2);
			assert_int_equal(strlen(error.text + kept + 2),
					 inner < room ? inner : room);
			assert_int_equal(error.code, ZU_EIO);
		}
}

static void test_full_inner_cause(void **state)
{
	(void)state;
	zu_fail(&error, ZU_EIO, "%s", letters('i', ZU_ERROR_SIZE - 1));
	zu_fail_at(&error, "o");
	assert_int_equal(strlen(error.text), ZU_ERROR_SIZE - 1);
	assert_memory_equal(error.text, "o: iii", 6);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_one_cause),
		TEST(test_overwrites),
		TEST(test_chain),
		TEST(test_percent_is_text),
		TEST(test_nomem),
		TEST(test_long_cause),
		TEST(test_long_chain),
		TEST(test_full_inner_cause),
	};

	return cmocka_run_group_tests_name("fail", tests, NULL, NULL);
}
