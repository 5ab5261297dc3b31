/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What must hold of the marks and exits of an object before they are used: in
 * one pass, as core/table_check.c does with all before them.
 */
#include "core/table.h"

#include "core/bytes.h"
#include "core/table_format.h"

/* A walk over the marks of an object, block by block */
struct marks {
	const struct zu_table_object *o;
	uint32_t block;
	uint32_t first;		/* offset of the first function */
	uint32_t last;		/* 1 + block of the last one; 0: none yet */
	uint32_t nr_funcs;	/* so far */
	uint32_t nr_calls;
};

static bool in_order(const uint8_t *p, uint32_t nr)
{
	uint32_t i;

	for (i = 1; i < nr; i++)
		if (p[i] <= p[i - 1])
			return false;
	return true;
}

/* Offset of the last of some marks */
static uint64_t last_of(const struct marks *m, const uint8_t *p, uint32_t nr)
{
	return (uint64_t)m->block * ZU_TABLE_BLOCK + p[nr - 1] * 2u;
}

static const char *check_funcs(struct marks *m, const uint8_t *p, uint32_t nr)
{
	if (!nr)
		return NULL;
	if (!in_order(p, nr))
		return "functions are not in order";
	if (last_of(m, p, nr) >= m->o->size)
		return "a function is behind the end of the text";
	m->nr_funcs += nr;
	return NULL;
}

static const char *check_calls(struct marks *m, const uint8_t *p, uint32_t nr)
{
	if (!nr)
		return NULL;
	if (!in_order(p, nr))
		return "calls are not in order";
	if (last_of(m, p, nr) + 2 > m->o->size)
		return "a call is behind the end of the text";
	m->nr_calls += nr;
	return NULL;
}

static uint32_t way_back(const struct marks *m)
{
	uint32_t back = m->last ? m->block - (m->last - 1) : 0;

	return back <= ZU_TABLE_MAX_BACK ? back : 0;
}

static const char *check_block(struct marks *m, const uint8_t *p, uint32_t len)
{
	const uint8_t *funcs = p + ZU_TABLE_M_HEAD;
	uint32_t nr = p[ZU_TABLE_M_NR_FUNCS];
	const char *why;

	len -= ZU_TABLE_M_HEAD;
	if (nr > len)
		return "a block has more functions than bytes";
	if (zu_be16(p + ZU_TABLE_M_BACK) != way_back(m))
		return "a block has another function before it than it says";
	why = check_funcs(m, funcs, nr);
	if (!why)
		why = check_calls(m, funcs + nr, len - nr);
	if (why)
		return why;
	if (!m->last && nr < len && (!nr || funcs[nr] < funcs[0]))
		return "a call is before the first function";
	if (nr && !m->last)
		m->first = m->block * ZU_TABLE_BLOCK + funcs[0] * 2u;
	if (nr)
		m->last = m->block + 1;
	return NULL;
}

/* Rows are of functions. */
static bool has_rows_before(const struct zu_table_object *o, uint32_t first)
{
	struct zu_row row;

	return first &&
	       (zu_table_row(o, 0, &row) || zu_table_next(o, 0) < first);
}

const char *zu_table_check_marks(const struct zu_table_object *o, uint64_t room,
				 uint64_t *len)
{
	uint32_t blocks = zu_table_blocks(o->size), begin, next;
	uint64_t index_len = zu_table_index_len(o->size);
	const uint8_t *p = o->marks_index;
	struct marks m = { .o = o, .first = o->size };
	const char *why;

	if (index_len > room)
		return "an index of marks does not fit in the file";
	room -= index_len;
	next = zu_be32(p);
	if (next)
		return "an index of marks does not begin at the first";
	for (; m.block < blocks; m.block++) {
		begin = next;
		p += ZU_TABLE_ENTRY;
		next = zu_be32(p);
		if (next < begin || next - begin < ZU_TABLE_M_HEAD ||
		    next > room)
			return "an index of marks is not in order";
		why = check_block(&m, o->marks + begin, next - begin);
		if (why)
			return why;
	}
	if (m.nr_funcs != o->nr_funcs)
		return "an object has another number of functions than it says";
	if (m.nr_calls != o->nr_calls)
		return "an object has another number of calls than it says";
	if (has_rows_before(o, m.first))
		return "there are rows before the first function";
	*len = index_len + next;
	return NULL;
}

/* A jump has six bytes, all of them in the function. */
static bool is_inside(const struct zu_table_object *o, uint32_t func,
		      uint32_t jump)
{
	uint32_t first, last;

	return jump % 2 == 0 && zu_table_func(o, jump, &first) &&
	       zu_table_func(o, (uint64_t)jump + 4, &last) &&
	       o->size - jump >= 6 && first == func && last == func;
}

static const char *check_list(const struct zu_table_object *o, uint32_t func,
			      const uint8_t *list, uint32_t nr)
{
	uint32_t i, word, before = 0;

	for (i = 0; i < nr; i++, before = word) {
		word = zu_be32(list + (size_t)i * ZU_TABLE_WORD);
		if (i && word <= before)
			return "exits are not in order";
		if (word & ZU_TABLE_EXIT_JUMP ?
		    !is_inside(o, func, word & ~ZU_TABLE_EXIT_JUMP) :
		    !zu_table_starts(o, word))
			return "an exit is neither a function nor a jump";
	}
	return NULL;
}

/* A function and its list, which begins at @begin and ends at @next */
static const char *check_exit(const struct zu_table_object *o, uint32_t number,
			      uint32_t begin, uint32_t next,
			      const uint8_t *lists)
{
	const uint8_t *p = o->exits + (size_t)number * ZU_TABLE_WORD;
	uint32_t first = begin & ZU_TABLE_LIST;
	uint32_t nr = (next & ZU_TABLE_LIST) - first;

	if (number && zu_be32(p) <= zu_be32(p - ZU_TABLE_WORD))
		return "functions with exits are not in order";
	if (!zu_table_starts(o, zu_be32(p)))
		return "exits are of what is no function";
	if (!nr && !(begin & ~ZU_TABLE_LIST))
		return "a function with exits has none";
	return check_list(o, zu_be32(p),
			  lists + (size_t)first * ZU_TABLE_WORD, nr);
}

const char *zu_table_check_exits(const struct zu_table_object *o, uint64_t room,
				 uint64_t *len)
{
	uint64_t fixed = ((uint64_t)o->nr_exits * 2 + 1) * ZU_TABLE_WORD;
	const uint8_t *p = o->exits + (size_t)o->nr_exits * ZU_TABLE_WORD;
	const uint8_t *lists = o->exits + fixed;
	uint32_t i, begin, next;
	const char *why;

	if (fixed > room)
		return "exits don't fit in the file";
	next = zu_be32(p);
	if (next & ZU_TABLE_LIST)
		return "exits don't begin at the first list";
	for (i = 0; i < o->nr_exits; i++) {
		begin = next;
		p += ZU_TABLE_WORD;
		next = zu_be32(p);
		if ((next & ZU_TABLE_LIST) < (begin & ZU_TABLE_LIST) ||
		    (next & ZU_TABLE_LIST) > (room - fixed) / ZU_TABLE_WORD)
			return "lists of exits are not in order";
		why = check_exit(o, i, begin, next, lists);
		if (why)
			return why;
	}
	if (next & ~ZU_TABLE_LIST)
		return "lists of exits don't end well";
	*len = fixed + (uint64_t)next * ZU_TABLE_WORD;
	return NULL;
}
