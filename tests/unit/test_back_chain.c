/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walk as its callers see it; what it finds: test_stacks_data.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/make/world.h"

#define STACK 0x37fe0008000ULL
#define SIZE 0x4000
#define BOTTOM (STACK + SIZE - 360)
#define TEXT 0x3ffe0100000ULL
#define FRAMES 5

static struct world world;
static struct zu_unwind u;

struct read {
	uint64_t addr;
	size_t len;
};

static struct read reads[16];
static unsigned int nr_reads;

static int noting_read(void *ctx, uint64_t addr, void *buf, size_t len)
{
	assert_ptr_equal(ctx, &world);
	assert_true(nr_reads < 16);
	reads[nr_reads++] = (struct read){ addr, len };
	return world_read(ctx, addr, buf, len);
}

/* Five frames of 256 bytes, the last one at the bottom */
static int setup(void **state)
{
	unsigned int i;

	(void)state;
	world_init(&world);
	assert_true(world_add_stack(&world, ZU_STACK_TASK, STACK, SIZE));
	world.text[0] = (struct world_range){ TEXT, TEXT + 0x1000 };
	world.texts = 1;
	for (i = 0; i < FRAMES; i++) {
		world_put(&world, BOTTOM - i * 256 + 136, TEXT + 2 * i);
		world_put(&world, BOTTOM - i * 256 + 152,
			  i ? BOTTOM - (i - 1) * 256 : 0);
	}
	world.task.ksp = BOTTOM - (FRAMES - 1) * 256;
	world.env.read = noting_read;
	nr_reads = 0;
	memset(&u, 0xa5, sizeof(u)); /* any content will do */
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_deinit(&world);
	return 0;
}

static void test_for_each(void **state)
{
	unsigned int n = 0;

	(void)state;
	zu_for_each_frame(&u, &world.env, &world.task) {
		assert_int_equal(u.frame.sp, world.task.ksp + n * 256);
		assert_int_equal(u.frame.ip, TEXT + 2 * (FRAMES - 1 - n));
		assert_int_equal(u.frame.from,
				 n ? ZU_FROM_CHAIN : ZU_FROM_SWITCH);
		assert_int_equal(u.frame.stack, ZU_STACK_TASK);
		assert_int_equal(u.frame.regs, 0);
		assert_false(u.frame.guess);
		n++;
	}
	assert_int_equal(n, FRAMES);
	assert_true(zu_unwind_done(&u));
	assert_int_equal(u.why, ZU_WHY_NONE);
}

/* One read for each frame: on a dump that is what a walk costs. */
static void test_one_read_a_frame(void **state)
{
	unsigned int i;

	(void)state;
	zu_for_each_frame(&u, &world.env, &world.task)
		;
	assert_int_equal(nr_reads, FRAMES);
	for (i = 0; i < nr_reads; i++) {
		assert_int_equal(reads[i].addr,
				 world.task.ksp + i * 256 + 136);
		assert_int_equal(reads[i].len, 24);
	}
}

/* Of saved registers only the PSW address and r15 */
static void test_reads_of_registers(void **state)
{
	uint64_t sp = BOTTOM - 512, regs = sp + 160;

	(void)state;
	world.task.ksp = sp;
	world_put(&world, sp + 152, 0);
	world_put(&world, regs + 16, TEXT);
	world_put(&world, regs + 144, BOTTOM);
	zu_for_each_frame(&u, &world.env, &world.task)
		;
	assert_int_equal(nr_reads, 4);
	assert_int_equal(reads[1].addr, regs + 16);
	assert_int_equal(reads[1].len, 8);
	assert_int_equal(reads[2].addr, regs + 144);
	assert_int_equal(reads[2].len, 8);
	assert_int_equal(reads[3].addr, BOTTOM + 136);
}

static void test_next_behind_the_end(void **state)
{
	unsigned int before;

	(void)state;
	zu_for_each_frame(&u, &world.env, &world.task)
		;
	before = nr_reads;
	zu_unwind_next(&u);
	zu_unwind_next(&u);
	assert_true(zu_unwind_done(&u));
	assert_int_equal(u.why, ZU_WHY_NONE);
	assert_int_equal(nr_reads, before);
}

static void test_next_behind_a_bad_start(void **state)
{
	(void)state;
	world.task.ksp = 8;
	zu_unwind_start(&u, &world.env, &world.task);
	assert_true(zu_unwind_done(&u));
	zu_unwind_next(&u);
	assert_int_equal(u.why, ZU_WHY_BAD_START);
	assert_int_equal(u.at, 8);
	assert_int_equal(nr_reads, 0);
}

static void test_without_stacks(void **state)
{
	(void)state;
	world.task.nr_stacks = 0;
	zu_unwind_start(&u, &world.env, &world.task);
	world.task.nr_stacks = 1;
	assert_int_equal(u.why, ZU_WHY_BAD_START);
}

/* Two walks don't disturb each other, and each has its own cursor. */
static void test_two_walks(void **state)
{
	struct zu_unwind v;
	unsigned int n = 0;

	(void)state;
	world.env.return_to_handler = TEXT;
	world.shadow[0] = (struct world_record){ BOTTOM, TEXT + 0x800 };
	world.shadow[1] = (struct world_record){ 8, TEXT + 0x802 };
	world.shadow[2] = (struct world_record){ BOTTOM, TEXT };
	world.shadows = 3;
	zu_unwind_start(&v, &world.env, &world.task);
	zu_for_each_frame(&u, &world.env, &world.task) {
		assert_int_equal(u.frame.sp, v.frame.sp);
		assert_int_equal(u.frame.ip, v.frame.ip);
		assert_int_equal(u.frame.from, v.frame.from);
		zu_unwind_next(&v);
		n++;
	}
	assert_true(zu_unwind_done(&v));
	assert_int_equal(n, FRAMES);
	assert_int_equal(u.frame.from, ZU_FROM_FGRAPH);
}

static void test_from_words(void **state)
{
	(void)state;
	assert_string_equal(zu_from_word(ZU_FROM_SWITCH), "switch");
	assert_string_equal(zu_from_word(ZU_FROM_CHAIN), "chain");
	assert_string_equal(zu_from_word(ZU_FROM_EXCEPTION), "exception");
	assert_string_equal(zu_from_word(ZU_FROM_FGRAPH), "fgraph");
	assert_string_equal(zu_from_word(ZU_FROM_RETHOOK), "rethook");
	assert_string_equal(zu_from_word(99), "unknown");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_for_each),
		TEST(test_one_read_a_frame),
		TEST(test_reads_of_registers),
		TEST(test_next_behind_the_end),
		TEST(test_next_behind_a_bad_start),
		TEST(test_without_stacks),
		TEST(test_two_walks),
		TEST(test_from_words),
	};

	return cmocka_run_group_tests_name("back-chain", tests, NULL, NULL);
}
