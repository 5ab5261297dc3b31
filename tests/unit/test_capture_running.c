/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture of what runs: tasks that run, end, and begin in the memory of those that
 * ended, while it is made. In the capture each has a stack that it had.
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
#include <unistd.h>

#include <cmocka.h>

#include "kern/capture.h"
#include "kern/kernel.h"
#include "tests/make/fakekernel.h"
#include "tests/make/fakekernel_check.h"
#include "tests/make/fakelive.h"
#include "tests/make/fk_livepatch.h"
#include "tests/make/runner.h"
#include "zunwind/trace.h"

/*
 * The first three are one process. The last ones end and begin, and do not run; they
 * take over each other's memory, and each other's stacks.
 */
#define TASKS 10
#define MORTAL 6
#define FIRST_PID 100

/* What comes to a mortal next */
enum fate { LEAVE, GO, FILL, COME, FATES };

struct test {
	struct fk *fk;
	struct fk_live live;
	struct fk_runner task[TASKS];
	enum fate fate[TASKS];
	unsigned int stack[TASKS];	/* whose it has */
	bool used[TASKS];		/* is anybody's stack */
	int next_pid;
	uint64_t clock;
	uint64_t random;
	unsigned int chance;
	unsigned int done;
	unsigned int most;	/* deeds */
	uint64_t patch;
	uint64_t count;		/* of tasks */
	bool busy;		/* the first one runs all the time */
	struct fk_module module;
	uint64_t direct;
	char path[64];
};

static uint64_t node_of(struct test *t, unsigned int i)
{
	return t->task[i].task->addr + fk_offset(t->fk, "task_struct", "tasks");
}

static uint64_t head_of(struct test *t)
{
	return fk_address(t->fk, "init_task") +
	       fk_offset(t->fk, "task_struct", "tasks");
}

static void leave_list(struct test *t, uint64_t node)
{
	uint64_t next = fk_get(t->fk, node, 8), prev = fk_get(t->fk, node + 8, 8);

	fk_put(t->fk, next + 8, 8, prev);
	fk_put(t->fk, prev, 8, next);
	fk_put(t->fk, node + 8, 8, UINT64_C(0xdead000000000122));
}

static void count(struct test *t, int by)
{
	fk_put(t->fk, t->count, 4,
	       fk_get(t->fk, t->count, 4) + (uint64_t)by);
}

/* Any of those that nobody has, in a state that its last user never had */
static void take_stack(struct test *t, unsigned int i)
{
	struct fk_task *task = t->task[i].task;
	unsigned int of;
	uint64_t ksp;

	do
		of = MORTAL + (unsigned int)fk_draw(&t->random, TASKS - MORTAL);
	while (t->used[of]);
	ksp = fk_read(t->fk, t->task[of].task->addr, "task_struct",
		      "thread.ksp");
	fk_runner_rest(&t->task[of], !t->task[of].which);
	fk_set_task(t->task[of].task, "thread.ksp", ksp);
	fk_set_task(task, "thread.ksp", t->task[of].stack[0].ksp);
	fk_set_task(task, "stack", t->task[of].task->stack);
	t->used[of] = true;
	t->stack[i] = of;
	/* by which it is told: even numbers have the first one */
	t->next_pid += 2;
	fk_set_task(task, "pid", (uint64_t)t->next_pid +
				 t->task[of].which);
	fk_set_task(task, "tgid", (uint64_t)t->next_pid +
				  t->task[of].which);
}

static void next_fate(struct test *t, unsigned int i)
{
	struct fk_task *task = t->task[i].task;

	switch (t->fate[i]) {
	case LEAVE:
		count(t, -1);
		leave_list(t, node_of(t, i));
		break;
	case GO:
		fk_set_task(task, "usage.refs.counter", 0);
		t->used[t->stack[i]] = false;
		break;
	case FILL:
		take_stack(t, i);
		fk_set_task(task, "start_time", ++t->clock);
		break;
	default:
		fk_set_task(task, "usage.refs.counter", 1);
		fk_list_add(t->fk, head_of(t), node_of(t, i));
		count(t, 1);
	}
	t->fate[i] = (t->fate[i] + 1) % FATES;
}

/* A step of those that run, or a whole run, or more */
static void step(struct test *t, unsigned int i)
{
	unsigned int n = fk_draw(&t->random, 2) ? 1 : FK_STEPS;

	while (n--)
		fk_runner_step(&t->task[i]);
}

static void tick(void *ctx)
{
	struct test *t = ctx;
	unsigned int n;

	/* so that it is never found off its CPU for long */
	if (t->busy)
		for (n = 0; n < FK_STEPS; n++)
			fk_runner_step(&t->task[0]);
	while (t->done < t->most && !fk_draw(&t->random, t->chance)) {
		unsigned int i = (unsigned int)fk_draw(&t->random, TASKS);

		if (!i && t->busy)
			continue;
		if (i < MORTAL)
			step(t, i);
		else
			next_fate(t, i);
		t->done++;
	}
}

static int make(void **state)
{
	struct test *t = calloc(1, sizeof(*t));
	unsigned int i;
	int fd;

	t->fk = t->live.fk = fk_new(FK_7_2);
	t->clock = 1000;
	t->next_pid = 1000;
	t->live.fetches = true;
	for (i = 0; i < TASKS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "code%u", i);
		fk_runner_init(&t->task[i], t->fk,
			       i && i < 3 ? t->task[0].task : NULL, "runs",
			       FIRST_PID + 2 * (int)i,
			       fk_func(t->fk, name) + 0x10);
		t->stack[i] = i;
		t->used[i] = true;
		fk_set_task(t->task[i].task, "start_time", ++t->clock);
		fk_set_task(t->task[i].task, "usage.refs.counter", 1);
	}
	t->count = fk_static(t->fk, "nr_threads", 4);
	fk_put(t->fk, t->count, 4, TASKS);
	/* as if it had just left its CPU */
	fk_set(t->fk, fk_rq(t->fk, 1), "rq", "curr", t->task[3].task->addr);
	fk_livepatch(t->fk);
	t->patch = fk_klp_patch(t->fk, "fix");
	snprintf(t->path, sizeof(t->path), "/tmp/zunwind-test-XXXXXX");
	fd = mkstemp(t->path);
	close(fd);
	t->live.ctx = t;
	*state = t;
	return fd < 0;
}

static int unmake(void **state)
{
	struct test *t = *state;

	unlink(t->path);
	fk_free(t->fk);
	free(t);
	return 0;
}

/* Whose task it is: by its address, for numbers may be new since */
static unsigned int find(const struct test *t, const struct zu_task *task)
{
	unsigned int i;

	for (i = 0; i < TASKS; i++)
		if (t->task[i].task->addr == task->address)
			return i;
	fail_msg("task %d is nobody's", (int)task->pid);
	return 0;
}

static unsigned int find_stack(const struct test *t, const struct zu_task *task)
{
	unsigned int i;

	for (i = 0; i < TASKS; i++)
		if (t->task[i].task->stack == task->stack)
			return i;
	fail_msg("the stack of task %d is nobody's", (int)task->pid);
	return 0;
}

static void judge(struct test *t, struct zu_kernel *k,
		  const struct zu_task *task, unsigned int *accepted)
{
	unsigned int i = find(t, task), of = find_stack(t, task);
	struct zu_trace trace = ZU_TRACE_INIT;
	struct zu_error err = { 0 };
	int stack;

	if (zu_trace_task(&trace, k, task, &err))
		fail_msg("%s", err.text);
	if (task->running) {
		if (i >= MORTAL)
			fail_msg("task %d never runs", (int)task->pid);
	} else {
		stack = fk_runner_stack_of(&t->task[of], &trace);
		if (stack < 0 || trace.strict.kind != ZU_RELIABLE)
			fail_msg("task %d has %zu frames, %s: no stack that it had",
				 (int)task->pid, trace.nr_frames,
				 zu_verdict_word(trace.strict.kind));
		if (i >= MORTAL && stack != task->pid % 2)
			fail_msg("task %d has the stack of another one",
				 (int)task->pid);
		++*accepted;
	}
	zu_trace_deinit(&trace);
}

/* All that were there all the time are in it, once. */
static void check_capture(struct test *t, unsigned int *accepted)
{
	unsigned int found[TASKS] = { 0 }, i;
	struct zu_error err = { 0 };
	struct zu_kernel *k;
	struct zu_task task;
	size_t n;

	if (zu_kernel_open(t->path, NULL, &k, &err))
		fail_msg("%s", err.text);
	for (n = 0; n < zu_kernel_task_count(k); n++) {
		zu_kernel_task(k, n, &task, &err);
		if (task.idle)
			continue;
		found[find(t, &task)]++;
		judge(t, k, &task, accepted);
	}
	for (i = 0; i < TASKS; i++)
		if (found[i] > 1 || (i < MORTAL && !found[i]))
			fail_msg("task %u is in it %u times", i, found[i]);
	zu_kernel_close(k);
}

static int capture_ticking(struct test *t, void (*fn)(void *ctx),
			   struct zu_error *err)
{
	struct zu_image *image = fk_live_image(&t->live);
	int ret;

	t->live.tick = fn;
	ret = zu_capture_image(image, NULL, t->path, NULL, err);
	t->live.tick = NULL;
	return ret;
}

static int capture(struct test *t, struct zu_error *err)
{
	return capture_ticking(t, tick, err);
}

static void one_that_stands_still(void **state)
{
	struct test *t = *state;
	struct zu_error err = { 0 };
	unsigned int accepted = 0;

	if (!ZU_HAVE_ZSTD)
		skip();
	if (capture(t, &err))
		fail_msg("%s", err.text);
	check_capture(t, &accepted);
	assert_int_equal(accepted, TASKS);
}

/* All are there, and off their CPUs */
static void begin(struct test *t, uint64_t seed)
{
	unsigned int i;

	t->random = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	for (i = 0; i < TASKS; i++) {
		if (i < MORTAL)
			fk_runner_rest(&t->task[i], (unsigned int)fk_draw(&t->random, 2));
		while (t->fate[i] != LEAVE)
			next_fate(t, i);
	}
	t->chance = 1 + (unsigned int)fk_draw(&t->random, 8);
	t->chance *= t->chance;
	t->busy = fk_draw(&t->random, 2);
	t->done = 0;
	t->most = (unsigned int)fk_draw(&t->random, 2000);
}

static void whatever_happens(void **state)
{
	uint64_t seed = fk_number("ZU_LIVE_SEED", 1), i;
	uint64_t rounds = fk_number("ZU_LIVE_ROUNDS", 300);
	unsigned int accepted = 0, made = 0;
	struct test *t = *state;

	if (!ZU_HAVE_ZSTD)
		skip();
	for (i = 0; i < rounds; i++) {
		struct zu_error err = { 0 };
		int ret;

		begin(t, seed + i);
		ret = capture(t, &err);
		if (ret && ret != ZU_EAGAIN)
			fail_msg("ZU_LIVE_SEED=%" PRIu64 ": %s", seed + i,
				 err.text);
		if (ret)
			continue;
		made++;
		check_capture(t, &accepted);
	}
	/* most of them; who is in the middle of a run has no stack in it */
	print_message("%u captures of %" PRIu64 ", %u stacks\n", made, rounds, accepted);
	assert_true(made > rounds * 3 / 4);
	assert_true(accepted > made * TASKS / 4);
}

/* A few times, each time it has ticked so often, a transition ends, or begins. */
static void flip(void *ctx)
{
	struct test *t = ctx;

	if (!t->chance || ++t->done % t->most)
		return;
	t->chance--;
	t->busy = !t->busy;
	fk_klp_transition(t->fk, t->patch, 1);
	if (!t->busy)
		fk_put(t->fk, fk_address(t->fk, "klp_transition_patch"), 8, 0);
	if (!t->busy)
		fk_put(t->fk, fk_address(t->fk, "klp_target_state"), 4,
		       UINT32_MAX);
}

static int capture_flipping(struct test *t, unsigned int times,
			    unsigned int every, struct zu_error *err)
{
	t->done = 0;
	t->chance = times;
	t->most = every;
	return capture_ticking(t, flip, err);
}

/* If one begins or ends meanwhile it is made anew, and not for ever. */
static void a_transition_begins(void **state)
{
	unsigned int accepted = 0, ticks, i;
	struct test *t = *state;
	struct zu_error err = { 0 };

	if (!ZU_HAVE_ZSTD)
		skip();
	assert_int_equal(capture_flipping(t, 0, 0, &err), 0);
	ticks = t->live.reads;
	for (i = 0; i < 2; i++) {
		if (capture_flipping(t, 1, ticks - TASKS * 3, &err))
			fail_msg("%s", err.text);
		check_capture(t, &accepted);
		assert_true(t->live.reads > ticks);
	}
	assert_int_equal(accepted, 2 * TASKS);
	assert_int_equal(capture_flipping(t, UINT_MAX, 1, &err), ZU_EAGAIN);
	assert_non_null(strstr(err.text, "it changes too fast to be captured: take a dump"));
}

/* Once, when it has ticked so often, a direct call goes elsewhere. */
static void redirect(void *ctx)
{
	struct test *t = ctx;

	if (t->live.reads == t->most)
		fk_set(t->fk, t->direct, "ftrace_func_entry", "direct",
		       t->module.text);
}

/* What seems to run, since it is judged by an old table, is looked at again. */
static void a_direct_call_comes(void **state)
{
	struct test *t = calloc(1, sizeof(*t));
	struct zu_error err = { 0 };
	struct zu_trace trace = ZU_TRACE_INIT;
	struct zu_kernel *k;
	struct fk_task *task;
	int fd;

	(void)state;
	if (!ZU_HAVE_ZSTD)
		skip();
	t->fk = t->live.fk = fk_new(FK_7_2);
	fk_module(t->fk, &t->module, "direct");
	task = fk_task(t->fk, "sleeps", 42);
	fk_frame(task, "system_call+0x78");
	fk_frame(task, "__do_syscall");
	fk_frame_at(task, t->module.text + 0x10, 168);
	fk_frame(task, "schedule");
	fk_frame(task, "__schedule");
	t->direct = fk_direct(t->fk, fk_func(t->fk, "traced"),
			      t->module.text + 0x800);
	snprintf(t->path, sizeof(t->path), "/tmp/zunwind-test-XXXXXX");
	fd = mkstemp(t->path);
	close(fd);
	t->live.ctx = t;
	assert_int_equal(capture_ticking(t, NULL, &err), 0);
	t->most = t->live.reads - 8;
	t->live.reads = 0;
	if (capture_ticking(t, redirect, &err))
		fail_msg("%s", err.text);
	if (zu_kernel_open(t->path, NULL, &k, &err))
		fail_msg("%s", err.text);
	fk_find(k, task, &trace.task);
	assert_int_equal(zu_trace_task(&trace, k, &trace.task, &err), 0);
	assert_int_equal(trace.strict.kind, ZU_UNRELIABLE);
	assert_int_equal(trace.strict.why, ZU_WHY_HIDDEN_CALLER);
	zu_trace_deinit(&trace);
	zu_kernel_close(k);
	unlink(t->path);
	fk_free(t->fk);
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_direct_call_comes),
		cmocka_unit_test_setup_teardown(one_that_stands_still, make,
						unmake),
		cmocka_unit_test_setup_teardown(a_transition_begins, make,
						unmake),
		cmocka_unit_test_setup_teardown(whatever_happens, make,
						unmake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
