/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a table: as doc/table.md shows them, and what is refused. With
 * its checksum made right again, a damaged table is refused, or it is another
 * table that keeps all promises.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "check/table_make.h"
#include "core/table.h"
#include "tests/make/rows.h"
#include "tests/make/table.h"

static struct zu_table table;
static uint8_t *bytes;
static size_t len;

static const uint8_t id[] = { 0x5a, 0x33, 0x90, 0x00 };

static void finish(struct zu_table_maker *m)
{
	struct zu_error err;
	void *p;

	assert_int_equal(zu_table_maker_finish(m, &p, &len, &err), 0);
	zu_table_maker_deinit(m);
	/* of exactly that length, for those who watch over bounds */
	bytes = malloc(len);
	assert_non_null(bytes);
	memcpy(bytes, p, len);
	free(p);
}

/* The example of doc/table.md: two functions of 40 bytes, and a module */
static int setup_small(void **state)
{
	const struct zu_flow_row rows[] = {
		{ 0, rows_frame(160, 0, 0) },
		{ 12, rows_frame(160, -24, -48) },
		{ 18, rows_frame(264, -24, -48) },
		{ 36, rows_frame(160, 0, 0) },
		{ 38, rows_undefined() },
	};
	struct zu_table_maker m = ZU_TABLE_MAKER_INIT;
	struct zu_error err;

	(void)state;
	if (zu_table_maker_object(&m, "", id, 4, 0x240, &err) ||
	    zu_table_maker_func(&m, 0x10, 40, rows, 5, &err) ||
	    zu_table_maker_call(&m, 0x24, &err) ||
	    zu_table_maker_call(&m, 0x28, &err) ||
	    zu_table_maker_exit(&m, 0x200, &err) ||
	    zu_table_maker_func(&m, 0x200, 40, rows, 5, &err) ||
	    zu_table_maker_call(&m, 0x216, &err) ||
	    zu_table_maker_exit(&m, ZU_TABLE_EXIT_JUMP | 0x21e, &err) ||
	    zu_table_maker_exit(&m, 0x10, &err))
		return -1;
	zu_table_maker_flags(&m, true, false);
	if (zu_table_maker_object(&m, "ext4", NULL, 0, 8, &err) ||
	    zu_table_maker_func(&m, 0, 8, rows, 1, &err))
		return -1;
	zu_table_maker_flags(&m, false, true);
	finish(&m);
	return 0;
}

/* Over 256 states, blocks of both widths, blocks without rows */
static int setup_wide(void **state)
{
	struct zu_table_maker m = ZU_TABLE_MAKER_INIT;
	struct zu_flow_row row = { .offset = 0 };
	struct zu_error err;
	uint32_t i;

	(void)state;
	if (zu_table_maker_object(&m, "", id, 4, 8192, &err))
		return -1;
	for (i = 0; i < 300; i++) {
		row.row = rows_frame(i % 8 ? 160 + 8 * (int32_t)i : 160, 0, 0);
		if (zu_table_maker_func(&m, 4 * i, 4, &row, 1, &err))
			return -1;
	}
	finish(&m);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(bytes);
	return 0;
}

static int init(const char **why)
{
	return zu_table_init(&table, bytes, len, why);
}

#define ZEROS_4 0, 0, 0, 0
#define ID_REST_28 ZEROS_4, ZEROS_4, ZEROS_4, ZEROS_4, ZEROS_4, ZEROS_4, ZEROS_4
#define ID_REST_32 ZEROS_4, ID_REST_28

static void test_example(void **state)
{
	static const uint8_t want[] = {
		/* header */
		'Z', 'U', 'T', 'A', 'B', 'L', 'E', '\n',
		0, 0, 0, 2, 0, 0, 1, 0x45, 0, 0, 0, 2,
		0, 0, 0, 4, 0, 0, 0, 6, 0, 0, 0, 0,
		/* the kernel */
		0, 0, 0, 0, 0, 0, 2, 0x40, 0, 0, 0, 11, 0, 0, 0, 2,
		0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0xc6,
		0, 0, 0, 4, 0x5a, 0x33, 0x90, 0, ID_REST_28,
		/* the module */
		0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 1,
		0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0x1f,
		0, 0, 0, 0, ID_REST_32,
		/* states */
		0x00, 0, 0, 0, 0, 0, 0, 0,
		0x40, 15, 0, 20, 0, 0, 0, 0,
		0x45, 15, 0, 20, 0xff, 0xfd, 0xff, 0xfa,
		0x45, 15, 0, 33, 0xff, 0xfd, 0xff, 0xfa,
		/* names */
		0, 'e', 'x', 't', '4', 0,
		/* the kernel's index, rows of block 0, of block 1 */
		0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 22,
		0x00, 0x08, 0x0e, 0x11, 0x1a, 0x1b, 0, 1, 2, 3, 1, 0,
		0x00, 0x06, 0x09, 0x12, 0x13, 1, 2, 3, 1, 0,
		/* marks: index, block 0, block 1 */
		0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 11,
		0, 0, 1, 0x08, 0x12, 0x14,
		0, 1, 1, 0x00, 0x0b,
		/* exits: functions, where lists begin and the last ends, lists */
		0, 0, 0, 0x10, 0, 0, 2, 0,
		0, 0, 0, 0, 0x80, 0, 0, 1, 0, 0, 0, 3,
		0, 0, 2, 0, 0, 0, 0, 0x10, 0x80, 0, 2, 0x1e,
		/* the module's rows, marks, exits */
		0, 0, 0, 0, 0, 0, 0, 2, 0x00, 1,
		0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 1, 0x00,
		0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0,
		/* checksum */
		0x6d, 0xbe, 0x9a, 0xd4,
	};

	(void)state;
	assert_int_equal(len, sizeof(want));
	assert_memory_equal(bytes, want, sizeof(want));
}

/* No part of a table is a table. */
static void test_truncated(void **state)
{
	const char *why;
	size_t n;

	(void)state;
	for (n = 0; n < len; n++) {
		uint8_t *part = malloc(n ? n : 1);

		assert_non_null(part);
		memcpy(part, bytes, n);
		assert_int_equal(zu_table_init(&table, part, n, &why),
				 ZU_EFORMAT);
		assert_non_null(why);
		table_seal(part, n);
		assert_int_equal(zu_table_init(&table, part, n, &why),
				 ZU_EFORMAT);
		free(part);
	}
	assert_int_equal(init(NULL), 0);
}

static void test_longer(void **state)
{
	const char *why;

	(void)state;
	bytes = realloc(bytes, len + 1);
	assert_non_null(bytes);
	bytes[len++] = 0;
	assert_int_equal(init(&why), ZU_EFORMAT);
	assert_string_equal(why, "there are bytes behind its end");
}

/* Without a new checksum, each bit counts. */
static void test_bit_rot(void **state)
{
	size_t bit;

	(void)state;
	for (bit = 0; bit < len * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_true(init(NULL) < 0);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(init(NULL), 0);
}

/* With a new checksum, it is a table or none. */
static unsigned int forge(size_t at, uint8_t value)
{
	uint8_t was = bytes[at];
	unsigned int accepted = 0;
	const char *why;

	bytes[at] = value;
	table_seal(bytes, len);
	if (init(&why)) {
		assert_non_null(why);
	} else {
		assert_true(table_holds(&table));
		accepted = 1;
	}
	bytes[at] = was;
	return accepted;
}

/* All values of all bytes */
static void test_forged(void **state)
{
	unsigned int v, accepted = 0;
	size_t at;

	(void)state;
	for (at = 0; at < len - ZU_TABLE_CRC; at++)
		for (v = 0; v < 256; v++)
			accepted += forge(at, (uint8_t)v);
	assert_true(accepted > 0);
}

/*
 * A table with long numbers has many states and rows that are alike: of those
 * each bit, and all values of those at the edges and of all other bytes
 */
static void test_forged_wide(void **state)
{
	size_t states = ZU_TABLE_HEADER + ZU_TABLE_OBJECT;
	size_t edge = states + 255 * ZU_TABLE_STATE;
	size_t rows = states + 264 * ZU_TABLE_STATE + 1 + 17 * ZU_TABLE_ENTRY;
	unsigned int v, accepted = 0;
	size_t at;

	(void)state;
	assert_int_equal(init(NULL), 0);
	assert_int_equal(table.nr_states, 264);
	for (at = 0; at < len - ZU_TABLE_CRC; at++) {
		if ((at >= states + 16 && at < edge) ||
		    (at >= rows + 8 && at < len - 32)) {
			for (v = 1; v < 256; v *= 2)
				accepted += forge(at, bytes[at] ^ (uint8_t)v);
			continue;
		}
		for (v = 0; v < 256; v++)
			accepted += forge(at, (uint8_t)v);
	}
	assert_true(accepted > 0);
}

/* A value put somewhere, and what is said to it */
struct damage {
	size_t at;
	unsigned int bytes;
	uint32_t value;
	const char *why;
};

static void put(const struct damage *d)
{
	switch (d->bytes) {
	case 1:
		bytes[d->at] = (uint8_t)d->value;
		return;
	case 2:
		zu_put_be16(bytes + d->at, (uint16_t)d->value);
		return;
	}
	zu_put_be32(bytes + d->at, d->value);
}

static void expect_refused(const struct damage *d, size_t nr)
{
	uint8_t *good = malloc(len);
	const char *why;
	size_t i;

	assert_non_null(good);
	memcpy(good, bytes, len);
	for (i = 0; i < nr; i++) {
		put(&d[i]);
		table_seal(bytes, len);
		assert_true(init(&why) < 0);
		assert_string_equal(why, d[i].why);
		memcpy(bytes, good, len);
	}
	free(good);
}

/* Where the parts of the small table are */
#define OBJECT(n) (ZU_TABLE_HEADER + (n) * ZU_TABLE_OBJECT)
#define STATE(n) (OBJECT(2) + (n) * ZU_TABLE_STATE)
#define NAMES STATE(4)
#define DATA (NAMES + 6)
#define ROWS (DATA + 3 * ZU_TABLE_ENTRY)
#define MARKS (ROWS + 22)
#define BLOCK0 (MARKS + 3 * ZU_TABLE_ENTRY)
#define BLOCK1 (BLOCK0 + 6)
#define EXITS (BLOCK1 + 5)
#define BEGINS (EXITS + 2 * ZU_TABLE_WORD)
#define LISTS (BEGINS + 3 * ZU_TABLE_WORD)

/* One field of the table below made wrong, and what is said of that */
static const struct damage damages[] = {
	{ 0, 1, 'X', "it is no unwind table" },
	{ ZU_TABLE_H_VERSION, 4, 1, "its format is of another version" },
	{ ZU_TABLE_H_NR_OBJECTS, 4, 0, "it holds no object" },
	{ ZU_TABLE_H_NR_OBJECTS, 4, 0xffffffff,
	  "its objects, states and names don't fit in the file" },
	{ ZU_TABLE_H_NR_STATES, 4, 65537, "it has too many states" },
	{ ZU_TABLE_H_NR_STATES, 4, 65536,
	  "its objects, states and names don't fit in the file" },
	{ ZU_TABLE_H_NAMES_LEN, 4, 0xffffffff,
	  "its objects, states and names don't fit in the file" },
	{ ZU_TABLE_H_NAMES_LEN, 4, 5,
	  "an object's data is not where it should be" },
	{ ZU_TABLE_H_NAMES_LEN, 4, 0, "a name has no end" },
	{ ZU_TABLE_H_NAMES_LEN, 4, 7,
	  "an object's data is not where it should be" },
	{ ZU_TABLE_H_ZERO, 4, 1, "a reserved field is not 0" },

	{ OBJECT(0) + ZU_TABLE_O_NAME, 4, 1,
	  "a name is not where it should be" },
	{ OBJECT(1) + ZU_TABLE_O_NAME, 4, 0xffffffff,
	  "a name is not where it should be" },
	{ OBJECT(0) + ZU_TABLE_O_SIZE, 4, 0x401,
	  "rows are not in order" },
	{ OBJECT(0) + ZU_TABLE_O_SIZE, 4, 0x80000000, "a text is too long" },
	{ OBJECT(0) + ZU_TABLE_O_SIZE, 4, 0x7fffffff,
	  "an index does not fit in the file" },
	{ OBJECT(0) + ZU_TABLE_O_SIZE, 4, 0x226,
	  "a row is behind the end of the text" },
	{ OBJECT(0) + ZU_TABLE_O_NR_ROWS, 4, 12,
	  "an object has another number of rows than it says" },
	{ OBJECT(0) + ZU_TABLE_O_NR_FUNCS, 4, 3,
	  "an object has another number of functions than it says" },
	{ OBJECT(0) + ZU_TABLE_O_NR_CALLS, 4, 2,
	  "an object has another number of calls than it says" },
	{ OBJECT(0) + ZU_TABLE_O_NR_EXITS, 4, 0xffffffff,
	  "exits don't fit in the file" },
	{ OBJECT(1) + ZU_TABLE_O_NR_EXITS, 4, 2,
	  "exits don't fit in the file" },
	{ OBJECT(1) + ZU_TABLE_O_NR_EXITS, 4, 0,
	  "there are bytes behind the last object" },
	{ OBJECT(0) + ZU_TABLE_O_NR_EXITS, 4, 1,
	  "exits don't begin at the first list" },
	{ OBJECT(0) + ZU_TABLE_O_DATA, 4, DATA + 1,
	  "an object's data is not where it should be" },
	{ OBJECT(0) + ZU_TABLE_O_ID_LEN, 4, 33,
	  "a build ID is too long" },
	{ OBJECT(0) + ZU_TABLE_O_ID + 4, 1, 1,
	  "there are bytes behind a build ID" },
	{ OBJECT(0) + ZU_TABLE_O_ID + 31, 1, 1,
	  "there are bytes behind a build ID" },

	{ STATE(1), 1, 0xff, "a state is malformed" },
	{ STATE(2) + ZU_TABLE_S_CFA_REG, 1, 16,
	  "a state is malformed" },
	{ STATE(0) + ZU_TABLE_S_FP, 2, 1, "a state is malformed" },
	{ STATE(1) + ZU_TABLE_S_RA, 2, 1, "a state is malformed" },
	{ STATE(2) + ZU_TABLE_S_CFA, 2, 100,
	  "its states are not in order" },
	{ STATE(2) + ZU_TABLE_S_CFA, 2, 33,
	  "its states are not in order" },

	{ NAMES + 1, 1, 0, "its objects are not in order of names" },
	{ NAMES + 1, 1, 0x7f,
	  "a name has a character that can't be printed" },
	{ NAMES + 1, 1, ' ',
	  "a name has a character that can't be printed" },
	{ NAMES + 5, 1, 'x', "a name has no end" },
	{ NAMES + 3, 1, 0, "there are bytes behind the last name" },

	{ DATA, 4, 2, "an index does not begin at the first row" },
	{ DATA, 4, ZU_TABLE_WIDE,
	  "a row has a state that is not there" },
	{ DATA + 4, 4, 0x7fffffff, "an index is not in order" },
	{ DATA + 4, 4, 0x80000000, "the first row is not at the start" },
	{ DATA + 4, 4, 11,
	  "a block has part of a row, or too many" },
	{ DATA + 8, 4, 8, "an index is not in order" },
	{ DATA + 8, 4, ZU_TABLE_WIDE | 22,
	  "an index does not end well" },
	{ ROWS, 1, 1, "the first row is not at the start" },
	{ ROWS + 2, 1, 8, "rows are not in order" },
	{ ROWS + 5, 1, 0x10, "rows are not in order" },
	{ ROWS + 6, 1, 4, "a row has a state that is not there" },
	{ ROWS + 7, 1, 0, "a row is the same as the one before" },
	{ ROWS + 6, 1, 2, "there are rows before the first function" },
	{ ROWS + 1, 1, 7, "there are rows before the first function" },

	{ MARKS, 4, 1, "an index of marks does not begin at the first" },
	{ MARKS + 4, 4, 2, "an index of marks is not in order" },
	{ MARKS + 4, 4, 0x80000006, "an index of marks is not in order" },
	{ MARKS + 8, 4, 8, "an index of marks is not in order" },
	{ MARKS + 8, 4, 5, "an index of marks is not in order" },
	{ MARKS + 4, 4, 3, "a block has more functions than bytes" },
	{ BLOCK0 + ZU_TABLE_M_NR_FUNCS, 1, 4,
	  "a block has more functions than bytes" },
	{ BLOCK0 + ZU_TABLE_M_NR_FUNCS, 1, 0,
	  "a call is before the first function" },
	{ BLOCK0 + 3, 1, 0x13, "a call is before the first function" },
	{ BLOCK0 + ZU_TABLE_M_BACK, 2, 1,
	  "a block has another function before it than it says" },
	{ BLOCK1 + ZU_TABLE_M_BACK, 2, 0,
	  "a block has another function before it than it says" },
	{ BLOCK1 + ZU_TABLE_M_BACK, 2, 2,
	  "a block has another function before it than it says" },
	{ BLOCK0 + 2, 2, 0x0312, "functions are not in order" },
	{ BLOCK1 + 3, 1, 0x20, "a function is behind the end of the text" },
	{ BLOCK0 + 4, 2, 0x1212, "calls are not in order" },
	{ BLOCK0 + 4, 2, 0x1211, "calls are not in order" },
	{ BLOCK1 + 4, 1, 0x20, "a call is behind the end of the text" },

	{ EXITS, 4, 0, "exits are of what is no function" },
	{ EXITS, 4, 0x11, "exits are of what is no function" },
	{ EXITS, 4, 0xffffffff, "exits are of what is no function" },
	{ EXITS + 4, 4, 0x10, "functions with exits are not in order" },
	{ BEGINS, 4, 1, "exits don't begin at the first list" },
	{ BEGINS + 4, 4, 0, "a function with exits has none" },
	{ BEGINS + 4, 4, 4, "exits are not in order" },
	{ BEGINS + 4, 4, 0x3fffffff, "lists of exits are not in order" },
	{ BEGINS + 8, 4, 0, "lists of exits are not in order" },
	{ BEGINS + 8, 4, 0x80000003, "lists of exits don't end well" },
	{ BEGINS + 8, 4, 0x40000003, "lists of exits don't end well" },
	{ LISTS, 4, 0x202, "an exit is neither a function nor a jump" },
	{ LISTS, 4, 0x11, "an exit is neither a function nor a jump" },
	{ LISTS, 4, 0x7ffffffe, "an exit is neither a function nor a jump" },
	{ LISTS, 4, 0x8000000e, "an exit is neither a function nor a jump" },
	{ LISTS, 4, 0x80000011, "an exit is neither a function nor a jump" },
	{ LISTS, 4, 0x800001fc, "an exit is neither a function nor a jump" },
	{ LISTS, 4, 0xfffffffe, "an exit is neither a function nor a jump" },
	{ LISTS + 8, 4, 0x10, "exits are not in order" },
	{ LISTS + 8, 4, 0x80000010,
	  "an exit is neither a function nor a jump" },
	{ LISTS + 8, 4, 0x800001fc,
	  "an exit is neither a function nor a jump" },
	{ LISTS + 8, 4, 0x8000023c,
	  "an exit is neither a function nor a jump" },
};

static void test_refused(void **state)
{
	(void)state;
	assert_int_equal(init(NULL), 0);
	assert_int_equal(table.nr_states, 4);
	expect_refused(damages, sizeof(damages) / sizeof(damages[0]));
}

/* The last part is cut; all before is as it was. */
static void test_refused_cut(void **state)
{
	static const struct {
		size_t less;
		const char *why;
	} cut[] = {
		{ 1, "exits don't fit in the file" },
		{ 12, "exits don't fit in the file" },
		{ 13, "an index of marks is not in order" },
		{ 16, "an index of marks is not in order" },
		{ 17, "an index of marks does not fit in the file" },
		{ 24, "an index of marks does not fit in the file" },
		{ 25, "an index is not in order" },
	};
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
		size_t n = len - cut[i].less;
		uint8_t *part = malloc(n);

		assert_non_null(part);
		memcpy(part, bytes, n);
		table_seal(part, n);
		assert_int_equal(zu_table_init(&table, part, n, &why),
				 ZU_EFORMAT);
		assert_string_equal(why, cut[i].why);
		free(part);
	}
}

/* Of a text that ends within a halfword, a jump's last byte lies behind. */
static void test_refused_odd_text(void **state)
{
	const char *why;

	(void)state;
	zu_put_be32(bytes + OBJECT(0) + ZU_TABLE_O_SIZE, 0x23f);
	zu_put_be32(bytes + LISTS + 8, 0x80000238);
	table_seal(bytes, len);
	assert_int_equal(init(&why), 0);
	zu_put_be32(bytes + LISTS + 8, 0x8000023a);
	table_seal(bytes, len);
	assert_int_equal(init(&why), ZU_EFORMAT);
	assert_string_equal(why, "an exit is neither a function nor a jump");
}

/* What only a table with long numbers can have wrong */
static void test_refused_wide(void **state)
{
	size_t states = OBJECT(1), data = states + 264 * ZU_TABLE_STATE + 1;
	const struct damage d[] = {
		{ states + 256 * ZU_TABLE_STATE + ZU_TABLE_S_CFA, 2,
		  zu_be16(bytes + states + 255 * ZU_TABLE_STATE +
			  ZU_TABLE_S_CFA), "a state is there twice" },
		{ data + 6 * ZU_TABLE_ENTRY, 1, 0,
		  "a block without rows has another width" },
		{ data + ZU_TABLE_ENTRY, 4, 514,
		  "a block has part of a row, or too many" },
		{ data + zu_table_index_len(8192) +
		  (zu_be32(bytes + data + 16 * ZU_TABLE_ENTRY) - 2), 2, 264,
		  "a row has a state that is not there" },
	};

	(void)state;
	assert_int_equal(init(NULL), 0);
	assert_int_equal(table.nr_states, 264);
	assert_true(zu_be32(bytes + data + 6 * ZU_TABLE_ENTRY) &
		    ZU_TABLE_WIDE);
	expect_refused(d, sizeof(d) / sizeof(d[0]));
}

static void test_version_is_told_apart(void **state)
{
	const char *why;

	(void)state;
	zu_put_be32(bytes + ZU_TABLE_H_VERSION, 1);
	assert_int_equal(init(&why), ZU_ENOTSUP);
	assert_int_equal(zu_table_init(&table, bytes, 11, &why), ZU_EFORMAT);
}

int main(void)
{
#define SMALL(name) \
	cmocka_unit_test_setup_teardown(test_##name, setup_small, teardown)
#define WIDE(name, of) { "test_" #name of, test_##name, setup_wide, \
			 teardown, NULL }
	const struct CMUnitTest tests[] = {
		SMALL(example),
		SMALL(truncated),
		SMALL(longer),
		SMALL(bit_rot),
		SMALL(forged),
		SMALL(refused),
		SMALL(refused_cut),
		SMALL(refused_odd_text),
		SMALL(version_is_told_apart),
		WIDE(truncated, "_of_wide"),
		WIDE(bit_rot, "_of_wide"),
		WIDE(forged_wide, ""),
		WIDE(refused_wide, ""),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
