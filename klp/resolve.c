/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/resolve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kern/kernel.h"
#include "kern/module.h"
#include "klp/object.h"
#include "util/fail.h"

/* addresses that an error shows */
#define SHOWN 6

/**
 * struct wanted - a function that is looked for
 * @range: what becomes of it
 * @count: symbols of its name so far
 * @addr: the first ones
 * @at: the one at its position
 */
struct wanted {
	struct zu_patch_range *range;
	uint64_t count;
	uint64_t addr[SHOWN];
	uint64_t at;
};

/**
 * struct group - the functions of one object
 * @wanted: by name
 * @nr: how many
 */
struct group {
	struct wanted *wanted;
	size_t nr;
};

/* The kernel first; of one object by name */
static int by_name(const void *a, const void *b)
{
	const struct zu_patch_function *x =
		((const struct wanted *)a)->range->function;
	const struct zu_patch_function *y =
		((const struct wanted *)b)->range->function;
	int cmp;

	if (!x->object != !y->object)
		return x->object ? 1 : -1;
	cmp = x->object ? strcmp(x->object, y->object) : 0;
	return cmp ? cmp : strcmp(x->name, y->name);
}

static bool is_same_object(const struct wanted *a, const struct wanted *b)
{
	const char *x = a->range->function->object;
	const char *y = b->range->function->object;

	return x && y ? !strcmp(x, y) : x == y;
}

/* klp_match_callback() counts any symbol, functions or not. */
static void count(struct wanted *w, uint64_t addr)
{
	uint64_t pos = w->range->function->sympos;

	if (w->count < SHOWN)
		w->addr[w->count] = addr;
	if (++w->count == (pos ? pos : 1))
		w->at = addr;
}

static void each(void *ctx, const char *name, uint64_t addr)
{
	const struct group *g = ctx;
	size_t lo = 0, hi = g->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(g->wanted[mid].range->function->name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < g->nr; lo++) {
		if (strcmp(g->wanted[lo].range->function->name, name))
			break;
		count(&g->wanted[lo], addr);
	}
}

static const char *object_of(const struct wanted *w)
{
	const char *object = w->range->function->object;

	return object ? object : ZU_OBJECT_KERNEL;
}

/* " (0x1234, 0x5678)" */
static void show(const struct wanted *w, char *to, size_t size)
{
	size_t len = 0, i;

	for (i = 0; i < w->count && i < SHOWN; i++)
		len += (size_t)snprintf(to + len, size - len, "%s0x%" PRIx64,
					i ? ", " : "", w->addr[i]);
	if (w->count > SHOWN)
		snprintf(to + len, size - len, ", ...");
}

/* As klp_find_object_symbol() */
static int check_count(const struct wanted *w, struct zu_error *err)
{
	const struct zu_patch_function *f = w->range->function;
	char places[SHOWN * 20 + 8];

	if (!w->count)
		return zu_fail(err, ZU_ENOENT, "there is no %s in %s",
			       f->name, object_of(w));
	show(w, places, sizeof(places));
	if (!f->sympos && w->count > 1)
		return zu_fail(err, ZU_EINVAL,
			       "there are %" PRIu64
			       " of %s in %s (%s): which one is meant is not told; %s/1 is the first one",
			       w->count, f->name, object_of(w), places,
			       f->name);
	if (f->sympos > w->count)
		return zu_fail(err, ZU_ENOENT,
			       "there is no %s/%" PRIu64
			       " in %s: the last one is %s/%" PRIu64 " (%s)",
			       f->name, f->sympos, object_of(w), f->name,
			       w->count, places);
	return 0;
}

static int set_range(struct zu_kernel *k, const struct wanted *w,
		     struct zu_error *err)
{
	struct zu_symbol sym;

	/* not in text, where ftrace, by which the kernel patches, is not */
	if (!zu_kernel_symbol(k, w->at, &sym))
		return zu_fail(err, ZU_EINVAL,
			       "%s in %s, at 0x%" PRIx64 ", is no function",
			       w->range->function->name, object_of(w), w->at);
	w->range->old = w->at;
	w->range->start = w->at;
	w->range->size = sym.size;
	return 0;
}

static int find_in_kernel(struct zu_kernel *k, struct group *g,
			  struct zu_error *err)
{
	const char **names = calloc(g->nr, sizeof(*names));
	size_t i;

	if (!names)
		return zu_fail_nomem(err);
	for (i = 0; i < g->nr; i++)
		names[i] = g->wanted[i].range->function->name;
	zu_kallsyms_named(k->symbols.kallsyms, names, g->nr, each, g);
	free(names);
	return 0;
}

/* klp_find_object_module(): one that is not alive is left for later. */
static int find_in_module(struct zu_kernel *k, struct group *g, bool *waits,
			  struct zu_error *err)
{
	bool alive = false;
	uint64_t module;
	int code;

	code = zu_module_find(k, g->wanted[0].range->function->object, &module,
			      err);
	if (!code && module)
		code = zu_module_is_alive(k, module, &alive, err);
	if (code)
		return code;
	*waits = !alive;
	return alive ? zu_module_named(k, module, each, g, err) : 0;
}

static int resolve_group(struct zu_kernel *k, struct group *g,
			 struct zu_error *err)
{
	bool waits = false;
	size_t i;
	int code;

	code = g->wanted[0].range->function->object ?
	       find_in_module(k, g, &waits, err) : find_in_kernel(k, g, err);
	if (code)
		return zu_fail_at(err, "cannot look for functions in %s",
				  object_of(g->wanted));
	for (i = 0; i < g->nr && !code; i++) {
		if (waits) {
			g->wanted[i].range->waits = true;
			continue;
		}
		code = check_count(&g->wanted[i], err);
		if (!code)
			code = set_range(k, &g->wanted[i], err);
	}
	return code;
}

static int resolve_all(struct zu_kernel *k, struct wanted *wanted, size_t nr,
		       struct zu_error *err)
{
	struct group g = { .wanted = wanted };
	int code = 0;

	qsort(wanted, nr, sizeof(*wanted), by_name);
	for (; g.wanted < wanted + nr && !code; g.wanted += g.nr) {
		for (g.nr = 1; g.wanted + g.nr < wanted + nr; g.nr++)
			if (!is_same_object(g.wanted, g.wanted + g.nr))
				break;
		code = resolve_group(k, &g, err);
	}
	return code;
}

int zu_patch_resolve(struct zu_kernel *k,
		     const struct zu_patch_functions *list,
		     struct zu_patch_ranges *ret, struct zu_error *err)
{
	struct zu_patch_ranges r = { .nr = list->nr };
	struct wanted *wanted;
	size_t i;
	int code;

	if (!k->symbols.kallsyms)
		return zu_fail(err, ZU_ENOTSUP,
			       "a capture has no other symbols than those of functions on stacks: a dump is needed");
	/* calloc() of nothing may be NULL */
	r.range = calloc(r.nr + 1, sizeof(*r.range));
	wanted = calloc(r.nr + 1, sizeof(*wanted));
	for (i = 0; r.range && wanted && i < r.nr; i++) {
		r.range[i].function = &list->function[i];
		wanted[i].range = &r.range[i];
	}
	code = r.range && wanted ? resolve_all(k, wanted, r.nr, err) :
				   zu_fail_nomem(err);
	free(wanted);
	if (code)
		zu_patch_ranges_deinit(&r);
	else
		*ret = r;
	return code;
}

size_t zu_patch_replace(struct zu_patch_ranges *ranges, uint64_t old,
			uint64_t start, uint64_t size)
{
	size_t i, n = 0;

	for (i = 0; i < ranges->nr; i++) {
		struct zu_patch_range *r = &ranges->range[i];

		if (r->waits || r->old != old)
			continue;
		r->start = start;
		r->size = size;
		n++;
	}
	return n;
}

void zu_patch_ranges_deinit(struct zu_patch_ranges *ranges)
{
	free(ranges->range);
	memset(ranges, 0, sizeof(*ranges));
}
