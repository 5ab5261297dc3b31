/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is a table, once as it is, once with length and checksum made
 * right. If it is accepted, it is looked up everywhere, and a table is made of
 * what it says that says the same.
 */
#include <stdlib.h>
#include <string.h>

#include "check/table_make.h"
#include "kern/table_file.h"
#include "tests/make/file.h"
#include "tests/make/table.h"
#include "util/grow.h"

/* Texts up to this are looked up at each byte. */
#define EACH_BYTE 16384u

#define check(what)							\
	do {								\
		if (!(what))						\
			abort();					\
	} while (0)

static bool same(const struct zu_table_object *o, uint32_t offset,
		 const struct zu_row *row)
{
	struct zu_row other;

	zu_table_row(o, offset, &other);
	return !memcmp(&other, row, sizeof(other));
}

/* The row that holds from @off to below @next holds at every byte. */
static void look_up(const struct zu_table_object *o, uint32_t off,
		    uint32_t next)
{
	uint32_t step = o->size <= EACH_BYTE ? 1 : 511;
	struct zu_row row;
	uint64_t at;

	check(zu_table_row(o, off, &row) == (row.kind != ZU_ROW_UNDEFINED));
	for (at = off; at < next && at - off < EACH_BYTE; at += step) {
		check(same(o, (uint32_t)at, &row));
		check(zu_table_next(o, (uint32_t)at) == next);
	}
	check(same(o, next - 1, &row));
	check(zu_table_next(o, next - 1) == next);
}

static void look_up_all(const struct zu_table *t)
{
	struct zu_table_object o;
	uint32_t i, off, next;

	for (i = 0; i < t->nr_objects; i++) {
		zu_table_object(t, i, &o);
		for (off = 0; off < o.size; off = next) {
			next = zu_table_next(&o, off);
			look_up(&o, off, next);
		}
	}
}

/* A function that ends where the next one begins, with all that is said of it */
static void make_function(struct zu_table_maker *m,
			  const struct zu_table_object *o, uint32_t start,
			  uint32_t end)
{
	struct zu_flow_row *rows = NULL;
	struct zu_table_exits e;
	struct zu_error err;
	uint32_t off, n = 0, i;
	size_t cap = 0;
	bool jump;

	for (off = start; off < end; off = zu_table_next(o, off)) {
		rows = zu_grow(rows, n, &cap, sizeof(*rows));
		check(rows);
		rows[n].offset = off - start;
		zu_table_row(o, off, &rows[n++].row);
	}
	check(!zu_table_maker_func(m, start, end - start, rows, n, &err));
	free(rows);
	for (off = zu_table_next_call(o, start); off && off <= end;
	     off = zu_table_next_call(o, off))
		check(!zu_table_maker_call(m, off - 2, &err));
	zu_table_exits(o, start, &e);
	zu_table_maker_flags(m, e.anywhere, e.thunk);
	for (i = e.nr; i--; ) {
		off = zu_table_exit(&e, i, &jump);
		check(!zu_table_maker_exit(m, off | (jump ? ZU_TABLE_EXIT_JUMP :
						     0), &err));
	}
}

static void make_object(struct zu_table_maker *m,
			const struct zu_table_object *o)
{
	uint32_t start = table_first_func(o), next;
	struct zu_error err;

	check(!zu_table_maker_object(m, o->name, o->build_id, o->build_id_len,
				     o->size, &err));
	for (; start < o->size; start = next) {
		next = zu_table_next_func(o, start);
		make_function(m, o, start, next);
	}
}

static size_t exits_len(const struct zu_table_object *o)
{
	size_t words = 2 * (size_t)o->nr_exits + 1;

	words += zu_be32(o->exits + (words - 1) * ZU_TABLE_WORD);
	return words * ZU_TABLE_WORD;
}

/* Marks and exits can be written in one way only. */
static void compare_code(const struct zu_table_object *a,
			 const struct zu_table_object *b)
{
	size_t len = (size_t)(a->exits - a->marks_index) + exits_len(a);

	check(a->nr_funcs == b->nr_funcs && a->nr_calls == b->nr_calls &&
	      a->nr_exits == b->nr_exits);
	check((size_t)(b->exits - b->marks_index) + exits_len(b) == len);
	check(!memcmp(a->marks_index, b->marks_index, len));
}

static void compare(const struct zu_table_object *a,
		    const struct zu_table_object *b)
{
	struct zu_row row;
	uint32_t off;

	check(a->size == b->size && a->nr_rows == b->nr_rows);
	check(!strcmp(a->name, b->name));
	compare_code(a, b);
	check(a->build_id_len == b->build_id_len &&
	      !memcmp(a->build_id, b->build_id, a->build_id_len));
	for (off = 0; off < a->size; off = zu_table_next(a, off)) {
		zu_table_row(a, off, &row);
		check(same(b, off, &row));
		check(zu_table_next(a, off) == zu_table_next(b, off));
	}
}

static void make_again(const struct zu_table *t)
{
	struct zu_table_maker m = ZU_TABLE_MAKER_INIT;
	struct zu_table_object a, b;
	struct zu_table again;
	struct zu_error err;
	void *bytes;
	size_t len;
	uint32_t i;

	for (i = 0; i < t->nr_objects; i++) {
		zu_table_object(t, i, &a);
		make_object(&m, &a);
	}
	check(!m.unfit);
	check(!zu_table_maker_finish(&m, &bytes, &len, &err));
	check(!zu_table_init(&again, bytes, len, NULL));
	check(again.nr_objects == t->nr_objects);
	for (i = 0; i < t->nr_objects; i++) {
		zu_table_object(t, i, &a);
		zu_table_object(&again, i, &b);
		compare(&a, &b);
	}
	free(bytes);
	zu_table_maker_deinit(&m);
}

/* Its return is that of zu_table_init(). */
static int use(const uint8_t *bytes, size_t len)
{
	struct zu_table t;
	const char *why;
	int ret;

	ret = zu_table_init(&t, bytes, len, &why);
	check(!ret == !why);
	check(!ret || ret == ZU_EFORMAT || ret == ZU_ENOTSUP);
	if (ret)
		return ret;
	check(table_holds(&t));
	look_up_all(&t);
	make_again(&t);
	return 0;
}

static void open_file(const uint8_t *data, size_t size, int expected)
{
	struct zu_table_file file = { .bytes = NULL };
	struct zu_error err = { 0 };
	int ret = zu_table_open(mk_fuzz_file(data, size), &file, &err);

	if (size < ZU_TABLE_MAGIC_LEN ||
	    memcmp(data, ZU_TABLE_MAGIC, ZU_TABLE_MAGIC_LEN))
		expected = ZU_ENOTMINE;
	check(ret == expected);
	check(!ret || (err.code == ret && err.text[0] && !file.bytes));
	zu_table_close(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *sealed;

	open_file(data, size, use(data, size));
	if (size < ZU_TABLE_HEADER + ZU_TABLE_CRC)
		return 0;
	sealed = malloc(size);
	check(sealed);
	memcpy(sealed, data, size);
	table_seal(sealed, size);
	use(sealed, size);
	free(sealed);
	return 0;
}
