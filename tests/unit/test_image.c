/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is no dump, and the cache of pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "image/cache.h"
#include "tests/make/check.h"

static void test_no_file(void **state)
{
	(void)state;
	mk_refused_path("/nonexistent/dump", ZU_EIO,
			"cannot open /nonexistent/dump: No such file");
	mk_refused_path("/", ZU_ENOTSUP,
			"cannot open /: this is a directory, not a file");
	mk_refused_path("/dev/null", ZU_ENOTSUP, "a character device");
}

/* A pipe without a writer: no waiting for one */
static void test_pipe(void **state)
{
	char dir[] = "/tmp/zunwind-test-XXXXXX";
	char path[sizeof(dir) + 5];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/pipe", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	mk_refused_path(path, ZU_ENOTSUP, "this is a pipe, not a file");
	unlink(path);
	rmdir(dir);
}

static void test_unknown(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		int code;
		const char *text;
	} rows[] = {
		{ "", 0, ZU_EFORMAT, "the file is empty" },
		{ "\x1f\x8b\x08", 3, ZU_ENOTSUP, "compressed with gzip" },
		{ "\x1f", 1, ZU_ENOTSUP, "unknown kind of file" },
		{ "\xfd" "7zXZ", 6, ZU_ENOTSUP, "compressed with xz" },
		{ "\x28\xb5\x2f\xfd", 4, ZU_ENOTSUP, "compressed with zstd" },
		{ "BZh9", 4, ZU_ENOTSUP, "compressed with bzip2" },
		{ "LibvirtQemudSave\1", 17, ZU_ENOTSUP, "a saved guest" },
		{ "\xa8\x19\x01\x73\x61\x8f\x23\xfe", 8, ZU_ENOTSUP,
		  "convert it with zgetdump" },
		{ "KDUMP  ", 7, ZU_ENOTSUP, "unknown kind of file" },
		{ "KDUMP  X", 8, ZU_ENOTSUP, "unknown kind of file" },
		{ "\x7f" "ELE", 4, ZU_ENOTSUP,
		  "unknown kind of file; zunwind reads dumps of s390x" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mk m = { 0 };

		mk_put(&m, 0, rows[i].bytes, rows[i].len);
		mk_refused(&m, rows[i].code, rows[i].text);
		mk_free(&m);
	}
}

static void test_close_nothing(void **state)
{
	(void)state;
	zu_image_close(NULL);
}

/* The n-th page that goes to the set of page 0 */
static uint64_t same_set(unsigned int n)
{
	uint64_t addr = 0;

	while (n) {
		addr += ZU_CACHE_PAGE;
		if (zu_cache_set_(addr) == zu_cache_set_(0))
			n--;
	}
	return addr;
}

static void keep(struct zu_cache *c, uint64_t addr)
{
	memset(zu_cache_claim(c, addr), (int)(addr / ZU_CACHE_PAGE),
	       ZU_CACHE_PAGE);
	zu_cache_keep(c, addr);
}

static bool held(struct zu_cache *c, uint64_t addr)
{
	const uint8_t *p = zu_cache_find(c, addr);

	if (p)
		assert_int_equal(*p, (uint8_t)(addr / ZU_CACHE_PAGE));
	return p;
}

/* The page that was not used for longest leaves */
static void test_cache(void **state)
{
	struct zu_cache *c = zu_cache_create();
	unsigned int i;

	(void)state;
	assert_non_null(c);
	assert_false(held(c, 0));
	for (i = 0; i < ZU_CACHE_WAYS; i++)
		keep(c, same_set(i));
	for (i = 0; i < ZU_CACHE_WAYS; i++)
		assert_true(held(c, same_set(i)));
	assert_true(held(c, same_set(0)));
	keep(c, same_set(ZU_CACHE_WAYS));
	assert_true(held(c, same_set(0)));
	assert_false(held(c, same_set(1)));
	for (i = 2; i <= ZU_CACHE_WAYS; i++)
		assert_true(held(c, same_set(i)));

	/* one that could not be read is not held, and costs one place */
	zu_cache_claim(c, same_set(9));
	assert_false(held(c, same_set(9)));
	assert_false(held(c, same_set(0)));
	for (i = 2; i <= ZU_CACHE_WAYS; i++)
		assert_true(held(c, same_set(i)));
	keep(c, same_set(0));
	for (i = 2; i <= ZU_CACHE_WAYS; i++)
		assert_true(held(c, same_set(i)));
	assert_true(held(c, same_set(0)));
	zu_cache_destroy(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_close_nothing),
		cmocka_unit_test(test_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
