/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a kernel: what has to be in a dump, and what may be missing. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/make/bytes.h"
#include "tests/make/fakekernel_check.h"

#define SLEEPS "__schedule schedule do_sleep __do_syscall system_call"

static struct fk_task *make(enum fk_release release)
{
	struct fk_task *t = fk_task(fk_new(release), "sleeper", 42);

	fk_sleep(t);
	return t;
}

static void opens_each_release(void **state)
{
	static const char *const versions[] = {
		"6.1.192-made", "6.12.107-made", "7.2.12-made",
	};
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		struct zu_kernel *k = fk_open(t->fk);
		const struct zu_kernel_info *info = zu_kernel_info(k);

		assert_string_equal(info->source_kind, "elf");
		assert_string_equal(info->release, versions[r]);
		assert_string_equal(info->build_id,
				    "00112233445566778899aabbccddeeff00112233");
		assert_int_equal(info->cpus, 2);
		assert_int_equal(info->stack_size, FK_STACK_SIZE);
		zu_kernel_close(k);
		fk_expect(t, "reliable", "reliable", SLEEPS);
		fk_free(t->fk);
	}
}

static void finds_vmcoreinfo_in_both_places(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_vmcoreinfo_note(t->fk, true);
		fk_expect(t, "reliable", "reliable", SLEEPS);
		fk_free(t->fk);
		t = make(r);
		fk_vmcoreinfo_note(t->fk, false);
		fk_expect(t, "reliable", "reliable", SLEEPS);
		fk_free(t->fk);
	}
}

/* A kernel that is text only, or init code only, is none. */
static void needs_these_symbols(void **state)
{
	static const char *const names[] = {
		"init_task", "init_mm", "runqueues", "__per_cpu_offset",
		"__cpu_possible_mask", "__cpu_online_mask", "nr_cpu_ids",
		"_stext", "_etext", "_sinittext", "_einittext",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct fk *fk = fk_new(FK_6_12);
		char text[64];

		snprintf(text, sizeof(text), "has no %s:", names[i]);
		fk_no_symbol(fk, names[i]);
		fk_refused(fk, ZU_ENOENT, text);
		fk_free(fk);
	}
}

/* What the kernel's configuration leaves out, stacks can do without. */
static void these_symbols_may_be_missing(void **state)
{
	static const char *const names[] = {
		"modules", "kprobe_insn_slots", "bpf_kallsyms",
		"return_to_handler", "arch_rethook_trampoline",
		"direct_functions", "ret_from_fork",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct fk_task *t = make(FK_6_12);

		fk_no_symbol(t->fk, names[i]);
		fk_expect(t, "reliable", "reliable", SLEEPS);
		fk_free(t->fk);
	}
}

static void refuses_an_ambiguous_symbol(void **state)
{
	struct fk *fk = fk_new(FK_6_12);

	(void)state;
	fk_static(fk, "init_task", 8);
	fk_refused(fk, ZU_EFORMAT, "has several init_task");
	fk_free(fk);

	/* nor is one that may be missing taken for missing */
	fk = fk_new(FK_6_12);
	fk_static(fk, "modules", 8);
	fk_refused(fk, ZU_EFORMAT, "has several modules");
	fk_free(fk);
}

static void needs_more_than_text_symbols(void **state)
{
	struct fk *fk = fk_new(FK_6_12);

	(void)state;
	fk_text_symbols_only(fk);
	fk_refused(fk, ZU_ENOENT, "CONFIG_KALLSYMS_ALL");
	fk_free(fk);
}

static void needs_to_know_where_symbols_are(void **state)
{
	struct fk *fk = fk_new(FK_7_2);

	(void)state;
	fk_vmcoreinfo_drop(fk, "SYMBOL(kallsyms_names)");
	fk_refused(fk, ZU_ENOENT, "VMCOREINFO has no SYMBOL(kallsyms_names)");
	fk_free(fk);
}

static void set_stack_end(struct fk *fk, uint64_t size)
{
	uint64_t start = fk_address(fk, "__start_init_stack");

	fk_no_symbol(fk, "__end_init_stack");
	fk_symbol(fk, "__end_init_stack", 'D', start + size);
}

static void bounds_the_size_of_stacks(void **state)
{
	static const struct {
		uint64_t size;
		bool good;
	} rows[] = {
		{ 0, false },		{ 2048, false },
		{ 4095, false },	{ 4096, true },
		{ 16384, true },	{ 16384 + 8, false },
		{ 65536, true },	{ 1 << 20, true },
		{ 1 << 21, false },	{ 1u << 31, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fk *fk = fk_new(FK_6_12);

		set_stack_end(fk, rows[i].size);
		if (rows[i].good)
			zu_kernel_close(fk_open(fk));
		else
			fk_refused(fk, ZU_EFORMAT, "say that a stack is");
		fk_free(fk);
	}
}

static void registers_fit_into_a_stack(void **state)
{
	static const uint32_t sizes[] = { 8192, 8193, 16384, 1 << 20 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct fk *fk = fk_new(FK_6_12);

		fk_lie(fk, "pt_regs", NULL, sizes[i]);
		if (sizes[i] <= FK_STACK_SIZE / 2)
			zu_kernel_close(fk_open(fk));
		else
			fk_refused(fk, ZU_EFORMAT, "pt_regs");
		fk_free(fk);
	}
}

static void needs_these_members(void **state)
{
	static const char *const rows[][3] = {
		{ "pt_regs", NULL, "sizeof(pt_regs)" },
		{ "task_struct", "__state", "task_struct.__state" },
		{ "task_struct", "stack", "task_struct.stack" },
		{ "task_struct", "tasks", "task_struct.tasks" },
		{ "task_struct", "exit_state", "task_struct.exit_state" },
		{ "task_struct", "pid", "task_struct.pid" },
		{ "task_struct", "tgid", "task_struct.tgid" },
		{ "task_struct", "thread_node", "task_struct.thread_node" },
		{ "task_struct", "comm", "task_struct.comm" },
		{ "task_struct", "signal", "task_struct.signal" },
		{ "task_struct", "thread", "task_struct.thread.ksp" },
		{ "thread_struct", "ksp", "task_struct.thread.ksp" },
		{ "signal_struct", "thread_head",
		  "signal_struct.thread_head" },
		{ "rq", "idle", "rq.idle" },
		{ "@rq_donor", "curr", "rq.curr" },
		{ "mm_context_t", "asce", "mm_struct.context.asce" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fk *fk = fk_new(FK_7_2);

		fk_hide(fk, rows[i][0], rows[i][1]);
		fk_refused(fk, ZU_ENOENT, rows[i][2]);
		fk_free(fk);
	}
}

/* Type data that lies is noticed where it can be, and survived elsewhere. */
static void type_data_may_lie(void **state)
{
	static const struct {
		const char *type, *member;
		uint32_t offset;
		int code;
		const char *text;
	} rows[] = {
		{ "task_struct", "pid", (1 << 20) + 1, ZU_EFORMAT,
		  "the type data has task_struct.pid" },
		{ "task_struct", "tasks", 1 << 28, ZU_EFORMAT,
		  "the type data has task_struct.tasks" },
		{ "task_struct", "tasks", 4096 * 200, ZU_EFAULT,
		  "the list of processes is damaged" },
		/* zero: a list in the lowcore, which no one may read */
		{ "task_struct", "signal", 0, ZU_EFAULT,
		  "the list of threads" },
		{ "mm_context_t", "asce", 0, ZU_EFAULT, "CPUs" },
		{ "signal_struct", "thread_head", 512, ZU_EFORMAT,
		  "the list of threads" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fk_task *t = make(FK_6_12);

		fk_lie(t->fk, rows[i].type, rows[i].member, rows[i].offset);
		fk_refused(t->fk, rows[i].code, rows[i].text);
		fk_free(t->fk);
	}
}

static int open_with(struct fk *fk, const char *btf, struct zu_kernel **k,
		     struct zu_error *err)
{
	struct zu_open_options options = { .btf_path = btf };
	struct mk file;
	int ret;

	fk_dump(fk, &file);
	ret = zu_kernel_open(mk_file(&file), &options, k, err);
	mk_free(&file);
	return ret;
}

/* A file with what @from carries */
static const char *btf_file(struct fk *from, struct mk *file)
{
	uint32_t len;
	void *btf = fk_btf(from, &len);

	memset(file, 0, sizeof(*file));
	mk_put(file, 0, btf, len);
	free(btf);
	return mk_file(file);
}

static void takes_types_from_a_file(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		struct zu_error err = { 0 };
		struct zu_kernel *k = NULL;
		struct zu_task task;
		struct mk btf;

		fk_no_btf(t->fk);
		fk_refused(t->fk, ZU_ENOENT, "--btf FILE");
		if (open_with(t->fk, btf_file(t->fk, &btf), &k, &err))
			fail_msg("%s", err.text);
		fk_find(k, t, &task);
		assert_string_equal(task.comm, "sleeper");
		zu_kernel_close(k);
		mk_free(&btf);
		fk_free(t->fk);
	}
}

static void refuses_a_file_without_types(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		int code;
	} rows[] = {
		{ "", 0, ZU_EFORMAT },
		{ "hello, world", 12, ZU_EFORMAT },
		{ "\xeb\x9f\x01\x00", 4, ZU_EFORMAT },
		{ "\177ELF\2\2\1", 7, ZU_ENOTSUP },
	};
	struct fk *fk = fk_new(FK_6_12);
	struct zu_error err = { 0 };
	struct zu_kernel *k = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mk file = { .data = NULL };

		mk_put(&file, 0, rows[i].bytes, rows[i].len);
		assert_int_equal(open_with(fk, mk_file(&file), &k, &err),
				 rows[i].code);
		assert_non_null(strstr(err.text, "type data of"));
		assert_null(k);
		mk_free(&file);
	}
	assert_int_equal(open_with(fk, "/nonexistent/btf", &k, &err), ZU_EIO);
	assert_int_equal(open_with(fk, "/", &k, &err), ZU_EIO);
	fk_free(fk);
}

/* The types of another kernel: garbage, but bounded, and no crash. */
static void survives_the_types_of_another_kernel(void **state)
{
	enum fk_release r, of;

	(void)state;
	fk_for_each_release(r) {
		fk_for_each_release(of) {
			struct fk_task *t = make(r);
			struct fk *other = fk_new(of);
			struct zu_error err = { 0 };
			struct zu_kernel *k = NULL;
			struct mk btf;

			if (open_with(t->fk, btf_file(other, &btf), &k, &err))
				assert_int_not_equal(r, of);
			zu_kernel_close(k);
			mk_free(&btf);
			fk_free(other);
			fk_free(t->fk);
		}
	}
}

/* Types in memory, with symbols that say where */
static void refuses_types_cut_off(void **state)
{
	static const struct {
		int64_t more;
		int code;
		const char *text;
	} rows[] = {
		{ -1, ZU_EFORMAT, "BTF" }, { -100, ZU_EFORMAT, "BTF" },
		{ INT32_MIN, ZU_ENOENT, "--btf FILE" },
		{ 512 << 20, ZU_EFORMAT, "the kernel's BTF would be" },
		{ 128 << 20, ZU_EFAULT, "kernel BTF: cannot read it" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fk *fk = fk_new(FK_6_12);
		uint64_t at;
		uint32_t len;
		void *btf = fk_btf(fk, &len);

		fk_no_btf(fk);
		at = fk_static(fk, "blob", len);
		fk_put_bytes(fk, at, btf, len);
		free(btf);
		fk_symbol(fk, "__start_BTF", 'R', at);
		fk_symbol(fk, "__stop_BTF", 'R',
			  at + len + (uint64_t)rows[i].more);
		fk_refused(fk, rows[i].code, rows[i].text);
		fk_free(fk);
	}
}

static uint64_t asce_of(struct fk *fk)
{
	return fk_address(fk, "init_mm") +
	       fk_offset(fk, "mm_struct", "context.asce");
}

static void refuses_damaged_page_tables(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		uint64_t asce;

		zu_kernel_close(fk_open(fk));
		asce = fk_get(fk, asce_of(fk), 8);
		/* not there */
		fk_put(fk, asce_of(fk), 8, 0);
		fk_refused(fk, ZU_EFAULT, "CPUs");
		fk_put(fk, asce_of(fk), 8, UINT64_C(0x7fffffff000) | 7);
		fk_refused(fk, ZU_EFAULT, "CPUs");
		/* of another type than its entries are */
		fk_put(fk, asce_of(fk), 8, asce ^ 0xc);
		fk_refused(fk, r == FK_7_2 ? ZU_EFAULT : ZU_EFORMAT, "CPUs");
		fk_put(fk, asce_of(fk), 8, asce);
		zu_kernel_close(fk_open(fk));
		fk_free(fk);
	}
}

/* Without these the image is looked for where it is not. */
static void needs_to_know_where_the_image_is(void **state)
{
	static const char *const keys[] = { "KERNELOFFSET", "KERNELOFFPHYS" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct fk *fk = fk_new(FK_6_12);

		fk_vmcoreinfo_drop(fk, keys[i]);
		fk_refused(fk, ZU_EFAULT, "kernel symbols");
		fk_free(fk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_each_release),
		cmocka_unit_test(finds_vmcoreinfo_in_both_places),
		cmocka_unit_test(needs_these_symbols),
		cmocka_unit_test(these_symbols_may_be_missing),
		cmocka_unit_test(refuses_an_ambiguous_symbol),
		cmocka_unit_test(needs_more_than_text_symbols),
		cmocka_unit_test(needs_to_know_where_symbols_are),
		cmocka_unit_test(bounds_the_size_of_stacks),
		cmocka_unit_test(registers_fit_into_a_stack),
		cmocka_unit_test(needs_these_members),
		cmocka_unit_test(type_data_may_lie),
		cmocka_unit_test(takes_types_from_a_file),
		cmocka_unit_test(refuses_a_file_without_types),
		cmocka_unit_test(survives_the_types_of_another_kernel),
		cmocka_unit_test(refuses_types_cut_off),
		cmocka_unit_test(refuses_damaged_page_tables),
		cmocka_unit_test(needs_to_know_where_the_image_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
