/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A patch as one writes it by hand. The kernel's structures, as large as in
 * 6.12 and 7.2, with the members that a patch sets.
 */
#include "module.h"

struct klp_func {
	const char *old_name;
	void *new_func;
	unsigned long old_sympos;
	char internal[128];
};

struct klp_object {
	const char *name;
	struct klp_func *funcs;
	char internal[152];
};

struct klp_patch {
	struct module *mod;
	struct klp_object *objs;
	char internal[184];
};

/* what has a pointer to the module, too, and is no patch */
struct operations {
	struct module *owner;
	void (*open)(void);
	char others[184];
};

INFO(module_name, "name=static");

NEW(new_read)
NEW(new_show)
NEW(new_sync)

struct operations operations = { &__this_module, new_read };

static struct klp_func of_kernel[] = {
	{ .old_name = "vfs_read", .new_func = new_read },
	{ .old_name = "show", .new_func = new_show, .old_sympos = 3 },
	{ }
};

static struct klp_func of_ext4[] = {
	{ .old_name = "ext4_sync_fs", .new_func = new_sync },
	{ }
};

static struct klp_func nothing[1];

static struct klp_object objects[] = {
	{ .funcs = of_kernel },
	{ .name = "ext4", .funcs = of_ext4 },
	{ .name = "xfs", .funcs = nothing },
	{ }
};

struct klp_patch patch = { .mod = &__this_module, .objs = objects };
