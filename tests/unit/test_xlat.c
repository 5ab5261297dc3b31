/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Address translation on tables made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/bytes.h"
#include "image/xlat.h"
#include "tests/make/toy.h"

/* Where things are in the toy's memory */
#define R1	0x10000		/* tables of 16 KiB */
#define R2	0x14000
#define R3	0x18000
#define SEG	0x1c000
#define PT	0x20800		/* in the second half of a page */
#define DATA	0x30000		/* pages with mk-like contents */
#define MEM	0x40000

/* Bits of entries: not those of image/xlat.c, so that a slip shows */
#define E_FC	0x400u
#define E_I	0x020u
#define P_I	0x400u

static uint8_t memory[MEM];
static struct toy toy;
static struct zu_xlat xlat;

/* Virtual address with these indexes */
static uint64_t va(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t seg,
		   uint64_t page, uint64_t byte)
{
	return r1 << 53 | r2 << 42 | r3 << 31 | seg << 20 | page << 12 | byte;
}

static void set(uint64_t table, unsigned int index, uint64_t entry)
{
	zu_put_be64(memory + table + index * 8, entry);
}

static uint8_t content(uint64_t abs)
{
	return (uint8_t)(abs ^ abs >> 7 ^ abs >> 12);
}

/* What the indexes of all tests are */
enum { I1 = 1500, I2 = 3, I3 = 2047, IS = 513, IP = 255 };

static const struct level {
	uint64_t asce;
	uint64_t table;
	uint64_t virt;
	unsigned int index;
	unsigned int type;
} levels[] = {
	{ SEG | 0x3, SEG, 0, IS, 0 },
	{ R3 | 0x7, R3, 0, I3, 1 },
	{ R2 | 0xb, R2, 0, I2, 2 },
	{ R1 | 0xf, R1, 0, I1, 3 },
};

/* The virtual address of the test page in a space of that depth */
static uint64_t virt_of(unsigned int depth)
{
	return va(depth > 2 ? I1 : 0, depth > 1 ? I2 : 0, depth > 0 ? I3 : 0,
		  IS, IP, 0);
}

/* All tables, with one way through: to the page at DATA */
static void fresh(unsigned int depth)
{
	size_t i;

	memset(memory, 0, sizeof(memory));
	for (i = 0; i < 2048; i++) {
		set(R1, i, 0xc | E_I);
		set(R2, i, 0x8 | E_I);
		set(R3, i, 0x4 | E_I);
		set(SEG, i, E_I);
	}
	for (i = 0; i < 256; i++)
		set(PT, i, P_I);
	set(R1, I1, R2 | 0xf);
	set(R2, I2, R3 | 0xb);
	set(R3, I3, SEG | 0x7);
	set(SEG, IS, PT);
	set(PT, IP, DATA);
	for (i = DATA; i < MEM; i++)
		memory[i] = content(i);
	toy_init(&toy, memory, 0, MEM, false);
	zu_xlat_init(&xlat, &toy.image, levels[depth].asce, ZU_NO_PREFIX);
}

/* Without what was remembered */
static int translate(uint64_t virt, uint64_t *abs)
{
	zu_xlat_init(&xlat, &toy.image, xlat.asce, xlat.prefix);
	return zu_xlat_abs(&xlat, virt, abs);
}

static void expect_abs(uint64_t virt, uint64_t expected)
{
	uint64_t abs = 0;

	assert_int_equal(translate(virt, &abs), 0);
	assert_int_equal(abs, expected);
	/* and remembered */
	toy.reads = 0;
	assert_int_equal(zu_xlat_abs(&xlat, virt, &abs), 0);
	assert_int_equal(abs, expected);
	assert_int_equal(toy.reads, 0);
}

static void expect_error(uint64_t virt, int code)
{
	uint64_t abs = 12345;

	assert_int_equal(translate(virt, &abs), code);
	assert_int_equal(abs, 12345);
	/* and not remembered */
	assert_int_equal(zu_xlat_abs(&xlat, virt, &abs), code);
}

static void test_depths(void **state)
{
	unsigned int depth;
	uint64_t abs;

	(void)state;
	for (depth = 0; depth < 4; depth++) {
		fresh(depth);
		toy.reads = 0;
		assert_int_equal(zu_xlat_abs(&xlat, virt_of(depth) + 0x123,
					     &abs), 0);
		assert_int_equal(abs, DATA + 0x123);
		assert_int_equal(toy.reads, depth + 2);
		expect_abs(virt_of(depth), DATA);
		expect_abs(virt_of(depth) + 0xfff, DATA + 0xfff);
		expect_error(virt_of(depth) + 0x1000, ZU_EFAULT);
		expect_error(virt_of(depth) - 1, ZU_EFAULT);
	}
}

/* Address bits above the first table's index must be zero */
static void test_beyond_space(void **state)
{
	static const unsigned int bits[] = { 31, 42, 53 };
	unsigned int depth;

	(void)state;
	for (depth = 0; depth < 3; depth++) {
		fresh(depth);
		expect_error(virt_of(depth) | UINT64_C(1) << bits[depth],
			     ZU_EFAULT);
		expect_error(virt_of(depth) | UINT64_C(1) << 63, ZU_EFAULT);
	}
}

/* The invalid bit of each level, and the bits beside it */
static void test_invalid(void **state)
{
	unsigned int depth;
	uint64_t pte;

	(void)state;
	for (depth = 0; depth < 4; depth++) {
		const struct level *l = &levels[depth];
		uint64_t entry;

		fresh(depth);
		entry = zu_be64(memory + l->table + l->index * 8);
		set(l->table, l->index, entry | E_I);
		expect_error(virt_of(depth), ZU_EFAULT);
		/* common segment; protection; no execution */
		set(l->table, l->index, entry | 0x010);
		expect_abs(virt_of(depth), DATA);
		set(l->table, l->index, entry | 0x200 | 0x100);
		expect_abs(virt_of(depth), DATA);
	}
	fresh(1);
	pte = zu_be64(memory + PT + IP * 8);
	set(PT, IP, pte | P_I);
	expect_error(virt_of(1), ZU_EFAULT);
	/* invalid comes before the bit that must be zero */
	set(PT, IP, pte | P_I | 0x800);
	expect_error(virt_of(1), ZU_EFAULT);
	set(PT, IP, pte | 0x800);
	expect_error(virt_of(1), ZU_EFORMAT);
	set(PT, IP, pte | 0x3ff);
	expect_abs(virt_of(1), DATA);
}

static void test_wrong_type(void **state)
{
	unsigned int depth, type;

	(void)state;
	for (depth = 0; depth < 4; depth++) {
		for (type = 0; type < 4; type++) {
			const struct level *l = &levels[depth];
			uint64_t entry;

			fresh(depth);
			entry = zu_be64(memory + l->table + l->index * 8);
			entry = (entry & ~UINT64_C(0xc)) | type << 2;
			set(l->table, l->index, entry);
			if (type == l->type)
				expect_abs(virt_of(depth), DATA);
			else
				expect_error(virt_of(depth), ZU_EFORMAT);
			/* of an invalid entry the type does not count */
			set(l->table, l->index, entry | E_I);
			expect_error(virt_of(depth), ZU_EFAULT);
		}
	}
}

/* Table length of the first table, in quarters of 512 entries */
static void test_asce_length(void **state)
{
	static const unsigned int index[] = {
		0, 511, 512, 1023, 1024, 1535, 1536, 2047,
	};
	unsigned int tl;
	size_t i;

	(void)state;
	fresh(1);
	for (i = 0; i < 8; i++)
		set(R3, index[i], SEG | 0x7);
	for (tl = 0; tl < 4; tl++) {
		xlat.asce = R3 | 0x4 | tl;
		for (i = 0; i < 8; i++) {
			uint64_t virt = va(0, 0, index[i], IS, IP, 8);

			if (index[i] < (tl + 1) * 512)
				expect_abs(virt, DATA + 8);
			else
				expect_error(virt, ZU_EFAULT);
		}
	}
}

/* Table offset and length in a region entry, for the next table */
static void test_entry_length(void **state)
{
	static const unsigned int index[] = {
		0, 511, 512, 1023, 1024, 1535, 1536, 2047,
	};
	unsigned int tf, tl, depth;
	size_t i;

	(void)state;
	for (depth = 1; depth < 4; depth++) {
		const struct level *above = &levels[depth];
		const struct level *l = &levels[depth - 1];
		uint64_t good;

		fresh(depth);
		good = zu_be64(memory + l->table + l->index * 8);
		for (i = 0; i < 8; i++)
			set(l->table, index[i], good);
		for (tf = 0; tf < 4; tf++) {
			for (tl = 0; tl < 4; tl++) {
				set(above->table, above->index,
				    l->table | tf << 6 | above->type << 2 | tl);
				for (i = 0; i < 8; i++) {
					unsigned int shift = 20 + 11 *
							     (depth - 1);
					uint64_t virt = virt_of(depth);

					virt &= ~(UINT64_C(0x7ff) << shift);
					virt |= (uint64_t)index[i] << shift;
					if (index[i] >= tf * 512 &&
					    index[i] < (tl + 1) * 512)
						expect_abs(virt, DATA);
					else
						expect_error(virt, ZU_EFAULT);
				}
			}
		}
	}
}

/* 1 MiB: bits of the frame below 1 MiB don't count */
static void test_segment_frame(void **state)
{
	(void)state;
	fresh(1);
	set(SEG, IS, 0x7ff00000 | E_FC | 0xff000);
	expect_abs(va(0, 0, I3, IS, 0, 0), 0x7ff00000);
	expect_abs(va(0, 0, I3, IS, 255, 0xfff), 0x7fffffff);
	expect_abs(va(0, 0, I3, IS, 17, 0x18), 0x7ff11018);
	expect_error(va(0, 0, I3, IS + 1, 0, 0), ZU_EFAULT);
	expect_error(va(0, 0, I3, IS - 1, 255, 0xfff), ZU_EFAULT);
	set(SEG, IS, 0x7ff00000 | E_FC | E_I);
	expect_error(va(0, 0, I3, IS, 0, 0), ZU_EFAULT);
	set(SEG, IS, 0x7ff00000 | E_FC | 0x4);
	expect_error(va(0, 0, I3, IS, 0, 0), ZU_EFORMAT);
}

/* 2 GiB: neither do length and offset, which are no more there */
static void test_region_frame(void **state)
{
	(void)state;
	fresh(1);
	set(R3, I3, UINT64_C(0x1280000000) | E_FC | 0x4 | 0xc0 | 0x7ffff000);
	expect_abs(va(0, 0, I3, 0, 0, 0), UINT64_C(0x1280000000));
	expect_abs(va(0, 0, I3, 2047, 255, 0xfff), UINT64_C(0x12ffffffff));
	expect_abs(va(0, 0, I3, IS, 3, 4), UINT64_C(0x12a0103004));
	expect_error(va(0, 0, I3 - 1, 2047, 255, 0xfff), ZU_EFAULT);
	set(R3, I3, UINT64_C(0x1280000000) | E_FC | 0x4 | E_I);
	expect_error(va(0, 0, I3, 0, 0, 0), ZU_EFAULT);
	set(R3, I3, UINT64_C(0x1280000000) | E_FC);
	expect_error(va(0, 0, I3, 0, 0, 0), ZU_EFORMAT);
	/* above the third level there is no format control */
	fresh(2);
	set(R2, I2, R3 | 0xb | E_FC);
	expect_abs(virt_of(2), DATA);
}

static void test_real_space(void **state)
{
	(void)state;
	fresh(1);
	xlat.asce = 0x20;
	expect_abs(0, 0);
	expect_abs(UINT64_C(0x123456789abcdef0), UINT64_C(0x123456789abcdef0));
	xlat.prefix = 0x4000;
	expect_abs(0x10, 0x4010);
	expect_abs(0x5fff, 0x1fff);
	/* the bit beside it is no real-space designation */
	xlat.asce = 0x40 | levels[1].asce;
	expect_abs(virt_of(1), DATA + 0);
}

/* Trap 16: real addresses 0..0x1fff and those of the prefix area change
 * places, in both directions */
static void test_prefix(void **state)
{
	static const uint64_t prefix = 0x7f2000;
	static const struct {
		uint64_t real;
		uint64_t abs;
	} rows[] = {
		{ 0, 0x7f2000 }, { 0x1000, 0x7f3000 }, { 0x2000, 0x2000 },
		{ 0x7f1000, 0x7f1000 }, { 0x7f2000, 0 }, { 0x7f3000, 0x1000 },
		{ 0x7f4000, 0x7f4000 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fresh(1);
		set(PT, IP, rows[i].real);
		expect_abs(virt_of(1) + 0x340, rows[i].real + 0x340);
		xlat.prefix = prefix;
		expect_abs(virt_of(1) + 0x340, rows[i].abs + 0x340);
		expect_abs(virt_of(1) + 0xfff, rows[i].abs + 0xfff);
		xlat.prefix = 0;
		expect_abs(virt_of(1) + 0x340, rows[i].real + 0x340);
	}
	/* inside large pages as well: byte by byte, not page by page */
	fresh(1);
	set(SEG, IS, 0x700000 | E_FC);
	xlat.prefix = prefix;
	expect_abs(va(0, 0, I3, IS, 0xf2, 8), 8);
	expect_abs(va(0, 0, I3, IS, 0xf3, 8), 0x1008);
	expect_abs(va(0, 0, I3, IS, 0xf4, 8), 0x7f4008);
	/* tables are at absolute addresses: where they are taken from does
	 * not change with the prefix */
	fresh(1);
	xlat.prefix = SEG;
	expect_abs(virt_of(1), DATA);
}

/* A table that is not in the image, wholly or in part */
static void test_table_missing(void **state)
{
	unsigned int depth;

	(void)state;
	for (depth = 0; depth < 4; depth++) {
		fresh(depth);
		xlat.asce = (levels[depth].asce & 0xfff) | MEM;
		expect_error(virt_of(depth), ZU_EFAULT);
		/* nor does a table wrap around to address 0 */
		xlat.asce = (levels[depth].asce & 0xfff) | ~UINT64_C(0xfff);
		expect_error(va(depth > 2 ? 600 : 0, depth > 1 ? 600 : 0,
				depth > 0 ? 600 : 0, 600, 0, 0), ZU_EFAULT);
	}
	fresh(1);
	set(SEG, IS, MEM);
	expect_error(virt_of(1), ZU_EFAULT);
	set(SEG, IS, MEM - 0x800);
	memset(memory + MEM - 0x800, 0, 0x800);
	expect_abs(virt_of(1), 0);
	/* the page itself may be missing: that is for the reader to find */
	set(SEG, IS, PT);
	set(PT, IP, MEM);
	expect_abs(virt_of(1), MEM);
	assert_int_equal(zu_xlat_read(&xlat, virt_of(1), memory, 1),
			 ZU_EFAULT);
}

/* A table that is its own next one: at most five entries are read */
static void test_bounded(void **state)
{
	uint64_t abs;

	(void)state;
	fresh(3);
	set(R1, I1, R1 | 0xf);
	set(R1, I2, R1 | 0xb);
	set(R1, I3, R1 | 0x7);
	set(R1, IS, R1);
	toy.reads = 0;
	assert_int_equal(zu_xlat_abs(&xlat, virt_of(3), &abs), 0);
	assert_int_equal(toy.reads, 5);
}

static void expect_read(uint64_t virt, uint64_t abs, size_t len)
{
	static uint8_t buf[0x5000 + 1];
	size_t i;

	buf[len] = 0x5a;
	assert_int_equal(zu_xlat_read(&xlat, virt, buf, len), 0);
	for (i = 0; i < len; i++)
		assert_int_equal(buf[i], content(abs + i));
	assert_int_equal(buf[len], 0x5a);
}

/* Pages behind each other, in any order in storage */
static void test_read(void **state)
{
	uint8_t buf[0x3000];
	bool mapped;
	size_t i;

	(void)state;
	for (mapped = false;; mapped = true) {
		fresh(1);
		toy_init(&toy, memory, 0, MEM, mapped);
		set(PT, 10, DATA + 0x5000);
		set(PT, 11, DATA + 0x6000);
		set(PT, 12, DATA + 0x2000);
		set(PT, 13, DATA + 0x3000);
		set(PT, 14, DATA + 0x4000);
		for (i = 1; i < 0x1000; i += 0x7f) {
			expect_read(va(0, 0, I3, IS, 10, i), DATA + 0x5000 + i,
				    8);
			expect_read(va(0, 0, I3, IS, 10, i), DATA + 0x5000 + i,
				    0x1000);
		}
		expect_read(va(0, 0, I3, IS, 10, 5), DATA + 0x5005, 3);
		expect_read(va(0, 0, I3, IS, 10, 5), DATA + 0x5005, 17);
		expect_read(va(0, 0, I3, IS, 10, 0), DATA + 0x5000, 0x1000);
		/* a page in memory needs no reader */
		toy.reads = 0;
		expect_read(va(0, 0, I3, IS, 10, 0x10), DATA + 0x5010, 8);
		assert_int_equal(toy.reads, !mapped);
		expect_read(va(0, 0, I3, IS, 12, 0), DATA + 0x2000, 0x3000);
		expect_read(va(0, 0, I3, IS, 12, 0xfff), DATA + 0x2fff, 2);

		/* over the seam, where storage goes elsewhere */
		assert_int_equal(zu_xlat_read(&xlat,
					      va(0, 0, I3, IS, 11, 0xff0),
					      buf, 0x20), 0);
		for (i = 0; i < 0x20; i++)
			assert_int_equal(buf[i], content(i < 0x10 ?
						DATA + 0x6ff0 + i :
						DATA + 0x2000 + i - 0x10));
		assert_int_equal(zu_xlat_read(&xlat, va(0, 0, I3, IS, 10, 8),
					      buf, 0x3000), 0);
		for (i = 0; i < 0x3000; i++)
			assert_int_equal(buf[i], content(i < 0x1ff8 ?
						DATA + 0x5008 + i :
						DATA + 0x2000 + i - 0x1ff8));

		/* before and behind all of them */
		assert_int_equal(zu_xlat_read(&xlat,
					      va(0, 0, I3, IS, 14, 0xff9),
					      buf, 7), 0);
		assert_int_equal(zu_xlat_read(&xlat,
					      va(0, 0, I3, IS, 14, 0xff9),
					      buf, 8), ZU_EFAULT);
		assert_int_equal(zu_xlat_read(&xlat,
					      va(0, 0, I3, IS, 9, 0xfff),
					      buf, 2), ZU_EFAULT);
		if (mapped)
			break;
	}
}

/* A range that wraps around is not mapped, even where its ends are */
static void test_wrap(void **state)
{
	uint64_t top = UINT64_MAX & ~UINT64_C(0xfff);
	uint8_t buf[16];

	(void)state;
	fresh(3);
	set(R1, 2047, R2 | 0xf);
	set(R1, 0, R2 | 0xf);
	set(R2, 2047, R3 | 0xb);
	set(R2, 0, R3 | 0xb);
	set(R3, 2047, SEG | 0x7);
	set(R3, 0, SEG | 0x7);
	set(SEG, 2047, PT);
	set(SEG, 0, PT);
	set(PT, 0, DATA);
	expect_read(top, DATA, 0x1000);
	expect_read(0, DATA, 8);
	expect_read(UINT64_MAX, DATA + 0xfff, 1);
	assert_int_equal(zu_xlat_read(&xlat, UINT64_MAX, buf, 2), ZU_EFAULT);
	assert_int_equal(zu_xlat_read(&xlat, UINT64_MAX - 7, buf, 8), 0);
	assert_int_equal(zu_xlat_read(&xlat, UINT64_MAX - 7, buf, 9),
			 ZU_EFAULT);
	assert_int_equal(zu_xlat_read(&xlat, 1, buf, SIZE_MAX), ZU_EFAULT);
	toy_init(&toy, memory, 0, MEM, true);
	zu_xlat_init(&xlat, &toy.image, xlat.asce, xlat.prefix);
	assert_int_equal(zu_xlat_read(&xlat, 1, buf, SIZE_MAX), ZU_EFAULT);
	assert_int_equal(zu_xlat_read(&xlat, UINT64_MAX, buf, 0), 0);
	/* nothing is read for nothing */
	assert_int_equal(zu_xlat_read(&xlat, va(5, 0, 0, 0, 0, 0), buf, 0),
			 0);
}

/* Two pages in one slot: neither is taken for the other */
static void test_tlb(void **state)
{
	uint64_t abs;
	size_t i, round;

	(void)state;
	fresh(1);
	for (i = 0; i < 2048; i++)
		set(SEG, i, (uint64_t)i << 20 | E_FC);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 8 * ZU_XLAT_TLB_SIZE; i++) {
			assert_int_equal(zu_xlat_abs(&xlat, va(0, 0, I3, 0, i,
							       5), &abs), 0);
			assert_int_equal(abs, i << 12 | 5);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_depths),
		cmocka_unit_test(test_beyond_space),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_wrong_type),
		cmocka_unit_test(test_asce_length),
		cmocka_unit_test(test_entry_length),
		cmocka_unit_test(test_segment_frame),
		cmocka_unit_test(test_region_frame),
		cmocka_unit_test(test_real_space),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_table_missing),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_tlb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
