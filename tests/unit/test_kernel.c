/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/make/fakekernel_check.h"

static void opens_each_release(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		struct fk_task *t = fk_task(fk, "sleeper", 42);

		fk_sleep(t);
		fk_expect(t, "reliable", "reliable",
			  "__schedule schedule do_sleep __do_syscall system_call");
		fk_free(fk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_each_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
