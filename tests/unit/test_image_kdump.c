/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kdump-compressed and s390 stand-alone dumps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/make/check.h"
#include "tests/make/kdump.h"

/* What image/kdump.c leaves to an old libkdumpfile on purpose */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libkdumpfile";
}

#define NOT_BUILT_IN "was not built in (libkdumpfile)"

/* Without the library each of these dumps says so, and that is all */
static bool built_in(struct mk *m)
{
	if (ZU_HAVE_KDUMPFILE)
		return true;
	mk_refused(m, ZU_ENOTSUP, NOT_BUILT_IN);
	mk_free(m);
	return false;
}

static void expect_zeros(struct zu_image *image, uint64_t addr, size_t len)
{
	uint8_t buf[MK_PAGE];
	size_t i;

	assert_int_equal(zu_image_read_abs(image, addr, buf, len), 0);
	for (i = 0; i < len; i++)
		assert_int_equal(buf[i], 0);
}

static void test_kdump(void **state)
{
	static const char info[] = "OSRELEASE=6.12.0\n";
	struct zu_image *image;
	struct mk m;

	(void)state;
	mk_kdump(&m, "s390x", info);
	if (!built_in(&m))
		skip();
	image = mk_open(&m);
	assert_string_equal(image->kind->name, "kdump");
	assert_int_equal(image->vmcoreinfo_len, strlen(info));
	assert_memory_equal(image->vmcoreinfo, info, strlen(info));
	mk_expect(image, 0, MK_NO_PAGE * MK_PAGE);
	mk_expect(image, 0xffc, 8);
	mk_expect(image, 8 * MK_PAGE, MK_PAGE);
	mk_expect(image, 4 * MK_PAGE, MK_PAGE);
	expect_zeros(image, MK_ZERO_PAGE * MK_PAGE, MK_PAGE);
	expect_zeros(image, MK_ZERO_PAGE * MK_PAGE + 8, 8);
	mk_expect_fault(image, MK_NO_PAGE * MK_PAGE, 8);
	mk_expect_fault(image, MK_NO_PAGE * MK_PAGE - 1, 2);
	mk_expect(image, MK_NO_PAGE * MK_PAGE - 1, 1);
	mk_expect_fault(image, (MK_NO_PAGE + 1) * MK_PAGE - 1, 2);
	mk_expect(image, (MK_NO_PAGE + 1) * MK_PAGE, 1);
	mk_expect_fault(image, MK_PAGES * MK_PAGE - 1, 2);
	mk_expect_fault(image, MK_PAGES * MK_PAGE, 1);
	mk_expect_fault(image, UINT64_MAX, 1);
	zu_image_close(image);
	mk_free(&m);
}

static void test_kdump_machine(void **state)
{
	struct mk m;

	(void)state;
	mk_kdump(&m, "S390X", NULL);	/* QEMU */
	if (!built_in(&m))
		skip();
	zu_image_close(mk_open(&m));
	mk_put(&m, 12 + 4 * 65, "x86_64", 7);
	mk_refused(&m, ZU_ENOTSUP, "this is a dump of machine \"x86_64\"");
	mk_put(&m, 12 + 4 * 65, "s390", 5);
	mk_refused(&m, ZU_ENOTSUP, "this is a dump of machine \"s390\"");
	mk_put(&m, 12 + 4 * 65, "s390x\n", 7);
	mk_refused(&m, ZU_ENOTSUP, "this is a dump of machine \"s390x?\"");
	mk_free(&m);
}

/* Each byte at the end counts: the library would take zeros instead */
static void test_kdump_truncated(void **state)
{
	struct mk m;

	(void)state;
	mk_kdump(&m, "s390x", NULL);
	if (!built_in(&m))
		skip();
	m.len--;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: page 0x8000 ends at");
	m.len = mk_desc(8);
	mk_refused(&m, ZU_EFORMAT, "file is truncated: page 0x0 ends at");
	m.len = mk_desc(1) - 1;
	mk_refused(&m, ZU_EFORMAT, "in the descriptors of pages");
	m.len = MK_DESC;
	mk_refused(&m, ZU_EFORMAT, "in the descriptors of pages");
	m.len--;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: its bitmap ends at");
	m.len = MK_BITMAP;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: its bitmap ends at");
	m.len--;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: its header ends at");
	m.len = 16;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: its header ends at");
	m.len = 7;
	mk_refused(&m, ZU_ENOTSUP, "unknown kind of file");
	mk_free(&m);
}

/* One header field at a time */
static void test_kdump_headers(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		int code;
		const char *text;
	} rows[] = {
		{ 8, 0, ZU_ENOTSUP, "header version 0" },
		{ 8, 0x80000000, ZU_ENOTSUP, "header version" },
		{ 424, 8, ZU_EFORMAT, "marked incomplete" },
		{ 428, 8192, ZU_EFORMAT, "its blocks have 8192 bytes" },
		{ 428, 0, ZU_EFORMAT, "its blocks have 0 bytes" },
		{ 432, 0x7fffffff, ZU_EFORMAT, "truncated: its bitmap" },
		{ 432, 0xffffffff, ZU_EFORMAT, "truncated: its bitmap" },
		{ 436, 0, ZU_EFORMAT, "it has no bitmap" },
		{ 436, 1, ZU_EFORMAT, "its bitmap is too small for 9 pages" },
		{ 436, 0xffffffff, ZU_EFORMAT, "truncated: its bitmap" },
		{ MK_SUB + 12, 1, ZU_ENOTSUP, "one file of a split dump" },
		{ MK_SUB + 44, 0xffffff, ZU_EFORMAT,
		  "truncated: VMCOREINFO" },
		{ MK_SUB + 40, 0xffffffff, ZU_EFORMAT,
		  "truncated: VMCOREINFO" },
		{ MK_SUB + 60, 0x7fffffff, ZU_EFORMAT,
		  "truncated: the area of notes" },
		{ MK_SUB + 96, 1, ZU_EFORMAT, "its bitmap is too small" },
		{ MK_SUB + 100, 2 * 8 * MK_PAGE + 1, ZU_EFORMAT,
		  "its bitmap is too small" },
	};
	struct mk m;
	size_t i;

	(void)state;
	mk_kdump(&m, "s390x", NULL);
	if (!built_in(&m))
		skip();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t was = zu_be32(m.data + rows[i].at);

		mk_be32(&m, rows[i].at, rows[i].value);
		mk_refused(&m, rows[i].code, rows[i].text);
		mk_be32(&m, rows[i].at, was);
	}
	/* an area of 0 bytes is anywhere, one that wraps around nowhere */
	mk_be64(&m, MK_SUB + 32, UINT64_MAX - 3);
	zu_image_close(mk_open(&m));
	mk_be64(&m, MK_SUB + 40, 4);
	mk_refused(&m, ZU_EFORMAT, "VMCOREINFO has an impossible size");
	mk_be64(&m, MK_SUB + 40, 0);
	/* other bits of the status say how it was compressed */
	mk_be32(&m, 424, 0x37);
	zu_image_close(mk_open(&m));
	memset(m.data + MK_BITMAP, 0, 2 * MK_PAGE);
	mk_refused(&m, ZU_EFORMAT, "it has no memory in it");
	mk_free(&m);
}

/* Two bitmaps, of which the second counts, where there is room for two */
static void test_kdump_bitmap(void **state)
{
	const uint64_t half = MK_PAGE * 8;
	struct zu_image *image;
	struct mk m;

	(void)state;
	mk_kdump(&m, "s390x", NULL);
	if (!built_in(&m))
		skip();
	memcpy(m.data + MK_BITMAP, m.data + MK_BITMAP + MK_PAGE, MK_PAGE);
	memset(m.data + MK_BITMAP + MK_PAGE, 0, MK_PAGE);
	mk_be64(&m, MK_SUB + 96, half);
	mk_refused(&m, ZU_EFORMAT, "it has no memory in it");
	mk_be64(&m, MK_SUB + 96, half + 1);
	image = mk_open(&m);
	mk_expect(image, 0, MK_NO_PAGE * MK_PAGE);
	mk_expect(image, 8 * MK_PAGE, MK_PAGE);
	mk_expect_fault(image, MK_NO_PAGE * MK_PAGE, 1);
	zu_image_close(image);
	mk_free(&m);
}

static void test_kdump_pages(void **state)
{
	struct mk m;
	size_t zero;

	(void)state;
	mk_kdump(&m, "s390x", NULL);
	if (!built_in(&m))
		skip();
	mk_be32(&m, mk_desc(7) + 8, MK_PAGE + 1);
	mk_refused(&m, ZU_EFORMAT, "page 0x8000 has an impossible size");
	mk_be32(&m, mk_desc(7) + 8, 0);
	mk_refused(&m, ZU_EFORMAT, "page 0x8000 has an impossible size");
	mk_be32(&m, mk_desc(7) + 8, MK_PAGE);
	mk_be64(&m, mk_desc(7), UINT64_MAX - MK_PAGE + 1);
	mk_refused(&m, ZU_EFORMAT, "page 0x8000 has an impossible size");
	mk_be64(&m, mk_desc(7), m.len - MK_PAGE + 1);
	mk_refused(&m, ZU_EFORMAT, "file is truncated: page 0x8000");
	mk_be64(&m, mk_desc(7), m.len - MK_PAGE);
	zu_image_close(mk_open(&m));

	/* a page of each way of compression is tried */
	zero = zu_be64(m.data + mk_desc(4));
	m.data[zero + 10] ^= 0xff;
	mk_refused(&m, ZU_EFORMAT, "page 0x5000: libkdumpfile: ");
	mk_free(&m);
}

/* libkdumpfile reads it since 0.5.3 */
static void test_kdump_flat(void **state)
{
	struct zu_image *image = NULL;
	struct zu_error err;
	struct mk m;
	int ret;

	(void)state;
	mk_kdump_flat(&m, "s390x");
	if (!built_in(&m))
		skip();
	ret = zu_image_open(mk_file(&m), &image, &err);
	if (ret) {
		assert_int_equal(ret, ZU_ENOTSUP);
		assert_non_null(strstr(err.text, "makedumpfile -R"));
	} else {
		mk_expect(image, 0, MK_NO_PAGE * MK_PAGE);
		zu_image_close(image);
	}
	m.len--;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: a piece ends at");
	m.len -= 15;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: a piece ends at");
	m.len--;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: a piece ends at");
	mk_free(&m);
}

static void test_alone(void **state)
{
	struct zu_image *image;
	struct mk m;

	(void)state;
	mk_alone(&m);
	if (!built_in(&m))
		skip();
	image = mk_open(&m);
	assert_string_equal(image->kind->name, "kdump");
	assert_null(image->vmcoreinfo);
	mk_expect(image, 0, MK_PAGES * MK_PAGE);
	mk_expect(image, 5, 8);
	mk_expect(image, MK_PAGES * MK_PAGE - 1, 1);
	mk_expect_fault(image, MK_PAGES * MK_PAGE - 1, 2);
	mk_expect_fault(image, MK_PAGES * MK_PAGE, 1);
	zu_image_close(image);
	mk_free(&m);
}

static void test_alone_damaged(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		int code;
		const char *text;
	} rows[] = {
		{ 12, 0x800, ZU_EFORMAT, "contradicts itself" },
		{ 20, 0x2000, ZU_EFORMAT, "contradicts itself" },
		{ 24, 0x80000000, ZU_EFORMAT, "truncated: its memory" },
		{ 24, 0xffffffff, ZU_EFORMAT, "truncated: its memory" },
		{ 28, (MK_PAGES - 1) * MK_PAGE, ZU_EFORMAT,
		  "contradicts itself: 9 pages" },
		{ 28, (MK_PAGES + 1) * MK_PAGE, ZU_EFORMAT,
		  "truncated: its memory" },
		{ 36, 0x1000, ZU_ENOTSUP, "does not begin at address 0" },
		{ 48, MK_PAGES + 1, ZU_EFORMAT,
		  "contradicts itself: 10 pages" },
		{ 72, 1, ZU_ENOTSUP, "31-bit machine" },
		{ 72, 3, ZU_ENOTSUP, "31-bit machine" },
		{ 92, 0x01000000, ZU_ENOTSUP, "multi-volume" },
		{ MK_PAGE * (MK_PAGES + 1), 0, ZU_EFORMAT,
		  "was not finished" },
	};
	struct mk m;
	size_t i;

	(void)state;
	mk_alone(&m);
	if (!built_in(&m))
		skip();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t was = zu_be32(m.data + rows[i].at);

		mk_be32(&m, rows[i].at, rows[i].value);
		mk_refused(&m, rows[i].code, rows[i].text);
		mk_be32(&m, rows[i].at, was);
	}
	mk_be64(&m, 24, UINT64_MAX - 4096 - 15);
	mk_refused(&m, ZU_EFORMAT, "its memory has an impossible size");
	mk_be64(&m, 24, MK_PAGES * MK_PAGE);
	m.len--;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: its memory ends at");
	m.len = MK_PAGE;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: its memory ends at");
	m.len--;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: its header ends at");
	mk_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kdump),
		cmocka_unit_test(test_kdump_machine),
		cmocka_unit_test(test_kdump_truncated),
		cmocka_unit_test(test_kdump_headers),
		cmocka_unit_test(test_kdump_bitmap),
		cmocka_unit_test(test_kdump_pages),
		cmocka_unit_test(test_kdump_flat),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_alone_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
