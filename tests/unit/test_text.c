/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is kernel code, byte by byte at each border: __kernel_text_address()
 * in kernel/extable.c.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/frame_s390x.h"
#include "tests/make/fakekernel_check.h"

#define NOWHERE UINT64_C(0x2345678000)

enum { LIVE, COMING, GOING, UNFORMED };

/* A kernel, and a task in it whose stack has one address to try. */
struct some {
	struct fk *fk;
	struct fk_task *task;
	uint64_t slot;
};

static struct some make(enum fk_release release)
{
	struct some s = { .fk = fk_new(release) };

	s.task = fk_task(s.fk, "tester", 1);
	fk_frame(s.task, "system_call");
	fk_frame(s.task, "caller");
	s.slot = s.task->sp + ZU_FRAME_R14;
	fk_frame(s.task, "__schedule");
	return s;
}

/* The kernel takes odd addresses too, at which no instruction can be. */
static void assert_text(struct some *s, uint64_t addr)
{
	fk_put(s->fk, s->slot, 8, addr);
	fk_expect(s->task, addr % 2 ? "not-text" : "reliable", "reliable",
		  NULL);
}

static void assert_no_text(struct some *s, uint64_t addr)
{
	fk_put(s->fk, s->slot, 8, addr);
	fk_expect(s->task, "not-text", "not-text", NULL);
}

/* [begin, end) and not a byte more */
static void assert_range(struct some *s, uint64_t begin, uint64_t end)
{
	assert_no_text(s, begin - 1);
	assert_text(s, begin);
	assert_text(s, begin + 1);
	assert_text(s, end - 1);
	assert_no_text(s, end);
	assert_no_text(s, end + 1);
}

static void kernel_text(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);

		assert_range(&s, fk_address(s.fk, "_stext"),
			     fk_address(s.fk, "_etext"));
		fk_free(s.fk);
	}
}

/* It counts for ever, though its memory is not even in the dump. */
static void init_text(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);

		assert_range(&s, fk_address(s.fk, "_sinittext"),
			     fk_address(s.fk, "_einittext"));
		fk_free(s.fk);
	}
}

static void what_is_no_text(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);

		uint64_t amode31 = fk_address(s.fk, "_einittext") + 0x1000;

		fk_symbol(s.fk, "_diag14_amode31", 't', amode31);
		assert_no_text(&s, 0);
		assert_no_text(&s, 2);
		assert_no_text(&s, amode31);
		assert_no_text(&s, 0x10000);	/* where it is moved to */
		assert_no_text(&s, UINT64_MAX);
		assert_no_text(&s, fk_address(s.fk, "init_task"));
		assert_no_text(&s, s.task->stack);
		assert_no_text(&s, s.task->addr);
		fk_free(s.fk);
	}
}

static void module_text(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);
		struct fk_module a, b;

		fk_module(s.fk, &a, "first");
		fk_module(s.fk, &b, "second");
		assert_range(&s, a.text, a.text + a.text_size);
		assert_range(&s, a.init, a.init + a.init_size);
		assert_range(&s, b.text, b.text + b.text_size);
		assert_range(&s, b.init, b.init + b.init_size);
		assert_no_text(&s, a.data);
		assert_no_text(&s, a.addr);
		fk_free(s.fk);
	}
}

static void set_state(struct fk_module *m, uint64_t state)
{
	fk_set(m->fk, m->addr, "module", "state", state);
}

static void a_module_that_is_not_formed(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);
		struct fk_module m;

		fk_module(s.fk, &m, "early");
		set_state(&m, UNFORMED);
		assert_no_text(&s, m.text + 8);
		set_state(&m, COMING);
		assert_text(&s, m.text + 8);
		set_state(&m, GOING);
		assert_text(&s, m.text + 8);
		fk_free(s.fk);
	}
}

static void a_module_that_is_initialized(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);
		struct fk_module m;

		fk_module(s.fk, &m, "done");
		fk_module_init_freed(&m);
		assert_text(&s, m.text + 8);
		assert_no_text(&s, m.init + 8);
		assert_no_text(&s, 0);
		fk_free(s.fk);
	}
}

static void kprobe_slots(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);
		uint64_t one = fk_kprobe_page(s.fk);
		uint64_t two = fk_kprobe_page(s.fk);

		assert_range(&s, one, one + 4096);
		assert_range(&s, two, two + 4096);
		fk_free(s.fk);
	}
}

/* bpf_tree_comp(): unlike all other ranges, the end is part of it. */
static void bpf_programs(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);
		uint64_t page = fk_valloc(s.fk, 4096);

		fk_bpf(s.fk, "bpf_prog_1", page + 0x100, 0x80, true);
		assert_range(&s, page + 0x100, page + 0x181);
		fk_free(s.fk);
	}
}

/* The first ends where the second begins; two have no length. */
static void bpf_neighbours(void **state)
{
	struct some s = make(FK_7_2);
	uint64_t page = fk_valloc(s.fk, 4096);

	(void)state;
	fk_bpf(s.fk, "bpf_prog_2", page + 0x180, 0x80, true);
	fk_bpf(s.fk, "bpf_prog_1", page + 0x100, 0x80, true);
	fk_bpf(s.fk, "bpf_prog_3", page + 0x200, 0, true);
	fk_bpf(s.fk, "bpf_prog_4", page + 0x180, 0, true);
	assert_range(&s, page + 0x100, page + 0x201);
	assert_text(&s, page + 0x180);
	assert_text(&s, page + 0x190);
	assert_text(&s, page + 0x200);
	fk_free(s.fk);
}

/* Programs that end before they begin don't stand in front of others. */
static void bpf_backwards(void **state)
{
	struct some s = make(FK_6_12);
	uint64_t page = fk_valloc(s.fk, 4096), i;

	(void)state;
	fk_bpf(s.fk, "bpf_prog_1", page + 0x100, 0x80, true);
	for (i = 0; i < 2; i++)
		fk_set(s.fk, fk_bpf(s.fk, "bpf_prog_2", page + 0x110 + 2 * i,
				    0, true), "bpf_ksym", "end", page);
	assert_text(&s, page + 0x120);
	fk_free(s.fk);
}

/* Trampolines, dispatchers, struct_ops: prog is false */
static void bpf_images(void **state)
{
	struct some s = make(FK_6_12);
	uint64_t page = fk_valloc(s.fk, 4096);

	(void)state;
	fk_bpf(s.fk, "bpf_dispatcher_xdp", page, 4096, false);
	assert_text(&s, page + 0x800);
	fk_free(s.fk);
}

static uint64_t module_node(struct fk_module *m)
{
	return m->addr + fk_offset(m->fk, "module", "list");
}

static void refuses_damaged_lists(void **state)
{
	struct some s = make(FK_6_12);
	struct fk_module a, b;
	uint64_t ksym, page, pages;

	(void)state;
	fk_module(s.fk, &a, "first");
	fk_module(s.fk, &b, "second");
	fk_kprobe_page(s.fk);
	pages = fk_address(s.fk, "kprobe_insn_slots") +
		fk_offset(s.fk, "kprobe_insn_cache", "pages");
	page = fk_get(s.fk, pages, 8);
	ksym = fk_bpf(s.fk, "bpf_prog_1", a.init, 8, true) +
	       fk_offset(s.fk, "bpf_ksym", "lnode");

	fk_put(s.fk, module_node(&b), 8, module_node(&b));
	fk_refused(s.fk, ZU_EFORMAT, "the list of modules is damaged");
	fk_put(s.fk, module_node(&b), 8, NOWHERE);
	fk_refused(s.fk, ZU_EFAULT, "cannot read module.state");
	fk_put(s.fk, module_node(&b), 8, fk_address(s.fk, "modules"));
	fk_put(s.fk, page, 8, 0);
	fk_refused(s.fk, ZU_EFORMAT, "the list of kprobe pages is damaged");
	fk_put(s.fk, page, 8, pages);
	fk_put(s.fk, ksym, 8, ksym);
	fk_refused(s.fk, ZU_EFORMAT, "the list of BPF programs is damaged");
	fk_put(s.fk, ksym, 8, fk_address(s.fk, "bpf_kallsyms"));
	zu_kernel_close(fk_open(s.fk));
	fk_free(s.fk);
}

/* The list is there, but not where in a module its text is: no guess. */
static void refuses_modules_it_cannot_understand(void **state)
{
	static const struct {
		enum fk_release release;
		const char *type, *member;
	} rows[] = {
		{ FK_6_1, "module", "core_layout" },
		{ FK_6_1, "module_layout", "text_size" },
		{ FK_6_12, "module", "mem" },
		{ FK_6_12, "module_memory", "size" },
		{ FK_6_12, "mod_mem_type", "MOD_INIT_TEXT" },
		{ FK_7_2, "module", "list" },
		{ FK_7_2, "module_state", "MODULE_STATE_UNFORMED" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fk *fk = fk_new(rows[i].release);

		fk_hide(fk, rows[i].type, rows[i].member);
		fk_refused(fk, ZU_ENOENT, "where the text of a module is");
		fk_free(fk);
	}
}

static void refuses_bpf_it_cannot_understand(void **state)
{
	struct fk *fk = fk_new(FK_7_2);

	(void)state;
	fk_hide(fk, "bpf_ksym", "lnode");
	fk_refused(fk, ZU_ENOENT, "where BPF programs are");
	fk_free(fk);
}

/* Without CONFIG_MODULES, CONFIG_KPROBES, CONFIG_BPF_JIT there is no list. */
static void a_kernel_may_have_none_of_it(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);

		fk_no_symbol(s.fk, "modules");
		fk_no_symbol(s.fk, "kprobe_insn_slots");
		fk_no_symbol(s.fk, "bpf_kallsyms");
		fk_hide(s.fk, "module", NULL);
		fk_hide(s.fk, "bpf_ksym", NULL);
		assert_text(&s, fk_address(s.fk, "_stext"));
		fk_free(s.fk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_text),
		cmocka_unit_test(init_text),
		cmocka_unit_test(what_is_no_text),
		cmocka_unit_test(module_text),
		cmocka_unit_test(a_module_that_is_not_formed),
		cmocka_unit_test(a_module_that_is_initialized),
		cmocka_unit_test(kprobe_slots),
		cmocka_unit_test(bpf_programs),
		cmocka_unit_test(bpf_neighbours),
		cmocka_unit_test(bpf_backwards),
		cmocka_unit_test(bpf_images),
		cmocka_unit_test(refuses_damaged_lists),
		cmocka_unit_test(refuses_modules_it_cannot_understand),
		cmocka_unit_test(refuses_bpf_it_cannot_understand),
		cmocka_unit_test(a_kernel_may_have_none_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
