/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the functions of a live patch are, in made kernels. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "klp/names.h"
#include "klp/resolve.h"
#include "tests/make/fakekernel_check.h"

static struct zu_patch_functions list;
static struct zu_patch_ranges ranges;
static struct zu_error error;

static void forget(void)
{
	zu_patch_ranges_deinit(&ranges);
	zu_patch_functions_deinit(&list);
}

static int resolve(struct zu_kernel *k, const char *names)
{
	forget();
	memset(&error, 0, sizeof(error));
	assert_int_equal(zu_patch_names(names, &list, &error), 0);
	return zu_patch_resolve(k, &list, &ranges, &error);
}

static void resolves(struct zu_kernel *k, const char *names)
{
	if (resolve(k, names))
		fail_msg("%s", error.text);
	assert_int_equal(ranges.nr, list.nr);
}

static void refuses(struct zu_kernel *k, const char *names, int code,
		    const char *text)
{
	assert_int_equal(resolve(k, names), code);
	if (!strstr(error.text, text))
		fail_msg("no \"%s\" in \"%s\"", text, error.text);
	assert_null(ranges.range);
}

static void is_at(size_t i, uint64_t start, uint64_t size)
{
	assert_true(i < ranges.nr);
	assert_ptr_equal(ranges.range[i].function, &list.function[i]);
	assert_false(ranges.range[i].waits);
	assert_int_equal(ranges.range[i].old, start);
	assert_int_equal(ranges.range[i].start, start);
	assert_int_equal(ranges.range[i].size, size);
}

static void waits(size_t i)
{
	assert_true(i < ranges.nr);
	assert_ptr_equal(ranges.range[i].function, &list.function[i]);
	assert_true(ranges.range[i].waits);
	assert_int_equal(ranges.range[i].start, 0);
	assert_int_equal(ranges.range[i].size, 0);
}

static void functions_of_the_kernel(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		uint64_t one = fk_func_size(fk, "one", 0x18);
		uint64_t two = fk_func_size(fk, "two", 0x120);
		uint64_t init;
		struct zu_kernel *k;

		fk_func(fk, "next");
		init = fk_init_func(fk, "setup");
		fk_init_func(fk, "late_setup");
		k = fk_open(fk);
		resolves(k, "two,one,setup,one/1");
		is_at(0, two, 0x120);
		is_at(1, one, 0x18);
		is_at(2, init, 0x100);
		is_at(3, one, 0x18);
		refuses(k, "one,three", ZU_ENOENT,
			"there is no three in vmlinux");
		refuses(k, "on", ZU_ENOENT, "there is no on in vmlinux");
		refuses(k, "init_task", ZU_EINVAL, "is no function");
		zu_kernel_close(k);
		fk_free(fk);
	}
	forget();
}

/* By address, as the table is sorted; no matter in which order they are made */
static void functions_of_one_name(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		uint64_t at[8];
		struct zu_kernel *k;
		char text[64];
		int i;

		for (i = 0; i < 8; i++) {
			snprintf(text, sizeof(text), "other%d", i);
			at[i] = fk_func_size(fk, text, 0x20 + 8 * i);
		}
		fk_func(fk, "next");
		for (i = 2; i >= 0; i--)
			fk_symbol(fk, "three", 't', at[i]);
		for (i = 0; i < 7; i++)
			fk_symbol(fk, "seven", 't', at[i]);
		k = fk_open(fk);
		resolves(k, "three/2,three/1,three/3,three/2");
		is_at(0, at[1], 0x28);
		is_at(1, at[0], 0x20);
		is_at(2, at[2], 0x30);
		is_at(3, at[1], 0x28);
		snprintf(text, sizeof(text),
			 "(0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64 ")",
			 at[0], at[1], at[2]);
		refuses(k, "three", ZU_EINVAL, "there are 3 of three");
		assert_non_null(strstr(error.text, text));
		refuses(k, "three/4", ZU_ENOENT,
			"there is no three/4 in vmlinux: the last one is three/3");
		assert_non_null(strstr(error.text, text));
		refuses(k, "seven", ZU_EINVAL, "there are 7 of seven");
		snprintf(text, sizeof(text), "0x%" PRIx64 ", ...)", at[5]);
		assert_non_null(strstr(error.text, text));
		resolves(k, "seven/7");
		is_at(0, at[6], 0x50);
		zu_kernel_close(k);
		fk_free(fk);
	}
	forget();
}

/* The kernel counts symbols: data, and two at one address, too. */
static void what_counts(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		uint64_t data = fk_static(fk, "a_variable", 8);
		uint64_t text = fk_func_size(fk, "a_function", 0x20);
		const char *code, *other;
		struct zu_kernel *k;

		fk_func(fk, "next");
		fk_symbol(fk, "both", 't', text);
		fk_symbol(fk, "both", 'd', data);
		fk_symbol(fk, "twice", 't', text);
		fk_symbol(fk, "twice", 't', text);
		code = text < data ? "both/1" : "both/2";
		other = text < data ? "both/2" : "both/1";
		k = fk_open(fk);
		refuses(k, "both", ZU_EINVAL, "there are 2 of both");
		refuses(k, other, ZU_EINVAL, "is no function");
		resolves(k, code);
		is_at(0, text, 0x20);
		refuses(k, "twice", ZU_EINVAL, "there are 2 of twice");
		resolves(k, "twice/2");
		is_at(0, text, 0x20);
		zu_kernel_close(k);
		fk_free(fk);
	}
	forget();
}

static void functions_of_modules(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		struct fk_module ext4, xfs;
		struct zu_kernel *k;
		uint64_t one = fk_func_size(fk, "one", 0x18);

		fk_func(fk, "next");
		fk_module(fk, &ext4, "ext4");
		fk_module(fk, &xfs, "xfs");
		/* in the order of the table, which is not sorted */
		fk_module_symbol(&ext4, "show", ext4.text + 0x80, 1);
		fk_module_symbol(&ext4, "show", 0, 0);
		fk_module_symbol(&ext4, "show", ext4.text + 0x40, 1);
		fk_module_symbol(&ext4, "one", ext4.text + 0x100, 1);
		fk_module_symbol(&ext4, "value", ext4.data, 2);
		fk_module_symbol(&xfs, "show", xfs.text, 1);
		k = fk_open(fk);
		resolves(k, "xfs:show,one,ext4:one,ext4:show/1,ext4:show/2");
		is_at(0, xfs.text, xfs.text_size);
		is_at(1, one, 0x18);
		is_at(2, ext4.text + 0x100, ext4.text_size - 0x100);
		is_at(3, ext4.text + 0x80, 0x80);
		is_at(4, ext4.text + 0x40, 0x40);
		refuses(k, "ext4:show", ZU_EINVAL,
			"there are 2 of show in ext4");
		refuses(k, "ext4:show/3", ZU_ENOENT,
			"the last one is show/2");
		refuses(k, "xfs:one", ZU_ENOENT, "there is no one in xfs");
		refuses(k, "show", ZU_ENOENT, "there is no show in vmlinux");
		refuses(k, "ext4:value", ZU_EINVAL, "is no function");
		zu_kernel_close(k);
		fk_free(fk);
	}
	forget();
}

static void modules_that_are_not_there(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		struct fk_module m, unformed, going;
		struct zu_kernel *k;
		uint64_t one = fk_func_size(fk, "one", 0x18);

		fk_func(fk, "next");
		fk_module(fk, &m, "here");
		fk_module_symbol(&m, "f", m.text, 1);
		fk_module(fk, &unformed, "unformed");
		fk_module_symbol(&unformed, "f", unformed.text, 1);
		fk_set(fk, unformed.addr, "module", "state", 3);
		fk_module(fk, &going, "going");
		fk_module_symbol(&going, "f", going.text, 1);
		fk_set(fk, going.addr, "module", "klp_alive", 0);
		k = fk_open(fk);
		/* whatever is asked of them */
		resolves(k, "her:f,going:f,here:f,unformed:f,gone:x,gone:y/9,one");
		waits(0);
		waits(1);
		is_at(2, m.text, m.text_size);
		waits(3);
		waits(4);
		waits(5);
		is_at(6, one, 0x18);
		zu_kernel_close(k);
		fk_free(fk);
	}
	forget();
}

/* A kernel without live patching has no klp_alive. */
static void kernels_without_livepatch(void **state)
{
	struct fk *fk = fk_new(FK_7_2);
	struct zu_kernel *k;
	struct fk_module m;

	(void)state;
	fk_hide(fk, "module", "klp_alive");
	fk_module(fk, &m, "m");
	fk_module_symbol(&m, "f", m.text, 1);
	fk_set(fk, m.addr, "module", "klp_alive", 0);
	k = fk_open(fk);
	resolves(k, "m:f");
	is_at(0, m.text, m.text_size);
	zu_kernel_close(k);
	fk_free(fk);
	forget();
}

static void damaged_modules(void **state)
{
	struct fk *fk = fk_new(FK_7_2);
	struct zu_kernel *k;
	struct fk_module m;

	(void)state;
	fk_module(fk, &m, "m");
	fk_module_symbol(&m, "f", m.text, 1);
	fk_forget(fk, m.symtab);
	k = fk_open(fk);
	refuses(k, "m:f", ZU_EFAULT,
		"cannot look for functions in m: cannot read the symbol table");
	zu_kernel_close(k);
	fk_free(fk);

	fk = fk_new(FK_7_2);
	fk_hide(fk, "elf64_sym", "st_value");
	fk_module(fk, &m, "m");
	k = fk_open(fk);
	refuses(k, "m:f", ZU_ENOENT, "no symbols of modules");
	zu_kernel_close(k);
	fk_free(fk);
	forget();
}

static void captures_have_not_all_symbols(void **state)
{
	struct zu_kernel *k;

	(void)state;
	assert_int_equal(zu_kernel_open(
		"tests/data/captures/deb-7.2-idle.zuc", NULL, &k, &error), 0);
	refuses(k, "schedule", ZU_ENOTSUP, "a dump is needed");
	zu_kernel_close(k);
	forget();
}

static void patched_functions(void **state)
{
	struct fk *fk = fk_new(FK_7_2);
	uint64_t one = fk_func_size(fk, "one", 0x18);
	uint64_t two = fk_func_size(fk, "two", 0x20);
	struct zu_kernel *k;

	(void)state;
	fk_func(fk, "next");
	k = fk_open(fk);
	resolves(k, "one,two,one/1,m:f");
	assert_int_equal(zu_patch_replace(&ranges, one, 0x1234, 0x56), 2);
	assert_int_equal(ranges.range[0].old, one);
	assert_int_equal(ranges.range[0].start, 0x1234);
	assert_int_equal(ranges.range[0].size, 0x56);
	is_at(1, two, 0x20);
	assert_int_equal(ranges.range[2].start, 0x1234);
	/* again: it is known by where it was at first */
	assert_int_equal(zu_patch_replace(&ranges, one, 0x4321, 0x10), 2);
	assert_int_equal(zu_patch_replace(&ranges, 0x1234, 1, 1), 0);
	assert_int_equal(zu_patch_replace(&ranges, 0, 1, 1), 0);
	waits(3);
	zu_kernel_close(k);
	fk_free(fk);
	forget();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_of_the_kernel),
		cmocka_unit_test(functions_of_one_name),
		cmocka_unit_test(what_counts),
		cmocka_unit_test(functions_of_modules),
		cmocka_unit_test(modules_that_are_not_there),
		cmocka_unit_test(kernels_without_livepatch),
		cmocka_unit_test(damaged_modules),
		cmocka_unit_test(captures_have_not_all_symbols),
		cmocka_unit_test(patched_functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
