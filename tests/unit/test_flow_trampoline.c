/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trampolines of function tracing: what is said of them beyond the finding
 * (tests/data/check/trampoline.S has those), and what is still known of r0 and
 * r1 in functions that are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/bytes.h"
#include "flow/flow.h"
#include "tests/make/code.h"

#define ADDR 0x1000000u
#define DATA 0x1100000u
#define FUNC 0x2000000u
#define CASES 4

static struct zu_flow flow = ZU_FLOW_INIT;
static struct code code;
static uint16_t label[CASES];

#define ADD(name, ...) \
	code_add(&code, (struct code_insn){ .op = OP_##name, __VA_ARGS__ })

/* The code, and a table with the addresses of its labels */
static int read_code(void *ctx, uint64_t addr, void *buf, size_t len)
{
	uint8_t table[8 * CASES] = { 0 };
	unsigned int i;

	(void)ctx;
	for (i = 0; i < CASES; i++)
		code_32(table + 8 * i + 4, ADDR + code_at(&code, label[i]));
	if (addr >= DATA && addr + len <= DATA + sizeof(table))
		memcpy(buf, table + (addr - DATA), len);
	else if (addr >= ADDR && addr + len <= ADDR + code.len)
		memcpy(buf, code.bytes + (addr - ADDR), len);
	else
		return -1;
	return 0;
}

static unsigned int dest(void *ctx, uint64_t addr, bool want_noreturn)
{
	(void)ctx;
	(void)want_noreturn;
	return addr == FUNC ? ZU_DEST_ENTRY : 0;
}

static void look(bool recorded)
{
	static const struct zu_flow_env env = {
		.read = read_code, .dest = dest, .back_chain = true,
	};
	struct zu_flow_func func = {
		.code = code.bytes, .addr = ADDR, .recorded = recorded,
	};
	struct zu_error err;

	code_end(&code);
	func.len = code.len;
	assert_int_equal(zu_flow_run(&flow, &env, &func, &err), 0);
}

static void expect_trampoline(void)
{
	assert_int_equal(flow.verdict, ZU_FLOW_UNPROVEN);
	assert_false(zu_flow_trusted(&flow));
	assert_int_equal(flow.nr_findings, 1);
	assert_int_equal(flow.findings[0].kind, ZU_FINDING_TRAMPOLINE);
}

/* Entered with r0; keeps it in r8, and calls */
static void begin(void)
{
	code_begin(&code, ADDR);
	ADD(stmg, .r1 = 8, .r2 = 15, .r3 = 15, .d = 88);
	ADD(lgr, .r1 = 14, .r2 = 15);
	ADD(aghi, .r1 = 15, .i = -160);
	ADD(stg, .r1 = 14, .r3 = 15, .d = 152);
	ADD(lgr, .r1 = 8, .r2 = 0);
	ADD(brasl, .r1 = 14, .far = FUNC);
}

static void test_has_no_rows(void **state)
{
	(void)state;
	begin();
	ADD(lgr, .r1 = 1, .r2 = 8);
	ADD(lmg, .r1 = 8, .r2 = 15, .r3 = 15, .d = 248);
	ADD(bcr, .r1 = 15, .r2 = 1);
	look(false);
	expect_trampoline();
	assert_int_equal(flow.nr_rows, 1);
	assert_int_equal(flow.rows[0].offset, 0);
	assert_int_equal(flow.rows[0].row.kind, ZU_ROW_UNDEFINED);
	assert_int_equal(flow.stats.rows_known, 0);
	/* a record is of calls */
	look(true);
	expect_trampoline();
}

static void test_calls_by_record(void **state)
{
	(void)state;
	begin();
	ADD(basr, .r1 = 14, .r2 = 8);
	ADD(lmg, .r1 = 8, .r2 = 15, .r3 = 15, .d = 248);
	ADD(bcr, .r1 = 15, .r2 = 14);
	look(false);
	expect_trampoline();
	look(true);
	assert_int_equal(flow.verdict, ZU_FLOW_PROVEN);
	assert_true(flow.nr_rows > 1);
}

/* A switch by r1, which on one path is what it was at entry */
static uint16_t begin_switch(void)
{
	uint16_t over;

	code_begin(&code, ADDR);
	over = code_label(&code);
	ADD(cgij, .r1 = 2, .m = 8, .i = 0, .to = over);
	ADD(lgr, .r1 = 1, .r2 = 3);
	code_here(&code, over);
	return code_label(&code);
}

static void jump(unsigned int index, uint16_t out)
{
	unsigned int i;

	ADD(larl, .r1 = 5, .far = DATA);
	ADD(lg, .r1 = 5, .r2 = (uint8_t)index, .r3 = 5);
	ADD(bcr, .r1 = 15, .r2 = 5);
	for (i = 0; i < CASES; i++) {
		label[i] = code_label(&code);
		ADD(lghi, .r1 = 2, .i = i);
	}
	code_here(&code, out);
	ADD(bcr, .r1 = 15, .r2 = 14);
}

static void expect_switch(bool open)
{
	look(false);
	assert_int_equal(flow.verdict, ZU_FLOW_PROVEN);
	assert_int_equal(flow.stats.jump_tables, 1);
	assert_int_equal(flow.stats.open_tables, open);
}

static void bound(unsigned int index)
{
	uint16_t out = begin_switch();

	if (index != 1)
		ADD(llgfr, .r1 = (uint8_t)index, .r2 = 1);
	ADD(clgij, .r1 = 1, .m = 2, .i = CASES - 1, .to = out);
	ADD(sllg, .r1 = (uint8_t)index, .r2 = (uint8_t)index, .d = 3);
	jump(index, out);
	expect_switch(false);
}

static void test_bound(void **state)
{
	(void)state;
	bound(1);
}

static void test_bound_of_a_copy(void **state)
{
	(void)state;
	bound(4);
}

static void test_any_index(void **state)
{
	uint16_t out = begin_switch();

	(void)state;
	jump(1, out);
	expect_switch(true);
}

static int teardown(void **state)
{
	(void)state;
	zu_flow_deinit(&flow);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_has_no_rows),
		cmocka_unit_test(test_calls_by_record),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_bound_of_a_copy),
		cmocka_unit_test(test_any_index),
	};

	return cmocka_run_group_tests_name("flow-trampoline", tests, NULL,
					   teardown);
}
