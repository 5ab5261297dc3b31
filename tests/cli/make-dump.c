/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make-dump KIND FILE: write a dump of a kernel made for tests, for scripts
 * that have no C to make one in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/make/fakekernel.h"
#include "tests/make/fk_held.h"
#include "tests/make/fk_livepatch.h"

static uint64_t tasks_of(struct fk_task *t)
{
	return t->addr + fk_offset(t->fk, "task_struct", "tasks");
}

static void break_nothing(struct fk *fk, struct fk_task *t)
{
	(void)fk;
	(void)t;
}

static void break_stack(struct fk *fk, struct fk_task *t)
{
	(void)fk;
	fk_frame_at(t, 0x4711, 160);
}

static void break_list(struct fk *fk, struct fk_task *t)
{
	fk_put(fk, tasks_of(t), 8, tasks_of(t));
}

static void break_cpus(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_put(fk, fk_address(fk, "nr_cpu_ids"), 4, UINT32_MAX);
}

static void break_tasks(struct fk *fk, struct fk_task *t)
{
	(void)fk;
	fk_forget(t->fk, t->addr);
}

static void break_types(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_no_btf(fk);
}

static void break_members(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_hide(fk, "task_struct", "pid");
}

static void break_symbols(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_text_symbols_only(fk);
}

static void break_info(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_vmcoreinfo_drop(fk, "KERNELOFFSET");
}

/* One patch, applied, of one function */
static uint64_t add_patch_named(struct fk *fk, const char *name)
{
	uint64_t old = fk_func_size(fk, "old_thing", 64);
	uint64_t new = fk_func_size(fk, "new_thing", 64);
	uint64_t patch, object;

	fk_livepatch(fk);
	patch = fk_klp_patch(fk, name);
	object = fk_klp_object(fk, patch, NULL, true);
	fk_klp_push(fk, object,
		    fk_klp_func(fk, object, "old_thing", old, new, 64));
	return patch;
}

static uint64_t add_patch(struct fk *fk)
{
	return add_patch_named(fk, "fix");
}

/* What no module is called, but memory may hold */
static void odd_name(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_klp_transition(fk, add_patch_named(fk, "a\"b\\c\nd"), 1);
}

static void patched(struct fk *fk, struct fk_task *t)
{
	(void)t;
	add_patch(fk);
}

/* Two patches: one asleep in what the first one made of old_thing */
static void sleeping(struct fk *fk, struct fk_task *t)
{
	uint64_t patch, object, old;

	add_patch(fk);
	patch = fk_klp_patch(fk, "other");
	object = fk_klp_object(fk, patch, NULL, true);
	old = fk_func_size(fk, "third_thing", 64);
	fk_klp_push(fk, object,
		    fk_klp_func(fk, object, "third_thing", old,
				fk_func_size(fk, "fourth_thing", 64), 64));
	fk_frame(t, "new_thing+0x20");
}

/* All are in state 0, and none is in the function */
static void patching(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_klp_transition(fk, add_patch(fk), 1);
}

/* One would be switched, and is where the function ends */
static void hidden(struct fk *fk, struct fk_task *t)
{
	fk_klp_transition(fk, add_patch(fk), 1);
	fk_frame_at(t, fk_address(fk, "old_thing") + 64, 160);
}

static void break_patches(struct fk *fk, struct fk_task *t)
{
	uint64_t node = add_patch(fk) + fk_offset(fk, "klp_patch", "list");

	(void)t;
	fk_put(fk, node, 8, node);
}

static void held(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_held(fk, FK_HELD);
}

static void held_less(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_held(fk, FK_HELD_LESS);
}

static void held_back(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_held(fk, FK_HELD_BACK);
}

static void held_next(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_held(fk, FK_HELD_NEXT);
}

static void held_over(struct fk *fk, struct fk_task *t)
{
	(void)t;
	fk_held(fk, FK_HELD_OVER);
}

static const struct kind {
	const char *name;
	enum fk_release release;
	void (*spoil)(struct fk *fk, struct fk_task *t);
} kinds[] = {
	{ "6.1", FK_6_1, break_nothing },
	{ "6.12", FK_6_12, break_nothing },
	{ "7.2", FK_7_2, break_nothing },
	{ "unreliable", FK_7_2, break_stack },
	{ "list-in-a-circle", FK_6_12, break_list },
	{ "too-many-cpus", FK_6_12, break_cpus },
	{ "task-missing", FK_7_2, break_tasks },
	{ "no-btf", FK_6_1, break_types },
	{ "member-missing", FK_7_2, break_members },
	{ "no-kallsyms-all", FK_6_12, break_symbols },
	{ "no-kerneloffset", FK_7_2, break_info },
	{ "patched", FK_7_2, patched },
	{ "sleeping", FK_7_2, sleeping },
	{ "patching", FK_7_2, patching },
	{ "odd-name", FK_7_2, odd_name },
	{ "hidden", FK_6_12, hidden },
	{ "held", FK_7_2, held },
	{ "held-less", FK_7_2, held_less },
	{ "held-back", FK_7_2, held_back },
	{ "held-next", FK_7_2, held_next },
	{ "held-over", FK_7_2, held_over },
	{ "patches-in-a-circle", FK_6_12, break_patches },
};

static void write_dump(const struct kind *kind, const char *path)
{
	struct fk *fk = fk_new(kind->release);
	struct fk_task *init = fk_task(fk, "init", 1);
	struct fk_task *kthread = fk_task(fk, "kthreadd", 2);

	fk_sleep(init);
	fk_sleep(fk_thread(init, "worker", 3));
	fk_kthread(kthread);
	kind->spoil(fk, kthread);
	fk_write(fk, path);
	fk_free(fk);
}

static int write_btf(const char *path)
{
	struct fk *fk = fk_new(FK_6_1);
	FILE *f = fopen(path, "wb");
	uint32_t len;
	void *btf = fk_btf(fk, &len);
	bool good = f && fwrite(btf, 1, len, f) == len;

	free(btf);
	fk_free(fk);
	return f && !fclose(f) && good ? 0 : 1;
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc == 3 && !strcmp(argv[1], "btf"))
		return write_btf(argv[2]);
	for (i = 0; argc == 3 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, argv[1]))
			continue;
		write_dump(&kinds[i], argv[2]);
		return 0;
	}
	fputs("usage: make-dump KIND FILE\n", stderr);
	return 2;
}
