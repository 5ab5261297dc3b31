/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The contents of a capture: sections, pieces of memory, reads in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#if ZU_HAVE_ZSTD

#include "image/capture.h"
#include "tests/make/capture.h"
#include "tests/make/check.h"

#define BASE 0x37fe0000000ULL
#define BAD_END "does not end where its length says"
#define MANY 1000

static struct cap cap;

static int teardown(void **state)
{
	(void)state;
	cap_free(&cap);
	return 0;
}

static const uint64_t one[][2] = { { BASE, 100 } };

static void expect_virt(struct zu_image *image, uint64_t addr, size_t len)
{
	uint8_t *buf = malloc(len + 1);
	size_t i;

	assert_non_null(buf);
	buf[len] = 0xa5;
	assert_int_equal(image->kind->read_virt(image, addr, buf, len), 0);
	for (i = 0; i < len; i++)
		assert_int_equal(buf[i], mk_byte(addr + i));
	assert_int_equal(buf[len], 0xa5);
	free(buf);
}

static void expect_virt_fault(struct zu_image *image, uint64_t addr,
			      size_t len)
{
	uint8_t buf[256];

	memset(buf, 0xa5, sizeof(buf));
	assert_int_equal(image->kind->read_virt(image, addr, buf, len),
			 ZU_EFAULT);
	assert_int_equal(buf[0], 0xa5); /* all or nothing */
}

static struct zu_image *open_with(const uint64_t (*extent)[2], size_t n,
				  size_t room)
{
	teardown(NULL);
	cap_memory(&cap, extent, n, room);
	cap_finish(&cap);
	return mk_open(&cap.file);
}

static void refused_with(const uint64_t (*extent)[2], size_t n, size_t room,
			 const char *text)
{
	teardown(NULL);
	cap_memory(&cap, extent, n, room);
	cap_finish(&cap);
	mk_refused(&cap.file, ZU_EFORMAT, text);
}

static void test_no_memory(void **state)
{
	(void)state;
	cap_section(&cap, "about", "", 0);
	cap_finish(&cap);
	mk_refused(&cap.file, ZU_EFORMAT, "it has no memory");
	teardown(NULL);
	cap_finish(&cap);
	mk_refused(&cap.file, ZU_EFORMAT, "it has no memory");
}

static void test_unknown_sections(void **state)
{
	struct zu_image *image;
	const char *s;
	size_t len;

	(void)state;
	cap_section(&cap, "future", "\0\1\2", 3);
	cap_section(&cap, "", "no name", 7);
	cap_section(&cap, "memory2", "no memory", 9);
	cap_memory(&cap, one, 1, 100);
	cap_section(&cap, "memory", "a second one", 12);
	cap_finish(&cap);
	image = mk_open(&cap.file);
	expect_virt(image, BASE, 100);
	s = zu_capture_section(image, "future", &len);
	assert_int_equal(len, 3);
	assert_memory_equal(s, "\0\1\2\0", 4);
	assert_null(image->vmcoreinfo);
	zu_image_close(image);
}

static void test_number_of_sections(void **state)
{
	unsigned int i;

	(void)state;
	cap_memory(&cap, one, 1, 100);
	for (i = 1; i < 64; i++)
		cap_section(&cap, "more", "x", 1);
	cap_finish(&cap);
	zu_image_close(mk_open(&cap.file));
	cap_section(&cap, "more", "x", 1);
	cap_finish(&cap);
	mk_refused(&cap.file, ZU_EFORMAT, "more than 64 sections");
}

/* Lengths of a section that are wrong by a little and by a lot */
static void test_lying_section(void **state)
{
	static const uint64_t lies[] = {
		0, 100, 108, 1ULL << 32, 1ULL << 63, UINT64_MAX - 24, UINT64_MAX,
	};
	static const uint64_t lengths[] = { 123, 125, 126, UINT64_MAX - 16 };
	size_t i;

	(void)state;
	cap_memory(&cap, one, 1, 100); /* 124 bytes */
	assert_int_equal(zu_be64(cap.contents.data + 8), 124);
	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		mk_be64(&cap.contents, 8, lies[i]);
		cap_finish(&cap);
		mk_refused(&cap.file, ZU_EFORMAT, "this capture can't be used");
	}
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		mk_be64(&cap.contents, 8, lengths[i]);
		cap_finish(&cap);
		mk_refused(&cap.file, ZU_EFORMAT, "section 0 " BAD_END);
	}
}

/* Readers of text rely on the 0 behind a section. */
static void test_section_without_its_0(void **state)
{
	(void)state;
	cap_memory(&cap, one, 1, 100);
	cap.contents.data[cap.contents.len - 1] = 1;
	cap_finish(&cap);
	mk_refused(&cap.file, ZU_EFORMAT, "section 0 " BAD_END);
}

static void test_section_header_cut(void **state)
{
	size_t i;

	(void)state;
	for (i = 1; i <= 16; i++) {
		teardown(NULL);
		cap_memory(&cap, one, 1, 100);
		mk_at(&cap.contents, cap.contents.len, i);
		cap_finish(&cap);
		mk_refused(&cap.file, ZU_EFORMAT, "section 1 is cut off");
	}
}

static void test_memory_header(void **state)
{
	uint8_t b[7] = { 0 };

	(void)state;
	cap_section(&cap, "memory", b, 7);
	cap_finish(&cap);
	mk_refused(&cap.file, ZU_EFORMAT, "its memory is cut off");
}

static void test_lying_count(void **state)
{
	static const struct {
		uint64_t count;
		const char *text;
	} lies[] = {
		{ 0, "memory without an address" },
		{ 2, "piece of memory 0 is cut off" },
		{ 7, "piece of memory 0 is cut off" },
		{ 8, "its memory is cut off" },
		{ UINT64_MAX, "its memory is cut off" },
		{ 1ULL << 60, "its memory is cut off" },
		{ (1ULL << 60) + 1, "its memory is cut off" },
	};
	size_t i;

	(void)state;
	cap_memory(&cap, one, 1, 100); /* 116 bytes behind the count */
	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		mk_be64(&cap.contents, 16, lies[i].count);
		cap_finish(&cap);
		mk_refused(&cap.file, ZU_EFORMAT, lies[i].text);
	}
}

static void test_room(void **state)
{
	static const uint64_t two[][2] = { { 64, 64 }, { 256, 64 } };

	(void)state;
	refused_with(one, 1, 99, "piece of memory 0 is cut off");
	zu_image_close(open_with(one, 1, 100));
	refused_with(one, 1, 101, "memory without an address");
	refused_with(two, 2, 127, "piece of memory 1 is cut off");
	zu_image_close(open_with(two, 2, 128));
	refused_with(two, 2, 129, "memory without an address");
}

static void test_order(void **state)
{
	static const uint64_t touching[][2] = { { 64, 64 }, { 128, 64 } };
	static const uint64_t overlapping[][2] = { { 64, 65 }, { 128, 64 } };
	static const uint64_t unsorted[][2] = { { 128, 64 }, { 64, 64 } };
	static const uint64_t same[][2] = { { 64, 64 }, { 64, 64 } };
	static const uint64_t inside[][2] = { { 64, 640 }, { 128, 64 } };
	struct zu_image *image;

	(void)state;
	refused_with(overlapping, 2, 129, "piece of memory 1 is out of order");
	refused_with(unsorted, 2, 128, "piece of memory 1 is out of order");
	refused_with(same, 2, 128, "piece of memory 1 is out of order");
	refused_with(inside, 2, 704, "piece of memory 1 is out of order");
	image = open_with(touching, 2, 128);
	expect_virt(image, 64, 64);
	expect_virt(image, 128, 64);
	expect_virt_fault(image, 127, 2); /* a read is in one piece */
	zu_image_close(image);
}

static void test_wrapping(void **state)
{
	static const uint64_t last[][2] = { { UINT64_MAX - 64, 64 } };
	static const uint64_t full[][2] = { { UINT64_MAX - 64, 65 } };
	static const uint64_t over[][2] = { { UINT64_MAX - 64, 66 } };
	static const uint64_t huge[][2] = { { BASE, UINT64_MAX } };
	static const uint64_t sum[][2] = {
		{ BASE, 64 }, { BASE + 64, UINT64_MAX - BASE - 64 },
	};
	struct zu_image *image;

	(void)state;
	refused_with(full, 1, 65, "out of order");
	refused_with(over, 1, 66, "out of order");
	refused_with(huge, 1, 100, "out of order");
	refused_with(sum, 2, 100, "piece of memory 1 is cut off");
	image = open_with(last, 1, 64);
	expect_virt(image, UINT64_MAX - 64, 64);
	expect_virt_fault(image, UINT64_MAX - 64, 65);
	expect_virt_fault(image, UINT64_MAX, 2);
	zu_image_close(image);
}

static void test_reads_at_the_bounds(void **state)
{
	static const uint64_t two[][2] = {
		{ BASE, 100 }, { BASE + 0x1000, 100 },
	};
	struct zu_image *image = open_with(two, 2, 200);
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		uint64_t at = two[i][0];

		expect_virt_fault(image, at - 1, 1);
		expect_virt_fault(image, at - 1, 2);
		expect_virt(image, at, 1);
		expect_virt(image, at, 99);
		expect_virt(image, at, 100);
		expect_virt_fault(image, at, 101);
		expect_virt(image, at + 99, 1);
		expect_virt_fault(image, at + 99, 2);
		expect_virt_fault(image, at + 100, 1);
		expect_virt_fault(image, at + 50, SIZE_MAX - 40);
		expect_virt_fault(image, at, SIZE_MAX);
	}
	expect_virt_fault(image, 0, 1);
	expect_virt_fault(image, UINT64_MAX, 1);
	zu_image_close(image);
}

static void test_empty(void **state)
{
	static const uint64_t nothing[][2] = { { BASE, 0 }, { BASE, 4 } };
	struct zu_image *image = open_with(NULL, 0, 0);

	(void)state;
	expect_virt_fault(image, BASE, 1);
	expect_virt_fault(image, 0, 1);
	zu_image_close(image);
	/* a piece of no bytes is no use, but it does no harm */
	image = open_with(nothing, 2, 4);
	expect_virt(image, BASE, 4);
	expect_virt_fault(image, BASE + 4, 1);
	zu_image_close(image);
}

/* Sizes of pieces and gaps are mixed, and so is the order of reads. */
static void test_many(void **state)
{
	static uint64_t extent[MANY][2];
	uint64_t at = BASE;
	size_t i, room = 0;
	struct zu_image *image;

	(void)state;
	for (i = 0; i < MANY; i++) {
		extent[i][0] = at;
		extent[i][1] = 1 + i * 7 % 40;
		room += extent[i][1];
		at += extent[i][1] + i % 3;
	}
	image = open_with(extent, MANY, room);
	for (i = 0; i < MANY; i++) {
		size_t k = i * 389 % MANY;

		expect_virt(image, extent[k][0], extent[k][1]);
		expect_virt(image, extent[k][0] + extent[k][1] - 1, 1);
		expect_virt_fault(image, extent[k][0], extent[k][1] + 1);
		if (k % 3)
			expect_virt_fault(image, extent[k][0] + extent[k][1],
					  1);
	}
	expect_virt_fault(image, BASE - 1, 1);
	expect_virt_fault(image, at, 1);
	zu_image_close(image);
}

#define TEST(f) cmocka_unit_test_teardown(f, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_no_memory),
		TEST(test_unknown_sections),
		TEST(test_number_of_sections),
		TEST(test_lying_section),
		TEST(test_section_without_its_0),
		TEST(test_section_header_cut),
		TEST(test_memory_header),
		TEST(test_lying_count),
		TEST(test_room),
		TEST(test_order),
		TEST(test_wrapping),
		TEST(test_reads_at_the_bounds),
		TEST(test_empty),
		TEST(test_many),
	};

	return cmocka_run_group_tests_name("capture-memory", tests, NULL,
					   NULL);
}

#else

static void test_not_built_in(void **state)
{
	(void)state;
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_built_in),
	};

	return cmocka_run_group_tests_name("capture-memory", tests, NULL,
					   NULL);
}

#endif
