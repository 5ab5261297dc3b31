/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random stacks, made from a fixed seed: core/ has to say of each what the
 * model says, and a few things have to hold for all of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "tests/make/model.h"

#define ROUNDS 200000
#define STACK_SIZE 4096
#define BUSY 1024	/* so much of it, at its end, is in use */
#define MAX_FRAMES 2048

#define TEXT 0x3ffe0100000ULL
#define TEXT_SIZE 0x1000
#define HANDLER (TEXT + 0x100)
#define TRAMPOLINE (TEXT + 0x200)
#define STACKS 0x37fe0000000ULL
#define STACK_STEP 0x4000

static struct world world;
static uint64_t seed;
static uint64_t round_nr;

/* xorshift64*, by Marsaglia and Vigna */
static uint64_t any(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return seed * 0x2545f4914f6cdd1dULL;
}

static uint64_t below(uint64_t n)
{
	return (any() >> 32) % n;
}

static bool one_in(uint64_t n)
{
	return below(n) == 0;
}

static uint64_t any_text(void)
{
	return TEXT + 0x400 + 2 * below(0x400);
}

static const struct zu_stack *any_stack(void)
{
	return &world.stack[one_in(4) ? below(world.task.nr_stacks) : 0];
}

/* A value that means something to the walk, for a word at @addr */
static uint64_t any_word(uint64_t addr)
{
	const struct zu_stack *s = any_stack();

	switch (below(12)) {
	case 0:
	case 1:
		return 0;
	case 2:
	case 3:
		return any_text();
	case 4:
		return one_in(2) ? HANDLER : TRAMPOLINE;
	case 5:
		return s->end - 160 - 8 + 8 * below(3);
	case 6:
		return s->end - world.env.regs_size - 160 - 8 + 8 * below(3);
	case 7:
		return s->begin + 8 * below(STACK_SIZE / 8);
	case 8:
		return s->begin + below(STACK_SIZE + 16);
	case 9:
		return any();
	case 10:
		return TEXT - 2 + below(2) * TEXT_SIZE + below(4);
	default:
		return addr - 160 + 8 * below(64);
	}
}

static void put(uint64_t addr, uint64_t value)
{
	world_put(&world, addr, value);
}

static uint64_t any_return(void)
{
	return one_in(16) ? one_in(2) ? HANDLER : TRAMPOLINE : any_text();
}

static void record(struct world_record *r, unsigned int *n, uint64_t sp)
{
	if (*n < WORLD_RECORDS)
		r[(*n)++] = (struct world_record){
			sp, one_in(8) ? any_return() : any_text(),
		};
}

/* Frames from @sp up to @top, some of them interrupted; @ret: the last one */
static uint64_t put_chain(uint64_t sp, uint64_t top, bool interrupts)
{
	for (;;) {
		bool stop = interrupts && one_in(10);
		uint64_t step = stop ? 360 + 8 * below(8) : 24 + 8 * below(12);

		put(sp + 136, any_return());
		if (one_in(8))
			record(world.shadow, &world.shadows, sp);
		if (one_in(8))
			record(world.probe, &world.probes, sp);
		if (sp + step > top)
			return sp;
		put(sp + 152, stop ? 0 : sp + step);
		if (stop) {
			put(sp + 160 + 16, any_text());
			put(sp + 160 + 144, sp + step);
		}
		sp += step;
	}
}

static void clear(void)
{
	unsigned int i;

	for (i = 0; i < world.task.nr_stacks; i++)
		memset(world.mem[i], 0, STACK_SIZE);
	world.shadows = world.probes = world.holes = 0;
	world.task.nr_stacks = 1;
	world.task.regs = world.stack[0].end - world.env.regs_size;
}

/* A task's stack as the kernel makes it */
static void put_good(bool interrupts)
{
	const struct zu_stack *s = &world.stack[0];
	uint64_t bottom = world.task.regs - 160, last;

	world.task.ksp = one_in(16) ? s->begin : bottom - BUSY;
	world.task.ksp += 8 * below(BUSY / 8);
	last = put_chain(world.task.ksp, bottom - 24, interrupts);
	put(last + 152, bottom);
	put(bottom + 136, any_text());
	put(bottom + 152, 0);
}

/* As if it ran: it begins on other stacks, and may come back to them. */
static void put_others(void)
{
	uint64_t to = world.task.ksp;

	world.task.nr_stacks = WORLD_STACKS;
	while (one_in(2)) {
		const struct zu_stack *s = any_stack();
		uint64_t first = s->end - BUSY + 8 * below(64), last;

		last = put_chain(first, s->end - 360 - 24, true);
		put(last + 152, last + 24);
		put(last + 24 + 136, any_text());
		put(last + 24 + 152, one_in(4) ? 0 : to);
		put(s->end - world.env.regs_size + 8, any());
		to = first;
	}
	world.task.ksp = to;
}

/* Around a hundred frames */
static void put_deep(void)
{
	uint64_t bottom = world.task.regs - 160;
	uint64_t n = 96 + below(8), sp;

	world.task.ksp = bottom - 24 * n;
	for (sp = world.task.ksp; sp <= bottom; sp += 24) {
		put(sp + 136, any_text());
		put(sp + 152, sp < bottom ? sp + 24 : 0);
	}
}

static void put_wild(void)
{
	uint64_t addr;
	unsigned int i;

	if (one_in(2))
		world.task.nr_stacks = WORLD_STACKS;
	for (i = 0; i < world.task.nr_stacks; i++)
		for (addr = world.stack[i].end - BUSY;
		     addr < world.stack[i].end; addr += 8)
			put(addr, any_word(addr));
	world.task.ksp = any_stack()->end - BUSY + 8 * below(64);
}

static void mutate(void)
{
	uint64_t i = below(5);

	while (i--) {
		const struct zu_stack *s = any_stack();
		uint64_t addr = s->end - BUSY + 8 * below(BUSY / 8);
		uint8_t *byte = world_at(&world, addr + below(8), 1);

		if (one_in(4))
			*byte ^= (uint8_t)(1u << below(8));
		else
			put(addr, any_word(addr));
	}
	if (one_in(16))
		world.task.ksp = any_word(world.task.ksp);
	if (one_in(16))
		world.task.regs += 8 * below(3) - 8;
}

static void make_any(void)
{
	clear();
	if (one_in(8)) {
		put_wild();
		return;
	}
	if (one_in(16))
		put_deep();
	else
		put_good(one_in(2));
	if (one_in(4))
		put_others();
	mutate();
}

static struct zu_frame frames[MAX_FRAMES];
static struct model_spot spots[MAX_FRAMES];

static struct walk do_walk(void)
{
	struct walk walk = { .frame = frames, .room = MAX_FRAMES };

	walk_world(&world, &walk);
	return walk;
}

#define check(what)							\
	do {								\
		if (!(what))						\
			fail_msg("round %" PRIu64 ": not so: %s",	\
				 round_nr, #what);			\
	} while (0)

static void check_frames(const struct walk *walk, const struct model *m)
{
	unsigned int i;

	check(walk->n == m->n);
	for (i = 0; i < m->n; i++) {
		check(frames[i].sp == spots[i].sp);
		check(frames[i].ip == spots[i].ip);
		check(frames[i].regs == spots[i].regs);
		check(frames[i].stack == spots[i].type);
		check(frames[i].guess != spots[i].reliable);
	}
	check((walk->why != ZU_WHY_NONE) == m->error);
}

/* What the kernel's refusals are called */
static bool named(enum model_verdict v, const struct walk *walk)
{
	enum zu_why why = walk->kernel.why;

	switch (v) {
	case MODEL_RELIABLE:
		return why == ZU_WHY_NONE;
	case MODEL_OTHER_STACK:
		return why == ZU_WHY_OFF_STACK;
	case MODEL_REGS:
		return why == ZU_WHY_EXCEPTION_FRAME;
	case MODEL_NO_ADDRESS:
		return why == ZU_WHY_NOT_TEXT ||
		       why == ZU_WHY_UNRESOLVED_RETHOOK;
	case MODEL_TRAMPOLINE:
		return why == ZU_WHY_UNRESOLVED_RETHOOK;
	case MODEL_FULL:
		return why == ZU_WHY_TOO_DEEP;
	case MODEL_ERROR:
		return why == walk->why && why != ZU_WHY_NONE;
	}
	return false;
}

/* Whatever the memory holds */
static void check_always(const struct walk *walk)
{
	unsigned int room = world.task.nr_stacks * (STACK_SIZE / 8);

	check(!walk->endless);
	check(walk->n <= 2 * room);
	check(!world.stray);
	check(walk->kernel.why == ZU_WHY_NONE || walk->strict.why);
	check(walk->strict.why != ZU_WHY_NONE || walk->why == ZU_WHY_NONE);
	/* strict rules find it at the same frame or before */
	check(!walk->kernel.why || walk->strict.frame <= walk->kernel.frame);
}

static void test_core_is_the_model(void **state)
{
	unsigned int seen[ZU_WHY_COUNT] = { 0 }, i;

	(void)state;
	/* these have tests of their own */
	seen[ZU_WHY_UNREADABLE] = seen[ZU_WHY_FRAME_SIZE] = ROUNDS;
	seen[ZU_WHY_CALL_SITE] = seen[ZU_WHY_NO_ROW] = ROUNDS;
	seen[ZU_WHY_CHANGED] = ROUNDS;
	for (round_nr = 0; round_nr < ROUNDS; round_nr++) {
		struct model m = {
			.w = &world, .spot = spots, .room = MAX_FRAMES,
		};
		unsigned int frame = 0;
		struct walk walk;

		make_any();
		walk = do_walk();
		model_walk(&m);
		check_frames(&walk, &m);
		check(named(model_judge(&m, &frame), &walk));
		check(!walk.kernel.why || walk.kernel.frame == frame);
		check_always(&walk);
		seen[walk.strict.why]++;
	}
	for (i = 0; i < ZU_WHY_COUNT; i++)
		if (seen[i] < ROUNDS / 2000)
			fail_msg("%u rounds only end in %s", seen[i],
				 i ? zu_why_word(i) : "reliable");
}

/* In a good chain, text to the very end */
static void make_good(void)
{
	clear();
	do {
		world.shadows = world.probes = 0;
		put_good(false);
	} while (do_walk().strict.why);
}

/* One return address of a good chain turned to what is no text */
static void test_flipped_return_address(void **state)
{
	(void)state;
	for (round_nr = 0; round_nr < ROUNDS / 20; round_nr++) {
		struct walk walk;
		uint64_t bad, slot;
		unsigned int victim;

		make_good();
		walk = do_walk();
		victim = (unsigned int)below(walk.n);
		slot = frames[victim].sp + 136;
		bad = zu_be64(world_at(&world, slot, 8)) ^ 1ULL << below(64);
		if (world_is_text(&world, bad))
			bad = TEXT + TEXT_SIZE;
		put(slot, bad);
		walk = do_walk();
		check(walk.strict.why == ZU_WHY_NOT_TEXT);
		check(walk.kernel.why == ZU_WHY_NOT_TEXT);
		check(walk.strict.frame == victim && walk.strict.at == bad);
		check(walk.kernel.frame == victim && walk.kernel.at == bad);
	}
}

/* Missing memory makes a walk shorter, and never another one. */
static void test_holes(void **state)
{
	static struct zu_frame whole[MAX_FRAMES];
	unsigned int cut = 0, i;

	(void)state;
	for (round_nr = 0; round_nr < ROUNDS / 20; round_nr++) {
		const struct zu_stack *s;
		struct walk walk, all;

		make_any();
		all = do_walk();
		for (i = 0; i < all.n; i++)
			whole[i] = frames[i];
		s = any_stack();
		world.holes = 1;
		world.hole[0].begin = s->end - BUSY + below(BUSY);
		world.hole[0].end = world.hole[0].begin + 1 + below(64);
		walk = do_walk();
		check_always(&walk);
		check(walk.n <= all.n);
		for (i = 0; i < walk.n; i++)
			check(frames[i].sp == whole[i].sp &&
			      frames[i].ip == whole[i].ip);
		check(walk.why == ZU_WHY_UNREADABLE ||
		      (walk.why == all.why && walk.n == all.n &&
		       walk.at == all.at));
		cut += walk.why == ZU_WHY_UNREADABLE;
	}
	assert_true(cut > ROUNDS / 20 / 20);
}

#define FUNC_SIZE 0x20
#define MAX_FUNCS 40
#define SWITCH_TO (TEXT + 0x300)

/* Where function @i calls the one before it */
static uint64_t call_of(unsigned int i)
{
	return TEXT + 0x400 + i * FUNC_SIZE + FUNC_SIZE / 2;
}

static void add_func(unsigned int i, uint64_t step)
{
	uint64_t begin = call_of(i) - FUNC_SIZE / 2;

	world.text[i + 1] = (struct world_range){ begin, begin + FUNC_SIZE };
	world.call[i] = (struct world_call){
		.ret = call_of(i), .call = ZU_CALL_DIRECT,
		.target = i ? begin - FUNC_SIZE : SWITCH_TO,
	};
	/* nothing is known of the other half */
	world.row[i] = (struct world_row){
		.begin = begin, .end = begin + FUNC_SIZE / 2,
		.row = {
			.kind = step ? ZU_ROW_FRAME : ZU_ROW_END,
			.cfa_rule = step ? ZU_CFA_REG : 0,
			.cfa_reg = step ? 15 : 0,
			.cfa_off = step ? (int32_t)step + ZU_FRAME_SIZE : 0,
			.ra_place = step ? ZU_PLACE_CFA : 0,
			.ra_off = step ? ZU_FRAME_R14 - ZU_FRAME_SIZE : 0,
		},
	};
}

/* A chain whose functions call each other, and all of their code */
static void make_code(void)
{
	uint64_t bottom = world.task.regs - 160, sp, step;
	unsigned int i;

	clear();
	sp = world.task.ksp = bottom - BUSY / 2 + 8 * below(8);
	for (i = 0; sp < bottom; i++, sp += step) {
		step = 24 + 8 * below(12);
		if (i == MAX_FUNCS - 2 || sp + step + 24 > bottom)
			step = bottom - sp;
		put(sp + 136, call_of(i));
		put(sp + 152, sp + step);
		add_func(i, step);
	}
	put(bottom + 136, call_of(i));
	add_func(i, 0);
	world.rows = world.calls = i + 1;
	world.texts = i + 2;
}

/* What looks most like the truth */
static void change_word(uint64_t addr)
{
	uint64_t to;

	switch (below(4)) {
	case 0:
		to = call_of((unsigned int)below(world.calls));
		break;
	case 1:
		to = call_of((unsigned int)below(world.calls)) + 2;
		break;
	case 2:
		to = world.task.ksp + 8 * below(BUSY / 16);
		break;
	default:
		to = any_word(addr);
	}
	put(addr, to);
}

/* Of a word that is not what it was the witnesses know, or it was not used. */
static void test_one_word_with_code(void **state)
{
	static struct zu_frame whole[MAX_FRAMES];
	unsigned int seen[ZU_WHY_COUNT] = { 0 }, i;
	unsigned int texts = world.texts;

	(void)state;
	world_have_code(&world);
	world.env.switch_to[0] = SWITCH_TO;
	for (round_nr = 0; round_nr < ROUNDS / 4; round_nr++) {
		struct walk walk, all;

		make_code();
		all = do_walk();
		check(!all.strict.why && !all.kernel.why);
		for (i = 0; i < all.n; i++)
			whole[i] = frames[i];
		change_word(frames[below(all.n)].sp + (one_in(2) ? 136 : 152));
		walk = do_walk();
		seen[walk.strict.why]++;
		check(!walk.kernel.why || walk.strict.why);
		if (walk.strict.why)
			continue;
		check(walk.n == all.n);
		for (i = 0; i < all.n; i++)
			check(frames[i].sp == whole[i].sp &&
			      frames[i].ip == whole[i].ip);
	}
	assert_true(seen[ZU_WHY_FRAME_SIZE] > ROUNDS / 2000);
	assert_true(seen[ZU_WHY_CALL_SITE] > ROUNDS / 200);
	assert_true(seen[ZU_WHY_NO_ROW] > ROUNDS / 200);
	world.env.site = NULL;
	world.texts = texts;
}

static struct {
	uint64_t inner, outer;
	struct zu_link link;
} links[MAX_FUNCS];
static unsigned int nr_links, hits;

static bool known_link(void *ctx, uint64_t inner, uint64_t outer,
		       struct zu_link *ret)
{
	unsigned int i;

	(void)ctx;
	for (i = 0; i < nr_links; i++) {
		if (links[i].inner != inner || links[i].outer != outer)
			continue;
		*ret = links[i].link;
		hits++;
		return true;
	}
	return false;
}

static void learn_link(void *ctx, uint64_t inner, uint64_t outer, uint64_t func,
		       const struct zu_link *link)
{
	(void)ctx;
	check(func == inner - FUNC_SIZE / 2);
	check(nr_links < MAX_FUNCS);
	links[nr_links].inner = inner;
	links[nr_links].outer = outer;
	links[nr_links++].link = *link;
}

/* The same return addresses, but the frame of one lies elsewhere */
static void move_frame(unsigned int n)
{
	unsigned int i = 1 + (unsigned int)below(n - 2);
	uint64_t to = frames[i].sp + 8, next = frames[i + 1].sp;

	if (next - frames[i].sp < 48)
		return;
	put(frames[i - 1].sp + 152, to);
	put(to + 136, frames[i].ip);
	put(to + 152, next);
}

/* What a walk says does not depend on what walks before it learnt. */
static void test_known_links(void **state)
{
	unsigned int refused = 0, texts = world.texts;

	(void)state;
	world_have_code(&world);
	world.env.switch_to[0] = SWITCH_TO;
	for (round_nr = 0; round_nr < ROUNDS / 4; round_nr++) {
		struct walk first, with, without;

		make_code();
		nr_links = 0;
		world.env.link = known_link;
		world.env.learn = learn_link;
		first = do_walk();
		check(!first.strict.why && nr_links == first.n - 1);
		if (one_in(3) && first.n > 3)
			move_frame((unsigned int)first.n);
		else
			change_word(frames[below(first.n)].sp +
				    (one_in(2) ? 136 : 152));
		with = do_walk();
		world.env.link = NULL;
		world.env.learn = NULL;
		without = do_walk();
		check(with.n == without.n);
		check(with.strict.why == without.strict.why);
		check(with.strict.frame == without.strict.frame);
		check(with.strict.at == without.strict.at);
		refused += with.strict.why != ZU_WHY_NONE;
	}
	assert_true(hits > ROUNDS && refused > ROUNDS / 10);
	world.env.site = NULL;
	world.texts = texts;
}

static int setup(void **state)
{
	unsigned int i;

	(void)state;
	seed = 0x5a390;
	world_init(&world);
	for (i = 0; i < WORLD_STACKS; i++)
		if (!world_add_stack(&world, ZU_STACK_TASK + i,
				     STACKS + i * STACK_STEP, STACK_SIZE))
			return -1;
	world.text[0] = (struct world_range){ TEXT, TEXT + TEXT_SIZE };
	world.texts = 1;
	world.hides = TEXT + 0x400;
	world.env.return_to_handler = HANDLER;
	world.env.rethook_trampoline = TRAMPOLINE;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world.task.nr_stacks = WORLD_STACKS;
	world_deinit(&world);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_core_is_the_model),
		cmocka_unit_test(test_flipped_return_address),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_one_word_with_code),
		cmocka_unit_test(test_known_links),
	};

	return cmocka_run_group_tests_name("walk-property", tests, setup,
					   teardown);
}
