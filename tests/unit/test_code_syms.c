/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From symbols to functions: which of them start one, and where it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "check/code_syms.h"
#include "flow/label.h"

#define BASE 0x1000
#define END 0x2000

static struct zu_code code;
static struct zu_code_syms syms;
static struct zu_error error;
static struct zu_buf names;

static int setup(void **state)
{
	(void)state;
	memset(&code, 0, sizeof(code));
	memset(&syms, 0, sizeof(syms));
	memset(&names, 0, sizeof(names));
	syms.range = calloc(2, sizeof(*syms.range));
	assert_non_null(syms.range);
	syms.range[0] = (struct zu_code_range){ .begin = BASE, .end = END };
	syms.nr_range = 1;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	zu_code_syms_deinit(&syms);
	free(code.func);
	free(code.bucket);
	free(code.names);
	return 0;
}

static void add(const char *name, uint64_t addr, uint64_t size,
		enum zu_code_sym_kind kind)
{
	const struct zu_code_sym sym = {
		.addr = addr, .size = size, .kind = (uint8_t)kind,
		.name = (uint32_t)names.len, .global = true,
	};

	zu_buf_add(&names, name, strlen(name) + 1);
	assert_true(zu_code_syms_add(&syms, &sym));
}

static void take(void)
{
	code.names = names.data;
	assert_int_equal(zu_code_syms_take(&syms, &code, &error), 0);
}

static void expect(size_t i, const char *name, uint64_t addr, uint32_t len)
{
	assert_true(i < code.nr_func);
	assert_string_equal(code.names + code.func[i].name, name);
	assert_int_equal(code.func[i].addr, addr);
	assert_int_equal(code.func[i].len, len);
}

/* All that one name alone decides, as in kallsyms */
static void test_labels(void **state)
{
	(void)state;
	assert_int_equal(zu_label("sie_exit"), ZU_LABEL_INSIDE);
	assert_int_equal(zu_label("dw_psw"), ZU_LABEL_DATA);
	assert_int_equal(zu_label("_stext"), ZU_LABEL_MARKER);
	assert_int_equal(zu_label("__sched_text_start"), ZU_LABEL_MARKER);
	assert_int_equal(zu_label("__x_trampolines_end"), ZU_LABEL_MARKER);
	assert_int_equal(zu_label(""), ZU_LABEL_NONE);
	assert_int_equal(zu_label("_"), ZU_LABEL_NONE);
	assert_int_equal(zu_label("_stext2"), ZU_LABEL_NONE);
	assert_int_equal(zu_label("schedule"), ZU_LABEL_NONE);
	/* the pieces around a star may not overlap */
	assert_int_equal(zu_label("__text_start"), ZU_LABEL_NONE);
	assert_int_equal(zu_label("___text_start"), ZU_LABEL_MARKER);
}

static void test_places(void **state)
{
	const char *places[64];
	size_t n = zu_label_places(places, 64), i;

	(void)state;
	assert_true(n && n < 16);
	for (i = 0; i < n; i++) {
		assert_int_equal(zu_label(places[i]), ZU_LABEL_INSIDE);
		assert_null(strchr(places[i], '*'));
	}
	assert_int_equal(zu_label_places(places, 1), 1);
}

static void test_without_sizes(void **state)
{
	(void)state;
	add("__sie64a", 0x1010, 0, ZU_CODE_SYM_FUNC);
	add("sie_exit", 0x1040, 0, ZU_CODE_SYM_FUNC);
	add("next", 0x1080, 0, ZU_CODE_SYM_FUNC);
	add("dw_psw", 0x1090, 0, ZU_CODE_SYM_FUNC);
	add("behind", 0x10a0, 0, ZU_CODE_SYM_FUNC);
	add("__sched_text_start", 0x10c0, 0, ZU_CODE_SYM_FUNC);
	add("schedule", 0x10c0, 0, ZU_CODE_SYM_FUNC);
	add("_etext", 0x1800, 0, ZU_CODE_SYM_FUNC);
	take();
	assert_int_equal(code.nr_func, 4);
	expect(0, "__sie64a", 0x1010, 0x70);
	expect(1, "next", 0x1080, 0x10);
	expect(2, "behind", 0x10a0, 0x20);
	expect(3, "schedule", 0x10c0, 0x740);
	assert_int_equal(code.code_len, END - BASE);
}

/* A size says more than a name. */
static void test_with_sizes(void **state)
{
	(void)state;
	add("outer", 0x1000, 0x100, ZU_CODE_SYM_FUNC);
	add("label", 0x1010, 0, ZU_CODE_SYM_LABEL);
	add("inner", 0x1020, 0x10, ZU_CODE_SYM_FUNC);
	add("sie_exit", 0x1200, 0x10, ZU_CODE_SYM_FUNC);
	add("data", 0x1300, 8, ZU_CODE_SYM_DATA);
	add("last", 0x1400, 0, ZU_CODE_SYM_LABEL);
	take();
	assert_int_equal(code.nr_func, 4);
	expect(0, "outer", 0x1000, 0x20);
	expect(1, "inner", 0x1020, 0x1e0);
	expect(2, "sie_exit", 0x1200, 0x100);
	expect(3, "last", 0x1400, 0xc00);
}

/* Odd, outside; the better one of two names; in any order */
static void test_which_symbols(void **state)
{
	(void)state;
	add("z", 0x1100, 0, ZU_CODE_SYM_FUNC);
	add("odd", 0x1001, 0, ZU_CODE_SYM_FUNC);
	add("below", 0xffe, 0, ZU_CODE_SYM_FUNC);
	add("above", END, 0, ZU_CODE_SYM_FUNC);
	add("__a", 0x1000, 0, ZU_CODE_SYM_FUNC);
	add("b", 0x1000, 0, ZU_CODE_SYM_FUNC);
	take();
	assert_int_equal(code.nr_func, 2);
	expect(0, "b", 0x1000, 0x100);
	expect(1, "z", 0x1100, 0xf00);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_places),
		TEST(test_without_sizes),
		TEST(test_with_sizes),
		TEST(test_which_symbols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
