/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/kcore, as arch/s390 has it: by virtual addresses, what is mapped in pieces
 * without an absolute address. And pages that are read, until they are forgotten.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include <cmocka.h>

#define KCORE "/proc/self/fd/199"
#define zu_image_live made_live
#include "image/live.c"

#include "tests/make/elf.h"

#define PAGE 0x1000
#define IDENTITY UINT64_C(0x1000000000)
#define VMALLOC UINT64_C(0x38000000000)
#define IMAGE UINT64_C(0x3fff0000000)

struct test {
	struct mk m;
	struct zu_image image;
	int fd;
};

static void add(struct test *t, unsigned int i, uint64_t virt, uint64_t abs,
		size_t offset, size_t len)
{
	struct mk_phdr p = {
		.type = MK_LOAD, .offset = offset, .vaddr = virt,
		.paddr = abs, .filesz = len, .memsz = len,
	};

	mk_phdr(&t->m, i, &p);
	mk_at(&t->m, offset, len);
}

static void store(struct test *t)
{
	t->fd = memfd_create("kcore", MFD_CLOEXEC);
	assert_true(t->fd >= 0);
	assert_int_equal(write(t->fd, t->m.data, t->m.len),
			 (ssize_t)t->m.len);
	assert_int_equal(dup2(t->fd, 199), 199);
}

static void open_it(struct test *t)
{
	struct zu_error err = { 0 };

	store(t);
	t->image = (struct zu_image){ .kind = &made_live };
	if (made_live.open(&t->image, "live", -1, &err))
		fail_msg("%s", err.text);
}

static void close_it(struct test *t)
{
	if (t->image.priv)
		made_live.close(&t->image);
	close(199);
	close(t->fd);
	mk_free(&t->m);
}

static int read_it(struct test *t, uint64_t addr, size_t len, uint8_t *buf)
{
	return made_live.read_virt(&t->image, addr, buf, len);
}

/* Linear memory of 2 pages, 4 pages of vmalloc, 1 page of the image */
static void make(struct test *t)
{
	memset(t, 0, sizeof(*t));
	mk_ehdr(&t->m, 3);
	add(t, 0, VMALLOC, NO_PADDR, 8 * PAGE, 4 * PAGE);
	add(t, 1, IDENTITY, 0, PAGE, 2 * PAGE);
	add(t, 2, IMAGE, NO_PADDR, 4 * PAGE, PAGE);
	memset(t->m.data + PAGE, 1, PAGE);
	memset(t->m.data + 4 * PAGE, 4, PAGE);
	memset(t->m.data + 8 * PAGE, 8, PAGE);
	t->m.data[10 * PAGE + 0xfff] = 10;
	memset(t->m.data + 11 * PAGE, 11, PAGE);
}

static void is_read_by_virtual_addresses(void **state)
{
	uint8_t buf[3 * PAGE];
	struct test t;

	(void)state;
	make(&t);
	open_it(&t);
	assert_int_equal(read_it(&t, IDENTITY + 8, 8, buf), 0);
	assert_int_equal(buf[0], 1);
	assert_int_equal(read_it(&t, VMALLOC, 8, buf), 0);
	assert_int_equal(buf[7], 8);
	assert_int_equal(read_it(&t, IMAGE + PAGE - 1, 1, buf), 0);
	assert_int_equal(buf[0], 4);
	assert_int_equal(read_it(&t, IMAGE + PAGE - 1, 2, buf), ZU_EFAULT);
	assert_int_equal(read_it(&t, IMAGE - 1, 2, buf), ZU_EFAULT);
	assert_int_equal(read_it(&t, 0, 8, buf), ZU_EFAULT);
	assert_int_equal(read_it(&t, UINT64_MAX, 1, buf), ZU_EFAULT);
	assert_null(made_live.read_abs);
	close_it(&t);
}

/* Zeros are a hole where nothing may be mapped, if the page has nothing else. */
static void has_holes_where_it_is_mapped(void **state)
{
	uint8_t buf[4 * PAGE];
	struct test t;

	(void)state;
	make(&t);
	open_it(&t);
	assert_int_equal(read_it(&t, IDENTITY + PAGE, PAGE, buf), 0);
	assert_int_equal(read_it(&t, VMALLOC + PAGE, 8, buf), ZU_EFAULT);
	assert_int_equal(read_it(&t, VMALLOC + PAGE - 8, 8, buf), 0);
	assert_int_equal(read_it(&t, VMALLOC + PAGE - 8, 9, buf), ZU_EFAULT);
	assert_int_equal(read_it(&t, VMALLOC, 4 * PAGE, buf), ZU_EFAULT);
	/* its last byte is not zero */
	assert_int_equal(read_it(&t, VMALLOC + 2 * PAGE, 8, buf), 0);
	assert_int_equal(buf[0], 0);
	assert_int_equal(read_it(&t, VMALLOC + 2 * PAGE, 2 * PAGE, buf), 0);
	assert_int_equal(buf[PAGE], 11);
	assert_int_equal(read_it(&t, VMALLOC + PAGE, 0, buf), 0);
	close_it(&t);
}

static void is_kept_until_it_is_forgotten(void **state)
{
	struct test t;
	uint8_t byte;

	(void)state;
	make(&t);
	open_it(&t);
	assert_int_equal(read_it(&t, IDENTITY, 1, &byte), 0);
	assert_int_equal(pwrite(t.fd, "\x55", 1, PAGE), 1);
	assert_int_equal(read_it(&t, IDENTITY, 1, &byte), 0);
	assert_int_equal(byte, 1);
	made_live.forget(&t.image);
	assert_int_equal(read_it(&t, IDENTITY, 1, &byte), 0);
	assert_int_equal(byte, 0x55);
	assert_int_equal(pwrite(t.fd, "\x66", 1, PAGE), 1);
	assert_int_equal(made_live.hold(&t.image, NULL), 0);
	assert_int_equal(read_it(&t, IDENTITY, 1, &byte), 0);
	assert_int_equal(byte, 0x66);
	close_it(&t);
}

static void change(struct test *t, size_t offset, const char *byte)
{
	assert_int_equal(pwrite(t->fd, byte, 1, (off_t)offset), 1);
}

static uint8_t byte_at(struct test *t, uint64_t addr)
{
	uint8_t byte;

	assert_int_equal(read_it(t, addr, 1, &byte), 0);
	return byte;
}

/* What is fetched is of one moment, what is around it of another. */
static void members_are_fetched(void **state)
{
	uint8_t buf[16];
	struct test t;

	(void)state;
	make(&t);
	open_it(&t);
	made_live.fetch(&t.image, IDENTITY + 0x10, 8);
	change(&t, PAGE + 0x0f, "\x22");
	change(&t, PAGE + 0x10, "\x33");
	change(&t, PAGE + 0x17, "\x44");
	change(&t, PAGE + 0x18, "\x55");
	assert_int_equal(byte_at(&t, IDENTITY + 0x0f), 0x22);
	assert_int_equal(byte_at(&t, IDENTITY + 0x10), 1);
	assert_int_equal(byte_at(&t, IDENTITY + 0x17), 1);
	assert_int_equal(byte_at(&t, IDENTITY + 0x18), 0x55);
	assert_int_equal(read_it(&t, IDENTITY + 0x10, 9, buf), 0);
	assert_int_equal(buf[0], 0x33);
	/* what is there already is not fetched again */
	made_live.fetch(&t.image, IDENTITY + 0x11, 7);
	assert_int_equal(byte_at(&t, IDENTITY + 0x17), 1);
	made_live.forget(&t.image);
	assert_int_equal(byte_at(&t, IDENTITY + 0x17), 0x44);
	close_it(&t);
}

/* Then it is read as if nobody had asked. */
static void not_all_can_be_fetched(void **state)
{
	struct test t;

	(void)state;
	make(&t);
	open_it(&t);
	/* a hole, or what may be one; an end; nothing; too much */
	made_live.fetch(&t.image, VMALLOC + PAGE, 8);
	assert_int_equal(read_it(&t, VMALLOC + PAGE, 8, (uint8_t[8]){ 0 }),
			 ZU_EFAULT);
	made_live.fetch(&t.image, VMALLOC - 4, 8);
	made_live.fetch(&t.image, IDENTITY + 2 * PAGE - 4, 8);
	made_live.fetch(&t.image, 0x1000, 8);
	made_live.fetch(&t.image, IDENTITY, PAGE + 1);
	change(&t, PAGE, "\x22");
	change(&t, 3 * PAGE - 4, "\x33");
	assert_int_equal(byte_at(&t, IDENTITY), 0x22);
	assert_int_equal(byte_at(&t, IDENTITY + 2 * PAGE - 4), 0x33);
	assert_int_equal(read_it(&t, IDENTITY + 2 * PAGE - 4, 8,
				 (uint8_t[8]){ 0 }), ZU_EFAULT);
	close_it(&t);
}

/* Pieces without bytes are none; where two have the same, the first one counts. */
static void pieces_may_be_empty_or_overlap(void **state)
{
	uint8_t buf[8];
	struct test t;

	(void)state;
	memset(&t, 0, sizeof(t));
	mk_ehdr(&t.m, 4);
	add(&t, 0, IMAGE, NO_PADDR, PAGE, 0);
	add(&t, 1, VMALLOC + PAGE, NO_PADDR, 4 * PAGE, 2 * PAGE);
	add(&t, 2, VMALLOC, NO_PADDR, PAGE, 2 * PAGE);
	add(&t, 3, UINT64_MAX, NO_PADDR, PAGE, 1);
	memset(t.m.data + PAGE, 1, 2 * PAGE);
	memset(t.m.data + 4 * PAGE, 4, 2 * PAGE);
	open_it(&t);
	assert_int_equal(read_it(&t, IMAGE, 1, buf), ZU_EFAULT);
	assert_int_equal(read_it(&t, VMALLOC + 2 * PAGE - 1, 2, buf), 0);
	assert_int_equal(buf[0], 1);
	assert_int_equal(buf[1], 4);
	assert_int_equal(read_it(&t, VMALLOC + 3 * PAGE, 1, buf), ZU_EFAULT);
	assert_int_equal(read_it(&t, UINT64_MAX, 1, buf), 0);
	close_it(&t);
}

static void refuse(struct test *t, int code, const char *text)
{
	struct zu_error err = { 0 };

	store(t);
	assert_int_equal(made_live.open(&t->image, "live", -1, &err), code);
	assert_non_null(strstr(err.text, text));
	close_it(t);
}

static void refuses_what_is_no_kcore(void **state)
{
	struct zu_error err = { 0 };
	struct test t;

	(void)state;
	make(&t);
	mk_be16(&t.m, 18, 62);
	refuse(&t, ZU_ENOTSUP, "x86-64");
	make(&t);
	t.m.data[0] = 0;
	refuse(&t, ZU_EFORMAT, "not an ELF file");
	make(&t);
	add(&t, 2, UINT64_MAX - 7, NO_PADDR, 4 * PAGE, PAGE);
	refuse(&t, ZU_EFORMAT, "beyond the end of memory");
	memset(&t, 0, sizeof(t));
	assert_int_equal(made_live.open(&t.image, "live", -1, &err),
			 ZU_ENOTSUP);
	assert_non_null(strstr(err.text, "there is no " KCORE));
}

static uint8_t *keep(struct zu_cache *c, uint64_t page)
{
	uint8_t *to = zu_cache_claim(c, page * ZU_CACHE_PAGE);

	to[0] = (uint8_t)page;
	zu_cache_keep(c, page * ZU_CACHE_PAGE);
	return to;
}

/* Few or many, nothing is left, and there is room for as many again. */
static void a_cache_forgets_all(void **state)
{
	static const unsigned int some[] = {
		0, 1, ZU_CACHE_FEW - 1, ZU_CACHE_FEW, ZU_CACHE_FEW + 1, 3000,
	};
	struct zu_cache *c = zu_cache_create();
	size_t i, j, round;

	(void)state;
	assert_non_null(c);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
			for (j = 0; j < some[i]; j++)
				keep(c, j);
			if (some[i])
				assert_non_null(zu_cache_find(c, (j - 1) *
							      ZU_CACHE_PAGE));
			zu_cache_forget(c);
			for (j = 0; j < 3000; j++)
				assert_null(zu_cache_find(c, j *
							  ZU_CACHE_PAGE));
		}
	}
	keep(c, 7);
	assert_int_equal(zu_cache_find(c, 7 * ZU_CACHE_PAGE)[0], 7);
	zu_cache_destroy(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_read_by_virtual_addresses),
		cmocka_unit_test(has_holes_where_it_is_mapped),
		cmocka_unit_test(is_kept_until_it_is_forgotten),
		cmocka_unit_test(members_are_fetched),
		cmocka_unit_test(not_all_can_be_fetched),
		cmocka_unit_test(pieces_may_be_empty_or_overlap),
		cmocka_unit_test(refuses_what_is_no_kcore),
		cmocka_unit_test(a_cache_forgets_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
