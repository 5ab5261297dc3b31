/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals that come while zunwind watch waits: none gets lost. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* commands are in no library */
#include "cmd/watch_wait.c"

static void nothing_comes(void **state)
{
	double before = watch_now();

	(void)state;
	assert_true(watch_pause(before + 0.02));
	assert_true(watch_now() >= before + 0.02);
	assert_int_equal(watch_wait(watch_now() + 0.01), WATCH_TIME);
	assert_int_equal(watch_wait(0), WATCH_TIME);
}

/* A look that failed is tried again after a pause, in which Ctrl-Z may be typed. */
static void a_pause_keeps_what_came(void **state)
{
	static const struct {
		int sig;
		enum watch_event event;
	} cases[] = {
		{ SIGTSTP, WATCH_SUSPEND }, { SIGWINCH, WATCH_RESIZE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double before = watch_now();

		raise(cases[i].sig);
		assert_true(watch_pause(before + 0.02));
		assert_true(watch_now() >= before + 0.02);
		assert_int_equal(watch_wait(watch_now() + 60),
				 cases[i].event);
		assert_int_equal(watch_wait(0), WATCH_TIME);
	}
}

/* The last one: it is remembered for ever */
static void ctrl_c_ends_both(void **state)
{
	(void)state;
	raise(SIGINT);
	assert_false(watch_pause(watch_now() + 60));
	assert_int_equal(watch_wait(watch_now() + 60), WATCH_STOP);
	assert_true(watch_stopped());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_comes),
		cmocka_unit_test(a_pause_keeps_what_came),
		cmocka_unit_test(ctrl_c_ends_both),
	};

	/* ignored where a shell started it in the background */
	signal(SIGINT, SIG_DFL);
	signal(SIGTSTP, SIG_DFL);
	watch_wait_init(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
