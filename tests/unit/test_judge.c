/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The judge, fed with frames by hand; with real walks: test_stacks_data.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/judge.h"

#define TEXT 0x1000
#define SP 0x8000

static bool is_text(void *ctx, uint64_t addr)
{
	(void)ctx;
	return addr >= TEXT && addr < 2 * TEXT;
}

static bool hides_caller(void *ctx, const struct zu_frame *frame)
{
	(void)ctx;
	return frame->ip == TEXT + 0x100;
}

static const struct zu_unwind_env env = {
	.is_text = is_text,
	.hides_caller = hides_caller,
	.return_to_handler = TEXT + 0x200,
	.rethook_trampoline = TEXT + 0x300,
	.regs_size = 200,
};

static const struct zu_unwind_env plain_env = {
	.is_text = is_text,
	.regs_size = 200,
};

static const struct zu_unwind_task task = { .ksp = SP };

static struct zu_unwind at_frame(uint64_t ip)
{
	return (struct zu_unwind){
		.frame = { .sp = SP, .ip = ip, .stack = ZU_STACK_TASK,
			   .from = ZU_FROM_CHAIN },
		.env = &env,
		.task = &task,
	};
}

static struct zu_judge judge_one(enum zu_rules rules,
				 const struct zu_unwind *u)
{
	struct zu_judge j;

	memset(&j, 0xa5, sizeof(j));
	zu_judge_init(&j, rules);
	zu_judge_frame(&j, u);
	return j;
}

static void expect(const struct zu_unwind *u, enum zu_why strict,
		   enum zu_why kernel, uint64_t at)
{
	struct zu_judge s = judge_one(ZU_RULES_STRICT, u);
	struct zu_judge k = judge_one(ZU_RULES_KERNEL, u);

	assert_int_equal(s.why, strict);
	assert_int_equal(k.why, kernel);
	assert_int_equal(s.at, strict ? at : 0);
	assert_int_equal(k.at, kernel ? at : 0);
	assert_int_equal(s.frame, 0);
	assert_int_equal(s.frames, 1);
}

static void test_each_rule(void **state)
{
	struct zu_unwind u = at_frame(TEXT);

	(void)state;
	expect(&u, ZU_WHY_NONE, ZU_WHY_NONE, 0);
	u = at_frame(TEXT - 2);
	expect(&u, ZU_WHY_NOT_TEXT, ZU_WHY_NOT_TEXT, TEXT - 2);
	u = at_frame(TEXT + 1);
	expect(&u, ZU_WHY_NOT_TEXT, ZU_WHY_NONE, TEXT + 1);
	u = at_frame(TEXT + 0x100);
	expect(&u, ZU_WHY_HIDDEN_CALLER, ZU_WHY_NONE, TEXT + 0x100);
	u = at_frame(TEXT + 0x200);
	expect(&u, ZU_WHY_UNRESOLVED_FGRAPH, ZU_WHY_NONE, SP);
	u = at_frame(TEXT + 0x300);
	expect(&u, ZU_WHY_UNRESOLVED_RETHOOK, ZU_WHY_UNRESOLVED_RETHOOK, SP);
	u = at_frame(TEXT);
	u.frame.regs = SP + 160;
	expect(&u, ZU_WHY_EXCEPTION_FRAME, ZU_WHY_EXCEPTION_FRAME, SP + 160);
	u = at_frame(TEXT);
	u.frame.stack = ZU_STACK_IRQ;
	expect(&u, ZU_WHY_OFF_STACK, ZU_WHY_OFF_STACK, SP);
	u = at_frame(0);
	u.frame.from = ZU_FROM_RETHOOK;
	expect(&u, ZU_WHY_UNRESOLVED_RETHOOK, ZU_WHY_UNRESOLVED_RETHOOK, 0);
}

/* arch_stack_walk_reliable(): stack, registers, address, trampoline, room */
static void test_order_of_rules(void **state)
{
	struct zu_unwind u = at_frame(TEXT - 2);

	(void)state;
	u.frame.stack = ZU_STACK_NODAT;
	u.frame.regs = SP + 160;
	expect(&u, ZU_WHY_OFF_STACK, ZU_WHY_OFF_STACK, SP);
	u.frame.stack = ZU_STACK_TASK;
	expect(&u, ZU_WHY_EXCEPTION_FRAME, ZU_WHY_EXCEPTION_FRAME, SP + 160);
	u.frame.regs = 0;
	expect(&u, ZU_WHY_NOT_TEXT, ZU_WHY_NOT_TEXT, TEXT - 2);
}

/* A guess comes behind registers, so it was refused before: no rule needed */
static void test_guess_is_no_reason(void **state)
{
	struct zu_unwind u = at_frame(TEXT);

	(void)state;
	u.frame.guess = true;
	expect(&u, ZU_WHY_NONE, ZU_WHY_NONE, 0);
}

/* A kernel without tracing has no trampolines: 0 is none. */
static void test_without_trampolines(void **state)
{
	struct zu_unwind u = at_frame(0);

	(void)state;
	u.env = &plain_env;
	expect(&u, ZU_WHY_NOT_TEXT, ZU_WHY_NOT_TEXT, 0);
	u.frame.ip = TEXT + 0x100;
	expect(&u, ZU_WHY_NONE, ZU_WHY_NONE, 0);
}

static void test_room(void **state)
{
	const struct zu_unwind u = at_frame(TEXT);
	struct zu_judge j;
	unsigned int i;

	(void)state;
	zu_judge_init(&j, ZU_RULES_KERNEL);
	for (i = 1; i < ZU_MAX_ENTRIES; i++)
		zu_judge_frame(&j, &u);
	assert_int_equal(j.frames, 99);
	assert_int_equal(j.why, ZU_WHY_NONE);
	zu_judge_frame(&j, &u);
	assert_int_equal(j.why, ZU_WHY_TOO_DEEP);
	assert_int_equal(j.frame, 99);
	assert_int_equal(j.at, SP);
}

static void test_first_reason_stays(void **state)
{
	struct zu_unwind u = at_frame(TEXT);
	struct zu_judge j;

	(void)state;
	zu_judge_init(&j, ZU_RULES_STRICT);
	zu_judge_frame(&j, &u);
	u = at_frame(TEXT - 2);
	zu_judge_frame(&j, &u);
	u = at_frame(TEXT - 4);
	zu_judge_frame(&j, &u);
	u.why = ZU_WHY_NO_END;
	zu_judge_end(&j, &u);
	assert_int_equal(j.why, ZU_WHY_NOT_TEXT);
	assert_int_equal(j.frame, 1);
	assert_int_equal(j.at, TEXT - 2);
	assert_int_equal(j.frames, 3);
}

static void test_end(void **state)
{
	struct zu_unwind u = at_frame(TEXT);
	struct zu_judge j = judge_one(ZU_RULES_KERNEL, &u);

	(void)state;
	zu_judge_frame(&j, &u);
	zu_judge_end(&j, &u);
	assert_int_equal(j.why, ZU_WHY_NONE);
	u.why = ZU_WHY_BACKWARDS;
	u.at = SP - 8;
	zu_judge_end(&j, &u);
	assert_int_equal(j.why, ZU_WHY_BACKWARDS);
	assert_int_equal(j.frame, 1);
	assert_int_equal(j.at, SP - 8);
}

static void test_end_without_frames(void **state)
{
	struct zu_unwind u = { .why = ZU_WHY_BAD_START, .at = 8 };
	struct zu_judge j;

	(void)state;
	zu_judge_init(&j, ZU_RULES_KERNEL);
	zu_judge_end(&j, &u);
	assert_int_equal(j.why, ZU_WHY_BAD_START);
	assert_int_equal(j.frame, 0);
	assert_int_equal(j.frames, 0);
	assert_int_equal(j.at, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_rule),
		cmocka_unit_test(test_order_of_rules),
		cmocka_unit_test(test_guess_is_no_reason),
		cmocka_unit_test(test_without_trampolines),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_first_reason_stays),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_end_without_frames),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
