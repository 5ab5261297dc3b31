/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ELF dumps: what is read, and what is refused one byte further on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/make/check.h"
#include "tests/make/elf.h"

#define PAGE 0x1000

/* One segment of 4 pages at 0, behind the headers */
static void simple(struct mk *m)
{
	memset(m, 0, sizeof(*m));
	mk_ehdr(m, 1);
	mk_load(m, 0, 0x200, 0, 4 * PAGE);
}

static void test_simple(void **state)
{
	struct zu_image *image;
	uint8_t byte;
	struct mk m;

	(void)state;
	simple(&m);
	image = mk_open(&m);
	assert_string_equal(image->kind->name, "elf");
	assert_null(image->vmcoreinfo);
	mk_expect(image, 0, 8);
	mk_expect(image, PAGE - 4, 8);		/* over a page boundary */
	mk_expect(image, 3, 2 * PAGE);		/* more than the cache */
	mk_expect(image, 0, 4 * PAGE);
	mk_expect(image, 4 * PAGE - 1, 1);
	mk_expect_fault(image, 4 * PAGE - 1, 2);
	mk_expect_fault(image, 4 * PAGE, 1);
	mk_expect_fault(image, 0, 4 * PAGE + 1);
	mk_expect_fault(image, UINT64_MAX, 1);
	assert_int_equal(zu_image_read_abs(image, 4 * PAGE, &byte, 0), 0);
	zu_image_close(image);
	mk_free(&m);
}

/* QEMU 7.2: e_ehsize 8, a section header in the wrong byte order, program
 * headers behind it, memory at an odd place, no address but 0 */
static void test_qemu(void **state)
{
	struct mk m = { 0 };
	struct mk_phdr note = {
		.type = MK_NOTE, .offset = 0x130, .filesz = 20, .memsz = 20,
	};
	struct mk_phdr load = {
		.type = MK_LOAD, .offset = 0xae0, .filesz = 2 * PAGE,
		.memsz = 2 * PAGE,
	};
	struct zu_image *image;

	(void)state;
	mk_ehdr(&m, 2);
	mk_be64(&m, 32, 0xc0);
	mk_be64(&m, 40, 64);
	mk_be16(&m, 52, 8);
	mk_be16(&m, 58, 64);
	mk_be16(&m, 60, 2);
	mk_be16(&m, 62, 1);
	mk_put(&m, 0x80, "\1\0\0\0\3\0\0\0", 8);
	mk_put(&m, 0x98, "\xe0\x0a\0\x20", 4);
	mk_phdr_at(&m, 0xc0, 0, &note);
	mk_phdr_at(&m, 0xc0, 1, &load);
	mk_note(&m, 0x130, "CORE", 5, 1, "", 0);
	mk_memory(&m, 0xae0, 0, 2 * PAGE);
	image = mk_open(&m);
	mk_expect(image, 0, 2 * PAGE);
	mk_expect(image, 0x388, 8);
	assert_null(image->vmcoreinfo);
	zu_image_close(image);
	mk_free(&m);
}

/* /proc/vmcore: VMCOREINFO, virtual addresses, the kernel image twice */
static void test_vmcore(void **state)
{
	static const char text[] = "OSRELEASE=6.12.0\nPAGESIZE=4096\n";
	struct mk m = { 0 };
	struct mk_phdr p = {
		.type = MK_LOAD, .vaddr = 0x3ffe0100000, .paddr = PAGE,
		.offset = 6 * PAGE, .filesz = PAGE, .memsz = PAGE,
	};
	struct zu_image *image;
	size_t end;

	(void)state;
	mk_ehdr(&m, 4);
	end = mk_note(&m, 0x400, "CORE", 5, 3, "prpsinfo", 8);
	end = mk_note(&m, end, "VMCOREINFO", 11, 0, text, strlen(text));
	mk_at(&m, end, 12);		/* nt_final() */
	mk_notes(&m, 0, 0x400, end + 12 - 0x400);
	mk_phdr(&m, 1, &p);
	mk_memory(&m, p.offset, p.paddr, PAGE);
	mk_load(&m, 2, PAGE, 0, 4 * PAGE);
	mk_load(&m, 3, 7 * PAGE, 0x100000, PAGE);
	image = mk_open(&m);
	assert_int_equal(image->vmcoreinfo_len, strlen(text));
	assert_memory_equal(image->vmcoreinfo, text, strlen(text));
	mk_expect(image, 0, 4 * PAGE);
	mk_expect(image, 0x100000, PAGE);
	mk_expect_fault(image, 4 * PAGE, 1);
	mk_expect_fault(image, 0x100000 + PAGE, 1);
	zu_image_close(image);
	mk_free(&m);
}

/* Segments in any order, cut anywhere */
static void test_unsorted(void **state)
{
	struct mk m = { 0 };
	struct zu_image *image;

	(void)state;
	mk_ehdr(&m, 5);
	mk_load(&m, 0, 0x5000, 0x3001, 0x1fff);
	mk_load(&m, 1, 0x1000, 0x1007, 0x1ffa);
	mk_load(&m, 2, 0x8000, 0x9000, 0x10);
	mk_load(&m, 3, 0xa000, 0, 0x1007);
	mk_load(&m, 4, 0x7800, 0x6000, 1);
	image = mk_open(&m);
	mk_expect(image, 0, 0x5000);
	mk_expect(image, 0x1000, 0x10);		/* over a cut in a page */
	mk_expect(image, 0x3000, 8);
	mk_expect(image, 0x1006, 1);
	mk_expect(image, 0x1007, 1);
	mk_expect_fault(image, 0x4fff, 2);
	mk_expect_fault(image, 0x5fff, 1);
	mk_expect(image, 0x6000, 1);
	mk_expect_fault(image, 0x6001, 1);
	mk_expect_fault(image, 0x8fff, 8);
	mk_expect(image, 0x9000, 0x10);
	mk_expect_fault(image, 0x900f, 2);
	zu_image_close(image);
	mk_free(&m);
}

/* Byte at @addr, if segment @i has it: shows either */
static uint8_t owner(unsigned int i, uint64_t addr)
{
	return (uint8_t)(i << 5 | (addr >> 4 & 0x1f));
}

/* Which of two segments an address belongs to does not depend on what was
 * read before; none of an overlap is lost */
static void test_overlapping(void **state)
{
	struct mk m = { 0 };
	struct zu_image *image;
	uint8_t buf[0x200];
	unsigned int i, j, round;

	(void)state;
	mk_ehdr(&m, 5);
	mk_load(&m, 0, 0x1000, 0x20, 0x130);	/* inside the next two */
	mk_load(&m, 1, 0x2000, 0x10, 0x1f0);
	mk_load(&m, 2, 0x3000, 0, 0x100);
	mk_load(&m, 3, 0x4000, 0x400, 0x100);	/* the same start, twice */
	mk_load(&m, 4, 0x5000, 0x400, 0x200);
	for (i = 0; i < 5; i++) {
		size_t at = 0x1000 * (i + 1);
		uint64_t start = zu_be64(m.data + MK_PHDRS +
					 i * MK_PHDR_SIZE + 24);

		for (j = 0; j < 0x200; j++)
			m.data[at + j] = owner(i, start + j);
	}
	image = mk_open(&m);
	for (round = 0; round < 2; round++) {
		assert_int_equal(zu_image_read_abs(image, 0, buf, 0x200), 0);
		for (i = 0; i < 0x200; i++)
			assert_int_equal(buf[i], owner(i < 0x100 ? 2 : 1, i));
		assert_int_equal(zu_image_read_abs(image, 0x400, buf, 0x200),
				 0);
		for (i = 0; i < 0x200; i++)
			assert_int_equal(buf[i], owner(i < 0x100 ? 3 : 4,
						       0x400 + i));
	}
	mk_expect_fault(image, 0x200, 1);
	mk_expect_fault(image, 0x600, 1);
	zu_image_close(image);
	mk_free(&m);
}

/* By one byte */
static void test_overlapping_byte(void **state)
{
	struct mk m = { 0 };
	struct zu_image *image;
	uint8_t buf[0x20];

	(void)state;
	mk_ehdr(&m, 2);
	mk_load(&m, 0, 0x1000, 0, 0x10);
	mk_load(&m, 1, 0x2000, 0xf, 0x11);
	memset(m.data + 0x1000, 1, 0x10);
	memset(m.data + 0x2000, 2, 0x11);
	image = mk_open(&m);
	assert_int_equal(zu_image_read_abs(image, 0, buf, 0x20), 0);
	assert_int_equal(buf[0xe], 1);
	assert_int_equal(buf[0xf], 1);
	assert_int_equal(buf[0x10], 2);
	assert_int_equal(zu_image_read_abs(image, 0xf, buf, 1), 0);
	assert_int_equal(buf[0], 1);
	zu_image_close(image);
	mk_free(&m);
}

/* Neighbours in the file that are none in memory, and the other way round */
static void test_neighbours(void **state)
{
	struct mk m = { 0 };
	struct zu_image *image;

	(void)state;
	mk_ehdr(&m, 4);
	mk_load(&m, 0, 0x1000, 0x10000, 0x100);
	mk_load(&m, 1, 0x1100, 0x10200, 0x100);
	mk_load(&m, 2, 0x1300, 0x10300, 0x100);
	mk_load(&m, 3, 0x1400, 0x10400, 0x100);
	image = mk_open(&m);
	mk_expect(image, 0x10000, 0x100);
	mk_expect_fault(image, 0x10100, 1);
	mk_expect_fault(image, 0x101ff, 1);
	mk_expect(image, 0x10200, 0x300);
	mk_expect_fault(image, 0x10500, 1);
	mk_expect_fault(image, 0xffff, 1);
	mk_expect_fault(image, 0, 1);
	zu_image_close(image);
	mk_free(&m);
}

/* Memory that the file leaves out is not in the image */
static void test_memsz(void **state)
{
	struct mk_phdr p = {
		.type = MK_LOAD, .offset = 0x200, .filesz = PAGE,
		.memsz = 2 * PAGE,
	};
	struct zu_image *image;
	struct mk m;

	(void)state;
	simple(&m);
	mk_phdr(&m, 0, &p);
	image = mk_open(&m);
	mk_expect(image, 0, PAGE);
	mk_expect_fault(image, PAGE - 1, 2);
	mk_expect_fault(image, PAGE, 1);
	zu_image_close(image);

	p.memsz = PAGE;
	mk_phdr(&m, 0, &p);
	zu_image_close(mk_open(&m));
	p.memsz = PAGE - 1;
	mk_phdr(&m, 0, &p);
	mk_refused(&m, ZU_EFORMAT,
		   "segment 0 has more bytes in the file than in memory");
	p.filesz = 0;
	mk_phdr(&m, 0, &p);
	mk_refused(&m, ZU_EFORMAT, "it has no memory in it");
	mk_free(&m);
}

static void test_end_of_memory(void **state)
{
	struct mk_phdr p = {
		.type = MK_LOAD, .offset = 0x200, .paddr = -(uint64_t)PAGE,
		.filesz = PAGE, .memsz = PAGE,
	};
	struct zu_image *image;
	struct mk m;

	(void)state;
	simple(&m);
	mk_phdr(&m, 0, &p);
	mk_memory(&m, 0x200, p.paddr, PAGE);
	image = mk_open(&m);
	mk_expect(image, p.paddr, PAGE);
	mk_expect(image, UINT64_MAX, 1);
	mk_expect_fault(image, UINT64_MAX, 2);
	zu_image_close(image);

	p.memsz++;
	mk_phdr(&m, 0, &p);
	mk_refused(&m, ZU_EFORMAT,
		   "segment 0 reaches beyond the end of memory");
	mk_free(&m);
}

/* Nor does a read wrap around, where both ends of memory are there */
static void test_wraps(void **state)
{
	struct zu_image *image;
	struct mk m = { 0 };

	(void)state;
	mk_ehdr(&m, 2);
	mk_load(&m, 0, 0x200, 0, PAGE);
	mk_load(&m, 1, 0x200 + PAGE, -(uint64_t)PAGE, PAGE);
	image = mk_open(&m);
	mk_expect(image, 0, 8);
	mk_expect(image, UINT64_MAX - 7, 8);
	mk_expect_fault(image, UINT64_MAX - 7, 9);
	mk_expect_fault(image, -(uint64_t)PAGE, 2 * PAGE);
	zu_image_close(image);
	mk_free(&m);
}

/* A page that begins before its segment, and before the file; and one that
 * ends with the file, one byte short */
static void test_cut_pages(void **state)
{
	const size_t offset = MK_PHDRS + MK_PHDR_SIZE;
	struct zu_image *image;
	struct mk m = { 0 };

	(void)state;
	mk_ehdr(&m, 1);
	mk_load(&m, 0, offset, 0x1f80, 0x2000 - 0x81);
	image = mk_open(&m);
	mk_expect(image, 0x1f80, 8);
	mk_expect(image, 0x1fff, 1);
	mk_expect_fault(image, 0x1f7f, 2);
	mk_expect(image, 0x2ff8, 8);
	mk_expect(image, 0x3000, 8);
	mk_expect(image, 0x3efe, 1);
	mk_expect_fault(image, 0x3efe, 2);
	mk_free(&m);
	zu_image_close(image);

	mk_ehdr(&m, 1);
	mk_load(&m, 0, offset, 0, 0x1fff);
	image = mk_open(&m);
	mk_expect(image, 0x1ff0, 8);
	mk_expect(image, 0x1ffe, 1);
	mk_expect_fault(image, 0x1fff, 1);
	zu_image_close(image);
	mk_free(&m);
}

static void test_truncated(void **state)
{
	struct mk m;

	(void)state;
	simple(&m);
	zu_image_close(mk_open(&m));
	m.len--;
	mk_refused(&m, ZU_EFORMAT,
		   "file is truncated: segment 0 ends at byte 16896, the file at 16895");
	m.len = 64 + 56;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: segment 0");
	m.len--;
	mk_refused(&m, ZU_EFORMAT,
		   "file is truncated: 1 program headers at 64 reach beyond its end at byte 119");
	m.len = 64;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: 1 program headers");
	m.len = 63;
	mk_refused(&m, ZU_EFORMAT,
		   "file is truncated: it has 63 bytes, an ELF header has 64");
	m.len = 4;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: it has 4 bytes");
	m.len = 3;
	mk_refused(&m, ZU_ENOTSUP, "unknown kind of file");
	mk_free(&m);
}

static void test_offset_wraps(void **state)
{
	struct mk_phdr p = {
		.type = MK_LOAD, .offset = UINT64_MAX - PAGE + 1,
		.filesz = PAGE - 1, .memsz = PAGE,
	};
	struct mk m;

	(void)state;
	simple(&m);
	mk_phdr(&m, 0, &p);
	mk_refused(&m, ZU_EFORMAT, "file is truncated: segment 0");
	p.filesz = PAGE;
	mk_phdr(&m, 0, &p);
	mk_refused(&m, ZU_EFORMAT, "segment 0 has an impossible size");
	mk_free(&m);
}

/* A file that shrinks afterwards: memory is missing, no more */
static void test_shrinks(void **state)
{
	struct zu_image *image;
	struct mk m;

	(void)state;
	simple(&m);
	image = mk_open(&m);
	assert_int_equal(ftruncate(m.fd, 0x200 + PAGE), 0);
	mk_expect(image, 0, PAGE);
	mk_expect_fault(image, PAGE, 8);
	mk_expect_fault(image, 0, 4 * PAGE);
	zu_image_close(image);
	mk_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_simple),
		cmocka_unit_test(test_qemu),
		cmocka_unit_test(test_vmcore),
		cmocka_unit_test(test_unsorted),
		cmocka_unit_test(test_overlapping),
		cmocka_unit_test(test_overlapping_byte),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_memsz),
		cmocka_unit_test(test_end_of_memory),
		cmocka_unit_test(test_wraps),
		cmocka_unit_test(test_cut_pages),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_offset_wraps),
		cmocka_unit_test(test_shrinks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
