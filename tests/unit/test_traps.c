/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a walker of s390x kernel stacks gets wrong if nobody told it, one test
 * for each; most have more tests elsewhere.
 *
 * Some traps belong to what zunwind does not do yet. For these the test says
 * what holds now, so that it is here when the rest comes:
 *  2 (TIF bits that moved) matters to live patching: no flag is looked at;
 * 17 (gdbstub in user mode) matters to a live source: no register of a CPU is
 *    looked at;
 * 18 (zeros where /proc/kcore has nothing) matters to that source: zeros are
 *    never a reliable stack;
 * 20 (returns by br r4) matters to a checker of code: the walk reads no code.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/frame_s390x.h"
#include "tests/make/fakekernel_check.h"

#define SLEEPS "__schedule schedule do_sleep __do_syscall system_call"

static struct fk_task *make(enum fk_release release)
{
	struct fk_task *t = fk_task(fk_new(release), "sleeper", 42);

	fk_sleep(t);
	return t;
}

static void assert_sleeps(struct fk_task *t)
{
	fk_expect(t, "reliable", "reliable", SLEEPS);
}

/* 7.2 has on_rq in the next byte; an int of it would never be 0. */
static void trap_01_u8_on_cpu(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		if (fk_has(t->fk, "task_struct", "on_rq"))
			fk_set_task(t, "on_rq", 1);
		assert_sleeps(t);
		fk_set_task(t, "on_cpu", 1);
		fk_expect(t, "running", "running", "");
		fk_free(t->fk);
	}
}

static void trap_02_tif_bits_moved(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_set_task(t, "thread_info.flags", UINT64_MAX);
		fk_set_task(t, "flags", UINT32_MAX);
		assert_sleeps(t);
		fk_free(t->fk);
	}
}

/* Functions are on both sides of the table. */
static void trap_03_kallsyms_self_relative(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		uint64_t below = fk_func(fk, "below");
		uint64_t above;
		struct zu_kernel *k;
		struct zu_symbol s;

		above = fk_init_func(fk, "above");
		k = fk_open(fk);
		assert_string_equal(fk_name(k, below), "below");
		assert_true(zu_kernel_symbol(k, above + 8, &s));
		assert_string_equal(s.name, "above");
		assert_int_equal(s.start, above);
		zu_kernel_close(k);
		fk_free(fk);
	}
}

/*
 * Up to 6.9 addresses are physical ones. Since 6.10 the image is mapped apart
 * from linear memory also without KASLR; both kinds have to be found.
 */
static void trap_04_image_apart_from_linear_memory(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		struct fk_task *init = fk_idle(fk, 0), *t;
		uint64_t image = fk_address(fk, "_stext");

		assert_int_equal(fk_abs(fk, image) == image, r == FK_6_1);
		fk_vmap_stacks(fk, false);
		t = fk_task(fk, "linear", 1);
		fk_sleep(t);
		fk_sleep(init);
		fk_set_task(init, "on_cpu", 0);
		fk_run(fk_task(fk, "runs", 2), 0);
		assert_sleeps(t);
		assert_sleeps(init);
		fk_free(fk);
	}
}

/* The stack pointer that its last switch saved still leads to the end. */
static void trap_05_stale_stack_of_a_running_task(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		assert_sleeps(t);
		fk_run(t, 1);
		fk_expect(t, "running", "running", "");
		fk_free(t->fk);
	}
}

/* The entry that fills live patching's array makes the walk fail. */
static void trap_06_exactly_100_frames(void **state)
{
	static const unsigned int counts[] = { 98, 99, 100, 101 };
	enum fk_release r;
	size_t i;
	unsigned int n;

	(void)state;
	fk_for_each_release(r) {
		for (i = 0; i < 4; i++) {
			struct fk_task *t = fk_task(fk_new(r), "deep", 1);
			const char *verdict = counts[i] < 100 ? "reliable" :
								"too-deep";

			for (n = 0; n < counts[i]; n++)
				fk_frame_at(t, fk_place(t->fk, "recurse"), 24);
			fk_expect(t, verdict, verdict, NULL);
			fk_free(t->fk);
		}
	}
}

static void trap_07_return_address_of_a_noreturn_call(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = fk_task(fk_new(r), "idle", 1);

		fk_func_size(t->fk, "smp_start_secondary", 0x48);
		fk_func_size(t->fk, "smp_find_processor_id", 0x30);
		fk_frame(t, "restart_int_handler+0x72");
		fk_frame(t, "smp_start_secondary+0x48");
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable",
			  "__schedule smp_start_secondary restart_int_handler");
		fk_free(t->fk);
	}
}

/* Nothing was called from there: it is the function itself. */
static void trap_08_ret_from_fork(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = fk_task(fk_new(r), "fresh", 1);

		fk_never_ran(t);
		fk_expect(t, "reliable", "reliable", "ret_from_fork");
		fk_free(t->fk);
	}
}

/*
 * Entry code and __sie64a save no r14 in a frame of their own. The first frame
 * of a stack has only what the handler's call left there; a guest's frame is
 * that of who called __sie64a, with its registers where a frame has nothing.
 */
static void trap_09_code_without_frames(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = fk_task(fk_new(r), "guest", 1);
		uint64_t slot;

		fk_func(t->fk, "__vcpu_run");
		fk_func(t->fk, "sie_exit");
		fk_frame(t, "io_int_handler");
		fk_frame(t, "do_io_irq");
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable",
			  "__schedule do_io_irq io_int_handler");
		fk_frame(t, "__vcpu_run");
		for (slot = t->sp; slot < t->sp + ZU_FRAME_R14; slot += 8)
			fk_put(t->fk, slot, 8, UINT64_MAX);
		fk_interrupt(t, "sie_exit+0", "io_int_handler");
		fk_frame(t, "__schedule");
		fk_expect(t, "exception-frame", "exception-frame",
			  "__schedule io_int_handler sie_exit __vcpu_run "
			  "__schedule do_io_irq io_int_handler");
		fk_free(t->fk);
	}
}

/* Its memory is not in the dump: it was freed. */
static void trap_10_init_text_counts_for_ever(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = fk_task(fk_new(r), "task", 1);

		fk_init_func(t->fk, "kernel_init_freeable");
		fk_frame(t, "ret_from_fork+0xa");
		fk_frame(t, "kernel_init_freeable");
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable",
			  "__schedule kernel_init_freeable ret_from_fork");
		fk_free(t->fk);
	}
}

/* A call can be the last instruction of a program. */
static void trap_11_bpf_end_is_inclusive(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = fk_task(fk_new(r), "task", 1);
		uint64_t page = fk_valloc(t->fk, 4096), slot;

		fk_bpf(t->fk, "bpf_prog_1", page, 0x80, true);
		fk_frame(t, "system_call");
		fk_frame_at(t, page + 0x80, 160);
		slot = t->sp + ZU_FRAME_R14;
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable",
			  "__schedule bpf_prog_1 system_call");
		fk_put(t->fk, slot, 8, page + 0x82);
		fk_expect(t, "not-text", "not-text", NULL);
		fk_free(t->fk);
	}
}

/* copy_from_user() waits for a page: registers of kernel code on the stack. */
static void trap_12_sleeping_in_a_page_fault(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = fk_task(fk_new(r), "task", 1);

		fk_frame(t, "system_call");
		fk_frame(t, "do_write");
		fk_interrupt(t, "raw_copy_from_user", "pgm_check_handler");
		fk_frame(t, "handle_mm_fault");
		fk_frame(t, "__schedule");
		fk_expect(t, "exception-frame", "exception-frame",
			  "__schedule handle_mm_fault pgm_check_handler "
			  "raw_copy_from_user do_write system_call");
		fk_free(t->fk);
	}
}

static struct fk_task *make_traced(enum fk_release release)
{
	struct fk_task *t = fk_task(fk_new(release), "traced", 1);

	fk_frame(t, "system_call");
	fk_frame(t, "outer");
	fk_fgraph(t);
	fk_frame(t, "inner");
	fk_fgraph(t);
	fk_frame(t, "__schedule");
	return t;
}

/* -1 up to 6.9, 0 since: the other one means something there. */
static void trap_13_empty_shadow_stack(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make_traced(r);

		fk_set_task(t, "curr_ret_stack", r == FK_6_1 ? UINT64_MAX : 0);
		fk_expect(t, "unresolved-fgraph", "reliable",
			  "__schedule return_to_handler return_to_handler system_call");
		if (r == FK_6_1) {
			/* the first record, which is the outer one's */
			fk_set_task(t, "curr_ret_stack", 0);
			fk_expect(t, "unresolved-fgraph", "reliable",
				  "__schedule return_to_handler outer system_call");
		}
		fk_free(t->fk);
	}
}

static void trap_14_size_of_shadow_records(void **state)
{
	static const uint32_t sizes[] = { 32, 32, 24 };
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make_traced(r);

		assert_int_equal(fk_sizeof(t->fk, "ftrace_ret_stack"),
				 sizes[r]);
		fk_expect(t, "reliable", "reliable",
			  "__schedule inner outer system_call");
		fk_free(t->fk);
	}
}

/* What is beside it must not get into it. */
static void trap_15_vmcore_info_is_not_aligned(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_vmcoreinfo_note(t->fk, false);
		fk_put_abs(t->fk, 0xe08, "\xff\xff\xff\xff", 4);
		fk_put_abs(t->fk, 0xe14, "\xff\xff\xff\xff", 4);
		assert_sleeps(t);
		fk_free(t->fk);
	}
}

/*
 * Each CPU sees its own lowcore at 0, and absolute 0 where that is. A dump has
 * absolute storage; and no pointer of the kernel leads into the lowcore.
 */
static void trap_16_prefixing(void **state)
{
	static const uint8_t garbage[0x2000] = { [0xe0c] = 0xff };
	struct fk_task *t = make_traced(FK_6_1);
	uint64_t prefix;

	(void)state;
	fk_vmcoreinfo_note(t->fk, false);
	prefix = fk_alloc(t->fk, sizeof(garbage));
	fk_put_abs(t->fk, fk_abs(t->fk, prefix), garbage, sizeof(garbage));
	fk_expect(t, "reliable", "reliable",
		  "__schedule inner outer system_call");
	/* virtual is physical, the page is there, but it is no memory */
	fk_set_task(t, "ret_stack", 0x1000);
	fk_expect(t, "not-text", "not-text", "__schedule ? ? system_call");
	fk_set_task(t, "signal", 0);
	fk_refused(t->fk, ZU_EFAULT, "the list of threads");
	fk_free(t->fk);
}

/* A CPU in user mode has another address space. None is asked for its own. */
static void trap_17_cpus_in_user_mode(void **state)
{
	static const uint8_t fills[] = { 1, 0x7f, 0xff };
	enum fk_release r;
	size_t i;

	(void)state;
	fk_for_each_release(r) {
		for (i = 0; i < sizeof(fills); i++) {
			struct fk_task *t = make(r);

			fk_cpu_notes(t->fk, fills[i]);
			assert_sleeps(t);
			fk_free(t->fk);
		}
	}
}

/* Whichever word of a stack is zero that should not be */
static void trap_18_zeros_are_no_stack(void **state)
{
	static const uint8_t zeros[4096];
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		uint64_t sp, next;

		for (sp = t->sp; sp; sp = next) {
			uint64_t ip = fk_get(t->fk, sp + ZU_FRAME_R14, 8);

			next = fk_get(t->fk, sp + ZU_FRAME_BACK_CHAIN, 8);
			fk_put(t->fk, sp + ZU_FRAME_R14, 8, 0);
			fk_expect(t, "not-text", "not-text", NULL);
			fk_put(t->fk, sp + ZU_FRAME_R14, 8, ip);
			if (!next)
				break;
			fk_put(t->fk, sp + ZU_FRAME_BACK_CHAIN, 8, 0);
			fk_expect(t, "no-end", "no-end", NULL);
			fk_put(t->fk, sp + ZU_FRAME_BACK_CHAIN, 8, next);
		}
		assert_sleeps(t);
		fk_put_bytes(t->fk, t->stack + 3 * 4096, zeros, 4096);
		fk_expect(t, "not-text", "not-text", "?");
		fk_free(t->fk);
	}
}

/* VMAP stacks need the page tables: their pages are apart from each other. */
static void trap_19_kinds_of_stacks(void **state)
{
	enum fk_release r;
	int vmap, size;

	(void)state;
	fk_for_each_release(r) {
		for (vmap = 0; vmap < 2; vmap++) {
			struct fk *fk = fk_new(r);
			struct fk_task *t;

			fk_vmap_stacks(fk, vmap);
			t = fk_task(fk, "wide", 1);
			fk_frame(t, "system_call");
			/* frames that begin in one page and end in the next */
			for (size = 0; size < 3; size++)
				fk_frame_at(t, fk_place(fk, "wide"), 4096 - 24);
			fk_frame(t, "__schedule");
			fk_expect(t, "reliable", "reliable",
				  "__schedule wide wide wide system_call");
			fk_free(fk);
		}
	}
}

static void trap_20_code_is_not_read(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		/* not a page of it is in the dump */
		fk_forget(t->fk, fk_address(t->fk, "_stext"));
		assert_sleeps(t);
		fk_free(t->fk);
	}
}

/* Those of the kernel are inside of its text, those of modules are not. */
static void trap_21_hotpatch_trampolines(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = fk_task(fk_new(r), "task", 1);
		uint64_t area = fk_valloc(t->fk, 4096), slot;
		struct fk_module m;

		fk_func(t->fk, "__ftrace_hotpatch_trampolines_start");
		fk_module(t->fk, &m, "traced");
		fk_frame(t, "system_call");
		fk_frame(t, "__ftrace_hotpatch_trampolines_start+0x18");
		slot = t->sp + ZU_FRAME_R14;
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable", NULL);
		fk_put(t->fk, slot, 8, m.text + 0x18);
		fk_expect(t, "reliable", "reliable", NULL);
		fk_put(t->fk, slot, 8, area + 0x18);
		fk_expect(t, "not-text", "not-text", NULL);
		fk_free(t->fk);
	}
}

/* No live patching, modules, kprobes, BPF, tracing, nor types in memory. */
static void trap_22_a_kernel_without_options(void **state)
{
	static const char *const names[] = {
		"modules", "kprobe_insn_slots", "bpf_kallsyms",
		"direct_functions", "return_to_handler",
	};
	enum fk_release r;
	size_t i;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			fk_no_symbol(t->fk, names[i]);
		fk_no_symbol(t->fk, r == FK_6_1 ? "__kretprobe_trampoline" :
						  "arch_rethook_trampoline");
		fk_hide(t->fk, "module", NULL);
		fk_hide(t->fk, "bpf_ksym", NULL);
		fk_hide(t->fk, "kprobe_insn_page", NULL);
		fk_hide(t->fk, "ftrace_ret_stack", NULL);
		fk_hide(t->fk, "ftrace_hash", NULL);
		fk_hide(t->fk, "task_struct", "ret_stack");
		assert_sleeps(t);
		fk_free(t->fk);

		t = make(r);
		fk_no_btf(t->fk);
		fk_refused(t->fk, ZU_ENOENT, "--btf FILE");
		fk_free(t->fk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trap_01_u8_on_cpu),
		cmocka_unit_test(trap_02_tif_bits_moved),
		cmocka_unit_test(trap_03_kallsyms_self_relative),
		cmocka_unit_test(trap_04_image_apart_from_linear_memory),
		cmocka_unit_test(trap_05_stale_stack_of_a_running_task),
		cmocka_unit_test(trap_06_exactly_100_frames),
		cmocka_unit_test(trap_07_return_address_of_a_noreturn_call),
		cmocka_unit_test(trap_08_ret_from_fork),
		cmocka_unit_test(trap_09_code_without_frames),
		cmocka_unit_test(trap_10_init_text_counts_for_ever),
		cmocka_unit_test(trap_11_bpf_end_is_inclusive),
		cmocka_unit_test(trap_12_sleeping_in_a_page_fault),
		cmocka_unit_test(trap_13_empty_shadow_stack),
		cmocka_unit_test(trap_14_size_of_shadow_records),
		cmocka_unit_test(trap_15_vmcore_info_is_not_aligned),
		cmocka_unit_test(trap_16_prefixing),
		cmocka_unit_test(trap_17_cpus_in_user_mode),
		cmocka_unit_test(trap_18_zeros_are_no_stack),
		cmocka_unit_test(trap_19_kinds_of_stacks),
		cmocka_unit_test(trap_20_code_is_not_read),
		cmocka_unit_test(trap_21_hotpatch_trampolines),
		cmocka_unit_test(trap_22_a_kernel_without_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
