/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The symbols in a capture, and damaged ones; the text is doc/capture.md's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#if ZU_HAVE_ZSTD

#include "image/capture.h"
#include "kern/captured.h"
#include "tests/make/capture.h"
#include "tests/make/check.h"

static struct cap cap;
static struct zu_image *image;
static struct zu_captured_symbols symbols;

static int load(const char *text, struct zu_error *e)
{
	cap_section(&cap, "symbols", text, strlen(text));
	cap_memory(&cap, NULL, 0, 0);
	cap_finish(&cap);
	image = mk_open(&cap.file);
	return zu_captured_symbols_init(&symbols, image, e);
}

static int teardown(void **state)
{
	(void)state;
	zu_captured_symbols_deinit(&symbols);
	zu_image_close(image);
	image = NULL;
	cap_free(&cap);
	return 0;
}

/* name+start/size [module] of what covers an address, or "" */
static const char *at(uint64_t addr, size_t room)
{
	static char text[128];
	struct zu_symbol sym;
	char buf[64];

	assert_true(room <= sizeof(buf));
	if (!zu_captured_symbol(&symbols, addr, &sym, buf, room))
		return "";
	snprintf(text, sizeof(text), "%s+%llx/%llx%s%s", sym.name,
		 (unsigned long long)sym.start, (unsigned long long)sym.size,
		 sym.module ? " " : "", sym.module ? sym.module : "");
	return text;
}

/* Which monitor calls come back: what is out of order is not believed. */
static void knows_traps(void **state)
{
	static const char text[] = "100 0\nwhat\n108 1\n10c 2\n110 0\n"
				   "104 1\n120 1\n";
	struct zu_captured_traps t;

	(void)state;
	cap_section(&cap, "traps", text, strlen(text));
	cap_memory(&cap, NULL, 0, 0);
	cap_finish(&cap);
	image = mk_open(&cap.file);
	zu_captured_traps_init(&t, image);
	assert_int_equal(zu_captured_trap(&t, 0xfe), -1);
	assert_int_equal(zu_captured_trap(&t, 0x100), 0);
	assert_int_equal(zu_captured_trap(&t, 0x104), -1);
	assert_int_equal(zu_captured_trap(&t, 0x108), 1);
	assert_int_equal(zu_captured_trap(&t, 0x10c), -1);
	assert_int_equal(zu_captured_trap(&t, 0x110), 0);
	assert_int_equal(zu_captured_trap(&t, 0x120), -1);
	zu_captured_traps_deinit(&t);
	assert_int_equal(zu_captured_trap(&t, 0x100), -1);
}

static void finds_by_address(void **state)
{
	struct zu_error e;

	(void)state;
	assert_int_equal(load("100 10 first\n110 8 second mod\n200 0 last\n"
			      "ffffffffffffff00 100 high\n", &e), 0);
	assert_string_equal(at(0xff, 64), "");
	assert_string_equal(at(0x100, 64), "first+100/10");
	assert_string_equal(at(0x10f, 64), "first+100/10");
	assert_string_equal(at(0x110, 64), "second+110/8 mod");
	assert_string_equal(at(0x117, 64), "second+110/8 mod");
	assert_string_equal(at(0x118, 64), "");
	assert_string_equal(at(0x1ff, 64), "");
	assert_string_equal(at(0x200, 64), "last+200/0");
	assert_string_equal(at(0x201, 64), "");
	assert_string_equal(at(UINT64_MAX, 64), "high+ffffffffffffff00/100");
	/* both names and their ends, and one byte less */
	assert_string_equal(at(0x110, 11), "second+110/8 mod");
	assert_string_equal(at(0x110, 10), "");
}

static void refuses_disorder(void **state)
{
	struct zu_error e;

	(void)state;
	assert_int_equal(load("100 10 one\n100 10 two\n", &e), ZU_EFORMAT);
	assert_non_null(strstr(e.text, "symbol 1 of the capture"));
	teardown(NULL);
	assert_int_equal(load("100 10 one\nff 1 two\n", &e), ZU_EFORMAT);
	teardown(NULL);
	assert_int_equal(load("100 10 one\n101 1 two\n", &e), 0);
}

/* A line that is no symbol is none; no section at all is no symbols. */
static void leaves_out_what_is_none(void **state)
{
	struct zu_error e;

	(void)state;
	assert_int_equal(load("x 1 a\n100 y b\n200\n300 1\n-1 1 c\n400 1 d", &e),
			 0);
	assert_int_equal(symbols.count, 1);
	assert_string_equal(at(0x400, 64), "d+400/1");
	teardown(NULL);
	assert_int_equal(load("", &e), 0);
	assert_string_equal(at(0x400, 64), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(finds_by_address, teardown),
		cmocka_unit_test_teardown(knows_traps, teardown),
		cmocka_unit_test_teardown(refuses_disorder, teardown),
		cmocka_unit_test_teardown(leaves_out_what_is_none, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return 0;
}

#endif
