/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What live patching keeps in memory, and what becomes of it when damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kern/livepatch.h"
#include "tests/make/fakekernel_check.h"
#include "tests/make/fakelive.h"
#include "tests/make/fk_livepatch.h"

/* an address that no page table maps */
#define NOWHERE UINT64_C(0x2345678000)

/* Two patches of one function, the second also of a module that is away */
struct some {
	struct fk *fk;
	struct fk_task *task;
	uint64_t old, new1, new2;
	uint64_t patch1, patch2;
	uint64_t object1, object2, away;
	uint64_t func1, func2, gone;
};

static struct some make(enum fk_release release)
{
	struct some s = { .fk = fk_new(release) };
	struct fk *fk = s.fk;

	fk_livepatch(fk);
	s.task = fk_task(fk, "init", 1);
	fk_sleep(s.task);
	s.old = fk_func(fk, "victim");
	s.new1 = fk_func(fk, "new_victim_1");
	s.new2 = fk_func(fk, "new_victim_2");
	s.patch1 = fk_klp_patch(fk, "fix1");
	s.object1 = fk_klp_object(fk, s.patch1, NULL, true);
	s.func1 = fk_klp_func(fk, s.object1, "victim", s.old, s.new1, 64);
	fk_klp_push(fk, s.object1, s.func1);
	s.patch2 = fk_klp_patch(fk, "fix2");
	s.object2 = fk_klp_object(fk, s.patch2, NULL, true);
	s.func2 = fk_klp_func(fk, s.object2, "victim", s.old, s.new2, 32);
	fk_klp_push(fk, s.object2, s.func2);
	s.away = fk_klp_object(fk, s.patch2, "xfs", false);
	s.gone = fk_klp_func(fk, s.away, "xfs_thing", 0, s.new2, 32);
	fk_set(fk, s.gone, "klp_func", "old_sympos", 2);
	return s;
}

static void reads_all_of_it(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);
		struct zu_klp klp = ZU_KLP_INIT;
		struct zu_error err;
		struct zu_kernel *k;

		fk_set(s.fk, s.patch2, "klp_patch", "replace", 1);
		fk_set(s.fk, s.patch1, "klp_patch", "forced", 1);
		fk_set(s.fk, s.func2, "klp_func", "nop", 1);
		fk_klp_transition(s.fk, s.patch2, 1);
		fk_put(s.fk, fk_address(s.fk, "klp_signals_cnt"), 4, 17);
		k = fk_open(s.fk);
		assert_int_equal(zu_klp_read(k, &klp, &err), 0);
		assert_int_equal(klp.nr_patches, 2);
		assert_int_equal(klp.nr_objects, 3);
		assert_int_equal(klp.nr_funcs, 3);
		assert_int_equal(klp.transition, 1);
		assert_int_equal(klp.target, ZU_KLP_PATCHED);
		assert_int_equal(klp.rounds, 17);
		assert_string_equal(klp.patches[0].name, "fix1");
		assert_true(klp.patches[0].enabled && klp.patches[0].forced);
		assert_false(klp.patches[0].replace);
		assert_string_equal(klp.patches[1].name, "fix2");
		assert_true(klp.patches[1].replace);
		assert_false(klp.patches[1].forced);
		assert_int_equal(klp.patches[1].first, 1);
		assert_int_equal(klp.patches[1].count, 2);
		assert_string_equal(klp.objects[1].name, "");
		assert_true(klp.objects[1].loaded && klp.objects[1].patched);
		assert_string_equal(klp.objects[2].name, "xfs");
		assert_false(klp.objects[2].loaded || klp.objects[2].patched);
		assert_string_equal(klp.funcs[1].name, "victim");
		assert_int_equal(klp.funcs[1].old_func, s.old);
		assert_int_equal(klp.funcs[1].new_func, s.new2);
		assert_int_equal(klp.funcs[1].new_size, 32);
		assert_true(klp.funcs[1].nop && klp.funcs[1].stacked);
		assert_false(klp.funcs[1].alone || klp.funcs[0].alone);
		assert_int_equal(klp.funcs[1].older, 0);
		assert_int_equal(klp.funcs[0].older, ZU_KLP_NONE);
		assert_int_equal(klp.funcs[2].sympos, 2);
		assert_false(klp.funcs[2].stacked || klp.funcs[2].nop);
		zu_klp_deinit(&klp);
		zu_kernel_close(k);
		fk_free(s.fk);
	}
}

static void no_transition(void **state)
{
	struct some s = make(FK_6_12);
	struct zu_klp klp = ZU_KLP_INIT;
	struct zu_kernel *k = fk_open(s.fk);
	struct zu_error err;

	(void)state;
	assert_int_equal(zu_klp_read(k, &klp, &err), 0);
	assert_int_equal(klp.transition, ZU_KLP_NONE);
	assert_int_equal(klp.target, ZU_KLP_IDLE);
	assert_int_equal(klp.nr_patches, 2);
	zu_klp_deinit(&klp);
	zu_kernel_close(k);
	fk_free(s.fk);
}

static void refused(struct fk *fk, int code, const char *text)
{
	struct zu_klp klp = ZU_KLP_INIT;
	struct zu_kernel *k = fk_open(fk);
	struct zu_error err = { .text = "" };

	assert_int_equal(zu_klp_read(k, &klp, &err), code);
	assert_int_equal(err.code, code);
	if (!strstr(err.text, text))
		fail_msg("'%s' has no '%s'", err.text, text);
	zu_klp_deinit(&klp);
	zu_kernel_close(k);
}

static void a_kernel_without(void **state)
{
	struct fk *fk = fk_new(FK_7_2);

	(void)state;
	refused(fk, ZU_ENOENT,
		"this kernel has no live patching (CONFIG_LIVEPATCH)");
	fk_free(fk);
	fk = fk_new(FK_7_2);
	fk_livepatch(fk);
	fk_hide(fk, "klp_func", "stack_node");
	refused(fk, ZU_ENOENT, "lacks members of live patching's structures");
	fk_free(fk);
}

/* A list that leads nowhere, and one that runs back into itself */
static void damage(struct some *s, uint64_t node, int nowhere,
		   const char *text)
{
	uint64_t next = fk_get(s->fk, node, 8);

	fk_put(s->fk, node, 8, NOWHERE);
	refused(s->fk, nowhere, "live patching");
	fk_put(s->fk, node, 8, node);
	refused(s->fk, ZU_EFORMAT, text);
	fk_put(s->fk, node, 8, next);
}

static uint64_t at(const struct some *s, uint64_t base, const char *type,
		   const char *member)
{
	return base + fk_offset(s->fk, type, member);
}

static void refuses_damaged_lists(void **state)
{
	struct some s = make(FK_6_12);
	uint64_t ops;

	(void)state;
	damage(&s, at(&s, s.patch1, "klp_patch", "list"), ZU_EFAULT,
	       "the list of live patches (klp_patches)");
	damage(&s, at(&s, s.object2, "klp_object", "node"), ZU_EFAULT,
	       "the list of objects");
	damage(&s, at(&s, s.func2, "klp_func", "node"), ZU_EFAULT,
	       "the list of functions");
	ops = fk_get(s.fk, fk_address(s.fk, "klp_ops"), 8);
	damage(&s, ops, ZU_EFAULT, "the list of function stacks (klp_ops)");
	damage(&s, at(&s, s.func2, "klp_func", "stack_node"), ZU_EFORMAT,
	       "the list of versions of a function");
	fk_free(s.fk);
}

static void refuses_names_in_nowhere(void **state)
{
	struct some s = make(FK_6_12);
	uint64_t was = fk_read(s.fk, s.func1, "klp_func", "old_name");

	(void)state;
	fk_set(s.fk, s.func1, "klp_func", "old_name", NOWHERE);
	refused(s.fk, ZU_EFAULT, "cannot read a name at 0x2345678000");
	fk_set(s.fk, s.func1, "klp_func", "old_name", was);
	was = fk_read(s.fk, s.away, "klp_object", "name");
	fk_set(s.fk, s.away, "klp_object", "name", NOWHERE);
	refused(s.fk, ZU_EFAULT, "cannot read a name at 0x2345678000");
	fk_set(s.fk, s.away, "klp_object", "name", was);
	fk_set(s.fk, s.patch1, "klp_patch", "mod", NOWHERE);
	refused(s.fk, ZU_EFAULT, "the name of its module at 0x2345678000");
	fk_free(s.fk);
}

static void refuses_what_does_not_fit(void **state)
{
	struct some s = make(FK_6_12);

	(void)state;
	fk_klp_transition(s.fk, s.patch2, 1);
	fk_put(s.fk, fk_address(s.fk, "klp_target_state"), 4, 2);
	refused(s.fk, ZU_EFORMAT, "klp_target_state is 2 during a transition");
	fk_put(s.fk, fk_address(s.fk, "klp_target_state"), 4, UINT32_MAX);
	refused(s.fk, ZU_EFORMAT, "klp_target_state is -1 during");
	fk_klp_transition(s.fk, s.patch2 + 8, 1);
	refused(s.fk, ZU_EFORMAT, "which is no live patch");
	fk_free(s.fk);
}

/* A function of a patch that is not in the list, on a function stack */
static void refuses_strangers_on_a_stack(void **state)
{
	struct some s = make(FK_6_12);
	uint64_t head = fk_address(s.fk, "klp_patches");
	uint64_t before = at(&s, s.patch1, "klp_patch", "list");

	(void)state;
	fk_put(s.fk, before, 8, head);
	fk_put(s.fk, head + 8, 8, before);
	refused(s.fk, ZU_EFORMAT, "is in no patch");
	fk_free(s.fk);
}

/* Two objects with one list: its nodes lead back to one of them only */
static void refuses_the_list_of_another_object(void **state)
{
	struct some s = make(FK_6_12);
	uint64_t list1 = at(&s, s.object1, "klp_object", "func_list");
	uint64_t node = at(&s, s.func2, "klp_func", "node");

	(void)state;
	/* the list of object 1 is that of object 2, whose node leads back */
	fk_put(s.fk, list1, 8, node);
	fk_put(s.fk, list1 + 8, 8, node);
	refused(s.fk, ZU_EFORMAT, "the list of functions");
	fk_free(s.fk);
}

/* As many as may be, and one more; @add makes one */
static void bounded(uint64_t (*add)(struct some *s), size_t there, size_t most,
		    const char *text)
{
	struct some s = make(FK_6_12);
	struct zu_klp klp = ZU_KLP_INIT;
	struct zu_kernel *k;
	struct zu_error err;

	for (; there < most; there++)
		add(&s);
	k = fk_open(s.fk);
	assert_int_equal(zu_klp_read(k, &klp, &err), 0);
	zu_klp_deinit(&klp);
	zu_kernel_close(k);
	add(&s);
	refused(s.fk, ZU_EFORMAT, text);
	fk_free(s.fk);
}

/* All are of one module. */
static uint64_t one_more_patch(struct some *s)
{
	uint64_t patch = fk_alloc(s->fk, fk_sizeof(s->fk, "klp_patch"));

	fk_set(s->fk, patch, "klp_patch", "mod",
	       fk_read(s->fk, s->patch1, "klp_patch", "mod"));
	fk_list_init(s->fk, at(s, patch, "klp_patch", "obj_list"));
	fk_list_add(s->fk, fk_address(s->fk, "klp_patches"),
		    at(s, patch, "klp_patch", "list"));
	return patch;
}

static uint64_t one_more_object(struct some *s)
{
	return fk_klp_object(s->fk, s->patch1, NULL, true);
}

static uint64_t one_more_func(struct some *s)
{
	return fk_klp_func(s->fk, s->object1, "f", s->old, s->new1, 64);
}

/* Function stacks with nothing on them, which the kernel does not have */
static uint64_t one_more_stack(struct some *s)
{
	uint64_t ops = fk_alloc(s->fk, fk_sizeof(s->fk, "klp_ops"));

	fk_list_init(s->fk, at(s, ops, "klp_ops", "func_stack"));
	fk_list_add(s->fk, fk_address(s->fk, "klp_ops"), ops);
	return ops;
}

static void how_much_is_read(void **state)
{
	(void)state;
	bounded(one_more_patch, 2, ZU_KLP_PATCHES,
		"there are more than 1024 live patches");
	bounded(one_more_object, 3, ZU_KLP_OBJECTS,
		"there are more than 4096 objects in live patches");
	bounded(one_more_func, 3, ZU_KLP_FUNCS,
		"there are more than 16384 functions in live patches");
	bounded(one_more_stack, 1, 3,
		"there are more function stacks than functions");
}

static void tasks_have_a_state(void **state)
{
	struct some s = make(FK_7_2);
	struct zu_klp_task klp;
	struct zu_task task;
	struct zu_error err;
	struct zu_kernel *k;

	(void)state;
	fk_set_task(s.task, "patch_state", 1);
	fk_set_task(s.task, "flags", 0x00200000);
	k = fk_open(s.fk);
	fk_find(k, s.task, &task);
	assert_int_equal(zu_klp_task(k, &task, &klp, &err), 0);
	assert_int_equal(klp.state, ZU_KLP_PATCHED);
	assert_true(klp.kthread);
	zu_kernel_close(k);
	fk_set_task(s.task, "flags", 0x00400000);
	fk_set_task(s.task, "patch_state", 2);
	k = fk_open(s.fk);
	assert_int_equal(zu_klp_task(k, &task, &klp, &err), ZU_EFORMAT);
	assert_non_null(strstr(err.text, "has the patch_state 2"));
	assert_true(klp.kthread);
	zu_kernel_close(k);
	fk_set_task(s.task, "patch_state", UINT32_MAX);
	k = fk_open(s.fk);
	assert_int_equal(zu_klp_task(k, &task, &klp, &err), 0);
	assert_int_equal(klp.state, ZU_KLP_IDLE);
	assert_false(klp.kthread);
	zu_kernel_close(k);
	fk_free(s.fk);
}

/* Each is put back: only it can be why a look does not count. */
static void notices_what_comes_and_goes(void **state)
{
	struct some s = make(FK_7_2);
	const struct {
		uint64_t base;
		const char *type;
		const char *member;
		uint64_t value;
	} change[] = {
		{ s.away, "klp_object", "mod", s.patch2 },
		{ s.away, "klp_object", "patched", 1 },
		{ s.object2, "klp_object", "patched", 0 },
		{ s.gone, "klp_func", "old_func", s.old },
		{ s.patch1, "klp_patch", "enabled", 0 },
		{ s.task->addr, "task_struct", "pid", 2 },
	};
	size_t n = sizeof(change) / sizeof(change[0]), i;
	struct fk_live live = { .fk = s.fk };
	struct zu_kernel *k = fk_live_open(&live);
	struct zu_klp klp = ZU_KLP_INIT;
	struct zu_error err;

	(void)state;
	assert_int_equal(zu_klp_read(k, &klp, &err), 0);
	for (i = 0; i < n; i++) {
		uint64_t was = fk_read(s.fk, change[i].base, change[i].type,
				       change[i].member);

		fk_set(s.fk, change[i].base, change[i].type, change[i].member,
		       change[i].value);
		/* the last one is no matter */
		assert_int_equal(zu_klp_check(&klp, k, &err),
				 i < n - 1 ? ZU_EAGAIN : 0);
		fk_set(s.fk, change[i].base, change[i].type, change[i].member,
		       was);
	}
	zu_klp_deinit(&klp);
	zu_kernel_close(k);
	fk_free(s.fk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_of_it),
		cmocka_unit_test(no_transition),
		cmocka_unit_test(a_kernel_without),
		cmocka_unit_test(refuses_damaged_lists),
		cmocka_unit_test(refuses_names_in_nowhere),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(refuses_strangers_on_a_stack),
		cmocka_unit_test(refuses_the_list_of_another_object),
		cmocka_unit_test(how_much_is_read),
		cmocka_unit_test(tasks_have_a_state),
		cmocka_unit_test(notices_what_comes_and_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
