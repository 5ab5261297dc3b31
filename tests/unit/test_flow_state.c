/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known at one point of a function: values, slots, where paths meet */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "flow/state.h"

#define RA zu_val_entry(14)

static struct zu_state entry(void)
{
	struct zu_state s;

	memset(&s, 0xa5, sizeof(s));
	zu_state_entry(&s);
	return s;
}

/* Behind "stmg %r11,%r15,112(%r15)" and "lay %r15,-N(%r15)" */
static struct zu_state framed(int32_t size)
{
	struct zu_state s = entry();
	unsigned int r;

	for (r = 11; r < 15; r++)
		zu_slot_put(&s, 24 + 8 * (int64_t)r, zu_val_entry(r));
	zu_slot_put(&s, 144, zu_val_sp(0));
	s.reg[15] = zu_val_sp(-size);
	return s;
}

static bool merge(struct zu_state *to, const struct zu_state *from)
{
	return zu_state_merge(to, from);
}

static void test_values(void **state)
{
	(void)state;
	assert_int_equal(zu_val_kind(RA), ZU_VAL_ENTRY);
	assert_int_equal(zu_val_reg(RA), 14);
	assert_int_equal(zu_val_num(zu_val_sp(-160)), -160);
	assert_int_equal(zu_val_num(zu_val_sp(-600024)), -600024);
	assert_true(zu_val_is(zu_val_sp(0), ZU_VAL_SP));
	assert_int_not_equal(zu_val_sp(0), 0);
	assert_int_not_equal(zu_val_sp(0), zu_val_sp(8));
	assert_int_not_equal(zu_val_entry(11), zu_val_entry(12));
	assert_true(zu_val_is(0, ZU_VAL_UNKNOWN));
}

/* 56 bits are kept; what has more is unknown, and never another number. */
static void test_const_bounds(void **state)
{
	const int64_t max = (INT64_C(1) << 55) - 1, min = -max - 1;

	(void)state;
	assert_int_equal(zu_val_num(zu_val_const(max)), max);
	assert_int_equal(zu_val_num(zu_val_const(min)), min);
	assert_int_equal(zu_val_const(max + 1), 0);
	assert_int_equal(zu_val_const(min - 1), 0);
	assert_int_equal(zu_val_const(INT64_MAX), 0);
	assert_int_equal(zu_val_const(INT64_MIN), 0);
	assert_int_equal(zu_val_num(zu_val_const(-1)), -1);
	assert_true(zu_val_is_const64(zu_val_const(7)));
	assert_false(zu_val_is_const64(zu_val_const32(7)));
	assert_int_not_equal(zu_val_const(7), zu_val_const32(7));
}

static void test_max_bounds(void **state)
{
	const int64_t top = INT64_C(1) << 40;

	(void)state;
	assert_int_equal(zu_val_num(zu_val_max(top - 1, 0)), top - 1);
	assert_int_equal(zu_val_max(top, 0), 0);
	assert_int_equal(zu_val_max(-1, 0), 0);
	assert_true(zu_val_is(zu_val_max(0, 0), ZU_VAL_MAX));
	assert_int_not_equal(zu_val_max(7, 0), zu_val_max(7, ZU_MAX_LOW));
}

static void test_entry(void **state)
{
	struct zu_state s = entry();
	unsigned int r;

	(void)state;
	for (r = 2; r < 6; r++)
		assert_int_equal(s.reg[r], 0);
	for (r = 0; r < 2; r++)
		assert_true(s.reg[r] == zu_val_entry(r) &&
			    zu_val_is_resume(s.reg[r]));
	for (r = 6; r < 15; r++)
		assert_int_equal(s.reg[r], zu_val_entry(r));
	assert_int_equal(s.reg[15], zu_val_sp(0));
	assert_int_equal(s.nr_slots, 0);
	assert_int_equal(s.chain, 0);
	assert_false(s.bad || s.ra_saved || s.fp_saved || s.resume_kept);
	assert_int_equal(s.ra_gone, 0);
	assert_true(zu_state_has_cfa(&s));
}

static void test_copy(void **state)
{
	struct zu_state s = framed(160), t;

	(void)state;
	memset(&t, 0x5a, sizeof(t));
	zu_state_copy(&t, &s);
	assert_int_equal(t.nr_slots, s.nr_slots);
	assert_memory_equal(t.reg, s.reg, sizeof(s.reg));
	assert_memory_equal(t.slot, s.slot, s.nr_slots * sizeof(s.slot[0]));
}

static void test_slots(void **state)
{
	struct zu_state s = entry();

	(void)state;
	zu_slot_put(&s, 136, RA);
	zu_slot_put(&s, -8, zu_val_sp(0));
	zu_slot_put(&s, 112, zu_val_entry(11));
	assert_int_equal(s.nr_slots, 3);
	assert_int_equal(zu_slot_get(&s, 136), RA);
	assert_int_equal(zu_slot_get(&s, -8), zu_val_sp(0));
	assert_int_equal(zu_slot_get(&s, 135), 0);
	assert_int_equal(zu_slot_get(&s, 137), 0);
	assert_int_equal(zu_slot_get(&s, 128), 0);
	/* by offset */
	assert_true(s.slot[0].off < s.slot[1].off);
	assert_true(s.slot[1].off < s.slot[2].off);
	/* another value takes its place */
	zu_slot_put(&s, 136, zu_val_entry(6));
	assert_int_equal(s.nr_slots, 3);
	assert_int_equal(zu_slot_get(&s, 136), zu_val_entry(6));
	/* unknown ones are not kept */
	zu_slot_put(&s, 136, 0);
	assert_int_equal(s.nr_slots, 2);
}

/* A byte of overlap is enough, one byte beside is not. */
static void test_overlap(void **state)
{
	static const struct {
		int64_t off, len;
		bool hit;
	} stores[] = {
		{ 128, 8, false }, { 129, 8, true }, { 135, 1, false },
		{ 136, 1, true }, { 143, 1, true }, { 144, 1, false },
		{ 143, 8, true }, { 144, 8, false }, { 0, 136, false },
		{ 0, 137, true }, { -4096, 8192, true }, { 136, 8, true },
	};
	struct zu_state s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(stores) / sizeof(stores[0]); i++) {
		s = entry();
		zu_slot_put(&s, 136, RA);
		zu_slot_forget(&s, stores[i].off, stores[i].len);
		assert_int_equal(s.nr_slots, stores[i].hit ? 0 : 1);
		s = entry();
		zu_slot_put(&s, 136, RA);
		if (stores[i].len != 8)
			continue;
		zu_slot_put(&s, stores[i].off, zu_val_sp(0));
		assert_int_equal(zu_slot_get(&s, stores[i].off),
				 zu_val_sp(0));
		assert_int_equal(zu_slot_get(&s, 136) == RA, !stores[i].hit);
	}
}

/* What does not fit is unknown; what is there stays. */
static void test_many_slots(void **state)
{
	struct zu_state s = entry();
	int64_t off;

	(void)state;
	for (off = 0; off < 8 * (ZU_SLOTS + 4); off += 8)
		zu_slot_put(&s, -off, RA);
	assert_int_equal(s.nr_slots, ZU_SLOTS);
	assert_int_equal(zu_slot_get(&s, 0), RA);
	assert_int_equal(zu_slot_get(&s, -8 * (ZU_SLOTS - 1)), RA);
	assert_int_equal(zu_slot_get(&s, -8 * ZU_SLOTS), 0);
	/* a store where there is one already has room */
	zu_slot_put(&s, -8, zu_val_sp(0));
	assert_int_equal(zu_slot_get(&s, -8), zu_val_sp(0));
}

/* Displacements that no stack has, but an instruction can */
static void test_far_slots(void **state)
{
	static const int64_t offs[] = {
		INT32_MAX, INT32_MAX - 7, INT32_MIN, (int64_t)INT32_MAX + 1,
		(int64_t)INT32_MIN - 1, INT64_C(1) << 54, -(INT64_C(1) << 54),
	};
	struct zu_state s = entry();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(offs) / sizeof(offs[0]); i++) {
		zu_val v;

		zu_slot_put(&s, offs[i], RA);
		v = zu_slot_get(&s, offs[i]);
		assert_true(!v || v == RA);
		zu_slot_forget(&s, offs[i], 8);
		assert_int_equal(zu_slot_get(&s, offs[i]), 0);
	}
	zu_slot_put(&s, 136, RA);
	zu_slot_forget(&s, INT32_MAX, 256);
	assert_int_equal(zu_slot_get(&s, 136), RA);
}

static void test_merge_same(void **state)
{
	struct zu_state s = framed(160), t = framed(160);

	(void)state;
	s.ra_saved = t.ra_saved = true;
	assert_false(merge(&s, &t));
	assert_int_equal(s.nr_slots, 5);
	assert_int_equal(s.reg[15], zu_val_sp(-160));
	assert_true(s.ra_saved);
}

/* Forgetting goes one way, and ends. */
static void test_merge_registers(void **state)
{
	struct zu_state s = framed(160), t = framed(160);

	(void)state;
	t.reg[7] = zu_val_const(1);
	s.reg[8] = 0;
	s.reg[1] = zu_val_max(3, 0);
	t.reg[1] = zu_val_max(5, 0);
	assert_true(merge(&s, &t));
	assert_int_equal(s.reg[7], 0);
	assert_int_equal(s.reg[8], 0);
	assert_int_equal(s.reg[1], 0);
	assert_int_equal(s.reg[9], zu_val_entry(9));
	assert_false(merge(&s, &t));
	/* the other way there was more to forget */
	assert_true(merge(&t, &s));
	assert_false(merge(&t, &s));
	assert_memory_equal(t.reg, s.reg, sizeof(s.reg));
}

static void test_merge_slots(void **state)
{
	struct zu_state s = framed(160), t = framed(160);

	(void)state;
	zu_slot_put(&s, -8, RA);		/* only here */
	zu_slot_put(&t, -16, RA);		/* only there */
	zu_slot_put(&t, 120, zu_val_sp(0));	/* not the same */
	zu_slot_forget(&t, 136, 8);
	assert_true(merge(&s, &t));
	assert_int_equal(zu_slot_get(&s, -8), 0);
	assert_int_equal(zu_slot_get(&s, -16), 0);
	assert_int_equal(zu_slot_get(&s, 120), 0);
	assert_int_equal(zu_slot_get(&s, 136), 0);
	assert_int_equal(zu_slot_get(&s, 112), zu_val_entry(11));
	assert_int_equal(zu_slot_get(&s, 144), zu_val_sp(0));
	assert_false(merge(&s, &t));
}

static void test_merge_flags(void **state)
{
	struct zu_state s = framed(160), t = framed(160);

	(void)state;
	s.ra_saved = t.fp_saved = true;
	assert_true(merge(&s, &t));
	assert_false(s.ra_saved);
	assert_false(s.fp_saved);
	assert_true(merge(&t, &s));
	assert_false(t.fp_saved);
	t.bad = true;
	assert_true(merge(&s, &t));
	assert_true(s.bad);
	assert_false(merge(&s, &t));
}

static void test_merge_bound(void **state)
{
	struct zu_state s = framed(160), t = framed(160);

	(void)state;
	s.bound = (struct zu_bound){ .max = 3, .disp = 7, .base = 2, .len = 1 };
	t.bound = s.bound;
	assert_false(merge(&s, &t));
	t.bound.max = 4;
	assert_true(merge(&s, &t));
	assert_int_equal(s.bound.base, 0);
	assert_false(merge(&s, &t));
}

/* Stack pointers that differ: r15 is unknown, but another may lead to P. */
static void test_merge_stacks(void **state)
{
	struct zu_state s = framed(160), t = framed(176);

	(void)state;
	assert_true(merge(&s, &t));
	assert_int_equal(s.reg[15], 0);
	assert_int_equal(s.floor, -160);
	assert_false(zu_state_has_cfa(&s));
	s = framed(176);
	t = framed(160);
	s.reg[11] = t.reg[11] = zu_val_sp(-160);
	assert_true(merge(&s, &t));
	assert_int_equal(s.floor, -160);
	assert_true(zu_state_has_cfa(&s));
	assert_false(merge(&s, &t));
}

/* The chain is where r15 is, whatever that is. */
static void test_merge_chains(void **state)
{
	struct zu_state s = framed(160), t = framed(176);

	(void)state;
	zu_slot_put(&s, -160 + 152, zu_val_sp(0));
	zu_slot_put(&t, -176 + 152, zu_val_sp(0));
	assert_true(merge(&s, &t));
	assert_int_equal(s.chain, zu_val_sp(0));
	assert_true(zu_state_has_cfa(&s));
	/* with a frame that has none it is lost */
	t = framed(192);
	assert_true(merge(&s, &t));
	assert_int_equal(s.chain, 0);
	assert_false(zu_state_has_cfa(&s));
	assert_false(merge(&s, &t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_const_bounds),
		cmocka_unit_test(test_max_bounds),
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_many_slots),
		cmocka_unit_test(test_far_slots),
		cmocka_unit_test(test_merge_same),
		cmocka_unit_test(test_merge_registers),
		cmocka_unit_test(test_merge_slots),
		cmocka_unit_test(test_merge_flags),
		cmocka_unit_test(test_merge_bound),
		cmocka_unit_test(test_merge_stacks),
		cmocka_unit_test(test_merge_chains),
	};

	return cmocka_run_group_tests_name("flow-state", tests, NULL, NULL);
}
