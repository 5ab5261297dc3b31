/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who holds up a transition: what is looked for on stacks, and each cause. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "klp/blocker.h"
#include "tests/make/fakekernel_check.h"
#include "tests/make/fk_livepatch.h"

#define SIZE 64u
#define FRAME 160

/* Two functions, a and b, each patched once or twice */
struct some {
	struct fk *fk;
	uint64_t old[2], first[2], second[2];
	uint64_t patch1, patch2, object1, object2;
	uint64_t func1[2], func2[2];
};

static void add_patches(struct some *s)
{
	static const char *const name[] = { "a", "b" };
	unsigned int i;

	s->patch1 = fk_klp_patch(s->fk, "fix1");
	s->object1 = fk_klp_object(s->fk, s->patch1, NULL, true);
	s->patch2 = fk_klp_patch(s->fk, "fix2");
	s->object2 = fk_klp_object(s->fk, s->patch2, NULL, true);
	for (i = 0; i < 2; i++) {
		s->func1[i] = fk_klp_func(s->fk, s->object1, name[i],
					  s->old[i], s->first[i], SIZE);
		s->func2[i] = fk_klp_func(s->fk, s->object2, name[i],
					  s->old[i], s->second[i], SIZE);
	}
}

static struct some make(void)
{
	struct some s = { .fk = fk_new(FK_6_12) };

	fk_livepatch(s.fk);
	s.old[0] = fk_func_size(s.fk, "a", SIZE);
	s.old[1] = fk_func_size(s.fk, "b", SIZE);
	s.first[0] = fk_func_size(s.fk, "a_first", SIZE);
	s.first[1] = fk_func_size(s.fk, "b_first", SIZE);
	s.second[0] = fk_func_size(s.fk, "a_second", SIZE);
	s.second[1] = fk_func_size(s.fk, "b_second", SIZE);
	add_patches(&s);
	return s;
}

static struct fk_task *sleeper(struct some *s, int pid, uint64_t ip)
{
	struct fk_task *t = fk_task(s->fk, "sleeper", pid);

	fk_sleep(t);
	fk_frame_at(t, ip, FRAME);
	return t;
}

/* An opened kernel, and what is looked for in it */
struct open {
	struct zu_kernel *k;
	struct zu_klp klp;
	struct zu_klp_ranges ranges;
	struct zu_klp_blocker b;
};

static void open_it(struct open *o, struct some *s)
{
	struct zu_error err = { .text = "" };

	*o = (struct open){
		.klp = ZU_KLP_INIT, .b = ZU_KLP_BLOCKER_INIT,
	};
	o->k = fk_open(s->fk);
	assert_int_equal(zu_klp_read(o->k, &o->klp, &err), 0);
	assert_int_equal(zu_klp_ranges_transition(&o->ranges, &o->klp, &err),
			 0);
}

static void close_it(struct open *o)
{
	zu_klp_blocker_deinit(&o->b);
	zu_klp_ranges_deinit(&o->ranges);
	zu_klp_deinit(&o->klp);
	zu_kernel_close(o->k);
}

static void expect_ranges(struct some *s, const uint64_t *start, size_t n)
{
	struct open o;
	size_t i;

	open_it(&o, s);
	assert_int_equal(o.ranges.count, n);
	for (i = 0; i < n; i++) {
		assert_int_equal(o.ranges.range[i].start, start[i]);
		assert_int_equal(o.ranges.range[i].size, SIZE);
		assert_null(o.ranges.range[i].module);
	}
	close_it(&o);
}

static void what_is_looked_for(void **state)
{
	struct some s = make();
	uint64_t mixed[2] = { s.old[0], s.first[1] };

	(void)state;
	/* nothing as long as no object is patched: not loaded yet */
	fk_klp_transition(s.fk, s.patch1, 1);
	expect_ranges(&s, NULL, 0);
	/* the first patch: the original functions */
	fk_klp_push(s.fk, s.object1, s.func1[0]);
	fk_klp_push(s.fk, s.object1, s.func1[1]);
	expect_ranges(&s, s.old, 2);
	/* back: its own */
	fk_klp_transition(s.fk, s.patch1, 0);
	expect_ranges(&s, s.first, 2);
	/* the second: those of the first, or the original */
	fk_klp_push(s.fk, s.object2, s.func2[0]);
	fk_klp_push(s.fk, s.object2, s.func2[1]);
	fk_klp_transition(s.fk, s.patch2, 1);
	expect_ranges(&s, s.first, 2);
	fk_klp_transition(s.fk, s.patch2, 0);
	expect_ranges(&s, s.second, 2);
	/* the older one, disabled, and that turned round */
	fk_klp_transition(s.fk, s.patch1, 1);
	expect_ranges(&s, s.old, 2);
	fk_free(s.fk);

	s = make();
	fk_klp_push(s.fk, s.object1, s.func1[1]);
	fk_klp_push(s.fk, s.object2, s.func2[0]);
	fk_klp_push(s.fk, s.object2, s.func2[1]);
	fk_klp_transition(s.fk, s.patch2, 1);
	mixed[0] = s.old[0];
	mixed[1] = s.first[1];
	expect_ranges(&s, mixed, 2);
	fk_free(s.fk);
}

static void a_patched_function_is_on_a_stack(void **state)
{
	struct some s = make();
	struct zu_klp_ranges ranges = ZU_KLP_RANGES_INIT;
	struct zu_klp klp = ZU_KLP_INIT;
	struct zu_error err = { .text = "" };
	struct zu_kernel *k;

	(void)state;
	fk_klp_push(s.fk, s.object1, s.func1[0]);
	fk_klp_transition(s.fk, s.patch1, 1);
	k = fk_open(s.fk);
	assert_int_equal(zu_klp_read(k, &klp, &err), 0);
	assert_int_equal(zu_klp_ranges_transition(&ranges, &klp, &err),
			 ZU_EFORMAT);
	assert_non_null(strstr(err.text, "the function b is patched, but"));
	zu_klp_ranges_deinit(&ranges);
	zu_klp_deinit(&klp);
	zu_kernel_close(k);
	fk_free(s.fk);
}

static void look(struct open *o, struct fk_task *t)
{
	struct zu_error err = { .text = "" };
	struct zu_task task;

	fk_find(o->k, t, &task);
	assert_int_equal(zu_klp_blocker_look(&o->b, o->k, o->klp.target,
					     &o->ranges, &task, &err), 0);
}

static void expect(struct open *o, struct fk_task *t,
		   enum zu_klp_cause kernel, enum zu_klp_cause strict)
{
	look(o, t);
	assert_string_equal(zu_klp_cause_word(o->b.kernel.cause),
			    zu_klp_cause_word(kernel));
	assert_string_equal(zu_klp_cause_word(o->b.strict.cause),
			    zu_klp_cause_word(strict));
}

static struct some patching(void)
{
	struct some s = make();

	fk_klp_push(s.fk, s.object1, s.func1[0]);
	fk_klp_push(s.fk, s.object1, s.func1[1]);
	fk_klp_transition(s.fk, s.patch1, 1);
	return s;
}

static void each_cause(void **state)
{
	struct some s = patching();
	struct fk_task *in = sleeper(&s, 10, s.old[1] + 8);
	struct fk_task *out = sleeper(&s, 11, s.first[1] + 8);
	struct fk_task *done = sleeper(&s, 12, s.old[1] + 8);
	struct fk_task *lost = sleeper(&s, 13, 0x4711);
	struct fk_task *busy = sleeper(&s, 14, s.old[1] + 8);
	struct fk_task *off = fk_cpu(s.fk, 2, false);
	struct open o;

	(void)state;
	fk_set_task(done, "patch_state", 1);
	fk_frame_at(off, s.old[1] + 8, FRAME);
	fk_run(busy, 1);
	open_it(&o, &s);
	expect(&o, in, ZU_KLP_ON_STACK, ZU_KLP_ON_STACK);
	assert_int_equal(o.b.kernel.frame, 0);
	assert_int_equal(o.b.kernel.at, s.old[1] + 8);
	assert_string_equal(o.ranges.range[o.b.kernel.range].name, "b");
	assert_true(zu_klp_blocks(&o.b.kernel));
	expect(&o, out, ZU_KLP_UNVISITED, ZU_KLP_UNVISITED);
	assert_false(zu_klp_blocks(&o.b.kernel));
	expect(&o, done, ZU_KLP_DONE, ZU_KLP_DONE);
	expect(&o, lost, ZU_KLP_UNRELIABLE, ZU_KLP_UNRELIABLE);
	assert_int_equal(o.b.kernel.why, ZU_WHY_NOT_TEXT);
	assert_int_equal(o.b.kernel.frame, 0);
	expect(&o, busy, ZU_KLP_RUNNING, ZU_KLP_RUNNING);
	expect(&o, off, ZU_KLP_UNVISITED, ZU_KLP_UNVISITED);
	close_it(&o);
	fk_free(s.fk);
}

/* The first byte counts, the last one, and that behind only for strict rules. */
static void where_a_function_ends(void **state)
{
	struct some s = patching();
	struct fk_task *before = sleeper(&s, 10, s.old[0] - 2);
	struct fk_task *first = sleeper(&s, 11, s.old[0]);
	struct fk_task *last = sleeper(&s, 12, s.old[1] + SIZE - 2);
	struct fk_task *behind = sleeper(&s, 13, s.old[1] + SIZE);
	struct fk_task *after = sleeper(&s, 14, s.old[1] + SIZE + 2);
	struct open o;

	(void)state;
	open_it(&o, &s);
	expect(&o, before, ZU_KLP_UNVISITED, ZU_KLP_UNVISITED);
	expect(&o, first, ZU_KLP_ON_STACK, ZU_KLP_ON_STACK);
	expect(&o, last, ZU_KLP_ON_STACK, ZU_KLP_ON_STACK);
	expect(&o, behind, ZU_KLP_UNVISITED, ZU_KLP_ON_STACK);
	assert_int_equal(o.b.strict.at, s.old[1] + SIZE);
	expect(&o, after, ZU_KLP_UNVISITED, ZU_KLP_UNVISITED);
	close_it(&o);
	fk_free(s.fk);
}

/* The kernel looks for a on the whole stack, then for b. */
static void the_function_looked_for_first(void **state)
{
	struct some s = patching();
	struct fk_task *t = sleeper(&s, 10, s.old[0] + 8);
	struct open o;

	(void)state;
	fk_frame_at(t, s.old[1] + 8, FRAME);
	open_it(&o, &s);
	expect(&o, t, ZU_KLP_ON_STACK, ZU_KLP_ON_STACK);
	assert_string_equal(o.ranges.range[o.b.kernel.range].name, "a");
	assert_int_equal(o.b.kernel.frame, 1);
	close_it(&o);
	fk_free(s.fk);
}

static size_t find(const struct zu_klp_ranges *r, uint64_t addr)
{
	return zu_klp_ranges_find(r, addr);
}

static void ranges_may_overlap(void **state)
{
	static const struct zu_klp_range some[] = {
		{ .name = "last", .start = 300, .size = 10 },
		{ .name = "inner", .start = 110, .size = 10 },
		{ .name = "outer", .start = 100, .size = 100 },
		{ .name = "empty", .start = 250, .size = 0 },
		{ .name = "end", .start = UINT64_MAX - 9, .size = 100 },
	};
	struct zu_klp_ranges r = ZU_KLP_RANGES_INIT;
	struct zu_error err;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_int_equal(zu_klp_ranges_add(&r, &some[i], &err), 0);
	assert_int_equal(zu_klp_ranges_sort(&r, &err), 0);
	assert_int_equal(find(&r, 99), ZU_KLP_NONE);
	assert_int_equal(find(&r, 100), 2);
	assert_int_equal(find(&r, 110), 1);
	assert_int_equal(find(&r, 119), 1);
	assert_int_equal(find(&r, 120), 2);
	assert_int_equal(find(&r, 199), 2);
	assert_int_equal(find(&r, 200), ZU_KLP_NONE);
	assert_int_equal(find(&r, 250), ZU_KLP_NONE);
	assert_int_equal(find(&r, 300), 0);
	assert_int_equal(find(&r, 310), ZU_KLP_NONE);
	assert_int_equal(find(&r, UINT64_MAX - 1), 4);
	zu_klp_ranges_deinit(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_looked_for),
		cmocka_unit_test(a_patched_function_is_on_a_stack),
		cmocka_unit_test(each_cause),
		cmocka_unit_test(where_a_function_ends),
		cmocka_unit_test(the_function_looked_for_first),
		cmocka_unit_test(ranges_may_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
