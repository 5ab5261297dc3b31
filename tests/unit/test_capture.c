/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The container of a capture: what goes in comes out, and nothing else does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#if ZU_HAVE_ZSTD

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zstd.h>

#include "image/capture.h"
#include "image/capture_format.h"
#include "tests/make/capture.h"
#include "tests/make/check.h"

#define BASE 0x37fe0000000ULL

static struct cap cap;
static struct mk *const file = &cap.file;

static int teardown(void **state)
{
	(void)state;
	cap_free(&cap);
	return 0;
}

/* Two pieces of memory, and the sections that a capture has */
static void make(void)
{
	static const uint64_t extent[][2] = {
		{ BASE, 100 }, { BASE + 0x1000, 0x234 },
	};

	cap_section(&cap, "about", "source=elf\n", 11);
	cap_section(&cap, "info", "OSRELEASE=7.2\n", 14);
	cap_memory(&cap, extent, 2, 100 + 0x234);
	cap_finish(&cap);
}

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

static void test_open(void **state)
{
	struct zu_image *image;
	const char *s;
	size_t len;
	uint8_t b;

	(void)state;
	make();
	image = mk_open(file);
	assert_true(zu_image_is_capture(image));
	assert_string_equal(image->kind->name, "capture");
	assert_int_equal(image->vmcoreinfo_len, 14);
	assert_string_equal(image->vmcoreinfo, "OSRELEASE=7.2\n");
	s = zu_capture_section(image, "about", &len);
	assert_int_equal(len, 11);
	assert_string_equal(s, "source=elf\n");
	assert_null(zu_capture_section(image, "layout", &len));
	assert_null(zu_capture_section(image, "abou", &len));
	expect_virt(image, BASE, 100);
	expect_virt(image, BASE + 0x1000, 0x234);
	assert_int_equal(zu_image_read_abs(image, BASE, &b, 1), ZU_EFAULT);
	zu_image_close(image);
}

/* What zu_capture_store() writes */
static void test_round_trip(void **state)
{
	static const char memory[8 + 16 + 4] = {
		0, 0, 0, 0, 0, 0, 0, 1, /* one extent */
		0, 0, 3, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4,
		'a', 'b', 'c', 'd',
	};
	const struct zu_capture_part parts[] = {
		{ "info", NULL, 0 },
		{ "sections", "\0\xff", 2 }, /* 8 letters, no 0 behind them */
		{ ZU_CAPTURE_MEMORY, memory, sizeof(memory) },
		{ "info", "twice", 5 },
	};
	char path[] = "/tmp/zunwind-test.XXXXXX", buf[32];
	struct zu_error err = { 0 };
	struct zu_image *image;
	const char *s;
	size_t len;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(zu_capture_store(path, parts, 4, &err), 0);
	assert_int_equal(zu_image_open(path, &image, &err), 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, buf, 32), 32);
	assert_true(buf[28] & 4); /* zstd's checksum is there */
	close(fd);
	unlink(path);
	s = zu_capture_section(image, "sections", &len);
	assert_int_equal(len, 2);
	assert_memory_equal(s, "\0\xff\0", 3);
	assert_int_equal(image->vmcoreinfo_len, 0); /* the first counts */
	assert_string_equal(image->vmcoreinfo, "");
	assert_int_equal(image->kind->read_virt(image, 0x37f00000000, buf, 4),
			 0);
	assert_memory_equal(buf, "abcd", 4);
	zu_image_close(image);
}

static void test_store_fails(void **state)
{
	const struct zu_capture_part part = { "memory", "", 0 };
	struct zu_error err = { 0 };

	(void)state;
	assert_int_equal(zu_capture_store("/none/such/file", &part, 1, &err),
			 ZU_EIO);
	assert_non_null(strstr(err.text, "/none/such/file"));
}

static void test_cut_at_every_length(void **state)
{
	size_t whole;

	(void)state;
	make();
	whole = file->len;
	while (file->len > 8) {
		file->len--;
		mk_refused(file, ZU_EFORMAT,
			   file->len < 24 ? "cut off" : "can't be used");
	}
	while (file->len > 1) {
		file->len--;
		mk_refused(file, ZU_ENOTSUP, "unknown kind");
	}
	assert_true(whole > 100);
}

/* The contents are cut, and the container around them is right. */
static void test_contents_cut_at_every_length(void **state)
{
	(void)state;
	make();
	while (cap.contents.len) {
		cap.contents.len--;
		cap_finish(&cap);
		mk_refused(file, ZU_EFORMAT, "this capture can't be used: ");
	}
}

/* Is it refused? If not, it holds all that it should. */
static bool refused_or_same(void)
{
	struct zu_error err = { 0 };
	struct zu_image *image = NULL;

	if (zu_image_open(mk_file(file), &image, &err))
		return true;
	assert_string_equal(image->vmcoreinfo, "OSRELEASE=7.2\n");
	expect_virt(image, BASE, 100);
	expect_virt(image, BASE + 0x1000, 0x234);
	zu_image_close(image);
	return false;
}

/* Few bits mean nothing: 0 in the header, and some of Zstandard's. */
static void test_every_bit_damaged(void **state)
{
	unsigned int refused = 0;
	size_t i;
	int bit;

	(void)state;
	make();
	for (i = 0; i < file->len; i++)
		for (bit = 0; bit < 8; bit++) {
			file->data[i] ^= (uint8_t)(1 << bit);
			refused += refused_or_same();
			file->data[i] ^= (uint8_t)(1 << bit);
		}
	assert_true(refused > file->len * 8 * 9 / 10);
}

static void test_versions(void **state)
{
	(void)state;
	make();
	cap_header(&cap, 0, cap.contents.len);
	mk_refused(file, ZU_ENOTSUP, "of version 0, this zunwind reads version 1");
	cap_header(&cap, 2, cap.contents.len);
	mk_refused(file, ZU_ENOTSUP, "of version 2, this zunwind reads version 1");
	cap_header(&cap, 0x01000000, cap.contents.len);
	mk_refused(file, ZU_ENOTSUP, "of version 16777216");
}

static void test_lying_length(void **state)
{
	(void)state;
	make();
	cap_header(&cap, 1, cap.contents.len - 1);
	mk_refused(file, ZU_EFORMAT, "more than its header says");
	cap_header(&cap, 1, cap.contents.len + 1);
	mk_refused(file, ZU_EFORMAT, "less than its header says");
	cap_header(&cap, 1, 0);
	mk_refused(file, ZU_EFORMAT, "more than its header says");
	cap_header(&cap, 1, ZU_CAPTURE_MAX);
	mk_refused(file, ZU_EFORMAT, "less than its header says");
	cap_header(&cap, 1, ZU_CAPTURE_MAX + 1ULL);
	mk_refused(file, ZU_EFORMAT, "more than any has");
	cap_header(&cap, 1, UINT64_MAX);
	mk_refused(file, ZU_EFORMAT, "more than any has");
}

static void test_bytes_behind_the_end(void **state)
{
	size_t len;

	(void)state;
	make();
	len = file->len;
	mk_put(file, len, "", 1);
	mk_refused(file, ZU_EFORMAT, "bytes behind its end");
	/* a whole second frame is no better */
	file->len = len;
	mk_at(file, len, len - 24);
	memcpy(file->data + len, file->data + 24, len - 24);
	mk_refused(file, ZU_EFORMAT, "bytes behind its end");
}

static void test_not_zstd(void **state)
{
	(void)state;
	make();
	file->data[24] ^= 1;
	mk_refused(file, ZU_EFORMAT, "can't be used");
	file->len = 24;
	mk_refused(file, ZU_EFORMAT, "cut off");
}

/* Refused before a byte of it is read */
static void test_huge_file(void **state)
{
	(void)state;
	make();
	mk_sparse(file, ZU_CAPTURE_MAX + 1ULL);
	mk_refused_path(file->path, ZU_EFORMAT, "it is too large");
}

/* A frame of @size zeros, in as much memory as it takes to read it */
static void put_bomb(uint64_t size, int window)
{
	static const char zeros[1 << 16];
	ZSTD_CCtx *ctx = ZSTD_createCCtx();
	size_t left = 1;

	assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(ctx,
						ZSTD_c_windowLog, window)));
	while (size || left) {
		size_t n = size < sizeof(zeros) ? size : sizeof(zeros);
		size_t at = file->len;
		ZSTD_inBuffer in = { zeros, n, 0 };
		ZSTD_outBuffer out = {
			mk_at(file, at, sizeof(zeros)), sizeof(zeros), 0,
		};

		size -= n;
		left = ZSTD_compressStream2(ctx, &out, &in,
					    size ? ZSTD_e_continue :
					    ZSTD_e_end);
		assert_false(ZSTD_isError(left));
		assert_int_equal(in.pos, n);
		file->len = at + out.pos;
	}
	ZSTD_freeCCtx(ctx);
}

static long peak_kib(void)
{
	struct rusage r;

	assert_int_equal(getrusage(RUSAGE_SELF, &r), 0);
	return r.ru_maxrss;
}

static void test_bomb(void **state)
{
	long before;

	(void)state;
	cap_header(&cap, 1, 100000);
	put_bomb(512 << 20, 20);
	assert_true(file->len < 100000);
	before = peak_kib();
	mk_refused(file, ZU_EFORMAT, "more than its header says");
	assert_true(peak_kib() - before < 16 << 10);
}

/* The frame wants a larger window than anything of ours needs. */
static void test_window(void **state)
{
	long before;

	(void)state;
	cap_header(&cap, 1, 1 << 20);
	put_bomb(1 << 20, 28);
	before = peak_kib();
	mk_refused(file, ZU_EFORMAT, "can't be used");
	assert_true(peak_kib() - before < 16 << 10);
}

#define TEST(f) cmocka_unit_test_teardown(f, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_open),
		TEST(test_round_trip),
		TEST(test_store_fails),
		TEST(test_cut_at_every_length),
		TEST(test_contents_cut_at_every_length),
		TEST(test_every_bit_damaged),
		TEST(test_versions),
		TEST(test_lying_length),
		TEST(test_bytes_behind_the_end),
		TEST(test_not_zstd),
		TEST(test_huge_file),
		TEST(test_bomb),
		TEST(test_window),
	};

	return cmocka_run_group_tests_name("capture", tests, NULL, NULL);
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

	return cmocka_run_group_tests_name("capture", tests, NULL, NULL);
}

#endif
