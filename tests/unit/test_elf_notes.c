/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes of ELF dumps: VMCOREINFO, and lengths that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/make/check.h"
#include "tests/make/elf.h"

#define PAGE 0x1000

/* A dump with notes as its second segment, wherever they are */
static void simple(struct mk *m)
{
	memset(m, 0, sizeof(*m));
	mk_ehdr(m, 2);
	mk_load(m, 0, 0x200, 0, PAGE);
}

/* A cut note is refused as cut memory is */
static void test_truncated_notes(void **state)
{
	struct mk m;
	size_t end;

	(void)state;
	simple(&m);
	end = mk_note(&m, m.len, "CORE", 5, 1, "12345678", 8);
	mk_notes(&m, 1, end - 28, 28);
	zu_image_close(mk_open(&m));
	m.len--;
	mk_refused(&m, ZU_EFORMAT, "file is truncated: segment 1 ends at");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated_notes),
		cmocka_unit_test(test_note_name),
		cmocka_unit_test(test_note_twice),
		cmocka_unit_test(test_note_length),
		cmocka_unit_test(test_note_lies),
		cmocka_unit_test(test_note_final),
		cmocka_unit_test(test_note_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
