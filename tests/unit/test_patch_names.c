/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that a user names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "klp/names.h"

static struct zu_patch_functions list;
static struct zu_error error;

static int teardown(void **state)
{
	(void)state;
	zu_patch_functions_deinit(&list);
	return 0;
}

static void has(size_t i, const char *object, const char *name,
		uint64_t sympos)
{
	assert_true(i < list.nr);
	assert_string_equal(list.function[i].name, name);
	assert_int_equal(list.function[i].sympos, sympos);
	if (object)
		assert_string_equal(list.function[i].object, object);
	else
		assert_null(list.function[i].object);
}

static void reads_names(void **state)
{
	(void)state;
	assert_int_equal(zu_patch_names("vfs_read,kvm-intel:show/2,vmlinux:f,"
					"x.isra.0/12,m:y,last/999999999",
					&list, &error), 0);
	assert_int_equal(list.nr, 6);
	has(0, NULL, "vfs_read", 0);
	has(1, "kvm_intel", "show", 2);
	has(2, NULL, "f", 0);
	has(3, NULL, "x.isra.0", 12);
	has(4, "m", "y", 0);
	has(5, NULL, "last", 999999999);
}

static void refuses(const char *text, const char *why)
{
	assert_int_equal(zu_patch_names(text, &list, &error), ZU_EINVAL);
	assert_int_equal(error.code, ZU_EINVAL);
	if (!strstr(error.text, why))
		fail_msg("no \"%s\" in \"%s\"", why, error.text);
	assert_null(list.function);
}

static void refuses_other_text(void **state)
{
	static const char *const positions[] = {
		"f/", "f/0", "f/00", "f/-1", "f/x", "f/1x", "f/1000000000",
		"m/1:f", "f/ 1",
	};
	static const char *const modules[] = { ":f", "m m:f", "a\n:f" };
	static const char *const functions[] = {
		"/1", "m:", "m:/1", "f/1/2", "m:n:f", "a b", "f\n", "\x80",
		"a\"b", "f\x7f",
	};
	static const char *const missing[] = { "", ",", "a,", ",a", "a,,b" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(positions) / sizeof(positions[0]); i++)
		refuses(positions[i], "a position, from 1");
	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		refuses(modules[i], "no such module name");
	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		refuses(functions[i], "a function is [MODULE:]NAME");
	for (i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
		refuses(missing[i], "the list of functions lacks a name");
}

/* KSYM_NAME_LEN and MODULE_NAME_LEN, below and at them */
static void names_have_a_length(void **state)
{
	char text[700];

	(void)state;
	memset(text, 'f', sizeof(text));
	text[511] = '\0';
	assert_int_equal(zu_patch_names(text, &list, &error), 0);
	has(0, NULL, text, 0);
	zu_patch_functions_deinit(&list);
	text[511] = 'f';
	text[512] = '\0';
	refuses(text, "a function is [MODULE:]NAME");

	memcpy(text + 55, ":f", 3);
	assert_int_equal(zu_patch_names(text, &list, &error), 0);
	assert_int_equal(strlen(list.function[0].object), 55);
	zu_patch_functions_deinit(&list);
	memcpy(text + 55, "m:f", 4);
	refuses(text, "no such module name");
}

static void there_are_not_too_many(void **state)
{
	const size_t max = ZU_PATCH_FUNCTIONS;
	char *text = malloc(2 * max + 2);
	size_t i;

	(void)state;
	assert_non_null(text);
	for (i = 0; i <= max; i++) {
		text[2 * i] = 'f';
		text[2 * i + 1] = ',';
	}
	text[2 * max + 1] = '\0';
	assert_int_equal(zu_patch_names(text, &list, &error), ZU_EFORMAT);
	assert_null(list.function);
	text[2 * max - 1] = '\0';
	assert_int_equal(zu_patch_names(text, &list, &error), 0);
	assert_int_equal(list.nr, max);
	free(text);
}

#define CASE(f) cmocka_unit_test_teardown(f, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(reads_names),
		CASE(refuses_other_text),
		CASE(names_have_a_length),
		CASE(there_are_not_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
