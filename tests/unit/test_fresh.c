/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task that runs while its stack is read. It does what __schedule() and
 * finish_task() do (kernel/sched/core.c, 6.12 to 7.2), at every possible step of the
 * reader. What is accepted has to be a stack that it had, as a whole.
 */
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/frame_s390x.h"
#include "kern/kernel.h"
#include "tests/make/fakekernel.h"
#include "tests/make/fakelive.h"
#include "tests/make/runner.h"
#include "zunwind/trace.h"

struct test {
	struct fk *fk;
	struct fk_live live;
	struct zu_kernel *k;
	struct fk_runner runner;
	struct fk_task *task;
	struct fk_module module;
	struct zu_task was;
	bool ends;		/* instead of the second half of a run */
	bool same_pid;		/* what comes then has its pid */
	/* when: as planned, or by chance */
	unsigned int due[FK_STEPS];
	unsigned int done;
	unsigned int steps;	/* at most */
	unsigned int ticks;
	unsigned int whole_runs;	/* at so many ticks, one at each */
	unsigned int chance;
	uint64_t random;
};

/* It is no more, and its memory is another task's, with another stack. */
static void end_it(struct test *t)
{
	fk_set_task(t->task, "pid", t->same_pid ? 42 : 4711);
	fk_set_task(t->task, "start_time", 99);
	fk_set_task(t->task, "nvcsw", 7);
}

static void one_step(struct test *t)
{
	enum fk_step step = t->runner.step;

	if (t->ends && step == FK_COUNT)
		fk_set_task(t->task, "usage.refs.counter", 0);
	if (t->ends && step == FK_KSP)
		end_it(t);
	fk_runner_step(&t->runner);
	if (t->ends && step == FK_OFF)
		fk_set_task(t->task, "usage.refs.counter", 1);
	t->done++;
}

static void tick(void *ctx)
{
	struct test *t = ctx;

	if (t->ticks < t->whole_runs)
		do
			one_step(t);
		while (t->runner.step != FK_ON);
	while (t->done < t->steps) {
		if (t->chance ? fk_draw(&t->random, t->chance) :
				t->due[t->done % FK_STEPS] > t->ticks)
			break;
		one_step(t);
	}
	t->ticks++;
}

static void reset(struct test *t)
{
	t->live.tick = NULL;
	t->live.torn = t->live.backwards = false;
	fk_runner_rest(&t->runner, 0);
	fk_set_task(t->task, "nvcsw", 7);
	fk_set_task(t->task, "nivcsw", 7);
	fk_set_task(t->task, "pid", 42);
	fk_set_task(t->task, "start_time", 1234);
	fk_set_task(t->task, "usage.refs.counter", 1);
	t->runner.counter = "nvcsw";
	t->ends = t->same_pid = false;
	t->done = t->steps = t->ticks = t->chance = t->whole_runs = 0;
	memset(t->due, 0, sizeof(t->due));
}

static void look(struct test *t, struct zu_trace *trace)
{
	struct zu_error err = { 0 };

	t->live.ctx = t;
	t->live.tick = tick;
	if (zu_trace_task(trace, t->k, &t->was, &err))
		fail_msg("%s", err.text);
	t->live.tick = NULL;
}

static bool is_changed(const struct zu_trace *trace)
{
	return trace->strict.kind == ZU_UNRELIABLE &&
	       trace->kernel.kind == ZU_UNRELIABLE &&
	       trace->strict.why == ZU_WHY_CHANGED &&
	       trace->kernel.why == ZU_WHY_CHANGED && !trace->nr_frames &&
	       !trace->kernel_entries && trace->strict.frame == -1;
}

/* The stack that it is, -1 for one that is refused, or running */
static int judge(struct test *t, const struct zu_trace *trace,
		 const char *what)
{
	int stack;

	if (trace->gone || trace->task.running || is_changed(trace))
		return -1;
	stack = fk_runner_stack_of(&t->runner, trace);
	if (stack >= 0 && trace->strict.kind == ZU_RELIABLE &&
	    trace->kernel.kind == ZU_RELIABLE)
		return stack;
	fail_msg("%s: %zu frames from ksp %#" PRIx64 " are no stack that it had: %s",
		 what, trace->nr_frames, trace->task.ksp,
		 zu_verdict_word(trace->strict.kind));
	return -1;
}

/* As it was when the look began: the runner, or an idle task without a CPU */
static int find_it(struct test *t)
{
	struct zu_error err;
	size_t i;

	for (i = 0; i < zu_kernel_task_count(t->k); i++) {
		zu_kernel_task(t->k, i, &t->was, &err);
		if (t->was.pid == 42 || t->was.offline)
			return 0;
	}
	return -1;
}

static int make_closed(void **state)
{
	struct test *t = calloc(1, sizeof(*t));

	t->fk = t->live.fk = fk_new(FK_7_2);
	fk_module(t->fk, &t->module, "some");
	fk_runner_init(&t->runner, t->fk, NULL, "runs", 42, t->module.text + 0x10);
	t->task = t->runner.task;
	*state = t;
	return 0;
}

static int make(void **state)
{
	struct test *t;

	make_closed(state);
	t = *state;
	t->k = fk_live_open(&t->live);
	return find_it(t);
}

static int make_fetching(void **state)
{
	struct test *t;

	if (make(state))
		return -1;
	t = *state;
	t->live.fetches = true;
	return 0;
}

static int unmake(void **state)
{
	struct test *t = *state;

	zu_kernel_close(t->k);
	fk_free(t->fk);
	free(t);
	return 0;
}

static void one_that_rests(void **state)
{
	struct zu_trace trace = ZU_TRACE_INIT;
	struct test *t = *state;
	int i;

	for (i = 0; i < 2; i++) {
		reset(t);
		fk_runner_rest(&t->runner, (unsigned int)i);
		look(t, &trace);
		assert_int_equal(judge(t, &trace, "rests"), i);
	}
	fk_set_task(t->task, "on_cpu", 1);
	look(t, &trace);
	assert_int_equal(trace.strict.kind, ZU_RUNNING);
	assert_int_equal(trace.nr_frames, 0);
	zu_trace_deinit(&trace);
}

/* The next way to put steps at ticks, in order; false if there was the last */
static bool next_plan(unsigned int *due, unsigned int ticks)
{
	unsigned int i, j;

	for (i = FK_STEPS; i-- > 0;) {
		if (due[i] == ticks)
			continue;
		due[i]++;
		for (j = i + 1; j < FK_STEPS; j++)
			due[j] = due[i];
		return true;
	}
	return false;
}

/* How many pages are read if nothing happens */
static unsigned int count_ticks(struct test *t)
{
	struct zu_trace trace = ZU_TRACE_INIT;

	reset(t);
	look(t, &trace);
	zu_trace_deinit(&trace);
	return t->ticks;
}

/*
 * It runs once, in all ways to do so. Its stack is one of two; that one run makes
 * two looks of no use at most.
 */
static void runs_once(struct test *t, const char *counter)
{
	unsigned int ticks = count_ticks(t), seen[2] = { 0 }, due[FK_STEPS] = { 0 };
	struct zu_trace trace = ZU_TRACE_INIT;
	char what[64];
	int stack;

	do {
		reset(t);
		t->runner.counter = counter;
		t->steps = FK_STEPS;
		memcpy(t->due, due, sizeof(due));
		look(t, &trace);
		snprintf(what, sizeof(what), "%u %u %u %u %u %u %u", due[0],
			 due[1], due[2], due[3], due[4], due[5], due[6]);
		stack = judge(t, &trace, what);
		if (stack >= 0)
			seen[stack]++;
		else if (!trace.task.running)
			fail_msg("%s: refused", what);
	} while (next_plan(due, ticks));
	assert_true(seen[0] && seen[1]);
	zu_trace_deinit(&trace);
}

static void it_goes_to_sleep(void **state)
{
	runs_once(*state, "nvcsw");
}

static void it_is_preempted(void **state)
{
	runs_once(*state, "nivcsw");
}

/* It ends in its run; what is at its address then is another task. */
static void it_ends(void **state)
{
	unsigned int ticks = count_ticks(*state), due[FK_STEPS] = { 0 }, gone = 0;
	struct zu_trace trace = ZU_TRACE_INIT;
	struct test *t = *state;
	int stack;

	do {
		reset(t);
		t->ends = true;
		t->steps = FK_STEPS;
		memcpy(t->due, due, sizeof(due));
		look(t, &trace);
		stack = judge(t, &trace, "ends");
		if (stack == 1)
			fail_msg("another task's stack was taken for its own");
		if (!due[FK_STEPS - 1])
			assert_true(trace.gone);
		gone += trace.gone;
	} while (next_plan(due, ticks));
	assert_true(gone > 1);
	zu_trace_deinit(&trace);
}

/* The same, but with its pid, and as many switches: only its start is new. */
static void it_ends_and_begins(void **state)
{
	unsigned int ticks = count_ticks(*state), due[FK_STEPS] = { 0 };
	struct zu_trace trace = ZU_TRACE_INIT;
	struct test *t = *state;

	do {
		reset(t);
		t->ends = t->same_pid = true;
		t->steps = FK_STEPS;
		memcpy(t->due, due, sizeof(due));
		look(t, &trace);
		judge(t, &trace, "begins");
	} while (next_plan(due, ticks));
	zu_trace_deinit(&trace);
}

/*
 * A page is not read in one moment: what is in it may be newer at its begin, or at
 * its end. It goes to its CPU at one moment, and from it at another.
 */
static void pages_are_torn(struct test *t, bool backwards, enum fk_step second)
{
	unsigned int ticks = count_ticks(t) * FK_LIVE_WORDS, on, off, i;
	struct zu_trace trace = ZU_TRACE_INIT;

	for (on = 0; on < ticks; on += 16) {
		for (off = on; off < ticks; off += 64) {
			reset(t);
			t->live.torn = true;
			t->live.backwards = backwards;
			t->steps = FK_STEPS;
			for (i = 0; i < FK_STEPS; i++)
				t->due[i] = i < second ? on : off;
			look(t, &trace);
			judge(t, &trace, "torn");
		}
	}
	zu_trace_deinit(&trace);
}

/* Who asks may have seen it long ago. */
static void it_is_another_one(void **state)
{
	static const char *const member[] = { "pid", "tgid" };
	struct zu_trace trace = ZU_TRACE_INIT;
	struct test *t = *state;
	size_t i;

	for (i = 0; i < 2; i++) {
		uint64_t was = fk_read(t->fk, t->task->addr,
					"task_struct", member[i]);

		reset(t);
		fk_set_task(t->task, member[i], 43);
		look(t, &trace);
		assert_true(trace.gone);
		fk_set_task(t->task, member[i], was);
	}
	reset(t);
	fk_set_task(t->task, "usage.refs.counter", 0);
	look(t, &trace);
	assert_true(trace.gone);
	reset(t);
	look(t, &trace);
	assert_false(trace.gone);
	zu_trace_deinit(&trace);
}

/*
 * Whole runs in one moment each, so it is never seen on a CPU: each of the looks
 * that are allowed is in vain; if it stops before the last, that one counts.
 */
static void it_runs_all_the_time(void **state)
{
	unsigned int ticks = count_ticks(*state), pages;
	struct zu_trace trace = ZU_TRACE_INIT;
	struct test *t = *state;

	reset(t);
	t->whole_runs = UINT_MAX;
	look(t, &trace);
	assert_true(is_changed(&trace));
	assert_true(t->ticks >= ZU_TRACE_TRIES * (ticks - 1));
	pages = t->ticks;
	reset(t);
	t->whole_runs = pages - ticks;
	look(t, &trace);
	assert_true(judge(t, &trace, "it stops") >= 0);
	reset(t);
	t->whole_runs = pages - 1;
	look(t, &trace);
	assert_true(is_changed(&trace));
	zu_trace_deinit(&trace);
}

static void pages_are_torn_forwards(void **state)
{
	pages_are_torn(*state, false, FK_COUNT);
	pages_are_torn(*state, false, FK_SAVE);
}

static void pages_are_torn_backwards(void **state)
{
	pages_are_torn(*state, true, FK_COUNT);
	pages_are_torn(*state, true, FK_SAVE);
}

static void whatever_it_does(void **state)
{
	uint64_t seed = fk_number("ZU_LIVE_SEED", 1), i;
	uint64_t rounds = fk_number("ZU_LIVE_ROUNDS", 20000);
	struct zu_trace trace = ZU_TRACE_INIT;
	struct test *t = *state;
	unsigned int seen[3] = { 0 };
	char what[64];

	for (i = 0; i < rounds; i++) {
		bool torn = i % 32 == 31;

		reset(t);
		t->random = (seed + i) * UINT64_C(0x9e3779b97f4a7c15) | 1;
		t->live.torn = torn;
		t->live.backwards = fk_draw(&t->random, 2);
		t->runner.counter = fk_draw(&t->random, 2) ? "nvcsw" : "nivcsw";
		t->chance = (torn ? 200 : 0) + 1 + (unsigned int)fk_draw(&t->random, 5);
		t->steps = (unsigned int)fk_draw(&t->random, 20) * FK_STEPS +
			   (unsigned int)fk_draw(&t->random, FK_STEPS);
		snprintf(what, sizeof(what), "ZU_LIVE_SEED=%" PRIu64,
			 seed + i);
		look(t, &trace);
		seen[judge(t, &trace, what) + 1]++;
	}
	assert_true(seen[0] && seen[1] && seen[2]);
	zu_trace_deinit(&trace);
}

static void clear_module(struct test *t)
{
	const uint8_t zeros[64] = { 0 };
	uint64_t at = t->module.addr, end = at +
		      fk_sizeof(t->fk, "module") / 64 * 64;

	for (; at < end; at += sizeof(zeros))
		fk_put_bytes(t->fk, at, zeros, sizeof(zeros));
}

/* Its code is on the stack, and goes; what is there then may be anything. */
static void a_module_goes(void **state)
{
	uint32_t size = fk_sizeof(((struct test *)*state)->fk, "module");
	struct zu_trace trace = ZU_TRACE_INIT;
	uint8_t *was = calloc(1, size);
	struct test *t = *state;
	uint32_t i;

	for (i = 0; i < size; i++)
		was[i] = (uint8_t)fk_get(t->fk, t->module.addr + i, 1);
	reset(t);
	clear_module(t);
	look(t, &trace);
	assert_true(is_changed(&trace));
	/* another one, whose text begins at the same place, but is longer */
	fk_put_bytes(t->fk, t->module.addr, was, size);
	fk_set(t->fk, t->module.addr + fk_offset(t->fk, "module", "mem"),
	       "module_memory", "size", t->module.text_size + 8);
	look(t, &trace);
	assert_true(is_changed(&trace));
	/* another one, of the same length */
	fk_put_bytes(t->fk, t->module.addr, was, size);
	fk_put_bytes(t->fk, t->module.addr + fk_offset(t->fk, "module",
						       "name"), "other", 6);
	look(t, &trace);
	assert_true(is_changed(&trace));
	fk_put_bytes(t->fk, t->module.addr, was, size);
	look(t, &trace);
	assert_int_equal(judge(t, &trace, "module"), 0);
	free(was);
	zu_trace_deinit(&trace);
}

/*
 * A direct call that is registered, or goes elsewhere, after the table was read:
 * whose code is on the stack hides a function then.
 */
static void a_direct_call_comes(void **state)
{
	struct zu_trace trace = ZU_TRACE_INIT;
	struct test *t = *state;
	struct zu_error err;
	uint64_t direct;

	direct = fk_direct(t->fk, fk_func(t->fk, "traced"),
			   t->module.text + 0x800);
	t->k = fk_live_open(&t->live);
	find_it(t);
	reset(t);
	look(t, &trace);
	assert_int_equal(judge(t, &trace, "elsewhere"), 0);
	fk_set(t->fk, direct, "ftrace_func_entry", "direct", t->module.text);
	look(t, &trace);
	assert_true(is_changed(&trace));
	assert_int_equal(zu_kernel_look(t->k, &err), 0);
	look(t, &trace);
	assert_int_equal(trace.strict.kind, ZU_UNRELIABLE);
	assert_int_equal(trace.strict.why, ZU_WHY_HIDDEN_CALLER);
	zu_trace_deinit(&trace);
}

/* Its CPU was offline when the look began, and is not any more. */
static void an_idle_task_gets_its_cpu(void **state)
{
	struct zu_trace trace = ZU_TRACE_INIT;
	struct test *t = *state;
	uint64_t mask;

	fk_sleep(fk_cpu(t->fk, 2, false));
	t->k = fk_live_open(&t->live);
	assert_int_equal(find_it(t), 0);
	assert_true(t->was.idle && t->was.offline);
	look(t, &trace);
	assert_int_equal(trace.strict.why, ZU_WHY_BAD_START);
	mask = fk_address(t->fk, "__cpu_online_mask");
	fk_put(t->fk, mask, 8, fk_get(t->fk, mask, 8) | 1 << 2);
	look(t, &trace);
	assert_true(trace.task.running && !trace.task.offline);
	assert_int_equal(trace.kernel.kind, ZU_RUNNING);
	assert_int_equal(trace.strict.kind, ZU_RUNNING);
	zu_trace_deinit(&trace);
}

/* What it says of one task's state, and the last that it read of that */
struct woken {
	struct test *t;
	unsigned int when;
	uint64_t addr;
	uint64_t last;
};

static void wake(void *ctx)
{
	struct woken *w = ctx;

	if (w->t->ticks++ == w->when)
		fk_set_task(w->t->task, "__state", 0);
}

static void note_state(void *ctx, uint64_t addr, const void *buf, size_t len)
{
	struct woken *w = ctx;

	if (addr == w->addr && len == 4)
		w->last = ((const uint8_t *)buf)[3];
}

/*
 * It is woken, and does not run yet. What was read last is what a capture keeps, so
 * it has to be what was told.
 */
static void it_is_woken(void **state)
{
	struct test *t = *state;
	struct woken w = { .t = t };
	struct zu_trace trace = ZU_TRACE_INIT;
	unsigned int seen[2] = { 0 };
	struct zu_error err;

	w.addr = t->task->addr + fk_offset(t->fk, "task_struct", "__state");
	assert_int_equal(zu_kernel_open_image(fk_live_image(&t->live), NULL,
					      note_state, &w, &t->k, &err), 0);
	assert_int_equal(find_it(t), 0);
	t->live.ctx = &w;
	for (w.when = 0; w.when < 16; w.when++) {
		fk_set_task(t->task, "__state", 1);
		t->ticks = 0;
		t->live.tick = wake;
		assert_int_equal(zu_trace_task(&trace, t->k, &t->was, &err), 0);
		t->live.tick = NULL;
		assert_int_equal(trace.strict.kind, ZU_RELIABLE);
		assert_int_equal(trace.task.state == 'S', w.last == 1);
		seen[w.last]++;
	}
	assert_true(seen[0] && seen[1]);
	zu_trace_deinit(&trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_rests),
		cmocka_unit_test(it_goes_to_sleep),
		cmocka_unit_test(it_is_preempted),
		cmocka_unit_test(it_ends),
		cmocka_unit_test(it_ends_and_begins),
		cmocka_unit_test(pages_are_torn_forwards),
		cmocka_unit_test(pages_are_torn_backwards),
		cmocka_unit_test(it_is_another_one),
		cmocka_unit_test(it_runs_all_the_time),
		cmocka_unit_test(whatever_it_does),
		cmocka_unit_test(a_module_goes),
	};

	const struct CMUnitTest own[] = {
		cmocka_unit_test_setup_teardown(it_is_woken, make_closed,
						unmake),
		cmocka_unit_test_setup_teardown(an_idle_task_gets_its_cpu,
						make_closed, unmake),
		cmocka_unit_test_setup_teardown(a_direct_call_comes,
						make_closed, unmake),
	};

	return cmocka_run_group_tests_name("own", own, NULL, NULL) +
	       cmocka_run_group_tests_name("pages", tests, make, unmake) +
	       cmocka_run_group_tests_name("members", tests, make_fetching,
					   unmake);
}
