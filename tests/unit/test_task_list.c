/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of tasks that change while they are read. The kernel's stores are done one
 * by one (include/linux/rculist.h, 6.12 to 7.2), at every possible step of the walk.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kern/task_list.h"
#include "tests/make/fakekernel.h"
#include "tests/make/fakelive.h"
#include "util/fail.h"

#define TASKS 9
#define MAX_STORES 64
#define LIST_POISON2 UINT64_C(0xdead000000000122)
#define NOWHERE UINT64_C(0x2345678000)

/*
 * What happens to a task. COPY: its memory, which is free, becomes a new task, by
 * arch_dup_task_struct(), which copies all of its parent.
 */
enum act { END, REMOVE, ADD, REPLACE, COPY };

struct event {
	enum act act;
	unsigned int task;
	unsigned int other;	/* REPLACE: by which; COPY: of which */
};

struct store {
	uint64_t addr;
	uint64_t value;
};

struct test {
	struct fk *fk;
	struct fk_live live;
	struct zu_kernel *k;
	uint64_t head;
	uint32_t node;		/* offsets */
	uint32_t start;
	struct fk_task *task[TASKS];
	const struct event *event;
	struct store store[8];	/* of the event that goes on */
	unsigned int stores;
	unsigned int stored;
	/* when: as planned, or by chance */
	unsigned int due[MAX_STORES];
	unsigned int planned;
	unsigned int done;
	unsigned int ticks;
	uint64_t random;
	unsigned int chance;	/* one of so many ticks */
	struct event next;	/* by chance */
	uint64_t clock;
	unsigned int found[TASKS];
	struct {
		uint64_t task;
		uint64_t start;
	} told[1000];
	unsigned int tellings;
};

static uint64_t node_of(const struct test *t, unsigned int i)
{
	return t->task[i]->addr + t->node;
}

static uint64_t next_of(struct test *t, uint64_t node)
{
	return fk_get(t->fk, node, 8);
}

static uint64_t prev_of(struct test *t, uint64_t node)
{
	return fk_get(t->fk, node + 8, 8);
}

static void set_links(struct test *t, uint64_t node, uint64_t next,
		      uint64_t prev)
{
	fk_put(t->fk, node, 8, next);
	fk_put(t->fk, node + 8, 8, prev);
}

/* The first @n tasks are in it */
static void reset(struct test *t, unsigned int n)
{
	uint64_t last = t->head;
	unsigned int i;

	for (i = 0; i < TASKS; i++) {
		fk_put(t->fk, t->task[i]->addr + t->start, 8, 16 + i);
		set_links(t, node_of(t, i), LIST_POISON2, LIST_POISON2);
	}
	for (i = 0; i < n; i++) {
		set_links(t, node_of(t, i), t->head, last);
		fk_put(t->fk, last, 8, node_of(t, i));
		last = node_of(t, i);
	}
	fk_put(t->fk, last, 8, t->head);
	fk_put(t->fk, t->head + 8, 8, last);
	t->stores = t->stored = t->done = t->ticks = 0;
	memset(t->found, 0, sizeof(t->found));
	t->tellings = 0;
	t->clock = 1;
	t->event = NULL;
	t->planned = t->chance = 0;
	t->live.torn = t->live.backwards = false;
}

static void will_store(struct test *t, uint64_t addr, uint64_t value)
{
	t->store[t->stores++] = (struct store){ addr, value };
}

/* No two tasks have the same; who has it can be told. */
static uint64_t new_start(struct test *t, unsigned int i)
{
	return ++t->clock * 16 + i;
}

/* list_del_rcu(), list_add_tail_rcu(), list_replace_rcu() */
static void begin(struct test *t, const struct event *e)
{
	uint64_t node = node_of(t, e->task), other = node_of(t, e->other);
	uint64_t next = next_of(t, node), prev = prev_of(t, node);
	uint64_t start = t->task[e->task]->addr + t->start;

	t->stores = t->stored = 0;
	switch (e->act) {
	case END:
		break;
	case REMOVE:
		will_store(t, next + 8, prev);
		will_store(t, prev, next);
		will_store(t, node + 8, LIST_POISON2);
		break;
	case REPLACE:
		will_store(t, t->task[e->other]->addr + t->start,
			   new_start(t, e->other));
		will_store(t, other, next);
		will_store(t, other + 8, prev);
		will_store(t, prev, other);
		will_store(t, next + 8, other);
		will_store(t, node + 8, LIST_POISON2);
		break;
	case COPY:
		will_store(t, node, next_of(t, other));
		will_store(t, node + 8, prev_of(t, other));
		will_store(t, start, fk_get(t->fk, t->task[e->other]->addr +
					    t->start, 8));
		will_store(t, start, new_start(t, e->task));
		break;
	case ADD:
		prev = prev_of(t, t->head);
		will_store(t, start, new_start(t, e->task));
		will_store(t, node, t->head);
		will_store(t, node + 8, prev);
		will_store(t, prev, node);
		will_store(t, t->head + 8, node);
		break;
	}
}

static bool is_in(struct test *t, unsigned int i)
{
	uint64_t at;

	for (at = next_of(t, t->head); at != t->head; at = next_of(t, at))
		if (at == node_of(t, i))
			return true;
	return false;
}

/* One of the tasks from number 3 on; the first three are always there */
static const struct event *draw_event(struct test *t)
{
	unsigned int i = 3 + (unsigned int)fk_draw(&t->random, TASKS - 3);
	unsigned int other = (unsigned int)fk_draw(&t->random, TASKS);
	struct event *e = &t->next;

	*e = (struct event){ .act = ADD, .task = i, .other = other };
	if (is_in(t, i)) {
		e->act = REMOVE;
		if (other >= 3 && !is_in(t, other) && fk_draw(&t->random, 2))
			e->act = REPLACE;
	} else if (is_in(t, other) && fk_draw(&t->random, 2)) {
		e->act = COPY;
	}
	return e;
}

/* false if nothing happens any more */
static bool store_one(struct test *t)
{
	if (t->stored == t->stores) {
		if (t->chance)
			t->event = draw_event(t);
		else if (!t->event || t->event->act == END)
			return false;
		begin(t, t->event);
		if (!t->chance)
			t->event++;
	}
	fk_put(t->fk, t->store[t->stored].addr, 8, t->store[t->stored].value);
	t->stored++;
	t->done++;
	return true;
}

static void tick(void *ctx)
{
	struct test *t = ctx;

	if (t->chance) {
		/* what is begun comes to an end */
		while ((t->done < t->planned || t->stored < t->stores) &&
		       !fk_draw(&t->random, t->chance))
			store_one(t);
	} else {
		while (t->done < t->planned && t->due[t->done] <= t->ticks)
			if (!store_one(t))
				break;
	}
	t->ticks++;
}

/* A copy that is not a task yet has the start of another one. */
static bool is_copy(const struct test *t, uint64_t task, uint64_t start)
{
	return t->task[start % 16]->addr != task;
}

static int tell(void *ctx, uint64_t task, uint64_t start, struct zu_error *err)
{
	struct test *t = ctx;
	unsigned int i;

	for (i = 0; i < t->tellings; i++)
		if (t->told[i].task == task && t->told[i].start == start &&
		    !is_copy(t, task, start))
			return zu_fail(err, ZU_EINVAL, "told twice");
	if (t->tellings == sizeof(t->told) / sizeof(t->told[0]))
		return zu_fail(err, ZU_EINVAL, "told without end");
	t->told[t->tellings].task = task;
	t->told[t->tellings++].start = start;
	for (i = 0; i < TASKS; i++)
		t->found[i] += t->task[i]->addr == task;
	return 0;
}

static int read_list(struct test *t, struct zu_error *err)
{
	t->live.ctx = t;
	t->live.tick = tick;
	return zu_task_list_read(t->k, t->head, ZU_F_task_tasks, tell, t, err);
}

/* Each task whose bit is set was there all the time */
static void must_find(struct test *t, unsigned int always, const char *what)
{
	struct zu_error err = { 0 };
	unsigned int i;

	if (read_list(t, &err))
		fail_msg("%s: %s", what, err.text);
	for (i = 0; i < TASKS; i++)
		if (always >> i & 1 && t->found[i] != 1)
			fail_msg("%s: task %u was found %u times", what, i,
				 t->found[i]);
}

static int make(void **state)
{
	struct test *t = calloc(1, sizeof(*t));
	struct fk *fk = fk_new(FK_7_2);
	unsigned int i;

	t->fk = t->live.fk = fk;
	for (i = 0; i < TASKS; i++)
		t->task[i] = fk_task(fk, "task", 100 + (int)i);
	t->node = fk_offset(fk, "task_struct", "tasks");
	t->start = fk_offset(fk, "task_struct", "start_time");
	t->head = fk_address(fk, "init_task") + t->node;
	t->k = fk_live_open(&t->live);
	*state = t;
	return 0;
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

static void a_list_that_stands_still(void **state)
{
	struct test *t = *state;
	unsigned int n, i;

	for (n = 0; n <= TASKS; n++) {
		reset(t, n);
		must_find(t, (1u << n) - 1, "it stands still");
		assert_int_equal(t->tellings, n);
		for (i = 0; i < n; i++)
			assert_int_equal(t->told[i].task, t->task[i]->addr);
	}
}

static unsigned int count_stores(struct test *t, const struct event *e,
				 unsigned int n)
{
	reset(t, n);
	t->event = e;
	while (store_one(t))
		;
	return t->done;
}

/* The next way to put the stores at ticks, in order; false if there was the last */
static bool next_plan(unsigned int *due, unsigned int n, unsigned int ticks)
{
	unsigned int i, j;

	for (i = n; i-- > 0;) {
		if (due[i] == ticks)
			continue;
		due[i]++;
		for (j = i + 1; j < n; j++)
			due[j] = due[i];
		return true;
	}
	return false;
}

/* All stores of all events, at all ticks of a walk of @n tasks */
static void at_all_steps(struct test *t, unsigned int n,
			 const struct event *e, unsigned int always)
{
	unsigned int stores = count_stores(t, e, n), plans = 0;
	unsigned int due[MAX_STORES] = { 0 };

	do {
		reset(t, n);
		t->event = e;
		t->planned = stores;
		memcpy(t->due, due, sizeof(due));
		must_find(t, always, "all steps");
		plans++;
	} while (next_plan(due, stores, n + 3));
	assert_true(plans > 20);
}

static void one_is_removed(void **state)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		const struct event e[] = { { REMOVE, i, 0 }, { END, 0, 0 } };

		at_all_steps(*state, 4, e, 0xf & ~(1u << i));
	}
}

static void one_is_added(void **state)
{
	const struct event e[] = { { ADD, 4, 0 }, { END, 0, 0 } };

	at_all_steps(*state, 0, e, 0);
	at_all_steps(*state, 4, e, 0xf);
}

static void two_are_removed(void **state)
{
	unsigned int i, j;

	for (i = 0; i < 4; i++) {
		for (j = 0; j < 4; j++) {
			const struct event e[] = {
				{ REMOVE, i, 0 }, { REMOVE, j, 0 },
				{ END, 0, 0 },
			};

			if (i != j)
				at_all_steps(*state, 4, e,
					     0xf & ~(1u << i | 1u << j));
		}
	}
}

/* de_thread() in fs/exec.c */
static void a_leader_is_replaced(void **state)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		const struct event e[] = { { REPLACE, i, 5 }, { END, 0, 0 } };

		at_all_steps(*state, 3, e, 0x7 & ~(1u << i));
	}
}

/* What was a task is a copy of another one, then a new task at the end. */
static void memory_is_used_again(void **state)
{
	unsigned int i, parent;

	for (i = 0; i < 3; i++) {
		for (parent = 0; parent < 3; parent++) {
			const struct event e[] = {
				{ REMOVE, i, 0 }, { COPY, i, parent },
				{ END, 0, 0 },
			};

			if (i != parent)
				at_all_steps(*state, 3, e, 0x7 & ~(1u << i));
		}
	}
}

static void whatever_happens(void **state)
{
	struct test *t = *state;
	uint64_t first = fk_number("ZU_LIVE_SEED", 1);
	uint64_t rounds = fk_number("ZU_LIVE_ROUNDS", 20000);
	unsigned int i;
	char what[64];

	for (i = 0; i < rounds; i++) {
		bool torn = i % 32 == 31;

		reset(t, 3 + i % (TASKS - 2));
		t->random = (first + i) * UINT64_C(0x9e3779b97f4a7c15) | 1;
		t->live.torn = torn;
		t->live.backwards = fk_draw(&t->random, 2);
		t->chance = (torn ? 256 : 1) + 1 + (unsigned int)fk_draw(&t->random, 3);
		t->planned = (unsigned int)fk_draw(&t->random, MAX_STORES);
		snprintf(what, sizeof(what), "ZU_LIVE_SEED=%" PRIu64,
			 first + i);
		must_find(t, 0x7, what);
	}
}

static void must_refuse(struct test *t, uint64_t addr, uint64_t value)
{
	struct zu_error err = { 0 };

	reset(t, 5);
	fk_put(t->fk, addr, 8, value);
	assert_int_equal(read_list(t, &err), ZU_EFORMAT);
	assert_non_null(strstr(err.text, "it is damaged"));
}

/* One that leads anywhere but to its neighbour, either way */
static void damage_ends_in_an_error(void **state)
{
	struct test *t = *state;

	must_refuse(t, node_of(t, 2), NOWHERE);
	must_refuse(t, node_of(t, 2) + 8, NOWHERE);
	must_refuse(t, node_of(t, 2), node_of(t, 1));
	must_refuse(t, node_of(t, 2), node_of(t, 2));
	must_refuse(t, node_of(t, 2), node_of(t, 4));
	must_refuse(t, node_of(t, 2), t->head);
	must_refuse(t, node_of(t, 2) + 8, t->head);
	must_refuse(t, node_of(t, 2), 0);
	must_refuse(t, t->head, NOWHERE);
	must_refuse(t, t->head + 8, node_of(t, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_that_stands_still),
		cmocka_unit_test(one_is_removed),
		cmocka_unit_test(one_is_added),
		cmocka_unit_test(two_are_removed),
		cmocka_unit_test(a_leader_is_replaced),
		cmocka_unit_test(memory_is_used_again),
		cmocka_unit_test(whatever_happens),
		cmocka_unit_test(damage_ends_in_an_error),
	};

	return cmocka_run_group_tests_name("pages", tests, make, unmake) +
	       cmocka_run_group_tests_name("members", tests, make_fetching,
					   unmake);
}
