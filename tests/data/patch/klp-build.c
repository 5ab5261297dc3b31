/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A patch as the kernel's klp-build makes it. */
#include "module.h"

struct func {
	const char *old_name;
	void *new_func;
	unsigned long sympos;
};

struct object {
	const char *name;
	struct func *funcs;
	struct {
		void *pre_patch, *post_patch, *pre_unpatch, *post_unpatch;
		_Bool post_unpatch_enabled;
	} callbacks;
	unsigned int nr_funcs;
};

INFO(module_name, "name=klp_build");

NEW(new_read)
NEW(new_show)
NEW(new_sync)

struct func funcs[] __attribute__((section(".init.klp_funcs"))) = {
	{ "vfs_read", new_read },
	{ "show", new_show, 3 },
	{ "ext4_sync_fs", new_sync, 1 },
};

struct object objects[] __attribute__((section(".init.klp_objects"))) = {
	{ .funcs = funcs, .callbacks = { .pre_patch = new_read },
	  .nr_funcs = 2 },
	{ .name = "ext4", .funcs = funcs + 2, .nr_funcs = 1,
	  .callbacks = { .post_unpatch = new_sync,
			 .post_unpatch_enabled = 1 } },
};
