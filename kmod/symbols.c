// SPDX-License-Identifier: GPL-2.0-or-later
#define pr_fmt(fmt) "zunwind: " fmt

#include "kmod/symbols.h"

#include <linux/kprobes.h>
#include <linux/printk.h>

struct zu_symbols zu_sym;

typedef unsigned long (*lookup_fn)(const char *name);

/* A kprobe is placed by name, and then says where that is. */
static int find_lookup(lookup_fn *ret)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	int err = register_kprobe(&probe);

	if (err) {
		pr_err("cannot find kallsyms_lookup_name by a kprobe: %d\n",
		       err);
		return err;
	}
	*ret = (lookup_fn)probe.addr;
	unregister_kprobe(&probe);
	return 0;
}

static bool find(lookup_fn lookup, const char *name, bool must,
		 unsigned long *ret)
{
	*ret = lookup(name);
	if (*ret || !must)
		return true;
	pr_err("this kernel has no %s\n", name);
	return false;
}

#define MUST true
#define MAY false

int zu_symbols_init(void)
{
	lookup_fn lookup;
	int err = find_lookup(&lookup);
	bool all = true;

	if (err)
		return err;
#define ZU_FUNC(field, type, params, name, need) \
	all &= find(lookup, name, need, (unsigned long *)&zu_sym.field);
#define ZU_ADDR(field, name, need) \
	all &= find(lookup, name, need, &zu_sym.field);
#include "kmod/symbols.def"
#undef ZU_FUNC
#undef ZU_ADDR
	return all ? 0 : -ENOENT;
}
