/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What code on stacks says of calls, in a kernel that was made with some */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kern/rows.h"
#include "tests/make/fakekernel_check.h"

/* A kernel has code if its first two bytes can be read. */
static struct fk *with_code(void)
{
	struct fk *fk = fk_new(FK_7_2);

	fk_put(fk, fk_func(fk, "_stext"), 2, 0x07fe);
	return fk;
}

/* brcl 15 to a hotpatch trampoline, as ftrace_modify_trampoline() has it */
static uint64_t redirected(struct fk *fk)
{
	static const uint8_t entry[] = {
		0xc0, 0xf4, 0x00, 0x00, 0x00, 0x80,	/* jg .+0x100 */
		0x07, 0xfe,				/* br %r14 */
	};
	static const uint8_t hotpatch[] = {
		0xc0, 0x15, 0x00, 0x00, 0x00, 0x00,	/* brasl %r1,. */
	};
	uint64_t func = fk_func(fk, "traced");

	fk_put_bytes(fk, func, entry, sizeof(entry));
	fk_put_bytes(fk, fk_func(fk, "hotpatch"), hotpatch, sizeof(hotpatch));
	return func;
}

static bool leads_to(struct fk *fk, uint64_t target, uint64_t func)
{
	struct zu_kernel *k = fk_open(fk);
	bool ret;

	assert_non_null(k->rows);
	ret = zu_leads_to(k, target, func);
	zu_kernel_close(k);
	return ret;
}

/*
 * A live patch stands in for the function; what else a module has ftrace call
 * comes before it.
 */
static void only_live_patches_replace(void **state)
{
	struct fk *fk = with_code();
	uint64_t func = redirected(fk);
	struct fk_module m;

	(void)state;
	fk_module(fk, &m, "patch");
	fk_module_symbol(&m, "instead", m.text + 0x100, 1);
	fk_put(fk, m.text + 0x100, 2, 0x07fe);
	assert_false(leads_to(fk, func, m.text + 0x100));
	fk_set(fk, m.addr, "module", "klp", 1);
	assert_true(leads_to(fk, func, m.text + 0x100));
	fk_put(fk, func, 2, 0xc004);
	assert_false(leads_to(fk, func, m.text + 0x100));
	fk_free(fk);
}

/* An interrupt of a guest seems to have hit at sie_exit, in __sie64a. */
static void a_place_is_part_of_its_function(void **state)
{
	struct fk *fk = with_code();
	uint64_t func = fk_func(fk, "__sie64a");
	struct zu_site site;
	struct zu_kernel *k;

	(void)state;
	fk_symbol(fk, "sie_exit", 't', func + 4);
	fk_func(fk, "next");
	fk_put(fk, func, 8, UINT64_C(0x0700070007fe0000));
	k = fk_open(fk);
	zu_site(k, func + 4, true, &site);
	assert_int_equal(site.func, func);
	assert_int_equal(site.row.kind, ZU_ROW_FRAME);
	zu_site(k, func, true, &site);
	assert_int_equal(site.func, func);
	zu_kernel_close(k);
	fk_free(fk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_live_patches_replace),
		cmocka_unit_test(a_place_is_part_of_its_function),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
