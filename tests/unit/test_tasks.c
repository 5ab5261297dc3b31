/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of tasks, CPUs, and what is known of each task. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/make/fakekernel_check.h"

#define SLEEPS "__schedule schedule do_sleep __do_syscall system_call"

/* an address that no page table maps */
#define NOWHERE UINT64_C(0x2345678000)

static uint64_t node_of(struct fk_task *t, const char *member)
{
	return t->addr + fk_offset(t->fk, "task_struct", member);
}

static uint64_t thread_head(struct fk_task *t)
{
	return fk_read(t->fk, t->addr, "task_struct", "signal") +
	       fk_offset(t->fk, "signal_struct", "thread_head");
}

static void set_next(struct fk *fk, uint64_t node, uint64_t next)
{
	fk_set(fk, node, "list_head", "next", next);
}

/* Processes 1 and 2, the second with threads 2, 3, 4; all sleep. */
struct some {
	struct fk *fk;
	struct fk_task *one;
	struct fk_task *two;
	struct fk_task *three;
	struct fk_task *four;
};

static struct some make(enum fk_release release)
{
	struct some s = { .fk = fk_new(release) };

	s.one = fk_task(s.fk, "init", 1);
	s.two = fk_task(s.fk, "server", 2);
	s.three = fk_thread(s.two, "worker/1", 3);
	s.four = fk_thread(s.two, "worker/2", 4);
	fk_sleep(s.one);
	fk_sleep(s.two);
	fk_sleep(s.three);
	fk_sleep(s.four);
	return s;
}

static void assert_task(struct zu_kernel *k, size_t index, int pid, int tgid,
			const char *comm)
{
	struct zu_error err = { 0 };
	struct zu_task t;

	assert_int_equal(zu_kernel_task(k, index, &t, &err), 0);
	assert_int_equal(t.pid, pid);
	assert_int_equal(t.tgid, tgid);
	assert_string_equal(t.comm, comm);
}

static void lists_idle_tasks_then_all_threads(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);
		struct zu_kernel *k = fk_open(s.fk);
		struct zu_error err = { 0 };
		struct zu_task t = { .pid = 99 };

		assert_int_equal(zu_kernel_task_count(k), 6);
		assert_task(k, 0, 0, 0, "swapper/0");
		assert_task(k, 1, 0, 0, "swapper/1");
		assert_task(k, 2, 1, 1, "init");
		assert_task(k, 3, 2, 2, "server");
		assert_task(k, 4, 3, 2, "worker/1");
		assert_task(k, 5, 4, 2, "worker/2");
		assert_int_equal(zu_kernel_task(k, 6, &t, &err), ZU_EINVAL);
		assert_int_equal(t.pid, 99);
		zu_kernel_close(k);
		fk_free(s.fk);
	}
}

static void a_kernel_may_have_no_process(void **state)
{
	struct fk *fk = fk_new(FK_6_12);
	struct zu_kernel *k = fk_open(fk);

	(void)state;
	assert_int_equal(zu_kernel_task_count(k), 2);
	zu_kernel_close(k);
	fk_free(fk);
}

/* The list of processes runs back into itself, not to its head. */
static void refuses_processes_in_a_circle(void **state)
{
	struct some s = make(FK_6_12);

	(void)state;
	set_next(s.fk, node_of(s.two, "tasks"), node_of(s.one, "tasks"));
	fk_refused(s.fk, ZU_EFORMAT, "the list of processes is damaged");
	set_next(s.fk, node_of(s.two, "tasks"), node_of(s.two, "tasks"));
	fk_refused(s.fk, ZU_EFORMAT, "the list of processes is damaged");
	fk_free(s.fk);
}

static void refuses_threads_in_a_circle(void **state)
{
	struct some s = make(FK_6_12);

	(void)state;
	set_next(s.fk, node_of(s.four, "thread_node"),
		 node_of(s.three, "thread_node"));
	fk_refused(s.fk, ZU_EFORMAT, "the list of threads of the process at");
	set_next(s.fk, node_of(s.two, "thread_node"),
		 node_of(s.two, "thread_node"));
	fk_refused(s.fk, ZU_EFORMAT, "the list of threads of the process at");
	fk_free(s.fk);
}

static void refuses_lists_into_nowhere(void **state)
{
	struct some s = make(FK_6_12);

	(void)state;
	set_next(s.fk, node_of(s.one, "tasks"), NOWHERE);
	fk_refused(s.fk, ZU_EFAULT, "cannot read task_struct.signal");
	set_next(s.fk, node_of(s.one, "tasks"), node_of(s.two, "tasks"));
	set_next(s.fk, node_of(s.three, "thread_node"), NOWHERE);
	fk_refused(s.fk, ZU_EFAULT, "task at 0x");
	fk_set_task(s.two, "signal", NOWHERE);
	fk_refused(s.fk, ZU_EFAULT, "the list of threads");
	fk_free(s.fk);
}

/* NULL is no way out of a list_head, nor the address of the lowcore. */
static void refuses_null_in_a_list(void **state)
{
	struct some s = make(FK_6_1);

	(void)state;
	set_next(s.fk, node_of(s.one, "tasks"), 0);
	fk_refused(s.fk, ZU_EFORMAT, "the list of processes is damaged");
	set_next(s.fk, node_of(s.one, "tasks"), node_of(s.two, "tasks"));
	set_next(s.fk, node_of(s.four, "thread_node"), 0);
	fk_refused(s.fk, ZU_EFORMAT, "the list of threads");
	set_next(s.fk, node_of(s.four, "thread_node"), thread_head(s.two));
	fk_set_task(s.two, "signal", 0);
	fk_refused(s.fk, ZU_EFAULT, "the list of threads");
	fk_free(s.fk);
}

/* An answer with a task missing would look like a whole one. */
static void refuses_a_task_that_is_not_in_the_dump(void **state)
{
	struct some s = make(FK_6_12);
	char text[64];

	(void)state;
	snprintf(text, sizeof(text), "task at %#" PRIx64 ": cannot read",
		 s.three->addr);
	fk_forget(s.fk, s.three->addr);
	fk_refused(s.fk, ZU_EFAULT, text);
	fk_free(s.fk);
}

/* A structure has two pages; here the name is on the second one. */
static void refuses_half_a_task(void **state)
{
	struct some s = make(FK_6_12);

	(void)state;
	fk_lie(s.fk, "task_struct", "comm", 5000);
	zu_kernel_close(fk_open(s.fk));
	fk_forget(s.fk, s.three->addr + 5000);
	fk_refused(s.fk, ZU_EFAULT, "cannot read task_struct.comm");
	fk_free(s.fk);
}

static void set_cpu_ids(struct fk *fk, uint64_t ids)
{
	fk_put(fk, fk_address(fk, "nr_cpu_ids"), 4, ids);
}

static void bounds_the_number_of_cpus(void **state)
{
	struct fk *fk = fk_new(FK_7_2);

	(void)state;
	set_cpu_ids(fk, 0);
	fk_refused(fk, ZU_EFORMAT, "nr_cpu_ids is 0");
	set_cpu_ids(fk, 4097);
	fk_refused(fk, ZU_EFORMAT, "nr_cpu_ids is 4097");
	set_cpu_ids(fk, 0xffffffff);
	fk_refused(fk, ZU_EFORMAT, "nr_cpu_ids is 4294967295");
	set_cpu_ids(fk, 4096);
	zu_kernel_close(fk_open(fk));
	set_cpu_ids(fk, 1);
	zu_kernel_close(fk_open(fk));
	fk_free(fk);
}

static void refuses_a_kernel_without_cpus(void **state)
{
	struct fk *fk = fk_new(FK_6_12);

	(void)state;
	fk_put(fk, fk_address(fk, "__cpu_online_mask"), 8, 0);
	fk_refused(fk, ZU_EFORMAT, "no CPU is online");
	fk_put(fk, fk_address(fk, "__cpu_possible_mask"), 8, 0);
	fk_refused(fk, ZU_EFORMAT, "no CPU is online");
	fk_free(fk);
}

static void refuses_a_cpu_area_in_nowhere(void **state)
{
	struct fk *fk = fk_new(FK_6_12);

	(void)state;
	fk_put(fk, fk_address(fk, "__per_cpu_offset") + 8, 8,
	       NOWHERE - fk_address(fk, "__per_cpu_start"));
	fk_refused(fk, ZU_EFAULT, "CPU 1: cannot read rq.idle");
	fk_free(fk);
}

/* CPU 65 is in the second word of a mask; 64 does not exist. */
static void cpus_need_not_be_neighbours(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		struct fk_task *idle = fk_cpu(fk, 65, true);
		struct zu_kernel *k;
		struct zu_task t;

		fk_put(fk, fk_address(fk, "__per_cpu_offset") + 64 * 8, 8,
		       NOWHERE);
		k = fk_open(fk);
		assert_int_equal(zu_kernel_info(k)->cpus, 3);
		assert_int_equal(zu_kernel_task_count(k), 3);
		fk_find(k, idle, &t);
		assert_int_equal(t.cpu, 65);
		assert_true(t.idle && t.running && !t.offline);
		assert_string_equal(t.comm, "swapper/65");
		zu_kernel_close(k);
		fk_free(fk);
	}
}

/* While a CPU runs something, its idle task waits in schedule_idle(). */
static void an_idle_task_can_be_off_its_cpu(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);
		struct fk_task *idle = fk_idle(s.fk, 1);

		fk_frame(idle, "restart_int_handler");
		fk_frame(idle, "do_idle");
		fk_frame(idle, "__schedule");
		fk_expect(idle, "running", "running", "");
		fk_set_task(idle, "on_cpu", 0);
		fk_run(s.one, 1);
		fk_expect(idle, "reliable", "reliable",
			  "__schedule do_idle restart_int_handler");
		fk_expect(s.one, "running", "running", "");
		fk_free(s.fk);
	}
}

/*
 * The CPU will start it anew from the top of its stack, so what its last
 * switch left there says nothing.
 */
static void idle_task_of_an_offline_cpu(void **state)
{
	struct fk *fk = fk_new(FK_7_2);
	struct fk_task *idle = fk_cpu(fk, 2, false);
	struct zu_kernel *k;
	struct zu_task t;

	(void)state;
	fk_frame(idle, "restart_int_handler");
	fk_frame(idle, "do_idle");
	fk_frame(idle, "__schedule");
	k = fk_open(fk);
	fk_find(k, idle, &t);
	assert_true(t.idle && t.offline && !t.running);
	assert_int_equal(zu_kernel_info(k)->cpus, 2);
	zu_kernel_close(k);
	fk_expect(idle, "bad-start", "reliable",
		  "__schedule do_idle restart_int_handler");
	fk_free(fk);
}

static void idle_task_of_a_cpu_never_online(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		struct fk_task *idle = fk_cpu(fk, 2, false);

		fk_never_ran(idle);
		fk_expect(idle, "reliable", "reliable", "ret_from_fork");
		fk_free(fk);
	}
}

/* The address is the function's first: nothing called it from before. */
static void a_task_that_never_ran(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk *fk = fk_new(r);
		struct fk_task *t = fk_task(fk, "fresh", 7);

		fk_never_ran(t);
		fk_expect(t, "reliable", "reliable", "ret_from_fork");
		fk_free(fk);
	}
}

/* rq.curr changes before the registers do, on_cpu is cleared after that. */
static void both_say_that_a_task_runs(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);

		fk_set_task(s.two, "on_cpu", 1);
		fk_expect(s.two, "running", "running", "");
		fk_run(s.three, 0);
		fk_set_task(s.three, "on_cpu", 0);
		fk_expect(s.three, "running", "running", "");
		fk_expect(s.four, "reliable", "reliable", SLEEPS);
		fk_set_task(s.two, "on_cpu", 0);
		fk_expect(s.two, "reliable", "reliable", SLEEPS);
		fk_free(s.fk);
	}
}

/* rq.curr of a CPU that is offline is an old story. */
static void an_offline_cpu_runs_nothing(void **state)
{
	struct some s = make(FK_6_12);

	(void)state;
	fk_cpu(s.fk, 2, false);
	fk_run(s.one, 2);
	fk_set_task(s.one, "on_cpu", 0);
	fk_expect(s.one, "reliable", "reliable", SLEEPS);
	fk_free(s.fk);
}

static void assert_no_stack(struct fk_task *t)
{
	struct zu_kernel *k = fk_open(t->fk);
	struct zu_task task;

	fk_find(k, t, &task);
	assert_false(task.has_stack);
	zu_kernel_close(k);
	fk_expect(t, "reliable", "reliable", "");
}

/* stack_trace_save_tsk_reliable(): without a stack there is nothing to fear */
#define EXIT_ZOMBIE 0x20

/* The kernel does not ask why; only an ended task can have lost its stack. */
static void a_live_task_has_a_stack(void **state)
{
	struct some s = make(FK_6_12);

	(void)state;
	fk_set_task(s.one, "stack_refcount", 0);
	fk_expect(s.one, "bad-start", "reliable", "");
	fk_set_task(s.two, "stack", 0);
	fk_expect(s.two, "bad-start", "reliable", "");
	fk_free(s.fk);
}

/* As many tasks as the kernel counts, but for one on each of the CPUs */
static void the_kernel_counts_its_tasks(void **state)
{
	struct some s = make(FK_6_12);
	struct zu_kernel *k = fk_open(s.fk);
	size_t tasks = 0, cpus = 0, i, d;
	struct zu_task task;
	struct zu_error err;
	uint64_t count;

	(void)state;
	/* each CPU has one idle task, which is not counted */
	for (i = 0; i < zu_kernel_task_count(k); i++) {
		assert_int_equal(zu_kernel_task(k, i, &task, &err), 0);
		cpus += task.idle;
		tasks += !task.idle;
	}
	zu_kernel_close(k);
	fk_free(s.fk);

	s = make(FK_6_12);
	count = fk_static(s.fk, "nr_threads", 4);
	for (d = 0; d <= cpus; d++) {
		fk_put(s.fk, count, 4, tasks + d);
		zu_kernel_close(fk_open(s.fk));
		fk_put(s.fk, count, 4, tasks - d);
		zu_kernel_close(fk_open(s.fk));
	}
	fk_put(s.fk, count, 4, tasks + cpus + 1);
	fk_refused(s.fk, ZU_EFORMAT, "the list of tasks is damaged");
	fk_put(s.fk, count, 4, tasks - cpus - 1);
	fk_refused(s.fk, ZU_EFORMAT, "the list of tasks is damaged");
	fk_free(s.fk);
}

static void zombies_have_no_stack(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct some s = make(r);

		fk_set_task(s.one, "stack_refcount", 0);
		fk_set_task(s.one, "exit_state", EXIT_ZOMBIE);
		assert_no_stack(s.one);
		fk_set_task(s.two, "stack", 0);
		fk_set_task(s.two, "exit_state", EXIT_ZOMBIE);
		assert_no_stack(s.two);
		fk_expect(s.three, "reliable", "reliable", SLEEPS);
		fk_free(s.fk);
	}
}

/* CONFIG_THREAD_INFO_IN_TASK is what brings stack_refcount */
static void zombies_without_a_count(void **state)
{
	struct some s = make(FK_6_1);

	(void)state;
	fk_hide(s.fk, "task_struct", "stack_refcount");
	fk_set_task(s.one, "stack_refcount", 0);
	fk_set_task(s.two, "stack", 0);
	fk_set_task(s.two, "exit_state", EXIT_ZOMBIE);
	fk_expect(s.one, "reliable", "reliable", SLEEPS);
	assert_no_stack(s.two);
	fk_free(s.fk);
}

static void assert_comm(struct some *s, const char *bytes, size_t len,
			const char *seen)
{
	struct zu_kernel *k;
	struct zu_task t;

	fk_put_bytes(s->fk, s->one->addr +
		     fk_offset(s->fk, "task_struct", "comm"), bytes, len);
	k = fk_open(s->fk);
	fk_find(k, s->one, &t);
	assert_string_equal(t.comm, seen);
	zu_kernel_close(k);
}

static void names_may_hold_anything(void **state)
{
	struct some s = make(FK_6_12);

	(void)state;
	/* not terminated: what follows in the structure is no part of it */
	assert_comm(&s, "0123456789abcdefg", 17, "0123456789abcde");
	assert_comm(&s, "0123456789abcde\0", 16, "0123456789abcde");
	assert_comm(&s, "\1\n\"\\\xff\xc3 x", 9, "\1\n\"\\\xff\xc3 x");
	assert_comm(&s, "", 1, "");
	fk_free(s.fk);
}

static void states_are_the_letters_of_ps(void **state)
{
	static const struct {
		uint32_t state;
		uint32_t exit_state;
		char letter;
	} rows[] = {
		{ 0, 0, 'R' },		{ 1, 0, 'S' },
		{ 2, 0, 'D' },		{ 4, 0, 'T' },
		{ 8, 0, 't' },		{ 0x40, 0, 'P' },
		{ 0x402, 0, 'I' },	/* TASK_IDLE */
		{ 0x400, 0, 'R' },	{ 0x102, 0, 'D' },	/* KILLABLE */
		{ 0x104, 0, 'T' },	/* stopped, may be killed */
		{ 0x80, 0x10, 'X' },	{ 0x80, 0x20, 'Z' },
		{ 0x1000, 0, 'D' },	/* RTLOCK_WAIT */
		{ 0x8000, 0, 'D' },	/* FROZEN */
		{ 0x2001, 0, 'S' },	/* FREEZABLE */
		{ 0x800, 0, 'R' },	/* NEW */
		{ 0xffffffff, 0xffffffff, 'D' },
	};
	struct some s = make(FK_6_12);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zu_kernel *k;
		struct zu_task t;

		fk_set_task(s.one, "__state", rows[i].state);
		fk_set_task(s.one, "exit_state", rows[i].exit_state);
		k = fk_open(s.fk);
		fk_find(k, s.one, &t);
		if (t.state != rows[i].letter)
			fail_msg("state %#" PRIx32 ",%#" PRIx32
				 " is %c, not %c", rows[i].state,
				 rows[i].exit_state, t.state, rows[i].letter);
		zu_kernel_close(k);
	}
	fk_free(s.fk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_idle_tasks_then_all_threads),
		cmocka_unit_test(a_kernel_may_have_no_process),
		cmocka_unit_test(refuses_processes_in_a_circle),
		cmocka_unit_test(refuses_threads_in_a_circle),
		cmocka_unit_test(refuses_lists_into_nowhere),
		cmocka_unit_test(refuses_null_in_a_list),
		cmocka_unit_test(refuses_a_task_that_is_not_in_the_dump),
		cmocka_unit_test(refuses_half_a_task),
		cmocka_unit_test(bounds_the_number_of_cpus),
		cmocka_unit_test(refuses_a_kernel_without_cpus),
		cmocka_unit_test(refuses_a_cpu_area_in_nowhere),
		cmocka_unit_test(cpus_need_not_be_neighbours),
		cmocka_unit_test(an_idle_task_can_be_off_its_cpu),
		cmocka_unit_test(idle_task_of_an_offline_cpu),
		cmocka_unit_test(idle_task_of_a_cpu_never_online),
		cmocka_unit_test(a_task_that_never_ran),
		cmocka_unit_test(both_say_that_a_task_runs),
		cmocka_unit_test(an_offline_cpu_runs_nothing),
		cmocka_unit_test(a_live_task_has_a_stack),
		cmocka_unit_test(the_kernel_counts_its_tasks),
		cmocka_unit_test(zombies_have_no_stack),
		cmocka_unit_test(zombies_without_a_count),
		cmocka_unit_test(names_may_hold_anything),
		cmocka_unit_test(states_are_the_letters_of_ps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
