/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/task.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kern/list.h"
#include "kern/read.h"
#include "kern/task_list.h"
#include "util/big.h"
#include "util/fail.h"

/* __task_state_index() in include/linux/sched.h, 5.14 to 7.2 */
static char state_letter(uint64_t state, uint64_t exit_state)
{
	enum {
		UNINTERRUPTIBLE = 0x2,
		IDLE = 0x402,		/* with TASK_NOLOAD */
		RTLOCK_WAIT = 0x1000,
		FROZEN = 0x8000,
		REPORT = 0x7f,
		REPORT_IDLE = 0x80,
	};
	static const char letter[] = "RSDTtXZPI";
	unsigned int report = (unsigned int)(state | exit_state) & REPORT;
	unsigned int i = 0;

	if ((state & IDLE) == IDLE)
		report = REPORT_IDLE;
	if (state & (RTLOCK_WAIT | FROZEN))
		report = UNINTERRUPTIBLE;
	for (; report; report >>= 1)
		i++;
	return letter[i];
}

static int read_comm(const struct zu_kernel *k, struct zu_task *t,
		     struct zu_error *err)
{
	const struct zu_place *comm = &k->layout.place[ZU_F_task_comm];
	size_t size = comm->size < sizeof(t->comm) ? comm->size :
						     sizeof(t->comm);
	int ret;

	ret = zu_memory_read(&k->mem, t->address + comm->offset, t->comm,
			     size);
	if (ret)
		return zu_fail(err, ret, "cannot read task_struct.comm");
	t->comm[size - 1] = '\0';
	return 0;
}

static int read_state(const struct zu_kernel *k, struct zu_task *t,
		      struct zu_error *err)
{
	uint64_t state, exit_state;
	int ret;

	ret = zu_read_field_err(k, t->address, ZU_F_task_state, &state, err);
	if (!ret)
		ret = zu_read_field_err(k, t->address, ZU_F_task_exit_state,
					&exit_state, err);
	if (ret)
		return ret;
	t->state = state_letter(state, exit_state);
	t->exited = exit_state;
	return 0;
}

static int read_ids(const struct zu_kernel *k, struct zu_task *t,
		    struct zu_error *err)
{
	enum zu_field cpu_field = zu_has(k, ZU_F_task_cpu) ?
				  ZU_F_task_cpu : ZU_F_task_cpu_old;
	uint64_t pid, tgid, cpu = 0;
	int ret;

	ret = zu_read_field_err(k, t->address, ZU_F_task_pid, &pid, err);
	if (!ret)
		ret = zu_read_field_err(k, t->address, ZU_F_task_tgid, &tgid,
					err);
	if (!ret && zu_has(k, cpu_field))
		ret = zu_read_field_err(k, t->address, cpu_field, &cpu, err);
	if (ret)
		return ret;
	t->pid = (int32_t)pid;
	t->tgid = (int32_t)tgid;
	t->cpu = (uint32_t)cpu;
	return 0;
}

static int read_stack(const struct zu_kernel *k, struct zu_task *t,
		      struct zu_error *err)
{
	uint64_t refs = 1;
	int ret;

	ret = zu_read_field_err(k, t->address, ZU_F_task_stack, &t->stack,
				err);
	if (!ret)
		ret = zu_read_field_err(k, t->address, ZU_F_task_ksp, &t->ksp,
					err);
	if (!ret && zu_has(k, ZU_F_task_stack_refcount))
		ret = zu_read_field_err(k, t->address,
					ZU_F_task_stack_refcount, &refs, err);
	t->has_stack = !ret && t->stack && refs;
	return ret;
}

/* Who needs to know asks zu_klp_task(), which says what is wrong. */
static int read_patch_state(const struct zu_kernel *k, struct zu_task *t,
			    struct zu_error *err)
{
	uint64_t state;

	(void)err;
	t->patch_state = ZU_NO_PATCH_STATE;
	if (!zu_read_field(k, t->address, ZU_F_task_patch_state, &state))
		t->patch_state = (int32_t)state;
	return 0;
}

/* Where the kernel runs, a CPU may have come since the look began. */
static int read_offline(const struct zu_kernel *k, struct zu_task *t,
			const struct zu_cpu *idle, struct zu_error *err)
{
	bool online = idle && idle->online;
	int ret = 0;

	if (idle && !online && k->image->kind->changes)
		ret = zu_cpu_read_online(k, idle->number, &online, err);
	t->offline = idle && !online;
	return ret;
}

/*
 * The kernel's task_curr(), and on_cpu: the task that a CPU is just switching
 * away from is no longer the current one, but still uses its stack.
 */
static int read_running(const struct zu_kernel *k, struct zu_task *t,
			struct zu_error *err)
{
	const struct zu_cpu *idle = zu_cpus_idle(&k->cpus, t->address);
	uint64_t on_cpu = 0;
	int ret = read_offline(k, t, idle, err);

	t->idle = idle;
	/* set when an idle task is made, and left set when its CPU goes */
	if (ret || t->offline)
		return ret;
	if (zu_has(k, ZU_F_task_on_cpu))
		ret = zu_read_field_err(k, t->address, ZU_F_task_on_cpu,
					&on_cpu, err);
	if (ret)
		return ret;
	/* which tasks were current when the look began is of no use then */
	t->running = on_cpu || (!(k->many_moments &&
				  zu_has(k, ZU_F_task_on_cpu)) &&
				zu_cpus_runs(&k->cpus, t->address));
	return 0;
}

/* What a dump reads for it is not used, so a capture does not need it. */
void zu_task_fetch(struct zu_kernel *k, uint64_t address)
{
	/* in thread_info, which is first, if it has one; and in thread, the last */
	const struct zu_place *first = &k->layout.place[zu_has(k,
		ZU_F_task_cpu) ? ZU_F_task_cpu : ZU_F_task_state];
	const struct zu_place *last = &k->layout.place[ZU_F_task_ksp];
	uint8_t span[4096];
	uint64_t len = (uint64_t)last->offset + last->size - first->offset;

	if (last->offset < first->offset || len > sizeof(span))
		return;
	if (k->image->kind->fetch) {
		zu_image_fetch(k->image, address + first->offset, len);
		return;
	}
	k->vm.quiet++;
	(void)zu_memory_read(&k->mem, address + first->offset, span, len);
	k->vm.quiet--;
}

int zu_task_read(struct zu_kernel *k, uint64_t address, struct zu_task *t,
		 struct zu_error *err)
{
	static int (*const read[])(const struct zu_kernel *k,
				   struct zu_task *t,
				   struct zu_error *err) = {
		read_ids, read_comm, read_state, read_stack, read_running,
		read_patch_state,
	};
	size_t i;

	/* now, while its memory is at hand: see image/cache.h */
	zu_task_fetch(k, address);
	*t = (struct zu_task){ .address = address };
	for (i = 0; i < sizeof(read) / sizeof(read[0]); i++)
		if (read[i](k, t, err))
			return zu_fail_at(err, "task at 0x%" PRIx64, address);
	return 0;
}

/* Memory that is not used yet costs nothing, memory that moves does */
#define FIRST_TASKS 16384

static int add(struct zu_kernel *k, uint64_t task, size_t *cap,
	       struct zu_error *err)
{
	if (k->nr_tasks == *cap) {
		size_t bigger = *cap ? *cap * 2 : FIRST_TASKS;
		struct zu_task *p;

		if (k->nr_tasks >= ZU_MAX_TASKS)
			return zu_fail(err, ZU_EFORMAT,
				       "more than %u tasks: the list of tasks is damaged",
				       ZU_MAX_TASKS);
		p = zu_big_grow(k->tasks, k->nr_tasks * sizeof(*p),
				bigger * sizeof(*p));
		if (!p)
			return zu_fail_nomem(err);
		k->tasks = p;
		*cap = bigger;
	}
	if (zu_task_read(k, task, &k->tasks[k->nr_tasks], err))
		return err->code;
	k->nr_tasks++;
	return 0;
}

static int add_threads(struct zu_kernel *k, uint64_t leader, size_t *cap,
		       struct zu_error *err)
{
	struct zu_list list;
	uint64_t signal, node;
	int ret;

	ret = zu_read_field_err(k, leader, ZU_F_task_signal, &signal, err);
	if (ret)
		return ret;
	zu_list_init(&list, k, signal + zu_offset(k, ZU_F_signal_thread_head),
		     ZU_LIST_CIRCULAR);
	while ((ret = zu_list_next(&list, &node)) > 0) {
		ret = add(k, node - zu_offset(k, ZU_F_task_thread_node), cap,
			  err);
		if (ret)
			return ret;
	}
	if (ret)
		return zu_fail(err, ret,
			       "the list of threads of the process at 0x%" PRIx64 " is damaged",
			       leader);
	return 0;
}

/*
 * The kernel counts all tasks but the idle ones. Tasks that were coming or
 * going, one on each CPU, may be in the list or in the count alone.
 */
static int check_count(const struct zu_kernel *k, size_t idle,
		       struct zu_error *err)
{
	uint64_t found = k->nr_tasks - idle, count;
	int ret;

	if (!k->global[ZU_G_nr_threads])
		return 0;
	ret = zu_read_uint(k, k->global[ZU_G_nr_threads], 4, &count);
	if (ret)
		return zu_fail(err, ret, "cannot read nr_threads");
	if (found > count + k->cpus.count || count > found + k->cpus.count)
		return zu_fail(err, ZU_EFORMAT,
			       "the list of tasks is damaged: it has %" PRIu64 " tasks, the kernel counts %" PRIu64,
			       found, count);
	return 0;
}

static int list_tasks(struct zu_kernel *k, size_t *cap, struct zu_error *err)
{
	size_t idle = k->nr_tasks;
	struct zu_list list;
	uint64_t node;
	int ret;

	zu_list_init(&list, k, k->global[ZU_G_init_task] +
		     zu_offset(k, ZU_F_task_tasks), ZU_LIST_CIRCULAR);
	while ((ret = zu_list_next(&list, &node)) > 0) {
		ret = add_threads(k, node - zu_offset(k, ZU_F_task_tasks),
				  cap, err);
		if (ret)
			return ret;
	}
	if (ret)
		return zu_fail(err, ret,
			       "the list of processes is damaged after %zu tasks",
			       k->nr_tasks);
	return check_count(k, idle, err);
}

/* Where tasks that come and go are added */
struct adding {
	struct zu_kernel *k;
	size_t cap;
};

static int add_thread(void *ctx, uint64_t task, uint64_t start,
		      struct zu_error *err)
{
	struct adding *a = ctx;

	(void)start;
	return add(a->k, task, &a->cap, err);
}

/* A process that ends takes the head of the list of its threads with it. */
static bool is_alive(struct zu_kernel *k, uint64_t leader, uint64_t was)
{
	uint64_t start, state;

	zu_image_forget(k->image);
	return !zu_read_field(k, leader, ZU_F_task_start_time, &start) &&
	       !zu_read_field(k, leader, ZU_F_task_exit_state, &state) &&
	       start == was && !state;
}

/* The process has no other thread; told by its leader alone */
static bool is_alone(const struct zu_kernel *k, uint64_t leader,
		     uint64_t signal)
{
	uint64_t node = leader + zu_offset(k, ZU_F_task_thread_node);
	uint64_t head = signal + zu_offset(k, ZU_F_signal_thread_head);
	uint64_t next, prev;

	return !zu_read_uint(k, node, 8, &next) &&
	       !zu_read_uint(k, node + 8, 8, &prev) && next == head &&
	       prev == head;
}

static int add_process(void *ctx, uint64_t leader, uint64_t start,
		       struct zu_error *err)
{
	struct adding *a = ctx;
	size_t before = a->k->nr_tasks;
	uint64_t signal;
	int i, ret = 0;

	for (i = 0; i < ZU_TASK_TRIES; i++) {
		ret = zu_read_field_err(a->k, leader, ZU_F_task_signal,
					&signal, err);
		if (!ret && is_alone(a->k, leader, signal))
			return add(a->k, leader, &a->cap, err);
		if (!ret)
			ret = zu_task_list_read(a->k, signal + zu_offset(a->k,
						ZU_F_signal_thread_head),
						ZU_F_task_thread_node,
						add_thread, a, err);
		if (!ret || ret == ZU_ENOMEM)
			return ret;
		a->k->nr_tasks = before;
		if (!is_alive(a->k, leader, start))
			return 0;
	}
	return zu_fail_at(err, "the list of threads of the process at 0x%" PRIx64,
			  leader);
}

/* The same while they come and go: what is there all the time is found */
static int list_changing_tasks(struct zu_kernel *k, size_t cap,
			       struct zu_error *err)
{
	struct adding a = { .k = k, .cap = cap };

	if (zu_task_list_read(k, k->global[ZU_G_init_task] +
			      zu_offset(k, ZU_F_task_tasks), ZU_F_task_tasks,
			      add_process, &a, err))
		return zu_fail_at(err, "the list of processes");
	return 0;
}

int zu_tasks_init(struct zu_kernel *k, struct zu_error *err)
{
	unsigned int i;
	size_t cap = 0;
	int ret;

	for (i = 0; i < k->cpus.count; i++) {
		if (!k->cpus.cpu[i].idle)
			continue;
		ret = add(k, k->cpus.cpu[i].idle, &cap, err);
		if (ret)
			return ret;
	}
	return k->image->kind->changes ? list_changing_tasks(k, cap, err) :
	       list_tasks(k, &cap, err);
}

size_t zu_kernel_task_count(const struct zu_kernel *k)
{
	return k->nr_tasks;
}

int zu_kernel_task(struct zu_kernel *k, size_t index, struct zu_task *ret,
		   struct zu_error *err)
{
	if (index >= k->nr_tasks)
		return zu_fail(err, ZU_EINVAL, "there is no task %zu", index);
	*ret = k->tasks[index];
	return 0;
}
