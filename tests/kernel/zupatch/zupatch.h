/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A live patch of zucycle.ko. There are two modules of this source, since one
 * patch may replace another.
 *
 *	insmod zupatch_a.ko state=3
 *
 * makes the state 3 of zucycle.h the current one, in which the functions of
 * zucycle's sets= are replaced by the ones here. They do the same.
 */
#include <linux/livepatch.h>
#include <linux/module.h>

#include "../zucycle/zucycle.h"

static unsigned int state;
module_param(state, uint, 0444);
MODULE_PARM_DESC(state, "which patch this is, from 1");

static bool replace;
module_param(replace, bool, 0444);
MODULE_PARM_DESC(replace, "replace the patches that are there");

#define ZU_FN(name) zu_new_##name
#define ZU_ENTER(name) \
	zu_enter(c, ZU_WHO(ZU_ID_##name, state), BIT(state))
#define zu_text static noinline __noclone __used

#include "../zucycle/functions.h"

#define ZU_NEW(name) [ZU_ID_##name] = zu_new_##name,
static void *const new_functions[ZU_IDS] = {
	ZU_FUNCTIONS(ZU_NEW)
};

static struct klp_func functions[ZU_IDS + 1];

static struct klp_object objects[] = {
	{
		.name = "zucycle",
		.funcs = functions,
	}, { }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init zupatch_init(void)
{
	unsigned int id, nr = 0;

	if (!state || state >= zu_states)
		return -EINVAL;
	for (id = 0; id < ZU_IDS; id++) {
		if (!(zu_set[state] & BIT(id)))
			continue;
		functions[nr].old_name = zu_names[id];
		functions[nr++].new_func = new_functions[id];
	}
	patch.replace = replace;
	return klp_enable_patch(&patch);
}

static void __exit zupatch_exit(void)
{
}

module_init(zupatch_init);
module_exit(zupatch_exit);

MODULE_DESCRIPTION("A live patch of functions that check it");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
