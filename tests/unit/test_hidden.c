/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions that no frame shows: behind BPF trampolines, and behind
 * trampolines that modules have ftrace call directly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/frame_s390x.h"
#include "kern/hidden.h"
#include "tests/make/fakekernel_check.h"

#define NOWHERE UINT64_C(0x2345678000)

#define SIZE 0x200		/* of a trampoline */
#define AFTER 0x100		/* in it: behind the original function's call */
#define BEFORE 0x40		/* in it: behind a program's call */

/* A task that sleeps in something that a trampoline called. */
struct some {
	struct fk *fk;
	struct fk_task *task;
	struct fk_module module;
	uint64_t page;
	uint64_t image;		/* struct bpf_tramp_image */
	uint64_t tramp_slot;	/* of the return address in the trampoline */
	uint64_t inner_slot;	/* of the one inside of it */
};

static struct some make(enum fk_release release)
{
	struct some s = { .fk = fk_new(release) };

	s.page = fk_valloc(s.fk, 4096);
	s.task = fk_task(s.fk, "sleeper", 1);
	fk_module(s.fk, &s.module, "direct");
	fk_module_symbol(&s.module, "other", s.module.text, 1);
	fk_module_symbol(&s.module, "my_tramp", s.module.text + 0x100, 1);
	fk_module_symbol(&s.module, "next", s.module.text + 0x200, 1);
	fk_func(s.fk, "traced");
	fk_frame(s.task, "system_call");
	fk_frame(s.task, "caller");
	fk_frame(s.task, "trampoline");
	s.tramp_slot = s.task->sp + ZU_FRAME_R14;
	fk_frame(s.task, "program");
	s.inner_slot = s.task->sp + ZU_FRAME_R14;
	fk_frame(s.task, "__schedule");
	return s;
}

static struct some make_bpf(enum fk_release release, uint32_t after)
{
	struct some s = make(release);

	s.image = fk_bpf_trampoline(s.fk, s.page, SIZE, "traced", after);
	return s;
}

/* Where the trampoline is to return to, and the function inside of it. */
static void returns(struct some *s, uint64_t tramp, uint64_t inner)
{
	fk_put(s->fk, s->tramp_slot, 8, tramp);
	fk_put(s->fk, s->inner_slot, 8, inner);
}

/* The kernel never sees it. */
static void assert_hides(struct some *s)
{
	fk_expect(s->task, "hidden-caller", "reliable", NULL);
}

static void assert_hides_nothing(struct some *s)
{
	fk_expect(s->task, "reliable", "reliable", NULL);
}

/* Only programs: the function comes when they are done. */
static void bpf_without_the_original(void **state)
{
	enum fk_release r;

	(void)state;
	for (r = FK_6_12; r < FK_RELEASES; r++) {
		struct some s = make_bpf(r, 0);

		returns(&s, s.page + BEFORE, fk_place(s.fk, "program"));
		fk_expect(s.task, "hidden-caller", "reliable",
			  "__schedule program bpf_trampoline_6442536467 caller system_call");
		fk_free(s.fk);
	}
}

/* With fexit programs it calls the function itself, whose frame is there. */
static void bpf_in_the_original(void **state)
{
	enum fk_release r;

	(void)state;
	for (r = FK_6_12; r < FK_RELEASES; r++) {
		struct some s = make_bpf(r, AFTER);

		returns(&s, s.page + AFTER - 6, fk_place(s.fk, "traced"));
		fk_expect(s.task, "reliable", "reliable",
			  "__schedule traced bpf_trampoline_6442536467 caller system_call");
		fk_free(s.fk);
	}
}

/* It will call the function, but is still in a program before that. */
static void bpf_before_the_original(void **state)
{
	enum fk_release r;

	(void)state;
	for (r = FK_6_12; r < FK_RELEASES; r++) {
		struct some s = make_bpf(r, AFTER);

		returns(&s, s.page + BEFORE, fk_place(s.fk, "program"));
		assert_hides(&s);
		fk_free(s.fk);
	}
}

/* Up to 7.1 the place tells which of the trampoline's calls it is. */
static void bpf_which_call(void **state)
{
	struct some s = make_bpf(FK_6_12, AFTER);
	uint64_t inner = fk_place(s.fk, "traced");

	(void)state;
	returns(&s, s.page + AFTER - 18, inner);
	assert_hides(&s);
	returns(&s, s.page + AFTER - 16, inner);
	assert_hides_nothing(&s);
	returns(&s, s.page + AFTER, inner);
	assert_hides_nothing(&s);
	fk_free(s.fk);
}

/* An fexit program sleeps: the function has returned. 7.2 does not tell. */
static void bpf_after_the_original(void **state)
{
	enum fk_release r;

	(void)state;
	for (r = FK_6_12; r < FK_RELEASES; r++) {
		struct some s = make_bpf(r, AFTER);

		returns(&s, s.page + AFTER + 2, fk_place(s.fk, "program"));
		if (r == FK_6_12)
			assert_hides_nothing(&s);
		else
			assert_hides(&s);
		fk_free(s.fk);
	}
}

/* Since then only the frame inside tells what it called. */
static void bpf_which_function(void **state)
{
	struct some s = make_bpf(FK_7_2, 0);
	uint64_t traced = fk_func(s.fk, "traced");
	uint64_t tramp = s.page + AFTER;

	(void)state;
	returns(&s, tramp, traced + 2);
	assert_hides_nothing(&s);
	/* its last instruction is a call that never returns */
	returns(&s, tramp, traced + 0x100);
	assert_hides_nothing(&s);
	returns(&s, tramp, traced + 0x102);
	assert_hides(&s);
	returns(&s, tramp, traced);
	assert_hides(&s);
	fk_free(s.fk);
}

/* Nothing inside of it: an interrupt cannot be meant, nor the function. */
static void bpf_as_the_innermost_frame(void **state)
{
	enum fk_release r;

	(void)state;
	for (r = FK_6_12; r < FK_RELEASES; r++) {
		struct fk *fk = fk_new(r);
		struct fk_task *t = fk_task(fk, "sleeper", 1);
		uint64_t page = fk_valloc(fk, 4096);

		fk_bpf_trampoline(fk, page, SIZE, "traced", 0);
		fk_frame(t, "system_call");
		fk_frame_at(t, page + BEFORE, 160);
		fk_expect(t, "hidden-caller", "reliable",
			  "bpf_trampoline_6442536467 system_call");
		fk_free(fk);
	}
}

static void unreadable_records_hide(void **state)
{
	struct some s = make_bpf(FK_7_2, 0);
	uint64_t inner = fk_place(s.fk, "traced");

	(void)state;
	returns(&s, s.page + AFTER, inner);
	assert_hides_nothing(&s);
	fk_set(s.fk, s.image, "bpf_tramp_image", "tr", NOWHERE);
	assert_hides(&s);
	fk_set(s.fk, s.image, "bpf_tramp_image", "tr", 0);
	assert_hides(&s);
	fk_free(s.fk);
}

static void unknown_types_hide(void **state)
{
	static const struct {
		enum fk_release release;
		const char *type, *member;
	} rows[] = {
		{ FK_6_12, "bpf_tramp_image", "ip_after_call" },
		{ FK_6_12, "bpf_tramp_image", NULL },
		{ FK_7_2, "bpf_tramp_image", "tr" },
		{ FK_7_2, "bpf_tramp_image", "ksym" },
		{ FK_7_2, "bpf_trampoline", "func" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct some s = make_bpf(rows[i].release, AFTER);

		returns(&s, s.page + AFTER - 6, fk_place(s.fk, "traced"));
		fk_hide(s.fk, rows[i].type, rows[i].member);
		assert_hides(&s);
		fk_free(s.fk);
	}
}

/* Programs, dispatchers and struct_ops stand for no traced function. */
static void other_bpf_code_hides_nothing(void **state)
{
	static const struct {
		const char *name;
		bool prog;
	} rows[] = {
		{ "bpf_prog_6deef7357e7b4530_sleeps", true },
		{ "bpf_trampoline_in_name_only", true },
		{ "bpf_dispatcher_xdp", false },
		{ "bpf__tcp_congestion_ops_init", false },
		{ "bpf_trampoline", false },
	};
	enum fk_release r;
	size_t i;

	(void)state;
	fk_for_each_release(r) {
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			struct some s = make(r);

			fk_bpf(s.fk, rows[i].name, s.page, SIZE, rows[i].prog);
			returns(&s, s.page + BEFORE,
				fk_place(s.fk, "program"));
			assert_hides_nothing(&s);
			fk_free(s.fk);
		}
	}
}

static void images_without_names_hide(void **state)
{
	struct some s = make(FK_7_2);

	(void)state;
	fk_bpf(s.fk, "bpf_dispatcher_xdp", s.page, SIZE, false);
	returns(&s, s.page + BEFORE, fk_place(s.fk, "program"));
	fk_hide(s.fk, "bpf_ksym", "name");
	assert_hides(&s);
	fk_free(s.fk);
}

/* register_ftrace_direct(): found by the function that the frame is in */
static void direct_trampoline_of_a_module(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);
		uint64_t tramp = s.module.text + 0x100;
		uint64_t inner = fk_place(s.fk, "program");

		fk_direct(s.fk, fk_func(s.fk, "traced"), tramp);
		returns(&s, tramp + 0x20, inner);
		fk_expect(s.task, "hidden-caller", "reliable",
			  "__schedule program my_tramp caller system_call");
		returns(&s, tramp + 2, inner);
		assert_hides(&s);
		/* its last instruction is the call */
		returns(&s, tramp + 0x100, inner);
		assert_hides(&s);
		returns(&s, tramp + 0x102, inner);
		assert_hides_nothing(&s);
		returns(&s, tramp, inner);
		assert_hides_nothing(&s);
		fk_free(s.fk);
	}
}

/* Is a function hidden by what was interrupted at an instruction? */
static bool hides_at(struct some *s, uint64_t ip)
{
	const struct zu_frame f = {
		.ip = ip, .regs = s->task->sp, .from = ZU_FROM_EXCEPTION,
	};
	struct zu_kernel *k = fk_open(s->fk);
	bool ret = zu_hides_caller(k, &f, fk_place(s->fk, "traced"));

	zu_kernel_close(k);
	return ret;
}

/* The first instruction is the trampoline's too, the one behind is not. */
static void interrupted_in_a_direct_trampoline(void **state)
{
	struct some s = make(FK_7_2);
	uint64_t tramp = s.module.text + 0x100;

	(void)state;
	fk_direct(s.fk, fk_func(s.fk, "traced"), tramp);
	assert_false(hides_at(&s, tramp - 2));
	assert_true(hides_at(&s, tramp));
	assert_true(hides_at(&s, tramp + 0xfe));
	assert_false(hides_at(&s, tramp + 0x100));
	fk_free(s.fk);
}

/* Up to the place where the call is done it may be yet to come. */
static void bpf_interrupted_before_the_call(void **state)
{
	struct some s = make_bpf(FK_6_12, AFTER);

	(void)state;
	assert_true(hides_at(&s, s.page));
	assert_true(hides_at(&s, s.page + AFTER - 16));
	assert_true(hides_at(&s, s.page + AFTER - 2));
	assert_false(hides_at(&s, s.page + AFTER));
	fk_free(s.fk);
	s = make_bpf(FK_7_2, AFTER);
	assert_true(hides_at(&s, s.page + AFTER));
	fk_free(s.fk);
}

static void many_direct_trampolines(void **state)
{
	struct some s = make(FK_6_12);
	uint64_t inner = fk_place(s.fk, "program"), tramp;
	static const char *const names[] = { "c_tramp", "a_tramp", "b_tramp" };
	size_t i;

	(void)state;
	fk_direct(s.fk, fk_func(s.fk, "traced"), s.module.text + 0x100);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		tramp = fk_func(s.fk, names[i]);
		fk_direct(s.fk, fk_func(s.fk, "traced") + 0x100 * i, tramp);
		/* one trampoline can stand for several functions */
		fk_direct(s.fk, fk_func(s.fk, "traced") + 0x40 * i, tramp);
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		returns(&s, fk_func(s.fk, names[i]) + 0x10, inner);
		assert_hides(&s);
	}
	returns(&s, s.module.text + 0x110, inner);
	assert_hides(&s);
	returns(&s, inner, inner);
	assert_hides_nothing(&s);
	fk_free(s.fk);
}

static void without_the_table_nothing_is_direct(void **state)
{
	struct some s = make(FK_6_12);

	(void)state;
	fk_direct(s.fk, fk_func(s.fk, "traced"), s.module.text + 0x100);
	returns(&s, s.module.text + 0x120, fk_place(s.fk, "program"));
	fk_no_symbol(s.fk, "direct_functions");
	assert_hides_nothing(&s);
	fk_free(s.fk);
}

static void no_table_at_all(void **state)
{
	struct some s = make(FK_6_12);

	(void)state;
	fk_put(s.fk, fk_address(s.fk, "direct_functions"), 8, 0);
	returns(&s, s.module.text + 0x120, fk_place(s.fk, "program"));
	assert_hides_nothing(&s);
	fk_free(s.fk);
}

static void refuses_a_damaged_table(void **state)
{
	struct some s = make(FK_7_2);
	uint64_t hash, buckets, entry;

	(void)state;
	fk_direct(s.fk, 0x100, s.module.text + 0x100);
	hash = fk_get(s.fk, fk_address(s.fk, "direct_functions"), 8);
	buckets = fk_read(s.fk, hash, "ftrace_hash", "buckets");
	entry = fk_get(s.fk, buckets + 8, 8);

	fk_put(s.fk, entry, 8, entry);
	fk_refused(s.fk, ZU_EFORMAT, "a list of direct calls is damaged");
	fk_put(s.fk, entry, 8, NOWHERE);
	fk_refused(s.fk, ZU_EFAULT, "cannot read ftrace_func_entry.direct");
	fk_put(s.fk, entry, 8, 0);
	fk_set(s.fk, hash, "ftrace_hash", "buckets", NOWHERE);
	fk_refused(s.fk, ZU_EFAULT, "a list of direct calls is damaged");
	fk_set(s.fk, hash, "ftrace_hash", "buckets", buckets);
	fk_set(s.fk, hash, "ftrace_hash", "size_bits", 25);
	fk_refused(s.fk, ZU_EFORMAT, "the table of direct calls is damaged");
	fk_set(s.fk, hash, "ftrace_hash", "size_bits", UINT64_MAX);
	fk_refused(s.fk, ZU_EFORMAT, "the table of direct calls is damaged");
	fk_set(s.fk, hash, "ftrace_hash", "size_bits", 24);
	fk_refused(s.fk, ZU_EFAULT, "cannot read");
	fk_set(s.fk, hash, "ftrace_hash", "size_bits", 1);
	fk_put(s.fk, fk_address(s.fk, "direct_functions"), 8, NOWHERE);
	fk_refused(s.fk, ZU_EFAULT, "cannot read ftrace_hash.size_bits");
	fk_free(s.fk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bpf_without_the_original),
		cmocka_unit_test(bpf_in_the_original),
		cmocka_unit_test(bpf_before_the_original),
		cmocka_unit_test(bpf_which_call),
		cmocka_unit_test(bpf_after_the_original),
		cmocka_unit_test(bpf_which_function),
		cmocka_unit_test(bpf_as_the_innermost_frame),
		cmocka_unit_test(unreadable_records_hide),
		cmocka_unit_test(unknown_types_hide),
		cmocka_unit_test(other_bpf_code_hides_nothing),
		cmocka_unit_test(images_without_names_hide),
		cmocka_unit_test(direct_trampoline_of_a_module),
		cmocka_unit_test(interrupted_in_a_direct_trampoline),
		cmocka_unit_test(bpf_interrupted_before_the_call),
		cmocka_unit_test(many_direct_trampolines),
		cmocka_unit_test(without_the_table_nothing_is_direct),
		cmocka_unit_test(no_table_at_all),
		cmocka_unit_test(refuses_a_damaged_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
