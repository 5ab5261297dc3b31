/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/prospect.h"

#include <stdlib.h>

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

	p->range[i] = ZU_KLP_NONE;
	if (r->waits)
		return 0;
	p->range[i] = ret->count;
	return zu_klp_ranges_add(ret, &range, err);
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
	zu_patch_ranges_deinit(&p->where);
	code = zu_patch_resolve(k, &p->functions, &p->where, err);
	if (code)
		return code;
	use_newest(&p->where, klp);
	free(p->range);
	p->range = calloc(p->where.nr + 1, sizeof(*p->range));
	if (!p->range)
		return zu_fail_nomem(err);
	for (i = 0; !code && i < p->where.nr; i++)
		code = add(p, i, ret, err);
	return code ? code : zu_klp_ranges_sort(ret, err);
}

void zu_prospect_deinit(struct zu_prospect *p)
{
	free(p->range);
	zu_patch_ranges_deinit(&p->where);
	zu_patch_functions_deinit(&p->functions);
	p->range = NULL;
}
