/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables: what was put in is what a look-up finds, wherever it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/table_make.h"
#include "core/table.h"
#include "tests/make/rows.h"
#include "tests/make/table.h"

static const uint8_t id[] = { 0xde, 0xad, 0xbe, 0xef };

static struct zu_table_maker maker;
static struct zu_table table;
static struct zu_error error;
static void *bytes;
static size_t len;

static int setup(void **state)
{
	(void)state;
	maker = (struct zu_table_maker)ZU_TABLE_MAKER_INIT;
	bytes = NULL;
	memset(&error, 0, sizeof(error));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	zu_table_maker_deinit(&maker);
	free(bytes);
	return 0;
}

static void begin(const char *name, uint64_t size)
{
	assert_int_equal(zu_table_maker_object(&maker, name, id, sizeof(id),
					       size, &error), 0);
}

static void add(uint64_t offset, uint32_t length,
		const struct zu_flow_row *rows, size_t nr)
{
	assert_int_equal(zu_table_maker_func(&maker, offset, length, rows, nr,
					     &error), 0);
}

static void add_one(uint64_t offset, uint32_t length, struct zu_row row)
{
	struct zu_flow_row r = { 0, row };

	add(offset, length, &r, 1);
}

static void finish(void)
{
	const char *why = NULL;

	assert_int_equal(zu_table_maker_finish(&maker, &bytes, &len, &error),
			 0);
	if (zu_table_init(&table, bytes, len, &why))
		fail_msg("%s", why);
	assert_null(why);
	assert_true(table_holds(&table));
}

static struct zu_table_object find(const char *name)
{
	struct zu_table_object o;

	assert_true(zu_table_find(&table, name, &o));
	assert_string_equal(o.name, name);
	return o;
}

static void expect(const struct zu_table_object *o, uint64_t offset,
		   struct zu_row want)
{
	struct zu_row row;

	memset(&row, 0xff, sizeof(row));
	assert_int_equal(zu_table_row(o, offset, &row),
			 want.kind != ZU_ROW_UNDEFINED);
	assert_memory_equal(&row, &want, sizeof(row));
}

static void test_one_function(void **state)
{
	const struct zu_flow_row rows[] = {
		{ 0, rows_frame(160, 0, 0) },
		{ 12, rows_frame(160, -24, -48) },
		{ 18, rows_frame(264, -24, -48) },
		{ 40, rows_frame(160, 0, 0) },
	};
	struct zu_table_object o;

	(void)state;
	begin("", 0x1000);
	add(0x300, 42, rows, 4);
	finish();
	assert_int_equal(table.nr_objects, 1);
	assert_int_equal(table.build_id_len, sizeof(id));
	assert_memory_equal(table.build_id, id, sizeof(id));
	o = find("");
	assert_int_equal(o.size, 0x1000);
	assert_int_equal(o.nr_rows, 6);
	assert_memory_equal(o.build_id, id, sizeof(id));

	expect(&o, 0, rows_undefined());
	expect(&o, 0x2ff, rows_undefined());
	expect(&o, 0x300, rows[0].row);
	expect(&o, 0x30b, rows[0].row);
	expect(&o, 0x30c, rows[1].row);
	expect(&o, 0x311, rows[1].row);
	expect(&o, 0x312, rows[2].row);
	expect(&o, 0x327, rows[2].row);
	expect(&o, 0x328, rows[3].row);
	expect(&o, 0x329, rows[3].row);
	expect(&o, 0x32a, rows_undefined());
	expect(&o, 0xfff, rows_undefined());
	expect(&o, 0x1000, rows_undefined());
	expect(&o, 0x100000300, rows_undefined());
	expect(&o, UINT64_MAX, rows_undefined());
	assert_int_equal(zu_table_next(&o, 0), 0x300);
	assert_int_equal(zu_table_next(&o, 0x327), 0x328);
	assert_int_equal(zu_table_next(&o, 0x32a), 0x1000);
}

/* Functions that follow each other share a row where they say the same. */
static void test_neighbours_merge(void **state)
{
	struct zu_table_object o;

	(void)state;
	begin("", 1024);
	add_one(0, 512, rows_frame(160, 0, 0));
	add_one(512, 256, rows_frame(160, 0, 0));
	add_one(768, 256, rows_frame(168, 0, 0));
	finish();
	o = find("");
	assert_int_equal(o.nr_rows, 2);
	expect(&o, 767, rows_frame(160, 0, 0));
	expect(&o, 768, rows_frame(168, 0, 0));
}

/* No function at all: and texts of 0, 1, 2, 511 to 514 bytes */
static void test_small_texts(void **state)
{
	static const uint32_t sizes[] = { 0, 1, 2, 511, 512, 513, 514 };
	char name[8];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		snprintf(name, sizeof(name), "m%zu", i);
		begin(name, sizes[i]);
	}
	finish();
	assert_int_equal(table.build_id_len, 0);
	assert_null(table.build_id);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct zu_table_object o;

		zu_table_object(&table, (uint32_t)i, &o);
		assert_int_equal(o.size, sizes[i]);
		assert_int_equal(o.nr_rows, sizes[i] > 0);
		expect(&o, 0, rows_undefined());
		expect(&o, sizes[i] - 1u, rows_undefined());
	}
}

static void test_kinds(void **state)
{
	struct zu_row row[8];
	struct zu_table_object o;
	uint32_t i;

	(void)state;
	memset(row, 0, sizeof(row));
	row[0].kind = ZU_ROW_REGS;
	row[0].cfa_off = 160;
	row[1].kind = ZU_ROW_END;
	row[2] = rows_frame(152, 0, 0);
	row[2].cfa_rule = ZU_CFA_LOAD;
	row[2].cfa_reg = 0;
	row[3] = rows_frame(160, 0, 0);
	row[3].cfa_reg = 11;
	row[3].ra_place = ZU_PLACE_REG;
	row[3].ra_reg = 1;
	row[3].fp_place = ZU_PLACE_REG;
	row[3].fp_reg = 15;
	row[4] = rows_frame(160, 0, 0);
	row[4].ra_place = ZU_PLACE_LOST;
	row[4].fp_place = ZU_PLACE_LOST;
	row[5] = rows_frame(INT16_MAX * 8, INT16_MIN * 8, INT16_MAX * 8);
	row[6] = rows_frame(INT16_MIN * 8, INT16_MAX * 8, INT16_MIN * 8);
	row[7] = rows_frame(160, 0, 0);
	row[7].ra_place = ZU_PLACE_CFA; /* at the CFA itself */
	begin("", 80);
	for (i = 0; i < 8; i++)
		add_one(10 * i, 10, row[i]);
	finish();
	assert_int_equal(maker.unfit, 0);
	o = find("");
	assert_int_equal(o.nr_rows, 8);
	for (i = 0; i < 8; i++)
		expect(&o, 10 * i, row[i]);
}

/* Rows that can't be told are not told wrong. */
static void test_unfit(void **state)
{
	struct zu_row row[12];
	struct zu_table_object o;
	uint32_t i;

	(void)state;
	for (i = 0; i < 12; i++)
		row[i] = rows_frame(160, -24, -48);
	row[0].cfa_off = INT16_MAX * 8 + 8;
	row[1].ra_off = INT16_MIN * 8 - 8;
	row[2].fp_off = INT32_MIN;
	row[3].cfa_off = 164;
	row[4].ra_off = -25;
	row[5].kind = 4;
	row[6].cfa_reg = 16;
	row[7].ra_reg = 1;
	row[8].cfa_rule = ZU_CFA_LOAD;
	row[9].kind = ZU_ROW_END;
	row[10].ra_place = 4;
	row[11].zero = 1;
	begin("", 1200);
	for (i = 0; i < 12; i++) {
		add_one(100 * i, 50, row[i]);
		add_one(100 * i + 50, 50, rows_frame(160, 0, 0));
	}
	finish();
	assert_int_equal(maker.unfit, 12);
	o = find("");
	for (i = 0; i < 12; i++)
		expect(&o, 100 * i, rows_undefined());
}

/* A row at each halfword fills blocks to the last one. */
static void test_full_blocks(void **state)
{
	static struct zu_flow_row rows[1024];
	struct zu_table_object o;
	uint32_t i;

	(void)state;
	begin("", 2048);
	for (i = 0; i < 1024; i++) {
		rows[i].offset = 2 * i;
		rows[i].row = rows_frame(160 + 8 * (int32_t)(i % 300), 0, 0);
	}
	add(0, 2048, rows, 1024);
	finish();
	o = find("");
	assert_int_equal(o.nr_rows, 1024);
	for (i = 0; i < 1024; i++) {
		expect(&o, 2 * i, rows_frame(160 + 8 * (int32_t)(i % 300),
					     0, 0));
		expect(&o, 2 * i + 1, rows_frame(160 + 8 * (int32_t)(i % 300),
						 0, 0));
	}
}

/*
 * Blocks without rows take the last state before them: one with a short number
 * and one with a long one, which the rarest of over 256 states has.
 */
static void test_empty_blocks(void **state)
{
	struct zu_flow_row rows[] = {
		{ 0, rows_frame(160, 0, 0) },
		{ 2, rows_undefined() },
	};
	struct zu_table_object o;
	uint32_t i, at = 0;

	(void)state;
	begin("", 1u << 20);
	for (i = 0; i < 300; i++) {
		rows[1].row = rows_frame(168 + 8 * (int32_t)i, 0, 0);
		add(at, 4, rows, 2);
		at += 4;
	}
	add_one(at, 5000, rows_frame(8000, 0, 0));
	add_one(at + 5000, 5000, rows_frame(160, 0, 0));
	add_one(at + 10000, 2000, rows_frame(8008, 0, 0));
	finish();
	assert_int_equal(table.nr_states, 304);
	o = find("");
	expect(&o, at + 4999, rows_frame(8000, 0, 0));
	expect(&o, at + 9999, rows_frame(160, 0, 0));
	expect(&o, at + 11999, rows_frame(8008, 0, 0));
	expect(&o, (1u << 20) - 1, rows_undefined());
}

/* As many states as numbers of two bytes tell apart, and one more */
static void test_state_limit(void **state)
{
	struct zu_flow_row row = { 0, rows_frame(0, 0, 0) };
	uint32_t i;

	(void)state;
	begin("", 1u << 20);
	for (i = 0; i < ZU_TABLE_MAX_STATES - 1; i++)
		add_one(4 * i, 4, rows_frame(8 * (INT16_MIN + (int32_t)i),
					     0, 0));
	finish();
	assert_int_equal(table.nr_states, ZU_TABLE_MAX_STATES);
	free(bytes);
	bytes = NULL;
	row.row = rows_frame(160, -8, 0);
	assert_int_equal(zu_table_maker_func(&maker, 4 * i, 4, &row, 1, &error),
			 ZU_ENOTSUP);
	assert_string_equal(error.text, "there are over 65536 different rows");
}

static void test_objects(void **state)
{
	struct zu_table_object o;

	(void)state;
	begin("zfs", 100);
	begin("a_b", 200);
	begin("", 300);
	begin("a", 400);
	add_one(398, 2, rows_frame(160, 0, 0));
	finish();
	assert_int_equal(table.nr_objects, 4);
	assert_int_equal(table.build_id_len, sizeof(id));
	zu_table_object(&table, 0, &o);
	assert_int_equal(o.size, 300);
	zu_table_object(&table, 3, &o);
	assert_string_equal(o.name, "zfs");
	assert_int_equal(find("a").size, 400);
	assert_int_equal(find("a_b").size, 200);
	o = find("a");
	expect(&o, 399, rows_frame(160, 0, 0));
	assert_false(zu_table_find(&table, "a_", &o));
	assert_false(zu_table_find(&table, "zfs2", &o));
	assert_false(zu_table_find(&table, "Z", &o));
}

static void test_misuse(void **state)
{
	const struct zu_flow_row two[] = {
		{ 4, rows_frame(160, 0, 0) },
		{ 4, rows_frame(168, 0, 0) },
	};
	const struct zu_flow_row odd = { 1, rows_frame(160, 0, 0) };

	(void)state;
	assert_int_equal(zu_table_maker_finish(&maker, &bytes, &len, &error),
			 ZU_EINVAL);
	assert_int_equal(zu_table_maker_func(&maker, 0, 2, two, 1, &error),
			 ZU_EINVAL);
	assert_int_equal(zu_table_maker_object(&maker, "a b", NULL, 0, 8,
					       &error), ZU_EINVAL);
	assert_int_equal(zu_table_maker_object(&maker, "", id, 33, 8, &error),
			 ZU_EINVAL);
	assert_int_equal(zu_table_maker_object(&maker, "", id, 4, 1ULL << 32,
					       &error), ZU_EINVAL);
	begin("", 100);
	assert_int_equal(zu_table_maker_func(&maker, 0, 8, two, 2, &error),
			 ZU_EINVAL);
	assert_int_equal(zu_table_maker_func(&maker, 0, 4, two, 1, &error),
			 ZU_EINVAL);
	assert_int_equal(zu_table_maker_func(&maker, 0, 4, &odd, 1, &error),
			 ZU_EINVAL);
	assert_int_equal(zu_table_maker_func(&maker, 1, 8, two, 1, &error),
			 ZU_EINVAL);
	assert_int_equal(zu_table_maker_func(&maker, 92, 10, two, 1, &error),
			 ZU_EINVAL);
	add(90, 10, two, 1);
	assert_int_equal(zu_table_maker_func(&maker, 98, 2, NULL, 0, &error),
			 ZU_EINVAL);
	begin("", 100);
	assert_int_equal(zu_table_maker_finish(&maker, &bytes, &len, &error),
			 ZU_EINVAL);
}

/* The row of each halfword of a text */
struct model {
	struct zu_row row[1u << 15];
	uint32_t halfwords;
};

static void model_fill(struct model *m, struct rows *r)
{
	uint32_t at = 0, i, h;

	begin("", sizeof(m->row) / sizeof(m->row[0]) * 2);
	memset(m, 0, sizeof(*m));
	m->halfwords = sizeof(m->row) / sizeof(m->row[0]);
	for (;;) {
		at += rows_random(r, 10) ? 0 : 8 * rows_random(r, 300);
		rows_next(r);
		if (at + r->len > m->halfwords * 2)
			return;
		add(at, r->len, r->row, r->nr);
		for (i = 0; i < r->nr; i++)
			for (h = r->row[i].offset / 2; h < r->len / 2; h++)
				m->row[at / 2 + h] = r->row[i].row;
		at += r->len;
	}
}

static void test_random(void **state)
{
	struct model *m = malloc(sizeof(*m));
	struct rows r = { .random = 1 };
	uint32_t round, h;

	(void)state;
	assert_non_null(m);
	for (round = 0; round < 20; round++) {
		struct zu_table_object o;

		model_fill(m, &r);
		finish();
		o = find("");
		for (h = 0; h < m->halfwords; h++)
			expect(&o, 2 * h + (h & 1), m->row[h]);
		free(bytes);
		bytes = NULL;
		zu_table_maker_deinit(&maker);
	}
	free(m);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_function),
		TEST(neighbours_merge),
		TEST(small_texts),
		TEST(kinds),
		TEST(unfit),
		TEST(full_blocks),
		TEST(empty_blocks),
		TEST(state_limit),
		TEST(objects),
		TEST(misuse),
		TEST(random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
