/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A patch as kpatch-build makes it, and what it knows of a function. */
#include "module.h"

struct func {
	void *new_addr;
	unsigned long new_size;
	unsigned long old_addr, old_size;
	unsigned long sympos;
	const char *name;
	const char *objname;
};

INFO(module_name, "name=kpatch");

NEW(new_read)
NEW(new_show)

static const char strings[] __attribute__((section(".kpatch.strings"))) =
	"vmlinux\0vfs_read\0ext4\0show";

struct func funcs[] __attribute__((section(".kpatch.funcs"))) = {
	{ new_read, 4, 0x100000, 0x80, 0, strings + 8, strings },
	{ new_show, 4, 0, 0x40, 2, strings + 22, strings + 17 },
};
