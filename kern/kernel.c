/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/kernel.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/capture.h"
#include "kern/captured.h"
#include "kern/fresh.h"
#include "kern/funcs.h"
#include "kern/read.h"
#include "kern/rows.h"
#include "kern/task.h"
#include "kern/traps.h"
#include "util/big.h"
#include "util/fail.h"

/* The parts of the name of a need in globals.def */
enum { MUST = true, MAY = false };

static const struct {
	const char *name;
	bool must;
} globals[ZU_GLOBAL_COUNT] = {
#define ZU_GLOBAL(id, need) [ZU_G_##id] = { .name = #id, .must = need },
#include "kern/globals.def"
#undef ZU_GLOBAL
};

const char *zu_global_name(enum zu_global g)
{
	return globals[g].name;
}

static int find_globals(struct zu_kernel *k, struct zu_error *err)
{
	const char *names[ZU_GLOBAL_COUNT];
	size_t i;

	for (i = 0; i < ZU_GLOBAL_COUNT; i++)
		names[i] = globals[i].name;
	if (!k->symbols.kallsyms)
		zu_captured_globals(k->image, names, ZU_GLOBAL_COUNT,
				    k->global);
	else if (zu_kallsyms_find_single(k->symbols.kallsyms, names,
					 ZU_GLOBAL_COUNT, k->global, err))
		return err->code;
	for (i = 0; i < ZU_GLOBAL_COUNT; i++)
		if (globals[i].must && !k->global[i])
			return zu_fail(err, ZU_ENOENT,
				       "the kernel's symbol table has no %s: was it built without CONFIG_KALLSYMS_ALL?",
				       names[i]);
	return 0;
}

static int layout_at(struct zu_kernel *k, uint64_t start, size_t len,
		     struct zu_error *err)
{
	void *btf = zu_big_alloc(len);
	int ret;

	if (!btf)
		return zu_fail_nomem(err);
	ret = zu_memory_read(&k->mem, start, btf, len);
	if (ret)
		zu_fail(err, ret, "cannot read it at 0x%" PRIx64, start);
	else
		ret = zu_layout_from_btf(btf, len, &k->layout, err);
	free(btf);
	return ret;
}

static int layout_from_memory(struct zu_kernel *k, struct zu_error *err)
{
	uint64_t start = k->global[ZU_G___start_BTF];
	uint64_t stop = k->global[ZU_G___stop_BTF];

	if (!start || stop <= start)
		return zu_fail(err, ZU_ENOENT,
			       "this kernel has no BTF (CONFIG_DEBUG_INFO_BTF): name a file that has it with --btf FILE");
	if (stop - start > ZU_BTF_MAX)
		return zu_fail(err, ZU_EFORMAT,
			       "the kernel's BTF would be %" PRIu64 " bytes long",
			       stop - start);
	if (layout_at(k, start, stop - start, err))
		return zu_fail_at(err, "kernel BTF");
	return 0;
}

/* A kernel that runs shows its types in a file, which is read faster. */
static const char *find_btf(const struct zu_kernel *k, const char *asked)
{
	const char *path = asked ? asked : k->image->kind->btf_path;

	return path && (asked || !access(path, R_OK)) ? path : NULL;
}

static int find_layout(struct zu_kernel *k, const char *btf_path,
		       struct zu_error *err)
{
	int ret;

	btf_path = find_btf(k, btf_path);
	if (btf_path) {
		ret = zu_layout_from_file(btf_path, k->build_id, &k->layout,
					  err);
		return ret ? zu_fail_at(err, "type data of %s", btf_path) : 0;
	}
	if (!k->symbols.kallsyms) {
		zu_captured_layout(k->image, &k->layout);
		return zu_layout_check(&k->layout, err);
	}
	return layout_from_memory(k, err);
}

/* From here on all addresses can be read. */
static int find_tables(struct zu_kernel *k, struct zu_error *err)
{
	uint64_t asce;
	int ret;

	if (k->image->kind->read_virt)
		return 0;
	ret = zu_read_field_err(k, k->global[ZU_G_init_mm], ZU_F_mm_asce,
				&asce, err);
	if (ret)
		return zu_fail_at(err, "cannot find the kernel's page tables");
	zu_vm_set_asce(&k->vm, asce);
	return 0;
}

static int find_stack_size(struct zu_kernel *k, struct zu_error *err)
{
	uint64_t size = k->global[ZU_G___end_init_stack] -
			k->global[ZU_G___start_init_stack];

	if (!size)
		size = k->global[ZU_G___end_init_task] -
		       k->global[ZU_G___start_init_task];
	/* 16 KiB, 64 KiB with KASAN or KMSAN */
	if (size < 4096 || size > 1 << 20 || size & (size - 1))
		return zu_fail(err, ZU_EFORMAT,
			       "the kernel's symbols say that a stack is %" PRIu64 " bytes long",
			       size);
	if (k->layout.place[ZU_F_pt_regs].size > size / 2)
		return zu_fail(err, ZU_EFORMAT,
			       "struct pt_regs would be larger than a stack allows");
	k->about.stack_size = (uint32_t)size;
	return 0;
}

/* A capture comes from anywhere: what is shown must be fit for a terminal. */
static char *info_string(const struct zu_kernel *k, const char *key)
{
	size_t len = 0, i;
	const char *s = zu_vmcoreinfo_get(&k->info, key, &len);
	char *copy = strndup(s ? s : "", len);

	for (i = 0; copy && copy[i]; i++)
		if (copy[i] < ' ' || copy[i] > '~')
			copy[i] = '?';
	return copy;
}

static int find_build(struct zu_kernel *k, struct zu_error *err)
{
	k->release = info_string(k, "OSRELEASE");
	k->build_id = info_string(k, "BUILD-ID");
	return k->release && k->build_id ? 0 : zu_fail_nomem(err);
}

static void set_about(struct zu_kernel *k)
{
	k->about.source_kind = k->image->kind->name;
	k->about.source_path = k->image->path;
	k->about.release = k->release;
	k->about.build_id = k->build_id;
	k->about.cpus = k->cpus.online;
}

static int find_symbols(struct zu_kernel *k, struct zu_error *err)
{
	int ret;

	if (zu_image_is_capture(k->image))
		ret = zu_captured_symbols_init(&k->symbols.captured, k->image,
					       err);
	else
		ret = zu_kallsyms_load(&k->mem, &k->info, &k->symbols.kallsyms,
				       err);
	if (ret)
		return zu_fail_at(err, "kernel symbols");
	return find_globals(k, err);
}

/*
 * A machine that stands still for a look is looked at before that, for what takes
 * long to read and never changes. What cannot be read is told by the look itself.
 */
static void look_ahead(struct zu_kernel *k)
{
	struct zu_error err;

	if (!zu_text_init_kernel(k, &err))
		zu_traps_ahead(k);
	zu_text_deinit(&k->text);
}

/* What it takes to understand memory; a capture has it ready. */
static int find_meaning(struct zu_kernel *k,
			const struct zu_open_options *options,
			struct zu_error *err)
{
	int ret;

	ret = zu_vmcoreinfo_init(&k->info, k->image, err);
	if (ret)
		return ret;
	ret = find_build(k, err);
	if (ret)
		return ret;
	zu_vm_init(&k->vm, k->image, &k->info);
	k->mem = zu_vm_memory(&k->vm);
	ret = find_symbols(k, err);
	if (ret)
		return ret;
	ret = find_layout(k, options ? options->btf_path : NULL, err);
	if (ret)
		return ret;
	if (k->image->kind->changes && zu_fresh_check(k, err))
		return err->code;
	ret = find_tables(k, err);
	if (!ret)
		ret = find_stack_size(k, err);
	if (!ret && k->image->kind->let_go)
		look_ahead(k);
	return ret;
}

/* What is there now: every read of it goes into a capture. */
static int find_things(struct zu_kernel *k, struct zu_error *err)
{
	const char *table = k->table_path;
	int ret;

	ret = zu_cpus_init(k, err);
	if (ret)
		return zu_fail_at(err, "CPUs");
	ret = zu_text_init(k, err);
	if (ret)
		return ret;
	ret = zu_hidden_init(k, err);
	if (!ret)
		ret = zu_rows_create(k, table, err);
	if (ret)
		return ret;
	ret = zu_tasks_init(k, err);
	if (ret)
		return ret;
	set_about(k);
	return table ? zu_rows_table(k, table, err) : 0;
}

static void forget_things(struct zu_kernel *k)
{
	free(k->tasks);
	k->tasks = NULL;
	k->nr_tasks = 0;
	zu_rows_destroy(k->rows);
	k->rows = NULL;
	zu_funcs_destroy(k->funcs);
	k->funcs = NULL;
	zu_traps_forget(k->traps);
	zu_hidden_deinit(&k->hidden);
	zu_text_deinit(&k->text);
	zu_cpus_deinit(&k->cpus);
	zu_symbols_forget(&k->symbols);
}

static int open_image(struct zu_kernel *k,
		      const struct zu_open_options *options,
		      struct zu_error *err)
{
	const char *table = options ? options->table_path : NULL;

	if (table) {
		k->table_path = strdup(table);
		if (!k->table_path)
			return zu_fail_nomem(err);
	}
	return find_meaning(k, options, err);
}

/* From here on all is of one moment, if the machine can be stopped. */
static int begin_look(struct zu_kernel *k, struct zu_error *err)
{
	int ret = zu_image_hold(k->image, err);

	if (!ret)
		zu_vm_forget(&k->vm);
	return ret;
}

/* Where the machine is lost, that is why something could not be read. */
static int whole_look(struct zu_kernel *k, int code, struct zu_error *err)
{
	if (zu_image_check(k->image, err))
		return err->code;
	return code ? zu_fail_at(err, "%s", k->image->path) : 0;
}

int zu_kernel_open_image(struct zu_image *image,
			 const struct zu_open_options *options,
			 void (*record)(void *ctx, uint64_t addr,
					const void *buf, size_t len),
			 void *record_ctx, struct zu_kernel **ret,
			 struct zu_error *err)
{
	struct zu_kernel *k = calloc(1, sizeof(*k));
	int code;

	if (!k) {
		zu_image_close(image);
		return zu_fail_nomem(err);
	}
	k->image = image;
	k->many_moments = image->kind->changes ||
			  zu_captured_says(image, ZU_CAPTURED_MANY_MOMENTS);
	code = open_image(k, options, err);
	if (!code)
		code = begin_look(k, err);
	if (!code) {
		k->vm.record = record;
		k->vm.record_ctx = record_ctx;
		code = find_things(k, err);
	}
	code = whole_look(k, code, err);
	if (code) {
		zu_kernel_close(k);
		return code;
	}
	*ret = k;
	return 0;
}

int zu_kernel_look(struct zu_kernel *k, struct zu_error *err)
{
	if (!k->image->kind->hold)
		return 0;
	forget_things(k);
	if (begin_look(k, err))
		return err->code;
	return whole_look(k, find_things(k, err), err);
}

int zu_kernel_check(struct zu_kernel *k, struct zu_error *err)
{
	return zu_image_check(k->image, err);
}

bool zu_kernel_changes(const struct zu_kernel *k)
{
	return k->image->kind->changes;
}

bool zu_kernel_runs(const struct zu_kernel *k)
{
	return k->image->kind->hold;
}

void zu_kernel_let_go(struct zu_kernel *k)
{
	zu_image_let_go(k->image);
}

int zu_kernel_open(const char *path, const struct zu_open_options *options,
		   struct zu_kernel **ret, struct zu_error *err)
{
	struct zu_image *image;
	int code = zu_image_open(path, &image, err);

	return code ? code : zu_kernel_open_image(image, options, NULL, NULL,
						  ret, err);
}

void zu_kernel_close(struct zu_kernel *k)
{
	if (!k)
		return;
	forget_things(k);
	zu_traps_destroy(k->traps);
	free(k->release);
	free(k->build_id);
	free(k->table_path);
	zu_symbols_deinit(&k->symbols);
	zu_vmcoreinfo_deinit(&k->info);
	zu_image_close(k->image);
	free(k);
}

const struct zu_kernel_info *zu_kernel_info(const struct zu_kernel *k)
{
	return &k->about;
}
