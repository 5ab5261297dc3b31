/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions and addresses of the kernel that are not exported, by name.
 *
 * kallsyms_lookup_name() is not exported either, but a kprobe tells where it
 * is; from there on names are enough.
 */
#ifndef ZU_KMOD_SYMBOLS_H
#define ZU_KMOD_SYMBOLS_H

#include <linux/btf.h>
#include <linux/llist.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/types.h>
#include <linux/wait.h>

/**
 * struct zu_symbols - what was found: the rows of kmod/symbols.def
 *
 * What the kernel lacks is NULL or 0.
 */
struct zu_symbols {
#define ZU_FUNC(field, type, params, name, need) type (*field)params;
#define ZU_ADDR(field, name, need) unsigned long field;
#include "kmod/symbols.def"
#undef ZU_FUNC
#undef ZU_ADDR
};

/* Written once, before anything else runs. */
extern struct zu_symbols zu_sym;

/**
 * zu_symbols_init() - find them all
 *
 * Return: 0; -ENOENT with a message if one that must be there is not;
 * what register_kprobe() returns.
 */
int zu_symbols_init(void);

#endif
