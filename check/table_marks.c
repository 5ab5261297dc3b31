/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a maker collects of functions besides rows. */
#include "check/table_make.h"

#include <inttypes.h>
#include <stdlib.h>

#include "check/table_private.h"
#include "core/table_format.h"
#include "util/fail.h"
#include "util/grow.h"

/* The function added last, if the object begun last has any */
static struct zu_table_maker_func *last_func(struct zu_table_maker *m)
{
	return m->nr_objects && m->objects[m->nr_objects - 1].nr_funcs ?
	       &m->funcs[m->nr_funcs - 1] : NULL;
}

int zu_table_maker_mark(struct zu_table_maker *m, uint32_t offset,
			struct zu_error *err)
{
	struct zu_table_maker_object *o = &m->objects[m->nr_objects - 1];
	struct zu_table_maker_func *f;

	if (o->nr_funcs >= ZU_TABLE_MAX_FUNCS &&
	    m->funcs[m->nr_funcs - ZU_TABLE_MAX_FUNCS].offset /
	    ZU_TABLE_BLOCK == offset / ZU_TABLE_BLOCK)
		return zu_fail(err, ZU_ENOTSUP,
			       "there are over %u functions in %u bytes",
			       ZU_TABLE_MAX_FUNCS, ZU_TABLE_BLOCK);
	f = zu_grow(m->funcs, m->nr_funcs, &m->cap_funcs, sizeof(*f));
	if (!f)
		return zu_fail_nomem(err);
	m->funcs = f;
	f[m->nr_funcs++] = (struct zu_table_maker_func){
		.offset = offset,
		.first_exit = m->nr_exits,
	};
	o->nr_funcs++;
	return 0;
}

int zu_table_maker_call(struct zu_table_maker *m, uint64_t last,
			struct zu_error *err)
{
	const struct zu_table_maker_func *f = last_func(m);
	struct zu_table_maker_object *o;
	uint32_t *calls;

	if (!f)
		return zu_fail(err, ZU_EINVAL, "a call without a function");
	o = &m->objects[m->nr_objects - 1];
	if (last < f->offset || last % 2 || last + 2 > o->end ||
	    (o->nr_calls && last <= m->calls[m->nr_calls - 1]))
		return zu_fail(err, ZU_EINVAL,
			       "the call at 0x%" PRIx64 " is not in its place",
			       last);
	calls = zu_grow(m->calls, m->nr_calls, &m->cap_calls, sizeof(*calls));
	if (!calls)
		return zu_fail_nomem(err);
	m->calls = calls;
	calls[m->nr_calls++] = (uint32_t)last;
	o->nr_calls++;
	return 0;
}

static bool is_jump_of(const struct zu_table_maker *m,
		       const struct zu_table_maker_func *f, uint32_t exit)
{
	uint64_t offset = exit & ~ZU_TABLE_EXIT_JUMP;

	return offset >= f->offset && offset % 2 == 0 &&
	       offset + 6 <= m->objects[m->nr_objects - 1].end;
}

int zu_table_maker_exit(struct zu_table_maker *m, uint32_t exit,
			struct zu_error *err)
{
	struct zu_table_maker_func *f = last_func(m);
	uint32_t *exits;

	if (!f)
		return zu_fail(err, ZU_EINVAL, "an exit without a function");
	if (exit & ZU_TABLE_EXIT_JUMP && !is_jump_of(m, f, exit))
		return zu_fail(err, ZU_EINVAL,
			       "the jump at 0x%" PRIx32 " is not in its place",
			       exit & ~ZU_TABLE_EXIT_JUMP);
	exits = zu_grow(m->exits, m->nr_exits, &m->cap_exits, sizeof(*exits));
	if (!exits)
		return zu_fail_nomem(err);
	m->exits = exits;
	exits[m->nr_exits++] = exit;
	f->nr_exits++;
	return 0;
}

void zu_table_maker_flags(struct zu_table_maker *m, bool anywhere, bool thunk)
{
	struct zu_table_maker_func *f = last_func(m);

	if (f)
		f->flags |= (anywhere ? ZU_TABLE_ANYWHERE : 0) |
			    (thunk ? ZU_TABLE_THUNK : 0);
}

static int compare_exits(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int compare_starts(const void *key, const void *func)
{
	const struct zu_table_maker_func *f = func;
	const uint32_t *offset = key;

	return *offset < f->offset ? -1 : *offset > f->offset;
}

static bool is_func(const struct zu_table_maker *m,
		    const struct zu_table_maker_object *o, uint32_t offset)
{
	return bsearch(&offset, m->funcs + o->first_func, o->nr_funcs,
		       sizeof(*m->funcs), compare_starts);
}

static int sort_exits(struct zu_table_maker *m,
		      const struct zu_table_maker_object *o,
		      struct zu_table_maker_func *f, struct zu_error *err)
{
	uint32_t *exits;
	size_t i, n = 0;

	if (!f->nr_exits)
		return 0;
	exits = m->exits + f->first_exit;
	qsort(exits, f->nr_exits, sizeof(*exits), compare_exits);
	for (i = 0; i < f->nr_exits; i++) {
		if (!(exits[i] & ZU_TABLE_EXIT_JUMP) && !is_func(m, o, exits[i]))
			return zu_fail(err, ZU_EINVAL,
				       "an exit leads to 0x%" PRIx32
				       ", where no function is", exits[i]);
		if (!n || exits[i] != exits[n - 1])
			exits[n++] = exits[i];
	}
	f->nr_exits = n;
	return 0;
}

int zu_table_sort_exits(struct zu_table_maker *m, struct zu_error *err)
{
	size_t i, k;
	int ret = 0;

	for (i = 0; i < m->nr_objects; i++) {
		const struct zu_table_maker_object *o = &m->objects[i];

		for (k = 0; k < o->nr_funcs && !ret; k++)
			ret = sort_exits(m, o, &m->funcs[o->first_func + k],
					 err);
	}
	return ret;
}
