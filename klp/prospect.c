/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/prospect.h"

#include <stdlib.h>
#include <string.h>

#include "kern/kernel.h"
#include "klp/patch_file.h"
#include "util/fail.h"

int zu_prospect_from_file(struct zu_kernel *k, const char *path,
			  struct zu_prospect *ret, struct zu_error *err)
{
	struct zu_patch_file file;

	if (zu_patch_file_read(path, &k->layout, &file, err))
		return zu_fail_at(err, "%s", path);
	ret->functions = file.functions;
	ret->replaces = file.replaces;
	file.functions = (struct zu_patch_functions){ .function = NULL };
	zu_patch_file_deinit(&file);
	return ret->functions.nr ? 0 :
	       zu_fail(err, ZU_EINVAL,
		       "%s: it replaces no function, as far as the file tells",
		       path);
}

/* The newest version is that which no other one is newer than. */
static bool is_newest(const struct zu_klp *klp, size_t number)
{
	size_t i;

	if (!klp->funcs[number].stacked)
		return false;
	for (i = 0; i < klp->nr_funcs; i++)
		if (klp->funcs[i].stacked && !klp->funcs[i].alone &&
		    klp->funcs[i].older == number)
			return false;
	return true;
}

static void use_newest(struct zu_patch_ranges *where, const struct zu_klp *klp)
{
	size_t i;

	for (i = 0; i < klp->nr_funcs; i++)
		if (is_newest(klp, i) && !klp->funcs[i].nop)
			zu_patch_replace(where, klp->funcs[i].old_func,
					 klp->funcs[i].new_func,
					 klp->funcs[i].new_size);
}

static bool is_in(const struct zu_patch_ranges *where, uint64_t old)
{
	size_t i;

	for (i = 0; i < where->nr; i++)
		if (!where->range[i].waits && where->range[i].old == old)
			return true;
	return false;
}

static bool is_named(const struct zu_patch_function *f, const char *object,
		     const struct zu_klp_func *func)
{
	if (strcmp(f->name, func->name) || f->sympos != func->sympos)
		return false;
	return f->object && object ? !strcmp(f->object, object) :
				     f->object == object;
}

/* Its number, or that of a new one */
static int find_undone(struct zu_prospect *p, const struct zu_klp *klp,
		       const struct zu_klp_func *func, size_t *ret,
		       struct zu_error *err)
{
	const char *name = klp->objects[func->object].name;
	const char *object = *name ? name : NULL;

	for (*ret = 0; *ret < p->undone.nr; ++*ret)
		if (is_named(&p->undone.function[*ret], object, func))
			return 0;
	return zu_patch_functions_add(&p->undone, object, func->name,
				      func->sympos, err);
}

/* A place for each that was ever undone; nobody is in one that is not patched now. */
static int grow(struct zu_prospect *p, struct zu_error *err)
{
	size_t own = p->functions.nr, n = own + p->undone.nr, i;
	struct zu_patch_range *range = calloc(n + 1, sizeof(*range));

	if (!range)
		return zu_fail_nomem(err);
	memcpy(range, p->where.range, p->where.nr * sizeof(*range));
	for (i = own; i < n; i++) {
		range[i].function = &p->undone.function[i - own];
		range[i].waits = i >= p->where.nr || range[i].waits;
	}
	free(p->where.range);
	p->where.range = range;
	p->where.nr = n;
	return 0;
}

static int add_undone(struct zu_prospect *p, const struct zu_klp *klp,
		      struct zu_error *err)
{
	size_t i, n;
	int ret = grow(p, err);

	for (i = 0; i < klp->nr_funcs && !ret; i++) {
		const struct zu_klp_func *f = &klp->funcs[i];
		struct zu_patch_range *r;

		if (!is_newest(klp, i) || f->nop || is_in(&p->where,
							  f->old_func))
			continue;
		ret = find_undone(p, klp, f, &n, err);
		if (!ret)
			ret = grow(p, err);
		if (ret)
			break;
		r = &p->where.range[p->functions.nr + n];
		r->waits = false;
		r->old = f->old_func;
		r->start = f->new_func;
		r->size = f->new_size;
	}
	return ret;
}

static int add(struct zu_prospect *p, size_t i, struct zu_klp_ranges *ret,
	       struct zu_error *err)
{
	const struct zu_patch_range *r = &p->where.range[i];
	const struct zu_klp_range range = {
		.name = r->function->name,
		.module = r->function->object,
		.start = r->start,
		.size = r->size,
		.replaced = r->start != r->old,
	};

	if (r->waits)
		return 0;
	p->entry[ret->count] = i;
	return zu_klp_ranges_add(ret, &range, err);
}

static int find(struct zu_prospect *p, struct zu_kernel *k,
		const struct zu_klp *klp, struct zu_error *err)
{
	int code;

	zu_patch_ranges_deinit(&p->where);
	code = zu_patch_resolve(k, &p->functions, &p->where, err);
	if (code)
		return code;
	use_newest(&p->where, klp);
	return p->replaces ? add_undone(p, klp, err) : 0;
}

int zu_prospect_ranges(struct zu_prospect *p, struct zu_kernel *k,
		       const struct zu_klp *klp, struct zu_klp_ranges *ret,
		       struct zu_error *err)
{
	size_t i;
	int code;

	if (klp->transition != ZU_KLP_NONE)
		return zu_fail(err, ZU_EAGAIN,
			       "the transition of %s goes on: until it ends the kernel takes no other patch",
			       klp->patches[klp->transition].name);
	code = find(p, k, klp, err);
	if (code)
		return code;
	free(p->entry);
	p->entry = calloc(p->where.nr + 1, sizeof(*p->entry));
	if (!p->entry)
		return zu_fail_nomem(err);
	for (i = 0; !code && i < p->where.nr; i++)
		code = add(p, i, ret, err);
	return code ? code : zu_klp_ranges_sort(ret, err);
}

void zu_prospect_deinit(struct zu_prospect *p)
{
	free(p->entry);
	zu_patch_ranges_deinit(&p->where);
	zu_patch_functions_deinit(&p->functions);
	zu_patch_functions_deinit(&p->undone);
	p->entry = NULL;
}
