/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Headers of ELF files: what is a dump of s390x, and where its segments are. */
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

/* A dump of another machine, or no dump */
static void test_other_files(void **state)
{
	struct mk m;

	(void)state;
	simple(&m);
	mk_be16(&m, 18, 23);
	mk_refused(&m, ZU_ENOTSUP, "this is an ELF file of machine 23;");
	mk_be16(&m, 18, 22);
	m.data[4] = 1;
	mk_refused(&m, ZU_ENOTSUP, "machine s390, 31 bit;");
	m.data[4] = 3;
	mk_refused(&m, ZU_ENOTSUP, "machine s390, 31 bit;");
	m.data[4] = 2;
	m.data[5] = 1;
	mk_put(&m, 16, "\4\0\x16\0", 4);
	mk_refused(&m, ZU_EFORMAT, "not big-endian");
	mk_put(&m, 16, "\4\0\x3e\0", 4);
	mk_refused(&m, ZU_ENOTSUP,
		   "this is an ELF file of machine x86-64; zunwind reads dumps of s390x");
	mk_ehdr(&m, 1);
	mk_be16(&m, 16, 1);
	mk_refused(&m, ZU_ENOTSUP, "kernel module");
	mk_be16(&m, 16, 2);
	mk_refused(&m, ZU_ENOTSUP, "executable, as a vmlinux is");
	mk_be16(&m, 16, 3);
	mk_refused(&m, ZU_ENOTSUP, "relocatable vmlinux");
	mk_be16(&m, 16, 5);
	mk_refused(&m, ZU_ENOTSUP, "type 5");
	mk_be16(&m, 16, 4);
	zu_image_close(mk_open(&m));
	mk_free(&m);
}

/* The core file of a process has virtual addresses only */
static void test_process(void **state)
{
	struct mk_phdr p = {
		.type = MK_LOAD, .offset = 0x200, .vaddr = 0x1000000,
		.filesz = PAGE, .memsz = PAGE,
	};
	struct mk m;

	(void)state;
	simple(&m);
	mk_ehdr(&m, 2);
	mk_phdr(&m, 0, &p);
	p.vaddr += PAGE;
	p.offset += PAGE;
	mk_phdr(&m, 1, &p);
	mk_refused(&m, ZU_ENOTSUP, "the core file of a process");
	p.paddr = PAGE;
	mk_phdr(&m, 1, &p);
	zu_image_close(mk_open(&m));
	mk_phdr(&m, 0, &p);
	p.paddr = 0;
	mk_phdr(&m, 1, &p);
	zu_image_close(mk_open(&m));

	/* a machine with one segment, or without virtual addresses */
	mk_phdr(&m, 0, &p);
	mk_ehdr(&m, 1);
	zu_image_close(mk_open(&m));
	mk_ehdr(&m, 2);
	p.vaddr = 0;
	mk_phdr(&m, 0, &p);
	mk_phdr(&m, 1, &p);
	zu_image_close(mk_open(&m));
	mk_free(&m);
}

static void test_phdrs(void **state)
{
	struct mk m;

	(void)state;
	simple(&m);
	mk_be16(&m, 54, 55);
	mk_refused(&m, ZU_EFORMAT, "program headers have 55 bytes each");
	mk_be16(&m, 54, 57);
	mk_refused(&m, ZU_EFORMAT, "program headers have 57 bytes each");
	mk_be16(&m, 54, 56);
	mk_be16(&m, 56, 0);
	mk_refused(&m, ZU_EFORMAT, "it has no segments");
	mk_be16(&m, 56, 1);
	mk_be64(&m, 32, m.len - 56);
	mk_refused(&m, ZU_EFORMAT, "it has no memory in it");
	mk_be64(&m, 32, m.len - 55);
	mk_refused(&m, ZU_EFORMAT, "reach beyond its end");
	mk_be64(&m, 32, UINT64_MAX);
	mk_refused(&m, ZU_EFORMAT, "reach beyond its end");
	mk_free(&m);

	/* segments of other types may say what they like */
	simple(&m);
	mk_ehdr(&m, 2);
	mk_phdr(&m, 1, &(struct mk_phdr) { .type = 0x6fffffff,
					   .offset = UINT64_MAX,
					   .filesz = UINT64_MAX });
	mk_memory(&m, 0x200, 0, 4 * PAGE);
	zu_image_close(mk_open(&m));
	mk_free(&m);
}

#define MANY 0x10000

/* Segments of a page each, every other page; their number at @shoff */
static void many(struct mk *m, uint32_t count)
{
	const size_t shoff = MK_PHDRS + (size_t)count * MK_PHDR_SIZE;
	struct mk_phdr p = {
		.type = MK_LOAD, .filesz = 16, .memsz = PAGE,
	};
	unsigned int i;

	memset(m, 0, sizeof(*m));
	mk_ehdr(m, 0xffff);
	mk_at(m, shoff, 64 + 16);
	mk_be64(m, 40, shoff);
	mk_be32(m, shoff + 44, count);
	p.offset = shoff + 64;
	mk_memory(m, p.offset, 0, 16);
	for (i = 0; i < count; i++) {
		p.paddr = (uint64_t)i * 2 * PAGE;
		mk_phdr(m, i, &p);
	}
}

/* e_phnum 0xffff: section header 0 has the number */
static void test_phnum_extended(void **state)
{
	struct zu_image *image;
	uint8_t byte;
	struct mk m;

	(void)state;
	many(&m, MANY);
	image = mk_open(&m);
	assert_int_equal(zu_image_read_abs(image, 2 * PAGE * (MANY - 1), &byte,
					   1), 0);
	mk_expect_fault(image, 2 * PAGE * (MANY - 1) + 16, 1);
	mk_expect_fault(image, (uint64_t)2 * PAGE * MANY, 1);
	zu_image_close(image);

	mk_be32(&m, zu_be64(m.data + 40) + 44, 0xffff);
	image = mk_open(&m);
	assert_int_equal(zu_image_read_abs(image, 2 * PAGE * 0xfffe, &byte, 1),
			 0);
	mk_expect_fault(image, 2 * PAGE * (MANY - 1), 1);
	zu_image_close(image);

	mk_be32(&m, zu_be64(m.data + 40) + 44, 0xfffe);
	mk_refused(&m, ZU_EFORMAT,
		   "section header 0 says there are 65534 segments, the ELF header says more than 65534");
	mk_be64(&m, 40, m.len - 63);
	mk_refused(&m, ZU_EFORMAT, "is not in the file");
	mk_be64(&m, 40, UINT64_MAX);
	mk_refused(&m, ZU_EFORMAT, "is not in the file");
	mk_be64(&m, 40, m.len - 64);
	mk_be32(&m, m.len - 64 + 44, UINT32_MAX);
	mk_refused(&m, ZU_ENOTSUP, "it has 4294967295 segments");
	mk_free(&m);
}

/* The bound on segments: 2^20 */
static void test_phnum_bound(void **state)
{
	const uint32_t bound = 1 << 20;
	const uint64_t size = 0x1000 + (uint64_t)(bound + 1) * MK_PHDR_SIZE;
	struct mk m = { 0 };

	(void)state;
	mk_ehdr(&m, 0xffff);
	mk_be64(&m, 32, 0x1000);
	mk_be64(&m, 40, 0x100);
	mk_be32(&m, 0x100 + 44, bound);
	mk_refused_path(mk_sparse(&m, size), ZU_EFORMAT,
			"it has no memory in it");
	mk_be32(&m, 0x100 + 44, bound + 1);
	mk_refused_path(mk_sparse(&m, size), ZU_ENOTSUP,
			"it has 1048577 segments; zunwind reads at most 1048576");
	mk_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_files),
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_phdrs),
		cmocka_unit_test(test_phnum_extended),
		cmocka_unit_test(test_phnum_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
