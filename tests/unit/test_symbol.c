/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names by address: the kernel's table, modules, BPF. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/make/fakekernel_check.h"

#define NOWHERE UINT64_C(0x2345678000)

static void assert_symbol(struct zu_kernel *k, uint64_t addr, const char *name,
			  uint64_t start, uint64_t size)
{
	struct zu_symbol s = { 0 };

	assert_string_equal(fk_name(k, addr), name);
	assert_true(zu_kernel_symbol(k, addr, &s));
	assert_int_equal(s.start, start);
	assert_int_equal(s.size, size);
}

static void assert_name(struct zu_kernel *k, uint64_t addr, const char *name)
{
	assert_string_equal(fk_name(k, addr), name);
}

static void functions_of_the_kernel(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		uint64_t one = fk_func_size(fk, "one", 0x18);
		uint64_t two = fk_func_size(fk, "two", 0x120);
		uint64_t init, end = fk_address(fk, "_etext");
		struct zu_kernel *k;

		fk_init_func(fk, "setup");
		init = fk_init_func(fk, "late_setup");
		k = fk_open(fk);
		assert_symbol(k, one, "one", one, 0x18);
		assert_symbol(k, one + 0x17, "one", one, 0x18);
		/* nothing follows in text: it has the rest of it */
		assert_symbol(k, two, "two", two, end - two);
		assert_symbol(k, end - 1, "two", two, end - two);
		assert_name(k, end, "?");
		assert_symbol(k, init + 4, "late_setup", init,
			      fk_address(fk, "_einittext") - init);
		assert_name(k, 0, "?");
		assert_name(k, fk_address(fk, "init_task"), "?");
		assert_name(k, NOWHERE, "?");
		zu_kernel_close(k);
		fk_free(fk);
	}
}

/* Of several names for one address the first in the table */
static void aliases(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		uint64_t addr = fk_func_size(fk, "__do_first", 0x40);
		struct zu_kernel *k;

		fk_symbol(fk, "a_second", 'T', addr);
		fk_symbol(fk, "third", 'T', addr);
		fk_func(fk, "next");
		k = fk_open(fk);
		assert_symbol(k, addr + 8, "__do_first", addr, 0x40);
		zu_kernel_close(k);
		fk_free(fk);
	}
}

/*
 * A call that never returns can be the last instruction: the address behind it
 * is the next function's first. The PSW of an interrupt means what it says.
 */
static void frames_are_named_by_the_byte_before(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		struct fk_task *t = fk_task(fk, "panicking", 1);

		fk_func_size(fk, "never_returns", 0x20);
		fk_func_size(fk, "neighbour", 0x20);
		fk_func_size(fk, "interrupted", 0x20);
		fk_frame(t, "system_call");
		fk_frame(t, "never_returns+0x20");
		fk_interrupt(t, "interrupted+0", "ext_int_handler");
		fk_expect(t, "exception-frame", "exception-frame",
			  "ext_int_handler interrupted never_returns system_call");
		fk_free(fk);
	}
}

static void functions_of_modules(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		struct zu_kernel *k;
		struct fk_module m;

		fk_module(fk, &m, "loop");
		/* in any order; the first of those with one address */
		fk_module_symbol(&m, "variable", m.data, 3);
		fk_module_symbol(&m, "third", m.text + 0x200, 1);
		fk_module_symbol(&m, "first", m.text, 1);
		fk_module_symbol(&m, "first_too", m.text, 1);
		fk_module_symbol(&m, "second", m.text + 0x100, 1);
		fk_module_symbol(&m, "init_module", m.init + 8, 2);
		k = fk_open(fk);
		assert_symbol(k, m.text, "first [loop]", m.text, 0x100);
		assert_symbol(k, m.text + 0xff, "first [loop]", m.text, 0x100);
		assert_symbol(k, m.text + 0x100, "second [loop]",
			      m.text + 0x100, 0x100);
		/* up to the end of text, which has the PLT, not of the module */
		assert_symbol(k, m.text + m.text_size - 1, "third [loop]",
			      m.text + 0x200, m.text_size - 0x200);
		assert_name(k, m.text + m.text_size, "?");
		assert_symbol(k, m.init + 8, "init_module [loop]", m.init + 8,
			      m.init_size - 8);
		assert_name(k, m.data, "?");
		zu_kernel_close(k);
		fk_free(fk);
	}
}

/* A name from another part of the module would be wrong. */
static void code_without_a_name_gets_none(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		struct zu_kernel *k;
		struct fk_module m;

		fk_module(fk, &m, "loop");
		fk_module_symbol(&m, "elsewhere", m.text - 0x1000, 3);
		fk_module_symbol(&m, "first", m.text + 8, 1);
		fk_module_symbol(&m, "init_module", m.init + 8, 2);
		k = fk_open(fk);
		assert_name(k, m.text, "?");
		assert_name(k, m.text + 7, "?");
		assert_name(k, m.text + 8, "first [loop]");
		assert_name(k, m.init + 7, "?");
		assert_name(k, m.init + 8, "init_module [loop]");
		zu_kernel_close(k);
		fk_free(fk);
	}
}

/* find_kallsyms_symbol() passes over what is no function */
static void some_module_symbols_are_no_names(void **state)
{
	static const struct {
		const char *name;
		unsigned int section;
	} rows[] = {
		{ "undefined", 0 }, { "", 1 }, { "$x", 1 }, { ".L42", 1 },
		{ "L0", 1 }, { "L0\001", 1 },
	};
	struct fk *fk = fk_new(FK_6_12);
	struct zu_kernel *k;
	struct fk_module m;
	size_t i;

	(void)state;
	fk_module(fk, &m, "loop");
	fk_module_symbol(&m, "function", m.text, 1);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fk_module_symbol(&m, rows[i].name, m.text + 8 + 8 * i,
				 rows[i].section);
	fk_module_symbol(&m, ".M", m.text + 0x100, 1);
	fk_module_symbol(&m, "L", m.text + 0x110, 1);
	fk_module_symbol(&m, "L1", m.text + 0x120, 1);
	k = fk_open(fk);
	assert_symbol(k, m.text + 0xff, "function [loop]", m.text, 0x100);
	assert_name(k, m.text + 0x100, ".M [loop]");
	assert_name(k, m.text + 0x110, "L [loop]");
	assert_name(k, m.text + 0x120, "L1 [loop]");
	zu_kernel_close(k);
	fk_free(fk);
}

/* The first entry of an ELF symbol table is none. */
static void the_first_entry_does_not_count(void **state)
{
	struct fk *fk = fk_new(FK_7_2);
	struct zu_kernel *k;
	struct fk_module m;

	(void)state;
	fk_module(fk, &m, "loop");
	fk_module_symbol(&m, "function", m.text, 1);
	fk_set(fk, m.symtab, "elf64_sym", "st_name", 1);
	fk_set(fk, m.symtab, "elf64_sym", "st_shndx", 1);
	fk_set(fk, m.symtab, "elf64_sym", "st_value", m.text + 8);
	k = fk_open(fk);
	assert_symbol(k, m.text + 8, "function [loop]", m.text, m.text_size);
	zu_kernel_close(k);
	fk_free(fk);
}

/* Names are a help, not a need: without them the stack is still judged. */
static void damaged_module_tables_have_no_names(void **state)
{
	enum { ROWS = 6 };
	struct fk *fk = fk_new(FK_6_12);
	struct fk_task *t = fk_task(fk, "task", 1);
	struct fk_module m;
	uint64_t kallsyms;
	int row;

	(void)state;
	fk_module(fk, &m, "loop");
	fk_module_symbol(&m, "function", m.text, 1);
	fk_frame(t, "system_call");
	fk_frame_at(t, m.text + 0x10, 160);
	fk_expect(t, "reliable", "reliable", "function system_call");
	kallsyms = fk_read(fk, m.addr, "module", "kallsyms");
	for (row = 0; row < ROWS; row++) {
		uint64_t symtab = row == 0 ? NOWHERE : m.symtab;
		uint64_t strtab = row == 1 ? NOWHERE : m.strtab;
		uint64_t num = row == 2 ? 0 : row == 3 ? UINT32_MAX :
			       row == 4 ? 0x100000 : 2;

		fk_set(fk, kallsyms, "mod_kallsyms", "symtab", symtab);
		fk_set(fk, kallsyms, "mod_kallsyms", "strtab", strtab);
		fk_set(fk, kallsyms, "mod_kallsyms", "num_symtab", num);
		if (row == 5)
			fk_set(fk, m.addr, "module", "kallsyms", 0);
		fk_expect(t, "reliable", "reliable", "? system_call");
	}
	fk_free(fk);
}

static void modules_without_types_have_no_names(void **state)
{
	static const char *const rows[][2] = {
		{ "module", "kallsyms" }, { "mod_kallsyms", "symtab" },
		{ "mod_kallsyms", "num_symtab" }, { "mod_kallsyms", "strtab" },
		{ "elf64_sym", NULL }, { "elf64_sym", "st_value" },
		{ "elf64_sym", "st_name" }, { "elf64_sym", "st_shndx" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fk *fk = fk_new(FK_7_2);
		struct zu_kernel *k;
		struct fk_module m;

		fk_module(fk, &m, "loop");
		fk_module_symbol(&m, "function", m.text, 1);
		fk_hide(fk, rows[i][0], rows[i][1]);
		k = fk_open(fk);
		assert_name(k, m.text, "?");
		zu_kernel_close(k);
		fk_free(fk);
	}
}

static void names_of_modules(void **state)
{
	struct fk *fk = fk_new(FK_6_12);
	struct zu_kernel *k;
	struct fk_module m;
	char name[57], expected[128];

	(void)state;
	/* MODULE_NAME_LEN is 56; not terminated */
	memset(name, 'm', 56);
	name[56] = '\0';
	fk_module(fk, &m, name);
	fk_put(fk, m.addr + 24 + 56, 1, 'X');
	fk_module_symbol(&m, "function", m.text, 1);
	k = fk_open(fk);
	snprintf(expected, sizeof(expected), "function [%.55s]", name);
	assert_name(k, m.text, expected);
	zu_kernel_close(k);
	fk_put_bytes(fk, m.addr + 24, "a b\n\x7f", 6);
	k = fk_open(fk);
	assert_name(k, m.text, "function [a?b??]");
	zu_kernel_close(k);
	fk_free(fk);
}

/* What is no letter must not break a line of output. */
static void names_are_printable(void **state)
{
	struct fk *fk = fk_new(FK_6_12);
	uint64_t addr = fk_func(fk, "a\nb c\x01\x7f");
	uint64_t page = fk_valloc(fk, 4096);
	struct zu_kernel *k;
	struct fk_module m;

	(void)state;
	fk_module(fk, &m, "loop");
	fk_module_symbol(&m, "\xff\"\\\x1b[31m", m.text, 1);
	fk_bpf(fk, "prog\r\n", page, 0x10, true);
	k = fk_open(fk);
	assert_name(k, addr, "a?b?c??");
	assert_name(k, m.text, "?\"\\?[31m [loop]");
	assert_name(k, page, "prog??");
	zu_kernel_close(k);
	fk_free(fk);
}

static void bpf_programs_and_images(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		uint64_t page = fk_valloc(fk, 4096);
		uint64_t slots = fk_kprobe_page(fk);
		struct zu_kernel *k;

		fk_bpf(fk, "bpf_prog_123_sleeps", page + 8, 0x80, true);
		fk_bpf(fk, "bpf_dispatcher_xdp", page + 0x100, 0x80, false);
		k = fk_open(fk);
		assert_symbol(k, page + 8, "bpf_prog_123_sleeps", page + 8,
			      0x80);
		assert_name(k, page + 8 + 0x80, "bpf_prog_123_sleeps");
		assert_name(k, page + 8 + 0x81, "?");
		assert_name(k, page + 0x100, "bpf_dispatcher_xdp");
		assert_name(k, page, "?");
		assert_name(k, slots, "?");
		zu_kernel_close(k);
		fk_free(fk);
	}
}

/* Answers are remembered, more than one table of them holds. */
static void many_questions(void **state)
{
	struct fk *fk = fk_new(FK_6_12);
	uint64_t funcs[256], end = fk_address(fk, "_etext"), addr;
	struct zu_kernel *k;
	char name[32];
	size_t i, round;

	(void)state;
	for (i = 0; i < 256; i++) {
		snprintf(name, sizeof(name), "function_%zu", i);
		funcs[i] = fk_func(fk, name);
	}
	k = fk_open(fk);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 256 * 0x100; i++) {
			snprintf(name, sizeof(name), "function_%zu",
				 i / 0x100);
			assert_name(k, funcs[0] + i, name);
		}
		for (addr = end; addr < end + 0x8000; addr++)
			assert_name(k, addr, "?");
	}
	zu_kernel_close(k);
	fk_free(fk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_of_the_kernel),
		cmocka_unit_test(aliases),
		cmocka_unit_test(frames_are_named_by_the_byte_before),
		cmocka_unit_test(functions_of_modules),
		cmocka_unit_test(code_without_a_name_gets_none),
		cmocka_unit_test(some_module_symbols_are_no_names),
		cmocka_unit_test(the_first_entry_does_not_count),
		cmocka_unit_test(damaged_module_tables_have_no_names),
		cmocka_unit_test(modules_without_types_have_no_names),
		cmocka_unit_test(names_of_modules),
		cmocka_unit_test(names_are_printable),
		cmocka_unit_test(bpf_programs_and_images),
		cmocka_unit_test(many_questions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
