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

/* Which of two segments an address belongs to does not depend on what was
 * read before; none of an overlap is lost */
static void test_overlapping(void **state)
{
	struct mk m = { 0 };
	struct zu_image *image;
	uint8_t buf[0x600];
	unsigned int i, round;

	(void)state;
	mk_ehdr(&m, 5);
	mk_load(&m, 0, 0x1000, 0x20, 0x130);	/* inside the next two */
	mk_load(&m, 1, 0x2000, 0x10, 0x1f0);
	mk_load(&m, 2, 0x3000, 0, 0x100);
	mk_load(&m, 3, 0x4000, 0x400, 0x100);	/* the same start, twice */
	mk_load(&m, 4, 0x5000, 0x400, 0x200);
	for (i = 0; i < 5; i++)
		memset(m.data + 0x1000 * (i + 1), (int)i, 0x200);
	image = mk_open(&m);
	for (round = 0; round < 2; round++) {
		assert_int_equal(zu_image_read_abs(image, 0, buf, 0x200), 0);
		for (i = 0; i < 0x200; i++)
			assert_int_equal(buf[i], i < 0x100 ? 2 : 1);
		assert_int_equal(zu_image_read_abs(image, 0x400, buf, 0x200),
				 0);
		for (i = 0; i < 0x200; i++)
			assert_int_equal(buf[i], i < 0x100 ? 3 : 4);
	}
	mk_expect_fault(image, 0x200, 1);
	mk_expect_fault(image, 0x600, 1);
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

/* A cut note is refused as cut memory is */
static void test_truncated_notes(void **state)
{
	struct mk m;
	size_t end;

	(void)state;
	simple(&m);
	mk_ehdr(&m, 2);
	end = mk_note(&m, m.len, "CORE", 5, 1, "12345678", 8);
	mk_notes(&m, 1, end - 28, 28);
	zu_image_close(mk_open(&m));
	m.len--;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: segment 1 ends at");
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

	/* a machine with one segment, or without virtual addresses */
	p.paddr = 0;
	mk_phdr(&m, 1, &p);
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

/* A dump with one note, at @at, whose segment ends @more bytes behind it */
static void with_note(struct mk *m, size_t at, const char *name,
		      size_t name_len, size_t desc_len, int more)
{
	static const char desc[] = "KEY=VALUE OR SO";
	size_t end;

	memset(m, 0, sizeof(*m));
	mk_ehdr(m, 2);
	mk_load(m, 0, 0x800, 0, PAGE);
	end = mk_note(m, at, name, name_len, 0, desc, desc_len);
	mk_notes(m, 1, at, (size_t)((int)(end - at) + more));
}

static void test_note_name(void **state)
{
	static const struct {
		const char *name;
		size_t len;
		bool found;
	} rows[] = {
		{ "VMCOREINFO", 11, true },
		{ "VMCOREINFO", 10, true },	/* without NUL */
		{ "VMCOREINFO", 9, false },
		{ "VMCOREINFO\0", 12, false },
		{ "VMCOREINFO_XEN", 15, false },
		{ "VMCOREINFP", 11, false },
		{ "", 0, false },
	};
	struct zu_image *image;
	struct mk m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		with_note(&m, 0x400, rows[i].name, rows[i].len, 12, 0);
		image = mk_open(&m);
		if (rows[i].found) {
			assert_int_equal(image->vmcoreinfo_len, 12);
			assert_memory_equal(image->vmcoreinfo, "KEY=VALUE OR",
					    12);
		} else {
			assert_null(image->vmcoreinfo);
			assert_int_equal(image->vmcoreinfo_len, 0);
		}
		zu_image_close(image);
		mk_free(&m);
	}
}

/* The first one with text in it */
static void test_note_twice(void **state)
{
	struct zu_image *image;
	struct mk m = { 0 };
	size_t end;

	(void)state;
	mk_ehdr(&m, 3);
	mk_load(&m, 0, 0x800, 0, PAGE);
	end = mk_note(&m, 0x400, "VMCOREINFO", 11, 0, "", 0);
	end = mk_note(&m, end, "VMCOREINFO", 11, 0, "A=1\n", 4);
	mk_note(&m, end, "VMCOREINFO", 11, 0, "B=2\nC=3\n", 8);
	mk_notes(&m, 1, 0x400, end - 0x400);
	mk_notes(&m, 2, end, 32);
	image = mk_open(&m);
	assert_int_equal(image->vmcoreinfo_len, 4);
	assert_memory_equal(image->vmcoreinfo, "A=1\n", 4);
	zu_image_close(image);
	mk_free(&m);
}

/* A note may end with its segment, without padding, but not behind it */
static void test_note_length(void **state)
{
	static const struct {
		size_t desc_len;
		int more;
		bool ok;
	} rows[] = {
		{ 8, 0, true }, { 8, -1, false }, { 8, 1, false },
		{ 8, 11, false }, { 8, 12, true },
		{ 9, 0, true }, { 9, -3, true }, { 9, -4, false },
		{ 11, -1, true }, { 11, -2, false },
		{ 0, 0, true }, { 0, -1, false },
	};
	struct mk m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		with_note(&m, 0x400, "CORE", 5, rows[i].desc_len,
			  rows[i].more);
		if (rows[i].ok)
			zu_image_close(mk_open(&m));
		else
			mk_refused(&m, ZU_EFORMAT, "segment 1: note ");
		mk_free(&m);
	}
}

static void test_note_lies(void **state)
{
	static const uint32_t lies[] = {
		0x7fffffff, 0xfffffff0, 0xfffffffc, 0xffffffff,
	};
	struct mk m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		with_note(&m, 0x400, "CORE", 5, 8, 0);
		mk_be32(&m, 0x400, lies[i]);
		mk_refused(&m, ZU_EFORMAT, "segment 1: note 0: it has");
		mk_be32(&m, 0x404, lies[i]);
		mk_refused(&m, ZU_EFORMAT, "segment 1: note 0: it has");
		mk_be32(&m, 0x400, 5);
		mk_refused(&m, ZU_EFORMAT, "segment 1: note 0: it has");
		mk_free(&m);
	}
}

/* Zeros end the notes: what follows is not looked at */
static void test_note_final(void **state)
{
	struct mk m;

	(void)state;
	with_note(&m, 0x400, "CORE", 5, 8, 24);
	memset(m.data + 0x400 + 28 + 12, 0xff, 12);
	zu_image_close(mk_open(&m));
	m.data[0x400 + 28 + 11] = 1;	/* the type: it is a note now */
	mk_refused(&m, ZU_EFORMAT, "segment 1: note 2: it has");
	mk_free(&m);
}

/* The bound on notes: 16 MiB */
static void test_note_bound(void **state)
{
	const uint64_t bound = 16 << 20;
	struct mk_phdr p = { .type = MK_NOTE, .offset = 0x5000 };
	struct zu_image *image = NULL;
	struct zu_error err;
	struct mk m;

	(void)state;
	simple(&m);
	mk_ehdr(&m, 2);
	p.filesz = bound;
	mk_phdr(&m, 1, &p);
	assert_int_equal(zu_image_open(mk_sparse(&m, 0x5001 + bound), &image,
				       &err), 0);
	zu_image_close(image);
	p.filesz++;
	mk_phdr(&m, 1, &p);
	mk_refused_path(mk_sparse(&m, 0x5001 + bound), ZU_ENOTSUP,
			"segment 1: it has 16777217 bytes of notes");
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
		cmocka_unit_test(test_memsz),
		cmocka_unit_test(test_end_of_memory),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_truncated_notes),
		cmocka_unit_test(test_offset_wraps),
		cmocka_unit_test(test_other_files),
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_phdrs),
		cmocka_unit_test(test_phnum_extended),
		cmocka_unit_test(test_phnum_bound),
		cmocka_unit_test(test_note_name),
		cmocka_unit_test(test_note_twice),
		cmocka_unit_test(test_note_length),
		cmocka_unit_test(test_note_lies),
		cmocka_unit_test(test_note_final),
		cmocka_unit_test(test_note_bound),
		cmocka_unit_test(test_shrinks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
