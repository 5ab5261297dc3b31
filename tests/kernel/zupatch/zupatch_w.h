/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A live patch of zuwait.ko, of the kernel, and of zuabsent.ko, which may come
 * and go.
 * There are two modules of this source, since one patch may replace another.
 *
 *	insmod zupatch_w.ko functions=many,outer
 */
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "../zuwait/zuabsent.h"
#include "../zuwait/zuwait.h"

#define ZU_FN(name) zu_new_##name
#define zu_text static noinline __noclone __used
#include "../zuwait/functions.h"

enum {
#define ZU_ID(name) ZU_ID_##name,
	ZU_WAIT_FUNCTIONS(ZU_ID)
	ZU_IDS,
};

static const struct {
	const char *name;
	const char *old;
	void *new;
} known[] = {
#define ZU_ROW(name) { #name, "zu_wait_" #name, zu_new_##name },
	ZU_WAIT_FUNCTIONS(ZU_ROW)
};

static char *functions[ZU_IDS];
static int nr_functions;
module_param_array(functions, charp, &nr_functions, 0444);
MODULE_PARM_DESC(functions, "what to patch, without zu_wait_");

static bool replace;
module_param(replace, bool, 0444);
MODULE_PARM_DESC(replace, "replace the patches that are there");

/* As livepatch-sample, for a function of the kernel itself */
static int zu_new_cmdline(struct seq_file *m, void *v)
{
	seq_puts(m, "this has been live patched\n");
	return 0;
}

static noinline int zu_new_absent(void)
{
	zu_absent_wait();
	return 1;
}

static struct klp_func wait_functions[ZU_IDS + 1];

static struct klp_func kernel_functions[] = {
	{ .old_name = "cmdline_proc_show", .new_func = zu_new_cmdline }, { }
};

static struct klp_func absent_functions[] = {
	{ .old_name = "zu_absent", .new_func = zu_new_absent }, { }
};

static struct klp_object objects[] = {
	{ .name = "zuwait", .funcs = wait_functions },
	{ .funcs = kernel_functions },
	{ .name = "zuabsent", .funcs = absent_functions },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init zupatch_init(void)
{
	unsigned int i, nr = 0;
	int f;

	for (f = 0; f < nr_functions; f++) {
		for (i = 0; i < ZU_IDS; i++)
			if (!strcmp(known[i].name, functions[f]))
				break;
		if (i == ZU_IDS)
			return -EINVAL;
		wait_functions[nr].old_name = known[i].old;
		wait_functions[nr++].new_func = known[i].new;
	}
	patch.replace = replace;
	return klp_enable_patch(&patch);
}

static void __exit zupatch_exit(void)
{
}

module_init(zupatch_init);
module_exit(zupatch_exit);

MODULE_DESCRIPTION("A live patch of functions that tasks wait in");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
