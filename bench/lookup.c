// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench/lookup TABLE [MILLIONS]: what a look-up in the largest object of a table
 * costs at random addresses, against a plain binary search in a sorted array of
 * the same rows. Once in one table, and once in so many copies that no cache
 * holds them: each look-up in another one, all of its lines cold. Both must find
 * the same. Then what a frame costs that is judged by the table: its row, its
 * function, whether a call ends there, and what that function's exits are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/table.h"
#include "kern/table_file.h"

/* Together more than any cache */
#define COLD_BYTES (512u << 20)

/* The rows as an array that is searched */
struct plain {
	uint32_t *offset;
	struct zu_row *row;
	size_t nr;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *get(size_t size)
{
	void *p = malloc(size);

	if (!p) {
		fprintf(stderr, "lookup: no memory\n");
		exit(2);
	}
	return p;
}

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *seed >> 33;
}

static void make_plain(const struct zu_table_object *o, struct plain *p)
{
	uint32_t off;

	p->offset = get(o->nr_rows * sizeof(*p->offset));
	p->row = get(o->nr_rows * sizeof(*p->row));
	p->nr = 0;
	for (off = 0; off < o->size; off = zu_table_next(o, off)) {
		p->offset[p->nr] = off;
		zu_table_row(o, off, &p->row[p->nr++]);
	}
}

static const struct zu_row *search(const struct plain *p, uint32_t off)
{
	size_t lo = 0, hi = p->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (p->offset[mid] <= off)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &p->row[lo - 1];
}

/* All look-ups depend on each other, as a walk's do. */
static double time_table(const struct zu_table_object *o, size_t copies,
			 size_t n)
{
	double start = now();
	uint64_t seed = 1;
	struct zu_row row = { .kind = 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		uint64_t r = next(&seed) + row.zero;

		zu_table_row(&o[(r >> 8) % copies], r % o->size, &row);
	}
	return (now() - start) * 1e9 / (double)n;
}

/* All that strict rules ask of a return address */
static double time_frame(const struct zu_table_object *o, size_t copies,
			 size_t n)
{
	double start = now();
	struct zu_table_exits exits = { .nr = 0 };
	struct zu_row row = { .kind = 0 };
	uint32_t func = 0;
	uint64_t seed = 1;
	size_t i;

	for (i = 0; i < n; i++) {
		uint64_t r = next(&seed) + row.zero + (exits.nr >> 31);
		const struct zu_table_object *p = &o[(r >> 8) % copies];
		uint64_t off = r % o->size;

		zu_table_row(p, off, &row);
		if (zu_table_func(p, off, &func) | zu_table_call(p, off))
			zu_table_exits(p, func, &exits);
	}
	return (now() - start) * 1e9 / (double)n;
}

static double time_plain(const struct plain *p, uint32_t size, size_t copies,
			 size_t n)
{
	double start = now();
	uint64_t seed = 1;
	struct zu_row row = { .kind = 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		uint64_t r = next(&seed) + row.zero;

		row = *search(&p[(r >> 8) % copies], (uint32_t)(r % size));
	}
	return (now() - start) * 1e9 / (double)n;
}

static void compare(const struct zu_table_object *o, const struct plain *p)
{
	struct zu_row row;
	uint64_t seed = 7;
	size_t i;

	for (i = 0; i < 1000000; i++) {
		uint32_t off = (uint32_t)(next(&seed) % o->size);

		zu_table_row(o, off, &row);
		if (!memcmp(&row, search(p, off), sizeof(row)))
			continue;
		fprintf(stderr, "lookup: they differ at 0x%" PRIx32 "\n", off);
		exit(1);
	}
}

static void *copy(const void *from, size_t size)
{
	return memcpy(get(size), from, size);
}

/* The copies are kept until the program ends. */
static double time_cold(const struct zu_table *t, uint32_t index, size_t n,
			double (*measure)(const struct zu_table_object *o,
					  size_t copies, size_t n))
{
	size_t copies = COLD_BYTES / t->len + 1, i;
	struct zu_table_object *o = get(copies * sizeof(*o));
	struct zu_table other;
	double ns;

	for (i = 0; i < copies; i++) {
		if (zu_table_init(&other, copy(t->bytes, t->len), t->len, NULL))
			exit(2);
		zu_table_object(&other, index, &o[i]);
	}
	ns = measure(o, copies, n);
	free(o);
	return ns;
}

static double time_cold_plain(const struct plain *p, uint32_t size, size_t n)
{
	size_t len = p->nr * (sizeof(*p->offset) + sizeof(*p->row));
	size_t copies = COLD_BYTES / len + 1, i;
	struct plain *all = get(copies * sizeof(*all));
	double ns;

	for (i = 0; i < copies; i++) {
		all[i].nr = p->nr;
		all[i].offset = copy(p->offset, p->nr * sizeof(*p->offset));
		all[i].row = copy(p->row, p->nr * sizeof(*p->row));
	}
	ns = time_plain(all, size, copies, n);
	free(all);
	return ns;
}

static uint32_t largest(const struct zu_table *t, struct zu_table_object *ret)
{
	uint32_t i, found = 0;

	zu_table_object(t, 0, ret);
	for (i = 1; i < t->nr_objects; i++) {
		struct zu_table_object o;

		zu_table_object(t, i, &o);
		if (o.nr_rows <= ret->nr_rows)
			continue;
		*ret = o;
		found = i;
	}
	return found;
}

int main(int argc, char **argv)
{
	size_t n = 1000000 * (argc > 2 ? strtoul(argv[2], NULL, 10) : 10);
	struct zu_table_file file;
	struct zu_table_object o;
	struct zu_error err;
	struct plain plain;
	uint32_t index;

	if (argc < 2 || !n) {
		fprintf(stderr, "usage: lookup TABLE [MILLIONS]\n");
		return 2;
	}
	if (zu_table_open(argv[1], &file, &err)) {
		fprintf(stderr, "lookup: %s\n", err.text);
		return 2;
	}
	index = largest(&file.table, &o);
	make_plain(&o, &plain);
	compare(&o, &plain);
	printf("%s: %" PRIu32 " rows of %" PRIu32 " bytes of text in %zu bytes; as an array %zu bytes\n",
	       argv[1], o.nr_rows, o.size, file.table.len,
	       plain.nr * (sizeof(*plain.offset) + sizeof(*plain.row)));
	printf("look-up at random addresses: table %6.1f ns, array %6.1f ns\n",
	       time_table(&o, 1, n), time_plain(&plain, o.size, 1, n));
	printf("the same, no line in cache:  table %6.1f ns, array %6.1f ns\n",
	       time_cold(&file.table, index, n / 10, time_table),
	       time_cold_plain(&plain, o.size, n / 10));
	printf("row, function, call, exits:         %6.1f ns, no line in cache %6.1f ns\n",
	       time_frame(&o, 1, n / 10),
	       time_cold(&file.table, index, n / 10, time_frame));
	zu_table_close(&file);
	return 0;
}
