/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/ranges.h"

#include <inttypes.h>
#include <stdlib.h>

#include "util/fail.h"
#include "util/grow.h"

/* A range by address; none before it ends behind @end */
struct zu_klp_sorted {
	uint64_t start;
	uint64_t last;
	uint64_t end;
	size_t number;
};

int zu_klp_ranges_add(struct zu_klp_ranges *r,
		      const struct zu_klp_range *range, struct zu_error *err)
{
	struct zu_klp_range *p;

	p = zu_grow(r->range, r->count, &r->cap, sizeof(*p));
	if (!p)
		return zu_fail_nomem(err);
	r->range = p;
	r->range[r->count++] = *range;
	return 0;
}

/*
 * klp_check_stack_func(). Where a patch that is not the newest is disabled, and
 * that is turned round, the kernel takes the head of the function stack for
 * the next older version; it is the original function that was in use.
 */
static void find_old(const struct zu_klp *klp, const struct zu_klp_func *f,
		     struct zu_klp_range *range)
{
	const struct zu_klp_func *older;

	range->start = f->old_func;
	range->size = f->old_size;
	if (f->alone || f->older == ZU_KLP_NONE)
		return;
	older = &klp->funcs[f->older];
	range->start = older->new_func;
	range->size = older->new_size;
	range->replaced = !older->nop;
}

static int add_func(struct zu_klp_ranges *r, const struct zu_klp *klp,
		    const struct zu_klp_func *f, struct zu_error *err)
{
	const struct zu_klp_object *o = &klp->objects[f->object];
	struct zu_klp_range range = {
		.name = f->name,
		.module = *o->name ? o->name : NULL,
		.start = f->new_func,
		.size = f->new_size,
		.replaced = !f->nop,
	};

	if (!f->stacked)
		return zu_fail(err, ZU_EFORMAT,
			       "the function %s is patched, but klp_func at 0x%" PRIx64 " is on no function stack",
			       f->name, f->address);
	if (klp->target == ZU_KLP_PATCHED) {
		range.replaced = false;
		find_old(klp, f, &range);
	}
	return zu_klp_ranges_add(r, &range, err);
}

int zu_klp_ranges_transition(struct zu_klp_ranges *r, const struct zu_klp *klp,
			     struct zu_error *err)
{
	const struct zu_klp_patch *p;
	size_t i, f;
	int ret;

	if (klp->transition == ZU_KLP_NONE)
		return 0;
	p = &klp->patches[klp->transition];
	for (i = p->first; i < p->first + p->count; i++) {
		const struct zu_klp_object *o = &klp->objects[i];

		for (f = o->first; o->patched && f < o->first + o->count;
		     f++) {
			ret = add_func(r, klp, &klp->funcs[f], err);
			if (ret)
				return ret;
		}
	}
	return zu_klp_ranges_sort(r, err);
}

static int by_start(const void *a, const void *b)
{
	const struct zu_klp_sorted *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

int zu_klp_ranges_sort(struct zu_klp_ranges *r, struct zu_error *err)
{
	uint64_t end = 0;
	size_t i;

	free(r->sorted);
	r->sorted = calloc(r->count + 1, sizeof(*r->sorted));
	if (!r->sorted)
		return zu_fail_nomem(err);
	for (i = 0; i < r->count; i++) {
		uint64_t start = r->range[i].start, size = r->range[i].size;

		r->sorted[i] = (struct zu_klp_sorted){
			.start = start,
			.last = start + size < start ? UINT64_MAX :
				start + size,
			.number = i,
		};
	}
	qsort(r->sorted, r->count, sizeof(*r->sorted), by_start);
	for (i = 0; i < r->count; i++) {
		if (r->sorted[i].last > end)
			end = r->sorted[i].last;
		r->sorted[i].end = end;
	}
	return 0;
}

size_t zu_klp_ranges_find(const struct zu_klp_ranges *r, uint64_t addr)
{
	size_t lo = 0, hi = r->count, found = ZU_KLP_NONE;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->sorted[mid].start <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	/* more than one only if two functions share their code */
	while (lo-- && r->sorted[lo].end > addr)
		if (r->sorted[lo].last > addr && r->sorted[lo].number < found)
			found = r->sorted[lo].number;
	return found;
}

void zu_klp_ranges_deinit(struct zu_klp_ranges *r)
{
	free(r->range);
	free(r->sorted);
	*r = (struct zu_klp_ranges)ZU_KLP_RANGES_INIT;
}
