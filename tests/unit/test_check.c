/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All functions of an object: who calls whom, who comes back, what is summed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/built.h"
#include "check/callee.h"
#include "check/check.h"
#include "check/thunk.h"
#include "flow/thunk.h"
#include "tests/make/fakecode.h"

#define FUNC(name, text) fakecode_func(name, text, sizeof(text) - 1)

/* A function that ends in a call, and where in it */
#define ENDS_IN_CALL I_PROLOGUE I_BRASL
#define CALL_AT (sizeof(I_PROLOGUE) - 1)

static struct zu_check_sum sum;
static struct zu_error error;
static int codes[FAKECODE_FUNCS];	/* first finding by function; -1: none */

static int each(void *ctx, struct zu_code *c, const struct zu_code_func *f,
		const struct zu_flow *flow, struct zu_error *err)
{
	(void)ctx;
	(void)err;
	codes[f - c->func] = !flow ? -2 :
		flow->nr_findings ? (int)flow->findings[0].kind : -1;
	return 0;
}

static void run(void)
{
	const struct zu_check_ops ops = { .each = each };

	memset(codes, 0xff, sizeof(codes));
	assert_int_equal(zu_check_run(&fakecode.code, &ops, &sum, &error), 0);
}

static int setup(void **state)
{
	(void)state;
	fakecode_begin();
	return 0;
}

static void test_names_are_sorted(void **state)
{
	static const char *const names[] = {
#define ZU_NORETURN(name, source) name,
#include "flow/noreturn.def"
#undef ZU_NORETURN
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_true(!i || strcmp(names[i - 1], names[i]) < 0);
		assert_true(zu_is_noreturn(names[i]));
	}
	assert_false(zu_is_noreturn(""));
	assert_false(zu_is_noreturn("panic_"));
	assert_false(zu_is_noreturn("pani"));
	assert_false(zu_is_noreturn("~"));
}

static void test_thunk_names(void **state)
{
	char name[64];
	unsigned int i;

	(void)state;
	for (i = 1; i < 16; i++) {
		snprintf(name, sizeof(name), "__s390_indirect_jump_r%u", i);
		assert_int_equal(zu_thunk_name(name), ZU_DEST_THUNK | i);
		snprintf(name, sizeof(name), "__s390_indirect_jump_r%uuse_r1", i);
		assert_int_equal(zu_thunk_name(name), ZU_DEST_THUNK | i);
	}
	assert_int_equal(zu_thunk_name("__s390_indirect_jump_r0"), 0);
	assert_int_equal(zu_thunk_name("__s390_indirect_jump_r16"), 0);
	assert_int_equal(zu_thunk_name("__s390_indirect_jump_r99999999999"), 0);
	assert_int_equal(zu_thunk_name("__s390_indirect_jump_r"), 0);
	assert_int_equal(zu_thunk_name("__s390_indirect_jump_r1x"), 0);
	assert_int_equal(zu_thunk_name("__s390_indirect_jump"), 0);
	assert_int_equal(zu_thunk_name(""), 0);
}

static int read_code(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const uint8_t *bytes = fakecode_bytes(ctx, addr, len);

	if (!bytes)
		return ZU_EFAULT;
	memcpy(buf, bytes, len);
	return 0;
}

static unsigned int shape(const void *bytes, size_t len)
{
	const struct zu_flow_env env = {
		.ctx = &fakecode.code, .read = read_code,
	};

	fakecode_begin();
	return zu_flow_thunk(&env, fakecode_func("f", bytes, len));
}

#define SHAPE(text) shape(text, sizeof(text) - 1)

static void test_thunk_shapes(void **state)
{
	(void)state;
	/* exrl %r0,.+10; j .; br %r9 */
	assert_int_equal(SHAPE("\xc6\x00\x00\x00\x00\x05" I_LOOP "\x07\xf9"),
			 ZU_DEST_THUNK | 9);
	/* larl %r1,.+14; ex %r0,0(%r1); j .; br %r14 */
	assert_int_equal(SHAPE("\xc0\x10\x00\x00\x00\x07" "\x44\x00\x10\x00"
			       I_LOOP "\x07\xfe"), ZU_DEST_THUNK | 14);
	/* not unchanged: exrl %r2 */
	assert_int_equal(SHAPE("\xc6\x20\x00\x00\x00\x05" I_LOOP "\x07\xf9"), 0);
	/* not always: bner %r9 */
	assert_int_equal(SHAPE("\xc6\x00\x00\x00\x00\x05" I_LOOP "\x07\x79"), 0);
	/* not a branch at all: br %r0, basr, mvc */
	assert_int_equal(SHAPE("\xc6\x00\x00\x00\x00\x05" I_LOOP "\x07\xf0"), 0);
	assert_int_equal(SHAPE("\xc6\x00\x00\x00\x00\x05" I_LOOP "\x0d\xe9"), 0);
	assert_int_equal(SHAPE("\xc6\x00\x00\x00\x00\x05" I_LOOP
			       "\xd2\x00\x10\x00\x20\x00"), 0);
	/* another register, an index, a displacement, ex of %r2 */
	assert_int_equal(SHAPE("\xc0\x10\x00\x00\x00\x07" "\x44\x00\x20\x00"
			       I_LOOP "\x07\xfe"), 0);
	assert_int_equal(SHAPE("\xc0\x10\x00\x00\x00\x07" "\x44\x02\x10\x00"
			       I_LOOP "\x07\xfe"), 0);
	assert_int_equal(SHAPE("\xc0\x10\x00\x00\x00\x07" "\x44\x00\x10\x02"
			       I_LOOP "\x07\xfe"), 0);
	assert_int_equal(SHAPE("\xc0\x10\x00\x00\x00\x07" "\x44\x20\x10\x00"
			       I_LOOP "\x07\xfe"), 0);
	/* cut off */
	assert_int_equal(SHAPE("\xc6\x00\x00\x00\x00\x05" I_LOOP "\x07"), 0);
	assert_int_equal(SHAPE("\xc6\x00\x00\x00"), 0);
	assert_int_equal(SHAPE("\xc6"), 0);
}

static void test_built(void **state)
{
	int i;

	(void)state;
	assert_true(zu_code_back_chain(&fakecode.code));
	for (i = 0; i < 3; i++)
		FUNC("without", "\xeb\xef\xf0\x90\x00\x24" I_BR_14);
	assert_false(zu_code_back_chain(&fakecode.code));
	for (i = 0; i < 2; i++)
		FUNC("with", I_PROLOGUE);
	assert_false(zu_code_back_chain(&fakecode.code));
	FUNC("with", I_LGR_14 I_STMG_14);
	assert_true(zu_code_back_chain(&fakecode.code));
	/* neither: another base, %r13 only, another place */
	fakecode_begin();
	FUNC("without", "\xeb\xef\xf0\x90\x00\x24" I_BR_14);
	FUNC("r11", "\xeb\xef\xb0\x88\x00\x24");
	FUNC("r13", "\xeb\xdd\xf0\x80\x00\x24");
	FUNC("140", "\xeb\xef\xf0\x8c\x00\x24");
	FUNC("cut", "\xeb\xef\xf0\x88");
	assert_false(zu_code_back_chain(&fakecode.code));
}

static void test_sums(void **state)
{
	uint64_t a, b;

	(void)state;
	a = FUNC("leaf", I_BR_14);
	b = FUNC("caller", I_PROLOGUE I_BRASL I_BRASL I_EPILOGUE);
	fakecode_aim(b + CALL_AT, a);
	fakecode_aim(b + CALL_AT + 6, b);
	a = FUNC("bad", I_STMG_14 I_LGR_14 I_LAY I_BRASL I_EPILOGUE);
	fakecode_aim(a + 16, b);
	FUNC("gone", I_BR_14);
	fakecode.unread = fakecode.len - 1;
	fakecode.code.code_len += 100;
	run();
	assert_int_equal(sum.functions, 4);
	assert_int_equal(sum.verdict[ZU_FLOW_PROVEN], 2);
	assert_int_equal(sum.verdict[ZU_FLOW_HINTED], 0);
	assert_int_equal(sum.verdict[ZU_FLOW_UNPROVEN], 1);
	assert_int_equal(sum.unread, 1);
	assert_int_equal(sum.findings, 1);
	assert_int_equal(sum.cause[ZU_FINDING_NO_BACK_CHAIN], 1);
	assert_int_equal(sum.code.insns, 1 + 8 + 6);
	assert_int_equal(sum.code.rows_known, 1 + 8 + 4);
	assert_int_equal(sum.code.calls, 3);
	assert_int_equal(sum.covered, fakecode.len);
	assert_int_equal(sum.text, fakecode.len + 100);
	assert_int_equal(codes[2], ZU_FINDING_NO_BACK_CHAIN);
	assert_int_equal(codes[3], -2);

	zu_check_add(&sum, &(struct zu_check_sum){ .functions = 1,
		     .verdict = { 2, 3, 4 }, .unread = 5, .findings = 6,
		     .cause[ZU_FINDING_EXECUTED] = 7, .text = 1, .covered = 2,
		     .code = { 1, 2, 3, 4, 5, 6, 7 } });
	assert_int_equal(sum.functions, 5);
	assert_int_equal(sum.verdict[ZU_FLOW_UNPROVEN], 5);
	assert_int_equal(sum.unread, 6);
	assert_int_equal(sum.findings, 7);
	assert_int_equal(sum.cause[ZU_FINDING_EXECUTED], 7);
	assert_int_equal(sum.code.traps, 7);
	assert_int_equal(sum.text, fakecode.len + 101);
	assert_int_equal(sum.covered, fakecode.len + 2);
}

static void test_without_a_back_chain(void **state)
{
	const struct zu_check_ops ops = { .each = each, .no_back_chain = true };
	uint64_t a;

	(void)state;
	/* stmg %r14,%r15,144(%r15); lay %r15,-16(%r15); ...; lmg 160(%r15) */
	a = FUNC("f", "\xeb\xef\xf0\x90\x00\x24" "\xe3\xf0\xff\xf0\xff\x71"
		 I_BRASL I_EPILOGUE);
	fakecode_aim(a + 12, a);
	assert_int_equal(zu_check_run(&fakecode.code, &ops, &sum, &error), 0);
	assert_int_equal(sum.verdict[ZU_FLOW_PROVEN], 1);
	run();
	assert_int_equal(sum.verdict[ZU_FLOW_UNPROVEN], 1);
}

static bool want_b(void *ctx, const char *name)
{
	(void)ctx;
	return *name == 'b';
}

static void test_want(void **state)
{
	const struct zu_check_ops ops = { .each = each, .want = want_b };

	(void)state;
	FUNC("a", I_BR_14);
	FUNC("b", I_BR_14);
	FUNC("c", I_BR_14);
	assert_int_equal(zu_check_run(&fakecode.code, &ops, &sum, &error), 0);
	assert_int_equal(sum.functions, 1);
	assert_int_equal(sum.covered, 6);
}

static int refuse(void *ctx, struct zu_code *c, const struct zu_code_func *f,
		  const struct zu_flow *flow, struct zu_error *err)
{
	(void)ctx;
	(void)c;
	(void)f;
	(void)flow;
	err->code = ZU_EIO;
	return ZU_EIO;
}

static void test_refusal_ends_it(void **state)
{
	const struct zu_check_ops ops = { .each = refuse };

	(void)state;
	FUNC("a", I_BR_14);
	sum.functions = 4711;
	assert_int_equal(zu_check_run(&fakecode.code, &ops, &sum, &error),
			 ZU_EIO);
	assert_int_equal(sum.functions, 4711);
}

/* A caller, then @n functions of which each ends in a call of the next. */
static void make_chain(size_t n, bool returns)
{
	uint64_t last = 0, at;
	size_t i;

	fakecode_begin();
	for (i = 0; i <= n; i++) {
		at = FUNC("link", ENDS_IN_CALL);
		if (last)
			fakecode_aim(last + CALL_AT, at);
		last = at;
	}
	at = returns ? FUNC("end", I_BR_14) : FUNC("end", I_LOOP);
	fakecode_aim(last + CALL_AT, at);
}

static void test_noreturn_is_found(void **state)
{
	(void)state;
	make_chain(0, false);
	run();
	assert_int_equal(sum.verdict[ZU_FLOW_PROVEN], 2);
	make_chain(0, true);
	run();
	assert_int_equal(sum.verdict[ZU_FLOW_PROVEN], 1);
	assert_int_equal(codes[0], ZU_FINDING_FALL_THROUGH);
}

/* The caller, ZU_CHECK_DEPTH - 1 links and the end are the deepest. */
static void test_noreturn_depth(void **state)
{
	(void)state;
	make_chain(ZU_CHECK_DEPTH - 1, false);
	run();
	assert_int_equal(sum.verdict[ZU_FLOW_UNPROVEN], 0);
	make_chain(ZU_CHECK_DEPTH, false);
	run();
	assert_int_equal(codes[0], ZU_FINDING_FALL_THROUGH);
	assert_int_equal(sum.verdict[ZU_FLOW_UNPROVEN], 1);
	make_chain(1000, false);
	run();
	assert_int_equal(sum.functions, 1002);
}

/* A callee that was too deep by one way is looked at again by a shorter one. */
static void test_noreturn_two_ways(void **state)
{
	uint64_t at, last, first;
	size_t i;

	(void)state;
	first = FUNC("two ways", I_PROLOGUE I_BRASL I_BRASL);
	last = first;
	for (i = 1; i < ZU_CHECK_DEPTH; i++) {
		at = FUNC("link", ENDS_IN_CALL);
		fakecode_aim(last + CALL_AT, at);
		last = at;
	}
	at = FUNC("callee", ENDS_IN_CALL);
	fakecode_aim(last + CALL_AT, at);
	fakecode_aim(first + CALL_AT + 6, at);
	last = at;
	at = FUNC("end", I_LOOP);
	fakecode_aim(last + CALL_AT, at);
	run();
	assert_int_equal(sum.verdict[ZU_FLOW_UNPROVEN], 0);
}

static void test_noreturn_cycle(void **state)
{
	uint64_t a, b;

	(void)state;
	a = FUNC("a", ENDS_IN_CALL);
	b = FUNC("b", ENDS_IN_CALL);
	fakecode_aim(a + CALL_AT, b);
	fakecode_aim(b + CALL_AT, a);
	run();
	assert_int_equal(codes[0], ZU_FINDING_FALL_THROUGH);
	assert_int_equal(codes[1], ZU_FINDING_FALL_THROUGH);
	/* itself */
	fakecode_begin();
	a = FUNC("a", ENDS_IN_CALL);
	fakecode_aim(a + CALL_AT, a);
	run();
	assert_int_equal(codes[0], ZU_FINDING_FALL_THROUGH);
}

/* Of a callee with findings it cannot be said that it never returns. */
static void test_noreturn_not_from_findings(void **state)
{
	uint64_t a, b;

	(void)state;
	a = FUNC("a", ENDS_IN_CALL);
	b = FUNC("b", "\x00\x00");
	fakecode_aim(a + CALL_AT, b);
	run();
	assert_int_equal(codes[0], ZU_FINDING_FALL_THROUGH);
}

static void test_noreturn_by_name(void **state)
{
	uint64_t a;

	(void)state;
	a = FUNC("a", ENDS_IN_CALL);
	fakecode_aim(a + CALL_AT, fakecode_undef(0, "panic"));
	a = FUNC("b", ENDS_IN_CALL);
	fakecode_aim(a + CALL_AT, fakecode_undef(1, "panicky"));
	a = FUNC("c", ENDS_IN_CALL);
	fakecode_aim(a + CALL_AT, fakecode_undef(2, "panic") + 16);
	/* defined, and declared so: its callers rely on that */
	FUNC("do_exit", I_BR_14);
	a = FUNC("d", ENDS_IN_CALL);
	fakecode_aim(a + CALL_AT, a - 2);
	run();
	assert_int_equal(codes[0], -1);
	assert_int_equal(codes[1], ZU_FINDING_FALL_THROUGH);
	assert_int_equal(codes[2], ZU_FINDING_FALL_THROUGH);
	assert_int_equal(codes[4], -1);
}

/* The return address in %r1, %r14 overwritten: only the thunk's register tells. */
#define RETURNS_BY_R1 I_PROLOGUE			\
	"\xe3\x10\xf0\xa0\x00\x04"	/* lg %r1,160(%r15) */	\
	"\xe3\xf0\xf0\xa8\x00\x04"	/* lg %r15,168(%r15) */	\
	"\xc0\xf4\x00\x00\x00\x00"	/* jg . */
#define JUMP_AT (sizeof(RETURNS_BY_R1) - 1 - 6)

static void test_thunks_are_followed(void **state)
{
	uint64_t a, thunk;

	(void)state;
	thunk = FUNC("thunk", "\xc6\x00\x00\x00\x00\x05" I_LOOP "\x07\xf1");
	a = FUNC("by shape", RETURNS_BY_R1);
	fakecode_aim(a + JUMP_AT, thunk);
	a = FUNC("by name", RETURNS_BY_R1);
	fakecode_aim(a + JUMP_AT,
		     fakecode_undef(0, "__s390_indirect_jump_r1"));
	a = FUNC("another one", RETURNS_BY_R1);
	fakecode_aim(a + JUMP_AT,
		     fakecode_undef(1, "__s390_indirect_jump_r2"));
	a = FUNC("none", RETURNS_BY_R1);
	fakecode_aim(a + JUMP_AT, fakecode_undef(2, "printk"));
	/* lg %r1,0(%r2) */
	a = FUNC("call", "\xe3\x10\x20\x00\x00\x04" I_PROLOGUE I_BRASL I_EPILOGUE);
	fakecode_aim(a + 6 + CALL_AT, thunk);
	run();
	assert_int_equal(codes[1], -1);
	assert_int_equal(codes[2], -1);
	assert_int_equal(codes[3], ZU_FINDING_RETURN_LOST);
	assert_int_equal(codes[4], ZU_FINDING_RETURN_LOST);
	assert_int_equal(codes[5], -1);
}

static void test_jumps_lead_to_entries(void **state)
{
	uint64_t a, to;

	(void)state;
	to = FUNC("to", I_BR_14 I_BR_14);
	a = FUNC("good", "\xc0\xf4\x00\x00\x00\x00");
	fakecode_aim(a, to);
	a = FUNC("into", "\xc0\xf4\x00\x00\x00\x00");
	fakecode_aim(a, to + 2);
	a = FUNC("out", "\xc0\xf4\x00\x00\x00\x00");
	fakecode_aim(a, fakecode_undef(0, "printk"));
	a = FUNC("nowhere", "\xc0\xf4\x00\x00\x00\x00");
	fakecode_aim(a, fakecode_undef(0, "printk") + 2);
	run();
	assert_int_equal(codes[1], -1);
	assert_int_equal(codes[2], ZU_FINDING_BAD_TARGET);
	assert_int_equal(codes[3], -1);
	assert_int_equal(codes[4], ZU_FINDING_BAD_TARGET);
}

/* exrl %r0, mvc; then looked at again for the call that ends it */
static void test_code_holds_while_others_are_read(void **state)
{
	uint64_t a, to;

	(void)state;
	a = FUNC("a", "\xc6\x00\x00\x00\x00\x00" ENDS_IN_CALL);
	fakecode_aim(a + 6 + CALL_AT, fakecode_undef(0, "panic"));
	to = FUNC("mvc", "\xd2\x07\x10\x00\x20\x00" I_BR_14);
	fakecode_aim(a, to);
	run();
	assert_int_equal(codes[0], -1);
	assert_int_equal(sum.code.executed, 1);
}

/* Everyone calls everyone, and no one returns: still in linear time. */
static void test_noreturn_web(void **state)
{
	uint64_t at[100];
	size_t i, n;

	(void)state;
	for (i = 0; i < 100; i++)
		at[i] = FUNC("web", I_PROLOGUE I_BRASL I_BRASL I_BRASL I_BRASL);
	for (i = 0; i < 100; i++)
		for (n = 0; n < 4; n++)
			fakecode_aim(at[i] + CALL_AT + 6 * n,
				     at[(i + 7 * n + 1) % 100]);
	run();
	assert_int_equal(sum.verdict[ZU_FLOW_UNPROVEN], 100);
	assert_in_range(fakecode.asked, 100, 3000);
}

/* Functions that nothing can be said of must not end the others' turn. */
static void test_odd_functions(void **state)
{
	(void)state;
	FUNC("even", I_BR_14 "\x07");
	FUNC("odd", "\x07");
	FUNC("a", I_BR_14);
	run();
	assert_int_equal(sum.functions, 3);
	assert_int_equal(codes[1], -2);
	assert_int_equal(codes[2], -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_sorted),
		cmocka_unit_test(test_thunk_names),
		cmocka_unit_test(test_thunk_shapes),
		cmocka_unit_test_setup(test_built, setup),
		cmocka_unit_test_setup(test_sums, setup),
		cmocka_unit_test_setup(test_without_a_back_chain, setup),
		cmocka_unit_test_setup(test_want, setup),
		cmocka_unit_test_setup(test_refusal_ends_it, setup),
		cmocka_unit_test(test_noreturn_is_found),
		cmocka_unit_test(test_noreturn_depth),
		cmocka_unit_test_setup(test_noreturn_two_ways, setup),
		cmocka_unit_test_setup(test_noreturn_cycle, setup),
		cmocka_unit_test_setup(test_noreturn_not_from_findings, setup),
		cmocka_unit_test_setup(test_noreturn_by_name, setup),
		cmocka_unit_test_setup(test_noreturn_web, setup),
		cmocka_unit_test_setup(test_thunks_are_followed, setup),
		cmocka_unit_test_setup(test_jumps_lead_to_entries, setup),
		cmocka_unit_test_setup(test_code_holds_while_others_are_read,
				       setup),
		cmocka_unit_test_setup(test_odd_functions, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
