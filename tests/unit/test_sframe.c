/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SFrame sections: what was put in is what is read from them, or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "check/sframe_make.h"
#include "tests/make/rows.h"
#include "tests/make/sframe.h"

#define BASE UINT64_C(0x3ffe0000000)

static const uint8_t id[] = { 0xde, 0xad, 0xbe, 0xef };

static struct zu_sframe_maker maker;
static struct zu_error error;
static struct sframe section;
static void *bytes;
static size_t len;

static int setup(void **state)
{
	(void)state;
	maker = (struct zu_sframe_maker)ZU_SFRAME_MAKER_INIT;
	bytes = NULL;
	memset(&error, 0, sizeof(error));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	zu_sframe_maker_deinit(&maker);
	free(bytes);
	return 0;
}

static void add(uint64_t addr, uint32_t length,
		const struct zu_flow_row *rows, size_t nr)
{
	assert_int_equal(zu_sframe_maker_rows(&maker, addr, length, rows, nr,
					      &error), 0);
}

static void add_one(uint64_t addr, uint32_t length, struct zu_row row)
{
	struct zu_flow_row r = { 0, row };

	add(addr, length, &r, 1);
}

static void finish(void)
{
	assert_int_equal(zu_sframe_maker_finish(&maker, id, sizeof(id), &bytes,
						&len, &error), 0);
	section = sframe_find(bytes, len);
	assert_int_equal(section.nr_fdes, maker.nr_fdes);
	assert_int_equal(section.nr_fres, maker.nr_rows);
}

static void expect(uint64_t addr, struct zu_row want)
{
	struct zu_row row = sframe_at(&section, addr);

	assert_memory_equal(&row, &want, sizeof(row));
}

static struct zu_row in_registers(uint8_t cfa, uint8_t ra, uint8_t fp)
{
	struct zu_row row = rows_frame(160, 0, 0);

	row.cfa_reg = cfa;
	row.ra_place = ra != 14 ? ZU_PLACE_REG : ZU_PLACE_SAME;
	row.ra_reg = ra != 14 ? ra : 0;
	row.fp_place = fp != 11 ? ZU_PLACE_REG : ZU_PLACE_SAME;
	row.fp_reg = fp != 11 ? fp : 0;
	return row;
}

static struct zu_row of_kind(uint8_t kind)
{
	struct zu_row row = rows_undefined();

	row.kind = kind;
	return row;
}

/* The bytes of rows are those that binutils' assembler makes of such CFI. */
static void test_bytes(void **state)
{
	static const uint8_t data[] = {
		0, 5, 0, 0, 0,		/* default type */
		0, 0x03, 0,		/* r15 + 160 */
		4, 0x07, 0, 0, 0xb8,	/* r11 at CFA - 72, r14 as it was */
		6, 0x07, 0x14, 0xd0, 0xb8, /* r15 + 320, r14 at CFA - 48 */
		8, 0x06, 0x14, 0xd0, 0xb8, /* r11 + 320 */
		10, 0x00,		/* no caller */
		0, 4, 0, 1, 0,		/* flexible type */
		0, 0x04, 0x79, 0,
		4, 0x0c, 0x79, 0, 0x09, 0, 0x01, 0, /* r14 in r1, r11 in r0 */
		6, 0x28, 0, 0x61, 0x26, 0xfc, 0, 2, 0xff, 0xd0,
		10, 0x2a, 0, 0x61, 0x26, 0xfc, 0, 0, 0, 2, 0xff, 0xb8,
	};
	struct zu_flow_row first[] = {
		{ 0, rows_frame(160, 0, 0) }, { 4, rows_frame(160, 0, -72) },
		{ 6, rows_frame(320, -48, -72) },
		{ 8, rows_frame(320, -48, -72) },
		{ 10, of_kind(ZU_ROW_END) },
	};
	struct zu_flow_row second[] = {
		{ 0, rows_frame(160, 0, 0) }, { 4, in_registers(15, 1, 0) },
		{ 6, rows_frame(80000, -48, 0) },
		{ 10, rows_frame(80000, 0, -72) },
	};
	const uint8_t *index;

	(void)state;
	first[3].row.cfa_reg = 11;
	second[2].row.cfa_reg = 12;
	second[3].row.cfa_reg = 12;
	add(0x1000, 12, first, 5);
	add(0x1010, 12, second, 4);
	finish();
	assert_int_equal(section.addr, 0x1020);
	assert_int_equal(section.len, 28 + 2 * 16 + sizeof(data));
	index = section.bytes + 28;
	assert_int_equal(zu_be64(index), UINT64_C(0x1000) - 0x1020 - 28);
	assert_int_equal(zu_be32(index + 8), 12);
	assert_int_equal(zu_be32(index + 12), 0);
	assert_int_equal(zu_be64(index + 16), UINT64_C(0x1010) - 0x1020 - 44);
	assert_int_equal(zu_be32(index + 28), 25);
	assert_memory_equal(index + 32, data, sizeof(data));
}

static void test_file(void **state)
{
	static const uint8_t note[] = { 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 3,
		'G', 'N', 'U', 0, 0xde, 0xad, 0xbe, 0xef };
	const uint8_t *elf, *ph, *sh;

	(void)state;
	add_one(BASE + 0x1234, 10, rows_frame(160, 0, 0));
	finish();
	elf = bytes;
	assert_memory_equal(elf, "\177ELF\2\2\1", 8);
	assert_int_equal(zu_be16(elf + 16), 2);		/* ET_EXEC */
	assert_int_equal(zu_be16(elf + 18), 22);	/* EM_S390 */
	assert_int_equal(zu_be32(elf + 20), 1);
	assert_int_equal(zu_be16(elf + 52), 64);
	assert_int_equal(zu_be16(elf + 54), 56);
	assert_int_equal(zu_be16(elf + 56), 1);
	assert_int_equal(zu_be16(elf + 58), 64);
	assert_int_equal(zu_be16(elf + 60), 4);
	assert_int_equal(zu_be64(elf + 40) + 4 * 64, len);
	ph = elf + zu_be64(elf + 32);
	assert_int_equal(zu_be32(ph), 0x6474e554);	/* PT_GNU_SFRAME */
	assert_int_equal(zu_be64(ph + 8), section.bytes - elf);
	assert_int_equal(zu_be64(ph + 16), section.addr);
	assert_int_equal(zu_be64(ph + 32), section.len);
	assert_int_equal(section.addr, BASE + 0x1240);
	sh = elf + zu_be64(elf + 40) + 64;
	assert_int_equal(zu_be32(sh + 4), 7);		/* SHT_NOTE */
	assert_int_equal(zu_be64(sh + 32), sizeof(note));
	assert_memory_equal(elf + zu_be64(sh + 24), note, sizeof(note));
	assert_string_equal(elf + zu_be64(sh + 2 * 64 + 24) + zu_be32(sh),
			    ".note.gnu.build-id");
	assert_string_equal(elf + zu_be64(sh + 2 * 64 + 24) + zu_be32(sh + 64),
			    ".sframe");
}

/* Without a build ID there is no note, and nothing in its place. */
static void test_no_build_id(void **state)
{
	const uint8_t *sh;

	(void)state;
	add_one(BASE, 10, rows_frame(160, 0, 0));
	assert_int_equal(zu_sframe_maker_finish(&maker, NULL, 0, &bytes, &len,
						&error), 0);
	section = sframe_find(bytes, len);
	expect(BASE, rows_frame(160, 0, 0));
	sh = (uint8_t *)bytes + zu_be64((uint8_t *)bytes + 40) + 64;
	assert_int_equal(zu_be32(sh + 4), 0);
}

/* All that a row can say, alone in its function and beside a flexible one */
static void test_rows(void **state)
{
	static const int32_t offsets[] = { 0, 8, -24, -128, 120, 128, -136,
		32760, -32768, 32768, -32776, INT32_MIN, INT32_MAX - 7 };
	struct zu_row row[64], flex = in_registers(15, 1, 11);
	unsigned int n = 0, i;

	(void)state;
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		row[n++] = rows_frame(offsets[i], 0, 0);
		row[n] = rows_frame(160, 0, 0);
		row[n].ra_place = ZU_PLACE_CFA;
		row[n++].ra_off = offsets[i];
		row[n] = rows_frame(168, 0, 0);
		row[n].fp_place = ZU_PLACE_CFA;
		row[n++].fp_off = offsets[i];
	}
	row[n++] = rows_frame(160 + 8 * 127, 0, 0);
	row[n++] = rows_frame(160 + 8 * 128, 0, 0);
	row[n++] = rows_frame(160 - 8 * 128, 0, 0);
	row[n++] = rows_frame(160 - 8 * 129, 0, 0);
	row[n++] = in_registers(11, 14, 11);
	row[n++] = in_registers(0, 14, 11);
	row[n++] = in_registers(9, 1, 11);
	row[n++] = in_registers(15, 14, 0);
	row[n++] = in_registers(15, 0, 15);
	row[n++] = of_kind(ZU_ROW_END);
	for (i = 0; i < n; i++) {
		struct zu_flow_row both[] = { { 0, row[i] }, { 6, flex } };

		add_one(BASE + 100 * i, 10, row[i]);
		add(BASE + 100 * i + 10, 12, both, 2);
	}
	finish();
	for (i = 0; i < ZU_SFRAME_UNFIT; i++)
		assert_int_equal(maker.unfit[i], 0);
	for (i = 0; i < n; i++) {
		expect(BASE + 100 * i, row[i]);
		expect(BASE + 100 * i + 9, row[i]);
		expect(BASE + 100 * i + 15, row[i]);
		expect(BASE + 100 * i + 16, flex);
		expect(BASE + 100 * i + 22, rows_undefined());
	}
}

/* What can't be said leaves a hole, not something else. */
static void test_unfit(void **state)
{
	struct zu_row row[ZU_SFRAME_UNFIT];
	unsigned int i;

	(void)state;
	row[ZU_SFRAME_REGS] = of_kind(ZU_ROW_REGS);
	row[ZU_SFRAME_STACK] = rows_frame(152, -24, -48);
	row[ZU_SFRAME_STACK].cfa_rule = ZU_CFA_LOAD;
	row[ZU_SFRAME_RA] = rows_frame(160, 0, 0);
	row[ZU_SFRAME_RA].ra_place = ZU_PLACE_LOST;
	row[ZU_SFRAME_FP] = rows_frame(160, 0, 0);
	row[ZU_SFRAME_FP].fp_place = ZU_PLACE_LOST;
	row[ZU_SFRAME_OFFSET] = rows_frame(164, 0, 0);
	for (i = 0; i < ZU_SFRAME_UNFIT; i++) {
		struct zu_flow_row rows[] = {
			{ 0, rows_frame(160, 0, 0) },
			{ 6, row[i] },
			{ 10, rows_frame(168, 0, 0) },
			{ 20, row[i] },
		};

		add(BASE + 30 * i, 30, rows, 4);
	}
	finish();
	assert_int_equal(section.nr_fdes, 2 * ZU_SFRAME_UNFIT);
	for (i = 0; i < ZU_SFRAME_UNFIT; i++) {
		assert_int_equal(maker.unfit[i], 2);
		expect(BASE + 30 * i + 5, rows_frame(160, 0, 0));
		expect(BASE + 30 * i + 6, rows_undefined());
		expect(BASE + 30 * i + 9, rows_undefined());
		expect(BASE + 30 * i + 10, rows_frame(168, 0, 0));
		expect(BASE + 30 * i + 19, rows_frame(168, 0, 0));
		expect(BASE + 30 * i + 20, rows_undefined());
		expect(BASE + 30 * i + 29, rows_undefined());
	}
}

/* Where the place of a row needs another byte */
static void test_long_functions(void **state)
{
	static const uint32_t at[] = { 0xfe, 0xff, 0x100, 0xfffe, 0xffff,
		0x10000, 0x3ffffe };
	static const unsigned int size[] = { 1, 1, 2, 2, 2, 4, 4 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 7; i++) {
		struct zu_flow_row rows[] = {
			{ 0, rows_frame(160, 0, 0) },
			{ at[i], rows_frame(168, 0, 0) },
		};

		add(BASE + i * 0x1000000ull, at[i] + 2, rows, 2);
	}
	finish();
	for (i = 0; i < 7; i++) {
		uint64_t addr = BASE + i * 0x1000000ull + at[i];

		assert_int_equal(sframe_fde(&section, i).start_size, size[i]);
		expect(addr - 1, rows_frame(160, 0, 0));
		expect(addr, rows_frame(168, 0, 0));
		expect(addr + 2, rows_undefined());
	}
}

/* More rows than an entry can count: 65535, and one more */
static void test_many_rows(void **state)
{
	uint32_t n = 65536, i;
	struct zu_flow_row *rows = calloc(n, sizeof(*rows));

	(void)state;
	assert_non_null(rows);
	for (i = 0; i < n; i++) {
		rows[i].offset = 2 * i;
		rows[i].row = rows_frame(160 + 8 * (int32_t)(i % 2), 0, 0);
	}
	add(BASE, 2 * (n - 1), rows, n - 1);
	add(BASE + 0x1000000, 2 * n, rows, n);
	free(rows);
	finish();
	assert_int_equal(section.nr_fdes, 3);
	assert_int_equal(sframe_fde(&section, 0).nr, n - 1);
	assert_int_equal(sframe_fde(&section, 1).nr, n - 1);
	assert_int_equal(sframe_fde(&section, 2).nr, 1);
	expect(BASE + 0x1000000 + 2 * n - 3, rows_frame(160, 0, 0));
	expect(BASE + 0x1000000 + 2 * n - 2, rows_frame(168, 0, 0));
	expect(BASE + 0x1000000 + 2 * n, rows_undefined());
}

/* Objects come in any order; the index is sorted. */
static void test_order(void **state)
{
	static const uint64_t at[] = { BASE, 0x1000, UINT64_C(1) << 63,
		BASE - 10, BASE + 10, 0 };
	uint64_t last = 0;
	uint32_t i;

	(void)state;
	for (i = 0; i < 6; i++)
		add_one(at[i], 10, rows_frame(160 + 8 * (int32_t)i, 0, 0));
	finish();
	assert_int_equal(section.nr_fdes, 6);
	for (i = 0; i < 6; i++) {
		struct sframe_fde f = sframe_fde(&section, i);

		assert_true(i == 0 || f.start > last);
		last = f.start;
		expect(at[i], rows_frame(160 + 8 * (int32_t)i, 0, 0));
	}
}

static void refuse(uint64_t addr, uint32_t length, uint32_t first,
		   uint32_t second, const char *text)
{
	struct zu_flow_row rows[] = {
		{ first, rows_frame(160, 0, 0) },
		{ second, rows_frame(168, 0, 0) },
	};

	assert_int_equal(zu_sframe_maker_rows(&maker, addr, length, rows, 2,
					      &error), ZU_EINVAL);
	assert_string_equal(error.text, text);
}

static void test_refused(void **state)
{
	(void)state;
	refuse(0x100, 10, 0, 10,
	       "row 1 of the function at 0x100 is not in its place");
	refuse(0x100, 10, 4, 4,
	       "row 1 of the function at 0x100 is not in its place");
	refuse(0x100, 0, 0, 2,
	       "row 0 of the function at 0x100 is not in its place");
	refuse(UINT64_MAX - 8, 10, 0, 2,
	       "the function at 0xfffffffffffffff7 is not in its place");
	add_one(BASE, 12, rows_frame(160, 0, 0));
	add_one(BASE + 10, 12, rows_frame(160, 0, 0));
	assert_int_equal(zu_sframe_maker_finish(&maker, id, sizeof(id), &bytes,
						&len, &error), ZU_EINVAL);
	assert_string_equal(error.text,
			    "there are two functions at 0x3ffe000000a");
}

/* The section's own place: behind the last function, if there is one */
static void test_place(void **state)
{
	(void)state;
	add_one(UINT64_MAX - 100, 10, rows_frame(160, 0, 0));
	finish();
	expect(UINT64_MAX - 100, rows_frame(160, 0, 0));
	add_one(UINT64_MAX - 20, 10, rows_frame(160, 0, 0));
	free(bytes);
	bytes = NULL;
	assert_int_equal(zu_sframe_maker_finish(&maker, id, sizeof(id), &bytes,
						&len, &error), ZU_ENOTSUP);
	assert_string_equal(error.text,
			    "no room in memory behind the functions");
	assert_null(bytes);
}

static void test_nothing(void **state)
{
	(void)state;
	add(BASE, 10, NULL, 0);
	add_one(BASE + 10, 10, rows_undefined());
	finish();
	assert_int_equal(section.nr_fdes, 0);
	assert_int_equal(section.len, 28);
}

/* Functions as gcc makes them: each halfword */
static void test_random(void **state)
{
	struct rows r = { .random = 1 };
	uint64_t at = BASE;
	uint32_t f, off, i;

	(void)state;
	for (f = 0; f < 200; f++, at += r.len) {
		rows_next(&r);
		add(at, r.len, r.row, r.nr);
	}
	finish();
	r.random = 1;
	at = BASE;
	for (f = 0; f < 200; f++, at += r.len) {
		rows_next(&r);
		for (off = 0, i = 0; off < r.len; off += 2) {
			if (i + 1 < r.nr && r.row[i + 1].offset == off)
				i++;
			expect(at + off, r.row[i].row);
		}
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_bytes),
		TEST(test_file),
		TEST(test_no_build_id),
		TEST(test_rows),
		TEST(test_unfit),
		TEST(test_long_functions),
		TEST(test_many_rows),
		TEST(test_order),
		TEST(test_refused),
		TEST(test_place),
		TEST(test_nothing),
		TEST(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
