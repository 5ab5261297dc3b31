/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of struct zu_kernel, for the files of kern/. */
#ifndef ZU_KERN_KERNEL_H
#define ZU_KERN_KERNEL_H

#include "zunwind/kernel.h"

#include "image/image.h"
#include "kern/cpu.h"
#include "kern/hidden.h"
#include "kern/kallsyms.h"
#include "kern/layout.h"
#include "kern/symbol.h"
#include "kern/text.h"
#include "kern/vm.h"

struct zu_funcs;
struct zu_rows;
struct zu_traps;

/**
 * enum zu_global - the rows of kern/globals.def
 */
enum zu_global {
#define ZU_GLOBAL(id, need) ZU_G_##id,
#include "kern/globals.def"
#undef ZU_GLOBAL
	ZU_GLOBAL_COUNT,
};

/**
 * struct zu_kernel - a kernel
 * @image: the source
 * @info: VMCOREINFO
 * @vm: its address space
 * @mem: reader of @vm
 * @layout: of its structures
 * @global: addresses by enum zu_global
 * @symbols: names by address
 * @cpus: its CPUs
 * @text: where its code is
 * @hidden: trampolines that hide a function
 * @funcs: its functions, as far as they were looked at
 * @traps: which monitor calls come back; NULL until one is asked about
 * @rows: what strict rules ask of code; NULL if there is none
 * @many_moments: what was read is of as many as there are tasks: now, or when the
 *	capture was made
 * @tasks: all tasks, idle tasks first
 * @nr_tasks: how many
 * @table_path: where rows come from, or NULL; owned
 * @about: for the user
 * @release: owner of about.release
 * @build_id: owner of about.build_id
 */
struct zu_kernel {
	struct zu_image *image;
	struct zu_vmcoreinfo info;
	struct zu_vm vm;
	struct zu_memory mem;
	struct zu_layout layout;
	uint64_t global[ZU_GLOBAL_COUNT];
	struct zu_symbols symbols;
	struct zu_cpus cpus;
	struct zu_text text;
	struct zu_hidden hidden;
	struct zu_funcs *funcs;
	struct zu_traps *traps;
	struct zu_rows *rows;
	bool many_moments;
	struct zu_task *tasks;
	size_t nr_tasks;
	char *table_path;
	struct zu_kernel_info about;
	char *release;
	char *build_id;
};

/**
 * zu_global_name() - name of a global
 * @g: which
 *
 * Return: static memory.
 */
const char *zu_global_name(enum zu_global g);

/**
 * zu_kernel_open_image() - zu_kernel_open() of an open image
 * @image: the image; closed with the kernel, or now if there is an error
 * @options: as for zu_kernel_open()
 * @record: told of every read that a capture has to repeat, or NULL
 * @record_ctx: given to @record
 * @ret: the kernel
 * @err: the causes
 *
 * Return: as zu_kernel_open(), but for what opening the image returns.
 */
int zu_kernel_open_image(struct zu_image *image,
			 const struct zu_open_options *options,
			 void (*record)(void *ctx, uint64_t addr,
					const void *buf, size_t len),
			 void *record_ctx, struct zu_kernel **ret,
			 struct zu_error *err);

#endif
