/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What flow/ says of calls and tail calls: where they are, and where they lead */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "flow/flow.h"
#include "tests/make/code.h"

#define ADDR 0x1000000u
#define FUNC 0x2000000u
#define OTHER 0x2000100u
#define NORETURN 0x2000200u
#define THUNK1 0x2000300u
#define THUNK5 0x2000400u

static struct zu_flow flow = ZU_FLOW_INIT;
static struct code code;

static int read_code(void *ctx, uint64_t addr, void *buf, size_t len)
{
	(void)ctx;
	if (addr < ADDR || addr + len > ADDR + code.len)
		return -1;
	memcpy(buf, code.bytes + (addr - ADDR), len);
	return 0;
}

static unsigned int dest(void *ctx, uint64_t addr, bool want_noreturn)
{
	(void)ctx;
	switch (addr) {
	case FUNC:
	case OTHER:
		return ZU_DEST_ENTRY;
	case NORETURN:
		return ZU_DEST_ENTRY | (want_noreturn ? ZU_DEST_NORETURN : 0);
	case THUNK1:
		return ZU_DEST_ENTRY | ZU_DEST_THUNK | 1;
	case THUNK5:
		return ZU_DEST_ENTRY | ZU_DEST_THUNK | 5;
	default:
		return 0;
	}
}

static void add(uint8_t op, uint8_t r1, uint64_t to)
{
	code_add(&code, (struct code_insn){ .op = op, .r1 = r1, .far = to });
}

static void add_to(uint8_t op, uint8_t r1, uint16_t label)
{
	code_add(&code, (struct code_insn){ .op = op, .r1 = r1, .to = label });
}

static void add_regs(uint8_t op, uint8_t r1, uint8_t r2)
{
	code_add(&code, (struct code_insn){ .op = op, .r1 = r1, .r2 = r2 });
}

static void begin(void)
{
	code_begin(&code, ADDR);
}

/* 20 bytes: with a back chain, frame and saves */
static void open_frame(void)
{
	code_add(&code, (struct code_insn){ .op = OP_stmg, .r1 = 14, .r2 = 15,
					    .r3 = 15, .d = 136 });
	add_regs(OP_lgr, 14, 15);
	code_add(&code, (struct code_insn){ .op = OP_aghi, .r1 = 15,
					    .i = -160 });
	code_add(&code, (struct code_insn){ .op = OP_stg, .r1 = 14, .r3 = 15,
					    .d = 152 });
}

/* 6 bytes */
static void close_frame(void)
{
	code_add(&code, (struct code_insn){ .op = OP_lmg, .r1 = 14, .r2 = 15,
					    .r3 = 15, .d = 296 });
}

static void load_r1(void)
{
	code_add(&code, (struct code_insn){ .op = OP_lg, .r1 = 1, .r3 = 2,
					    .d = 8 });
}

static void look(enum zu_flow_verdict verdict)
{
	static const struct zu_flow_env env = {
		.read = read_code, .dest = dest, .back_chain = true,
	};
	struct zu_flow_func func = { .code = code.bytes, .addr = ADDR };
	struct zu_error err;

	code_end(&code);
	func.len = code.len;
	assert_int_equal(zu_flow_run(&flow, &env, &func, &err), 0);
	assert_int_equal(flow.verdict, verdict);
}

static void expect_calls(const struct zu_flow_call *want, size_t nr)
{
	size_t i;

	assert_int_equal(flow.nr_calls, nr);
	for (i = 0; i < nr; i++) {
		assert_int_equal(flow.calls[i].offset, want[i].offset);
		assert_int_equal(flow.calls[i].last, want[i].last);
		assert_int_equal(flow.calls[i].thunk, want[i].thunk);
	}
}

static void expect_leaves(const struct zu_flow_leave *want, size_t nr)
{
	size_t i;

	assert_int_equal(flow.nr_leaves, nr);
	for (i = 0; i < nr; i++) {
		assert_int_equal(flow.leaves[i].offset, want[i].offset);
		assert_int_equal(flow.leaves[i].direct, want[i].direct);
		assert_int_equal(flow.leaves[i].addr, want[i].addr);
	}
}

#define CALLS(...) do {							\
	const struct zu_flow_call want[] = { __VA_ARGS__ };		\
	expect_calls(want, sizeof(want) / sizeof(want[0]));		\
} while (0)
#define LEAVES(...) do {						\
	const struct zu_flow_leave want[] = { __VA_ARGS__ };		\
	expect_leaves(want, sizeof(want) / sizeof(want[0]));		\
} while (0)

/* Of each length: basr, bras and brasl; and what is no call: ftrace's site */
static void test_calls(void **state)
{
	(void)state;
	begin();
	add(OP_brasl, 0, OTHER);
	open_frame();			/* 06 */
	load_r1();			/* 1a */
	add_regs(OP_basr, 14, 1);	/* 20 */
	add(OP_brasl, 14, FUNC);	/* 22 */
	add(OP_brasl, 14, THUNK1);	/* 28 */
	add(OP_brasl, 14, FUNC);	/* 2e */
	close_frame();
	add_regs(OP_bcr, 15, 14);
	look(ZU_FLOW_PROVEN);
	CALLS({ 0x20, 0x20, false }, { 0x22, 0x26, false },
	      { 0x28, 0x2c, true }, { 0x2e, 0x32, false });
	expect_leaves(NULL, 0);
	assert_false(flow.thunk);
}

/* Behind a call that does not come back there is nothing. */
static void test_no_path(void **state)
{
	(void)state;
	begin();
	open_frame();			/* 00 */
	add(OP_brasl, 14, NORETURN);	/* 14 */
	add(OP_brasl, 14, FUNC);	/* 1a */
	look(ZU_FLOW_PROVEN);
	CALLS({ 0x14, 0x18, false });
}

/* That one has been seen with a look that took it to return does not count. */
static void test_no_path_leaves(void **state)
{
	(void)state;
	begin();
	open_frame();			/* 00 */
	add(OP_brasl, 14, NORETURN);	/* 14 */
	close_frame();			/* 1a */
	add(OP_brcl, 15, FUNC);		/* 20 */
	add(OP_brasl, 14, FUNC);	/* 26: no frame, if anybody came here */
	look(ZU_FLOW_PROVEN);
	CALLS({ 0x14, 0x18, false });
	expect_leaves(NULL, 0);
}

static void test_leaves(void **state)
{
	uint16_t label;

	(void)state;
	begin();
	add(OP_brcl, 8, OTHER);		/* 00: on a condition */
	label = code_label(&code);
	add_to(OP_brc, 4, label);	/* 06: inside */
	code_here(&code, label);
	add(OP_brcl, 2, FUNC);		/* 0a */
	load_r1();			/* 10 */
	add_regs(OP_bcr, 4, 1);		/* 16 */
	add(OP_brcl, 1, THUNK1);	/* 18 */
	add(OP_larl, 5, OTHER);		/* 1e */
	add(OP_brcl, 4, THUNK5);	/* 24 */
	add(OP_brcl, 15, FUNC);		/* 2a */
	look(ZU_FLOW_PROVEN);
	LEAVES({ 0x00, true, OTHER }, { 0x0a, true, FUNC },
	       { 0x16, false, 0 }, { 0x18, false, 0 },
	       { 0x24, false, OTHER }, { 0x2a, true, FUNC });
	expect_calls(NULL, 0);
}

/* One jump by two ways, and with what two paths put into the register */
static void test_two_addresses(void **state)
{
	uint16_t label;

	(void)state;
	begin();
	add(OP_larl, 1, OTHER);		/* 00 */
	label = code_label(&code);
	add_to(OP_brc, 8, label);	/* 06 */
	add(OP_larl, 1, FUNC);		/* 0a */
	code_here(&code, label);
	add_regs(OP_bcr, 15, 1);	/* 10 */
	look(ZU_FLOW_PROVEN);
	assert_true(flow.nr_leaves > 0);
	/* what stays when both are known of, and perhaps what was seen first */
	assert_int_equal(flow.leaves[0].addr, 0);
	assert_int_equal(flow.leaves[0].offset, 0x10);
}

static void test_thunk(void **state)
{
	uint16_t label;

	(void)state;
	begin();
	label = code_label(&code);
	add_to(OP_exrl, 0, label);
	code_here(&code, label);
	add_regs(OP_bcr, 15, 1);
	look(ZU_FLOW_HINTED);
	assert_true(flow.thunk);
	expect_leaves(NULL, 0);
	expect_calls(NULL, 0);
	/* by r14 it is as good as a return, and a thunk all the same */
	begin();
	label = code_label(&code);
	add_to(OP_exrl, 0, label);
	code_here(&code, label);
	add_regs(OP_bcr, 15, 14);
	look(ZU_FLOW_PROVEN);
	assert_true(flow.thunk);
	expect_leaves(NULL, 0);
}

/* A result does not have what the one before had. */
static void test_again(void **state)
{
	test_calls(state);
	test_leaves(state);
	test_thunk(state);
	test_calls(state);
	begin();
	add_regs(OP_bcr, 15, 14);
	look(ZU_FLOW_PROVEN);
	expect_calls(NULL, 0);
	expect_leaves(NULL, 0);
}

/* More tail calls than a list of the first ones holds */
static void test_many(void **state)
{
	size_t i;

	(void)state;
	begin();
	for (i = 0; i < CODE_MAX - 2; i++)
		add(OP_brcl, 8, i % 2 ? FUNC : OTHER);
	add_regs(OP_bcr, 15, 14);
	look(ZU_FLOW_PROVEN);
	assert_int_equal(flow.nr_leaves, CODE_MAX - 2);
	for (i = 0; i < flow.nr_leaves; i++) {
		assert_int_equal(flow.leaves[i].offset, 6 * i);
		assert_int_equal(flow.leaves[i].addr, i % 2 ? FUNC : OTHER);
	}
}

static int end(void **state)
{
	(void)state;
	zu_flow_deinit(&flow);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_no_path),
		cmocka_unit_test(test_no_path_leaves),
		cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_two_addresses),
		cmocka_unit_test(test_thunk),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
