/* SPDX-License-Identifier: GPL-2.0-or-later */
/* flow/ on functions written by hand: what is found, where, by which path */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/flow.h"
#include "flow/hint.h"
#include "tests/make/flow_cases.h"

#define ADDR 0x1000000u
#define FUNC (2 * ADDR)
#define NORETURN (FUNC + 0x100)
#define THUNK1 (FUNC + 0x200)
#define TRAMPOLINE (FUNC + 0x300)
#define THUNK14 (FUNC + 0x500)

static struct zu_flow flow = ZU_FLOW_INIT;
static struct zu_flow_func func;
static unsigned int asked;	/* whether a callee returns */

static int read_code(void *ctx, uint64_t addr, void *buf, size_t len)
{
	(void)ctx;
	if (addr == TRAMPOLINE && len == 2) {
		memcpy(buf, "\xc0\x15", 2);
		return 0;
	}
	if (addr < ADDR || addr + len > ADDR + func.len)
		return -1;
	memcpy(buf, func.code + (addr - ADDR), len);
	return 0;
}

static unsigned int dest(void *ctx, uint64_t addr, bool want_noreturn)
{
	(void)ctx;
	asked += want_noreturn;
	switch (addr) {
	case ADDR:
	case FUNC:
		return ZU_DEST_ENTRY;
	case NORETURN:
		return ZU_DEST_ENTRY | (want_noreturn ? ZU_DEST_NORETURN : 0);
	case THUNK1:
		return ZU_DEST_ENTRY | ZU_DEST_THUNK | 1;
	case THUNK14:
		return ZU_DEST_ENTRY | ZU_DEST_THUNK | 14;
	default:
		return 0;
	}
}

static int trap(void *ctx, uint64_t addr)
{
	(void)ctx;
	return func.code[addr - ADDR + 3] != 0;
}

static const struct zu_flow_env usual = {
	.trap = trap,
	.read = read_code,
	.dest = dest,
	.back_chain = true,
};

static void look_named(const struct zu_flow_env *env, const char *name,
		       const uint8_t *code, size_t len)
{
	struct zu_error err = { 0 };

	func = (struct zu_flow_func){
		.name = name,
		.code = code,
		.len = (uint32_t)len,
		.addr = ADDR,
	};
	asked = 0;
	assert_int_equal(zu_flow_run(&flow, env, &func, &err), 0);
}

static void look(const uint8_t *code, size_t len)
{
	look_named(&usual, NULL, code, len);
}

#define LOOK(code) look(code, sizeof(code))

static const struct zu_row *row_at(uint32_t off)
{
	size_t i = flow.nr_rows;

	while (i-- > 1 && flow.rows[i].offset > off)
		;
	return &flow.rows[i].row;
}

/* The one finding there is */
static void expect(const char *what, enum zu_finding_kind kind, uint32_t off)
{
	if (flow.nr_findings != 1 || flow.findings[0].kind != kind ||
	    flow.findings[0].offset != off)
		fail_msg("%s: %zu findings, the first %s at 0x%x", what,
			 flow.nr_findings, flow.nr_findings ?
			 zu_finding_word(flow.findings[0].kind) : "none",
			 flow.nr_findings ? flow.findings[0].offset : 0);
	assert_int_equal(flow.verdict, ZU_FLOW_UNPROVEN);
}

/* The one tail call there is */
static void expect_leave(uint32_t off, bool direct, uint64_t addr)
{
	assert_int_equal(flow.nr_leaves, 1);
	assert_int_equal(flow.leaves[0].offset, off);
	assert_int_equal(flow.leaves[0].direct, direct);
	assert_int_equal(flow.leaves[0].addr, addr);
}

static void expect_proven(const char *what)
{
	if (flow.nr_findings)
		fail_msg("%s: %s at 0x%x", what,
			 zu_finding_word(flow.findings[0].kind),
			 flow.findings[0].offset);
	assert_int_equal(flow.verdict, ZU_FLOW_PROVEN);
}

#define BAD(name, kind, off) \
	{ #name, name, sizeof(name), ZU_FINDING_##kind, off },
#define GOOD(name) { #name, name, sizeof(name), ZU_FINDING_COUNT, 0 },

static const struct {
	const char *name;
	const uint8_t *code;
	size_t len;
	enum zu_finding_kind kind;
	uint32_t off;
} cases[] = { BAD_CASES GOOD_CASES };

#define CASES (sizeof(cases) / sizeof(cases[0]))

static void test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < CASES; i++) {
		look(cases[i].code, cases[i].len);
		if (cases[i].kind == ZU_FINDING_COUNT)
			expect_proven(cases[i].name);
		else
			expect(cases[i].name, cases[i].kind, cases[i].off);
	}
}

/* Each kind of finding has its case; too much to look at has a test below. */
static void test_all_kinds(void **state)
{
	unsigned int kind;
	size_t i;

	(void)state;
	for (kind = 0; kind < ZU_FINDING_COUNT; kind++) {
		for (i = 0; i < CASES; i++)
			if (cases[i].kind == kind)
				break;
		if (i == CASES && kind != ZU_FINDING_TOO_COMPLEX)
			fail_msg("no case of %s", zu_finding_word(kind));
	}
}

static void test_words(void **state)
{
	unsigned int i, k;

	(void)state;
	for (i = 0; i < ZU_FINDING_COUNT; i++)
		for (k = 0; k < i; k++) {
			assert_string_not_equal(zu_finding_word(i),
						zu_finding_word(k));
			assert_string_not_equal(zu_finding_text(i),
						zu_finding_text(k));
		}
	assert_string_equal(zu_finding_word(ZU_FINDING_NO_BACK_CHAIN),
			    "no-back-chain");
	assert_non_null(zu_finding_word(ZU_FINDING_COUNT));
	assert_non_null(zu_finding_text(ZU_FINDING_COUNT));
}

static void test_path(void **state)
{
	static const uint32_t steps[][2] = {
		{ 0, 8 }, { 0x1e, 0x24 }, { 0x24, 0x32 },
	};
	const struct zu_finding *f;
	size_t i;

	(void)state;
	LOOK(path);
	f = &flow.findings[0];
	assert_int_equal(f->nr_path, 3);
	assert_false(f->path_cut);
	for (i = 0; i < 3; i++) {
		assert_int_equal(f->path[i].from, steps[i][0]);
		assert_int_equal(f->path[i].to, steps[i][1]);
	}
	LOOK(no_frame);
	assert_int_equal(flow.findings[0].nr_path, 0);
}

/* So many branches, each to the one behind it; then a fall-through */
static void look_branches(unsigned int n)
{
	static uint8_t code[16 * 8];
	unsigned int i;

	for (i = 0; i < n; i++)	/* j .+8; br %r14; br %r14 */
		memcpy(code + 8 * i, "\xa7\xf4\x00\x04\x07\xfe\x07\xfe", 8);
	memcpy(code + 8 * n, "\x07\x07", 2);
	look(code, 8 * n + 2);
}

static void test_long_path(void **state)
{
	const struct zu_finding *f;

	(void)state;
	look_branches(ZU_FINDING_PATH);
	f = &flow.findings[0];
	expect("a path", ZU_FINDING_FALL_THROUGH, 8 * ZU_FINDING_PATH);
	assert_int_equal(f->nr_path, ZU_FINDING_PATH);
	assert_false(f->path_cut);
	assert_int_equal(f->path[0].from, 0);
	look_branches(ZU_FINDING_PATH + 1);
	f = &flow.findings[0];
	assert_int_equal(f->nr_path, ZU_FINDING_PATH);
	assert_true(f->path_cut);
	assert_int_equal(f->path[0].from, 8);
	assert_int_equal(f->path[ZU_FINDING_PATH - 1].from,
			 8 * ZU_FINDING_PATH);
}

static void expect_frame(uint32_t off, int32_t cfa, uint8_t ra, int32_t ra_off,
			 uint8_t fp, int32_t fp_off)
{
	const struct zu_row *row = row_at(off);
	const struct zu_row want = {
		.kind = ZU_ROW_FRAME,
		.cfa_reg = 15,
		.cfa_off = cfa,
		.ra_place = ra,
		.ra_off = ra_off,
		.fp_place = fp,
		.fp_off = fp_off,
	};

	if (memcmp(row, &want, sizeof(want)))
		fail_msg("0x%x: kind %d, r%d%+d, ra %d %+d, fp %d %+d", off,
			 row->kind, row->cfa_reg, row->cfa_off, row->ra_place,
			 row->ra_off, row->fp_place, row->fp_off);
}

/* Each row holds before its instruction. */
static void test_rows(void **state)
{
	static const uint8_t code[] = {
		0xeb, 0xbf, 0xf0, 0x70, 0x00, 0x24, /* 00: stmg r11 to r15 */
		0xb9, 0x04, 0x00, 0xef,		    /* 06: lgr %r14,%r15 */
		0xe3, 0xf0, 0xff, 0xd0, 0xff, 0x71, /* 0a: lay r15, -48 */
		0xe3, 0xe0, 0xf0, 0x98, 0x00, 0x24, /* 10: stg r14, 152 */
		0xa7, 0xb9, 0x00, 0x00,		    /* 16: lghi %r11,0 */
		0xc0, 0xe5, 0x00, 0x7f, 0xff, 0xf3, /* 1a: brasl r14 */
		0xeb, 0xbf, 0xf0, 0xa0, 0x00, 0x04, /* 20: lmg r11 to r15 */
		0x07, 0xfe,			    /* 26: br %r14 */
		0x07, 0x07,			    /* 28: nopr */
	};

	(void)state;
	LOOK(code);
	expect_proven("rows");
	expect_frame(0, 160, ZU_PLACE_SAME, 0, ZU_PLACE_SAME, 0);
	expect_frame(6, 160, ZU_PLACE_CFA, -24, ZU_PLACE_CFA, -48);
	expect_frame(0xa, 160, ZU_PLACE_CFA, -24, ZU_PLACE_CFA, -48);
	expect_frame(0x10, 208, ZU_PLACE_CFA, -24, ZU_PLACE_CFA, -48);
	expect_frame(0x20, 208, ZU_PLACE_CFA, -24, ZU_PLACE_CFA, -48);
	expect_frame(0x26, 160, ZU_PLACE_SAME, 0, ZU_PLACE_SAME, 0);
	assert_int_equal(row_at(0x28)->kind, ZU_ROW_UNDEFINED);
	assert_int_equal(flow.stats.insns, 8);
	assert_int_equal(flow.stats.rows_known, 8);
	assert_int_equal(flow.stats.calls, 1);
}

static void test_row_by_register(void **state)
{
	const struct zu_row *row;

	(void)state;
	LOOK(other_register);	/* lgr %r4,%r14; lghi %r14,0; br %r4 */
	row = row_at(8);
	assert_int_equal(row->kind, ZU_ROW_FRAME);
	assert_int_equal(row->ra_place, ZU_PLACE_REG);
	assert_int_equal(row->ra_reg, 4);
}

/* Two registers hold it: the one that loses it is not named any more. */
static void test_row_after_loss(void **state)
{
	static const uint8_t code[] = {
		0xb9, 0x04, 0x00, 0x4e, 0xb9, 0x04, 0x00, 0x5e,
		0xa7, 0xe9, 0x00, 0x00, 0xa7, 0x49, 0x00, 0x00, 0x07, 0xf5,
	};

	(void)state;
	LOOK(code);	/* lgr 4,14; lgr 5,14; lghi 14,0; lghi 4,0; br 5 */
	expect_proven("loss");
	assert_int_equal(row_at(0xc)->ra_reg, 4);
	assert_int_equal(row_at(0x10)->ra_reg, 5);
}

/* Nothing is known behind what is wrong. */
static void test_rows_end(void **state)
{
	(void)state;
	LOOK(no_back_chain);
	assert_int_equal(row_at(0xc)->kind, ZU_ROW_FRAME);
	assert_int_equal(row_at(0x12)->kind, ZU_ROW_UNDEFINED);
}

static void test_returns(void **state)
{
	(void)state;
	LOOK(leaf);
	assert_true(flow.returns);
	LOOK(tail);
	assert_true(flow.returns);
	expect_leave(0, true, FUNC);
	LOOK(tail_register);
	expect_leave(6, false, 0);
	LOOK(endless);
	expect_proven("endless");
	assert_false(flow.returns);
}

/* A call that does not come back, as the last instruction or in between */
static void test_noreturn(void **state)
{
	static uint8_t code[sizeof(fall_through_call)];
	static const uint8_t jump[] = { 0xc0, 0xf4, 0x00, 0x80, 0x00, 0x80 };
	struct zu_flow_env env = usual;

	(void)state;
	memcpy(code, fall_through_call, sizeof(code));
	memcpy(code + 24, "\x00\x80\x00\x75", 4);
	LOOK(code);
	expect_proven("noreturn");
	assert_false(flow.returns);
	LOOK(jump);
	expect_proven("jump");
	assert_false(flow.returns);
	env.dest = NULL;
	look_named(&env, NULL, code, sizeof(code));
	expect("nobody knows", ZU_FINDING_FALL_THROUGH, 22);
	assert_true(flow.returns);
}

/* Callees are not asked where all is well. */
static void test_asks_late(void **state)
{
	(void)state;
	LOOK(frame);
	expect_proven("frame");
	assert_int_equal(asked, 0);
	LOOK(fall_through_call);
	assert_int_not_equal(asked, 0);
}

/* At the entry alone tracing has its calls. */
static void test_ftrace(void **state)
{
	static uint8_t code[2 + sizeof(ftrace_on)] = { 0x07, 0x07 };

	(void)state;
	LOOK(ftrace_on);
	assert_int_equal(row_at(6)->kind, ZU_ROW_FRAME);
	LOOK(ftrace_call);
	assert_int_equal(row_at(6)->kind, ZU_ROW_FRAME);
	memcpy(code + 2, ftrace_on, sizeof(ftrace_on));
	LOOK(code);
	expect("not at the entry", ZU_FINDING_BAD_TARGET, 2);
	memcpy(code + 2, ftrace_call, sizeof(ftrace_call));
	LOOK(code);
	expect("not at the entry", ZU_FINDING_INDIRECT_JUMP, 2);
	/* elsewhere it is a tail call */
	memcpy(code, "\xc0\xf4\x00\x80\x00\x00\x07\xfe", 8);
	look(code, 8);
	expect_proven("tail call");
	expect_leave(0, true, FUNC);
	assert_int_equal(row_at(6)->kind, ZU_ROW_UNDEFINED);
}

/* A branch of four bytes is no jump label: what is behind it is not looked at */
static void test_no_label(void **state)
{
	static const uint8_t code[] = {
		0xa7, 0xf4, 0x00, 0x05,			/* 00: j a */
		0xc0, 0xe5, 0x00, 0x7f, 0xff, 0xfe,	/* 04: brasl */
		0x07, 0xfe,				/* 0a: br %r14 */
	};

	(void)state;
	LOOK(code);
	expect_proven("jump");
	assert_int_equal(row_at(4)->kind, ZU_ROW_UNDEFINED);
	assert_int_equal(row_at(0xa)->kind, ZU_ROW_FRAME);
}

static void test_no_chain(void **state)
{
	/* stmg 14,15,144; lay 15,-16; brasl; lmg 14,15,160; br 14 */
	static const uint8_t code[] = {
		0xeb, 0xef, 0xf0, 0x90, 0x00, 0x24,
		0xe3, 0xf0, 0xff, 0xf0, 0xff, 0x71,
		0xc0, 0xe5, 0x00, 0x7f, 0xff, 0xfa,
		0xeb, 0xef, 0xf0, 0xa0, 0x00, 0x04,
		0x07, 0xfe,
	};
	struct zu_flow_env env = usual;

	(void)state;
	env.back_chain = false;
	look_named(&env, NULL, code, sizeof(code));
	expect_proven("no chain");
	expect_frame(12, 176, ZU_PLACE_CFA, -16, ZU_PLACE_SAME, 0);
	LOOK(code);
	assert_int_equal(flow.verdict, ZU_FLOW_UNPROVEN);
}

static void refused(const struct zu_flow_func *f)
{
	struct zu_error err = { 0 };

	assert_int_equal(zu_flow_run(&flow, &usual, f, &err), ZU_EINVAL);
	assert_int_equal(err.code, ZU_EINVAL);
	assert_non_null(strstr(err.text, "no function"));
}

static void test_len(void **state)
{
	uint8_t *code = calloc(1, ZU_FLOW_MAX_LEN);
	struct zu_error err = { 0 };
	uint32_t i;

	(void)state;
	assert_non_null(code);
	for (i = 0; i < ZU_FLOW_MAX_LEN; i += 2)
		memcpy(code + i, "\x07\x07", 2);
	memcpy(code + ZU_FLOW_MAX_LEN - 2, "\x07\xfe", 2);
	func = (struct zu_flow_func){
		.code = code,
		.len = ZU_FLOW_MAX_LEN,
		.addr = ADDR,
	};
	assert_int_equal(zu_flow_run(&flow, &usual, &func, &err), 0);
	expect_proven("the longest");
	assert_int_equal(flow.stats.insns, ZU_FLOW_MAX_LEN / 2);
	func.len = ZU_FLOW_MAX_LEN + 1;
	refused(&func);
	func.len = 0;
	refused(&func);
	func.len = 2;
	func.addr = ADDR + 1;
	refused(&func);
	/* an odd length: the last byte is half an instruction */
	look(code, 3);
	expect("odd", ZU_FINDING_TRUNCATED, 2);
	look(code, 1);
	expect("a byte", ZU_FINDING_TRUNCATED, 0);
	free(code);
}

static void expect_opaque(void)
{
	assert_int_equal(flow.verdict, ZU_FLOW_HINTED);
	assert_non_null(flow.hint);
	assert_int_equal(flow.nr_findings, 0);
	assert_int_equal(flow.nr_rows, 1);
	assert_int_equal(flow.rows[0].row.kind, ZU_ROW_UNDEFINED);
	assert_true(flow.returns);
}

/* What the kernel's __switch_to_asm does, in part */
static const uint8_t switch_to[] = {
	0xeb, 0x6f, 0xf0, 0x48, 0x00, 0x24,	/* stmg %r6,%r15,72(%r15) */
	0xe3, 0xf0, 0x20, 0x18, 0x00, 0x24,	/* stg %r15,24(%r2) */
	0xe3, 0xf0, 0x30, 0x18, 0x00, 0x04,	/* lg %r15,24(%r3) */
	0xe3, 0x40, 0x30, 0x20, 0x00, 0x04,	/* lg %r4,32(%r3) */
	0xeb, 0x6f, 0xf0, 0x48, 0x00, 0x04,	/* lmg %r6,%r15,72(%r15) */
	0x07, 0xfe,				/* br %r14 */
};

/* A hint needs the symbol, whole, and the shape. */
static void test_hint(void **state)
{
	uint8_t code[sizeof(switch_to)];

	(void)state;
	LOOK(endless);
	assert_false(flow.returns);
	look_named(&usual, "__switch_to_asm", switch_to, sizeof(switch_to));
	expect_opaque();
	look_named(&usual, "__switch_to_as", switch_to, sizeof(switch_to));
	assert_int_equal(flow.verdict, ZU_FLOW_UNPROVEN);
	assert_null(flow.hint);
	look_named(&usual, "__switch_to_asm2", switch_to, sizeof(switch_to));
	assert_int_equal(flow.verdict, ZU_FLOW_UNPROVEN);
	LOOK(switch_to);
	assert_int_equal(flow.verdict, ZU_FLOW_UNPROVEN);
	/* the last load is no load */
	memcpy(code, switch_to, sizeof(code));
	code[29] = 0x24;
	look_named(&usual, "__switch_to_asm", code, sizeof(code));
	assert_int_equal(flow.verdict, ZU_FLOW_UNPROVEN);
	/* nor is it another's shape by another's name */
	look_named(&usual, "ftrace_caller", switch_to, sizeof(switch_to));
	assert_int_equal(flow.verdict, ZU_FLOW_UNPROVEN);
	/* cut off before the shape is complete */
	look_named(&usual, "__switch_to_asm", switch_to, 24);
	assert_int_equal(flow.verdict, ZU_FLOW_UNPROVEN);
	assert_null(zu_hint_find(NULL, switch_to, sizeof(switch_to)));
}

/*
 * A jump to nowhere known can lead to any instruction, by a frame that is not
 * the one of the ways that are known; also where something else came first.
 */
static void test_lost_way_has_no_rows(void **state)
{
	uint8_t code[] = {
		0xeb, 0xef, 0xf0, 0x88, 0x00, 0x24,	/* stmg %r14,%r15,136(%r15) */
		0xb9, 0x04, 0x00, 0x0f,			/* lgr %r0,%r15 */
		0xe3, 0xf0, 0xff, 0x60, 0xff, 0x71,	/* lay %r15,-160(%r15) */
		0xe3, 0x00, 0xf0, 0x98, 0x00, 0x24,	/* stg %r0,152(%r15) */
		0xa7, 0x2f, 0x00, 0x00,			/* cghi %r2,0 */
		0xa7, 0x84, 0x00, 0x07,			/* je .+14 */
		0xc0, 0x10, 0x00, 0x00, 0x00, 0x05,	/* larl %r1,.+10 */
		0x47, 0xf0, 0x10, 0x04,			/* b 4(%r1) */
		0xa7, 0xfb, 0x00, 0xa0,			/* aghi %r15,160 */
		0x07, 0x07,				/* nopr %r7 */
		0x07, 0xfe,				/* br %r14 */
	};

	(void)state;
	LOOK(code);
	expect("lost", ZU_FINDING_INDIRECT_JUMP, 36);
	assert_int_equal(flow.nr_rows, 1);
	assert_int_equal(row_at(0)->kind, ZU_ROW_UNDEFINED);
	assert_int_equal(flow.stats.rows_known, 0);
	/* lay makes a stack pointer of 4: one finding before, the jump behind */
	code[13] = 0x64;
	LOOK(code);
	expect("odd", ZU_FINDING_STACK_ALIGN, 10);
	assert_int_equal(flow.nr_rows, 1);
	assert_int_equal(row_at(0)->kind, ZU_ROW_UNDEFINED);
	/* without the jump the rows before it stay */
	code[36] = 0x07;
	code[37] = 0xfe;
	LOOK(code);
	assert_int_equal(row_at(0)->kind, ZU_ROW_FRAME);
}

/*
 * With a stack pointer that is somewhere below, a place below what it was is no
 * place to keep anything: a callee may save its registers there.
 */
static void test_below_the_floor(void **state)
{
	uint8_t code[] = {
		0xeb, 0x6f, 0xf0, 0x48, 0x00, 0x24,	/* stmg %r6,%r15,72(%r15) */
		0xb9, 0x04, 0x00, 0x1f,			/* lgr %r1,%r15 */
		0xe3, 0xf0, 0xff, 0x38, 0xff, 0x71,	/* lay %r15,-200(%r15) */
		0xe3, 0x10, 0xf0, 0x98, 0x00, 0x24,	/* stg %r1,152(%r15) */
		0xb9, 0x04, 0x00, 0xbf,			/* lgr %r11,%r15 */
		0xa5, 0x27, 0xff, 0xf8,			/* nill %r2,65528 */
		0xb9, 0x09, 0x00, 0xf2,			/* sgr %r15,%r2 */
		0xe3, 0x10, 0xf0, 0x98, 0x00, 0x24,	/* stg %r1,152(%r15) */
		0xe3, 0x60, 0xbf, 0xf8, 0xff, 0x24,	/* stg %r6,-8(%r11) */
		0xa7, 0x69, 0x00, 0x00,			/* lghi %r6,0 */
		0xc0, 0xe5, 0x00, 0x80, 0x00, 0x00,	/* brasl %r14,.+0x1000000 */
		0xe3, 0x60, 0xbf, 0xf8, 0xff, 0x04,	/* lg %r6,-8(%r11) */
		0xeb, 0x7f, 0xb1, 0x18, 0x00, 0x04,	/* lmg %r7,%r15,280(%r11) */
		0x07, 0xfe,				/* br %r14 */
	};

	(void)state;
	LOOK(code);
	expect("below", ZU_FINDING_REGISTER_LOST, 68);
	/* above it is one: 160(%r11) */
	memcpy(code + 0x28, "\xe3\x60\xb0\xa0\x00\x24", 6);
	memcpy(code + 0x38, "\xe3\x60\xb0\xa0\x00\x04", 6);
	LOOK(code);
	expect_proven("above");
}

/* A member of a variable is no place for a register at the same time. */
static void test_variable_over_a_spill(void **state)
{
	uint8_t code[] = {
		0xeb, 0x7f, 0xf0, 0x50, 0x00, 0x24,	/* stmg %r7,%r15,80(%r15) */
		0xb9, 0x04, 0x00, 0x1f,			/* lgr %r1,%r15 */
		0xe3, 0xf0, 0xff, 0x38, 0xff, 0x71,	/* lay %r15,-200(%r15) */
		0xe3, 0x10, 0xf0, 0x98, 0x00, 0x24,	/* stg %r1,152(%r15) */
		0xe3, 0x60, 0xf0, 0xa8, 0x00, 0x24,	/* stg %r6,168(%r15) */
		0x41, 0x10, 0xf0, 0xa0,			/* la %r1,160(%r15) */
		0xe3, 0x20, 0x10, 0x08, 0x00, 0x24,	/* stg %r2,8(%r1) */
		0xa7, 0x69, 0x00, 0x00,			/* lghi %r6,0 */
		0xe3, 0x60, 0xf0, 0xa8, 0x00, 0x04,	/* lg %r6,168(%r15) */
		0xeb, 0x7f, 0xf1, 0x18, 0x00, 0x04,	/* lmg %r7,%r15,280(%r15) */
		0x07, 0xfe,				/* br %r14 */
	};

	(void)state;
	LOOK(code);
	expect("over", ZU_FINDING_SAVE_WRITTEN, 32);
	code[35] = 0x10;	/* stg %r2,16(%r1) */
	LOOK(code);
	expect_proven("beside");
}

/* Nothing but a nopr, wherever it is */
static int read_nopr(void *ctx, uint64_t addr, void *buf, size_t len)
{
	(void)ctx;
	(void)addr;
	memset(buf, 7, len);
	return 0;
}

/* Of half a register no address comes: what is executed is not known. */
static void test_executed_at_half_an_address(void **state)
{
	static const uint8_t code[] = {
		0xa7, 0x18, 0x01, 0x00,			/* lhi %r1,256 */
		0x44, 0x00, 0x10, 0x00,			/* ex %r0,0(%r1) */
		0x07, 0xfe,				/* br %r14 */
	};
	uint8_t whole[sizeof(code)];
	struct zu_flow_env env = usual;

	(void)state;
	env.read = read_nopr;
	look_named(&env, NULL, code, sizeof(code));
	expect("half", ZU_FINDING_EXECUTED, 4);
	memcpy(whole, code, sizeof(code));
	whole[1] = 0x19;	/* lghi */
	look_named(&env, NULL, whole, sizeof(whole));
	expect_proven("whole");
}

/*
 * The first round of a loop destroys the back chain, later ones nobody knows
 * what; also said of a path that is none, before callees are asked.
 */
static void test_first_round(void **state)
{
	uint8_t code[] = {
		0xeb, 0x6f, 0xf0, 0x48, 0x00, 0x24,	/* stmg %r6,%r15,72(%r15) */
		0xb9, 0x04, 0x00, 0x1f,			/* lgr %r1,%r15 */
		0xe3, 0xf0, 0xff, 0x60, 0xff, 0x71,	/* lay %r15,-160(%r15) */
		0xe3, 0x10, 0xf0, 0x98, 0x00, 0x24,	/* stg %r1,152(%r15) */
		0xb9, 0x02, 0x00, 0x22,			/* ltgr %r2,%r2 */
		0xa7, 0x84, 0x00, 0x0b,			/* je 48 */
		0xc0, 0xe5, 0x00, 0x80, 0x00, 0x71,	/* brasl %r14,NORETURN */
		0x41, 0x20, 0xf0, 0x98,			/* la %r2,152(%r15) */
		0xa8, 0x24, 0x00, 0x00,			/* mvcle %r2,%r4,0 */
		0xa7, 0x14, 0xff, 0xfe,			/* jo 40 */
		0xeb, 0x6f, 0xf0, 0xe8, 0x00, 0x04,	/* lmg %r6,%r15,232(%r15) */
		0x07, 0xfe,				/* br %r14 */
	};

	(void)state;
	LOOK(code);
	expect_proven("behind a call that does not return");
	memset(code + 30, 0x07, 6);	/* no call */
	LOOK(code);
	expect("first round", ZU_FINDING_CHAIN_WRITTEN, 40);
	assert_int_equal(flow.nr_rows, 1);
	assert_int_equal(row_at(0)->kind, ZU_ROW_UNDEFINED);
}

/* It does come back, whatever was looked at before. */
static void test_opaque_returns(void **state)
{
	static const uint8_t never[] = { 0xa7, 0xf4, 0x00, 0x00 };	/* j . */

	(void)state;
	LOOK(never);
	assert_false(flow.returns);
	look_named(&usual, "__switch_to_asm", switch_to, sizeof(switch_to));
	expect_opaque();
	assert_true(flow.returns);
}

/*
 * Nobody knows what r14 is in a thunk that functions return by, having loaded
 * their return address into another register.
 */
static void test_thunk_has_no_rows(void **state)
{
	uint8_t thunk[] = {
		0xc6, 0x00, 0x00, 0x00, 0x00, 0x05,	/* exrl %r0,.+10 */
		0xa7, 0xf4, 0x00, 0x00,			/* j . */
		0x07, 0xf4,				/* br %r4 */
	};
	static const uint8_t old_thunk[] = {
		0xc0, 0x10, 0x00, 0x00, 0x00, 0x07,	/* larl %r1,.+14 */
		0x44, 0x00, 0x10, 0x00,			/* ex %r0,0(%r1) */
		0xa7, 0xf4, 0x00, 0x00,			/* j . */
		0x07, 0xf2,				/* br %r2 */
	};

	(void)state;
	LOOK(thunk);
	expect_opaque();
	assert_true(flow.returns);
	LOOK(old_thunk);
	expect_opaque();
	/* to r14 it is a return, however it is entered */
	thunk[11] = 0xfe;
	LOOK(thunk);
	expect_proven("thunk of r14");
	assert_int_equal(row_at(0)->kind, ZU_ROW_FRAME);
	assert_int_equal(row_at(0)->ra_place, ZU_PLACE_SAME);
}

/* stg must not pass for stmg, nor lg for lgr. */
static void test_hint_words(void **state)
{
	static const uint8_t stmgs[] = {
		0xeb, 0x6f, 0xf0, 0x48, 0x00, 0x24,
		0xeb, 0xff, 0x20, 0x18, 0x00, 0x24,	/* stmg for stg */
		0xe3, 0xf0, 0x30, 0x18, 0x00, 0x04,
		0xe3, 0x40, 0x30, 0x20, 0x00, 0x04,
		0xeb, 0x6f, 0xf0, 0x48, 0x00, 0x04,
	};

	(void)state;
	assert_null(zu_hint_find("__switch_to_asm", stmgs, sizeof(stmgs)));
	assert_non_null(zu_hint_find("__switch_to_asm", switch_to,
				     sizeof(switch_to)));
}

/* More to follow than any function has: refused in bounded time */
static void test_too_complex(void **state)
{
	enum { LEN = 1 << 20 };
	uint8_t *code = malloc(LEN);
	uint32_t i;

	(void)state;
	assert_non_null(code);
	/* la %r7,1(%r7): with r7 the caller's r15, each row is a new one */
	memcpy(code, "\xb9\x04\x00\x7f", 4);
	for (i = 4; i < LEN; i += 4)
		memcpy(code + i, "\x41\x70\x70\x08", 4);
	memcpy(code + LEN - 4, "\x07\xfe\x07\x07", 4);
	look(code, LEN);
	assert_int_equal(flow.verdict, ZU_FLOW_UNPROVEN);
	free(code);
}

/* A result depends on nothing that came before. */
static void test_again(void **state)
{
	size_t i, k, nr_rows;

	(void)state;
	for (i = 0; i < CASES; i++) {
		struct zu_flow_row rows[16];

		look(cases[i].code, cases[i].len);
		nr_rows = flow.nr_rows;
		assert_true(nr_rows <= 16);
		memcpy(rows, flow.rows, nr_rows * sizeof(rows[0]));
		for (k = 0; k < CASES; k += 7) {
			look(cases[k].code, cases[k].len);
			look(cases[i].code, cases[i].len);
			assert_int_equal(flow.nr_rows, nr_rows);
			assert_memory_equal(flow.rows, rows,
					    nr_rows * sizeof(rows[0]));
		}
	}
}

static int teardown(void **state)
{
	(void)state;
	zu_flow_deinit(&flow);
	assert_null(flow.rows);
	zu_flow_deinit(&flow);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_all_kinds),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_long_path),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_row_by_register),
		cmocka_unit_test(test_row_after_loss),
		cmocka_unit_test(test_rows_end),
		cmocka_unit_test(test_returns),
		cmocka_unit_test(test_noreturn),
		cmocka_unit_test(test_asks_late),
		cmocka_unit_test(test_ftrace),
		cmocka_unit_test(test_no_label),
		cmocka_unit_test(test_no_chain),
		cmocka_unit_test(test_len),
		cmocka_unit_test(test_hint),
		cmocka_unit_test(test_lost_way_has_no_rows),
		cmocka_unit_test(test_below_the_floor),
		cmocka_unit_test(test_variable_over_a_spill),
		cmocka_unit_test(test_executed_at_half_an_address),
		cmocka_unit_test(test_first_round),
		cmocka_unit_test(test_opaque_returns),
		cmocka_unit_test(test_thunk_has_no_rows),
		cmocka_unit_test(test_hint_words),
		cmocka_unit_test(test_too_complex),
		cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests_name("flow", tests, NULL, teardown);
}
