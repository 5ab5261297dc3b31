/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Look-up of functions, calls and exits in a table that zu_table_init() has
 * accepted: like that of rows it has no checks of its own.
 */
#include "core/table.h"

#include "core/bytes.h"
#include "core/table_format.h"

/* The marks of one block */
struct marks {
	const uint8_t *funcs;
	const uint8_t *calls;
	uint32_t nr_funcs;
	uint32_t nr_calls;
	uint32_t back;
};

static void get_marks(const struct zu_table_object *o, uint32_t number,
		      struct marks *ret)
{
	const uint8_t *entry = o->marks_index + (size_t)number * ZU_TABLE_ENTRY;
	const uint8_t *p = o->marks + zu_be32(entry);
	const uint8_t *end = o->marks + zu_be32(entry + ZU_TABLE_ENTRY);

	ret->back = zu_be16(p + ZU_TABLE_M_BACK);
	ret->nr_funcs = p[ZU_TABLE_M_NR_FUNCS];
	ret->funcs = p + ZU_TABLE_M_HEAD;
	ret->calls = ret->funcs + ret->nr_funcs;
	ret->nr_calls = (uint32_t)(end - ret->calls);
}

/* How many of some marks are at or before a halfword; at most 9 steps */
static uint32_t count(const uint8_t *mark, uint32_t nr, uint32_t halfword)
{
	uint32_t low = 0, high = nr;

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (mark[middle] <= halfword)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool has(const uint8_t *mark, uint32_t nr, uint32_t offset)
{
	uint32_t halfword = offset % ZU_TABLE_BLOCK / 2;
	uint32_t n = count(mark, nr, halfword);

	return n && mark[n - 1] == halfword && offset % 2 == 0;
}

bool zu_table_func(const struct zu_table_object *o, uint64_t offset,
		   uint32_t *start)
{
	uint32_t number, n;
	struct marks m;

	if (offset >= o->size)
		return false;
	number = (uint32_t)offset / ZU_TABLE_BLOCK;
	get_marks(o, number, &m);
	n = count(m.funcs, m.nr_funcs, (uint32_t)offset % ZU_TABLE_BLOCK / 2);
	if (!n && !m.back)
		return false;
	if (!n) {
		number -= m.back;
		get_marks(o, number, &m);
		n = m.nr_funcs;
	}
	*start = number * ZU_TABLE_BLOCK + m.funcs[n - 1] * 2u;
	return true;
}

bool zu_table_starts(const struct zu_table_object *o, uint32_t offset)
{
	struct marks m;

	if (offset >= o->size)
		return false;
	get_marks(o, offset / ZU_TABLE_BLOCK, &m);
	return has(m.funcs, m.nr_funcs, offset);
}

bool zu_table_call(const struct zu_table_object *o, uint64_t end)
{
	uint32_t last = (uint32_t)end - 2;
	struct marks m;

	if (end < 2 || end > o->size)
		return false;
	get_marks(o, last / ZU_TABLE_BLOCK, &m);
	return has(m.calls, m.nr_calls, last);
}

/* The first function or call from the halfword at an offset on */
static bool next_mark(const struct zu_table_object *o, uint32_t offset,
		      bool calls, uint32_t *ret)
{
	uint32_t blocks = zu_table_blocks(o->size);
	uint32_t number = offset / ZU_TABLE_BLOCK;
	uint32_t halfword = offset % ZU_TABLE_BLOCK / 2, nr, n;
	const uint8_t *mark;
	struct marks m;

	for (; number < blocks; number++, halfword = 0) {
		get_marks(o, number, &m);
		mark = calls ? m.calls : m.funcs;
		nr = calls ? m.nr_calls : m.nr_funcs;
		n = halfword ? count(mark, nr, halfword - 1) : 0;
		if (n < nr) {
			*ret = number * ZU_TABLE_BLOCK + mark[n] * 2u;
			return true;
		}
	}
	return false;
}

uint32_t zu_table_next_func(const struct zu_table_object *o, uint32_t offset)
{
	uint32_t start;

	return next_mark(o, offset + 2, false, &start) ? start :
								 o->size;
}

uint32_t zu_table_next_call(const struct zu_table_object *o, uint32_t offset)
{
	uint32_t last;

	return next_mark(o, offset, true, &last) ? last + 2 : 0;
}

/* The number of a function among those that have exits; at most 32 steps */
static bool find_exits(const struct zu_table_object *o, uint32_t func,
		       uint32_t *ret)
{
	uint32_t low = 0, high = o->nr_exits;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		uint32_t found = zu_be32(o->exits +
					 (size_t)middle * ZU_TABLE_WORD);

		if (found == func) {
			*ret = middle;
			return true;
		}
		if (found < func)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

void zu_table_exits(const struct zu_table_object *o, uint32_t func,
		    struct zu_table_exits *ret)
{
	const uint8_t *begins = o->exits + (size_t)o->nr_exits * ZU_TABLE_WORD;
	const uint8_t *lists = begins + ((size_t)o->nr_exits + 1) * ZU_TABLE_WORD;
	uint32_t number, begin, end;

	memset(ret, 0, sizeof(*ret));
	if (!find_exits(o, func, &number))
		return;
	begins += (size_t)number * ZU_TABLE_WORD;
	begin = zu_be32(begins);
	end = zu_be32(begins + ZU_TABLE_WORD);
	ret->anywhere = begin & ZU_TABLE_ANYWHERE;
	ret->thunk = begin & ZU_TABLE_THUNK;
	ret->nr = (end & ZU_TABLE_LIST) - (begin & ZU_TABLE_LIST);
	ret->list = lists + (size_t)(begin & ZU_TABLE_LIST) * ZU_TABLE_WORD;
}

uint32_t zu_table_exit(const struct zu_table_exits *e, uint32_t i, bool *jump)
{
	uint32_t word = zu_be32(e->list + (size_t)i * ZU_TABLE_WORD);

	*jump = word & ZU_TABLE_EXIT_JUMP;
	return word & ~ZU_TABLE_EXIT_JUMP;
}
