/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CPUs, tasks and their stacks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/frame_s390x.h"
#include "tests/make/fk_private.h"

#define REGS_SIZE 200
#define FRAME 168

/* PSW of a kernel with DAT and without interrupts, and of user space */
#define PSW_KERNEL 0x0404c00180000000ULL
#define PSW_USER 0x0705200180000000ULL

#define TASK_INTERRUPTIBLE 1

void fk_list_init(struct fk *fk, uint64_t head)
{
	fk_set(fk, head, "list_head", "next", head);
	fk_set(fk, head, "list_head", "prev", head);
}

void fk_list_add(struct fk *fk, uint64_t head, uint64_t node)
{
	uint64_t last = fk_read(fk, head, "list_head", "prev");

	fk_set(fk, node, "list_head", "next", head);
	fk_set(fk, node, "list_head", "prev", last);
	fk_set(fk, last, "list_head", "next", node);
	fk_set(fk, head, "list_head", "prev", node);
}

void fk_set_task(struct fk_task *t, const char *path, uint64_t value)
{
	fk_set(t->fk, t->addr, "task_struct", path, value);
}

static void set_sp(struct fk_task *t, uint64_t sp)
{
	t->sp = sp;
	fk_set_task(t, "thread.ksp", sp);
}

uint64_t fk_task_regs(const struct fk_task *t)
{
	return t->stack + FK_STACK_SIZE - REGS_SIZE;
}

struct fk_task *fk_task_new(struct fk *fk, const char *comm, int pid,
			    uint64_t addr, uint64_t stack)
{
	struct fk_task *t = fk_grow(NULL, 1, sizeof(*t));

	fk->task = fk_grow(fk->task, fk->tasks + 1, sizeof(*fk->task));
	fk->task[fk->tasks++] = t;
	*t = (struct fk_task){ .fk = fk, .addr = addr, .stack = stack };
	fk_put_bytes(fk, addr + fk_offset(fk, "task_struct", "comm"), comm,
		     strnlen(comm, 16));
	fk_set_task(t, "pid", (uint64_t)pid);
	fk_set_task(t, "tgid", (uint64_t)pid);
	fk_set_task(t, "stack", stack);
	fk_set_task(t, "stack_refcount", 1);
	fk_set_task(t, "usage.refs.counter", 1);
	fk_set_task(t, "start_time", 1000 + fk->tasks);
	fk_set_task(t, "__state", TASK_INTERRUPTIBLE);
	if (fk->release == FK_6_1)	/* empty is -1 there */
		fk_set_task(t, "curr_ret_stack", (uint64_t)-1);
	set_sp(t, fk_task_regs(t) - ZU_FRAME_SIZE);
	return t;
}

uint64_t fk_linear_stack(struct fk *fk)
{
	return fk->identity + fk_alloc_abs(fk, FK_STACK_SIZE, FK_STACK_SIZE);
}

static uint64_t new_stack(struct fk *fk)
{
	return fk->vmap_stacks ?
	       fk_valloc_aligned(fk, FK_STACK_SIZE, FK_STACK_SIZE) :
	       fk_linear_stack(fk);
}

static struct fk_task *new_task(struct fk *fk, const char *comm, int pid)
{
	return fk_task_new(fk, comm, pid,
			   fk_alloc(fk, fk_sizeof(fk, "task_struct")),
			   new_stack(fk));
}

struct fk_task *fk_task(struct fk *fk, const char *comm, int pid)
{
	struct fk_task *t = new_task(fk, comm, pid);
	uint64_t signal = fk_alloc(fk, fk_sizeof(fk, "signal_struct"));
	uint64_t head = signal + fk_offset(fk, "signal_struct", "thread_head");

	fk_set_task(t, "signal", signal);
	fk_list_init(fk, head);
	fk_list_add(fk, head, t->addr +
		    fk_offset(fk, "task_struct", "thread_node"));
	fk_list_add(fk, fk->init_task + fk_offset(fk, "task_struct", "tasks"),
		    t->addr + fk_offset(fk, "task_struct", "tasks"));
	return t;
}

struct fk_task *fk_thread(struct fk_task *leader, const char *comm, int pid)
{
	struct fk *fk = leader->fk;
	struct fk_task *t = new_task(fk, comm, pid);
	uint64_t signal = fk_read(fk, leader->addr, "task_struct", "signal");

	fk_set_task(t, "tgid", fk_read(fk, leader->addr, "task_struct",
				       "pid"));
	fk_set_task(t, "signal", signal);
	fk_list_add(fk, signal + fk_offset(fk, "signal_struct", "thread_head"),
		    t->addr + fk_offset(fk, "task_struct", "thread_node"));
	return t;
}

static void set_bit(struct fk *fk, const char *mask, unsigned int cpu)
{
	uint64_t word = fk_address(fk, mask) + cpu / 64 * 8;

	fk_put(fk, word, 8, fk_get(fk, word, 8) | 1ULL << cpu % 64);
}

uint64_t fk_rq(struct fk *fk, unsigned int cpu)
{
	return fk_address(fk, "runqueues") +
	       fk_get(fk, fk_address(fk, "__per_cpu_offset") + cpu * 8, 8);
}

void fk_run(struct fk_task *t, unsigned int cpu)
{
	fk_set(t->fk, fk_rq(t->fk, cpu), "rq", "curr", t->addr);
	fk_set_task(t, "on_cpu", 1);
	fk_set_task(t, "__state", 0);
	fk_set_task(t, "thread_info.cpu", cpu);
}

struct fk_task *fk_idle(struct fk *fk, unsigned int cpu)
{
	if (cpu >= FK_CPUS || !fk->idle[cpu])
		fk_die("there is no CPU %u", cpu);
	return fk->idle[cpu];
}

struct fk_task *fk_cpu(struct fk *fk, unsigned int cpu, bool online)
{
	uint64_t ids = fk_address(fk, "nr_cpu_ids");
	uint64_t area = fk_alloc(fk, FK_PERCPU);
	struct fk_task *idle = fk->idle[cpu];
	char comm[16];

	if (!idle) {
		snprintf(comm, sizeof(comm), "swapper/%u", cpu);
		idle = fk->idle[cpu] = new_task(fk, comm, 0);
	}
	/* below the image: the offset is negative, if one wants */
	fk_put(fk, fk_address(fk, "__per_cpu_offset") + cpu * 8, 8,
	       area - fk_address(fk, "__per_cpu_start"));
	if (fk_get(fk, ids, 4) <= cpu)
		fk_put(fk, ids, 4, cpu + 1);
	set_bit(fk, "__cpu_possible_mask", cpu);
	if (online)
		set_bit(fk, "__cpu_online_mask", cpu);
	fk_set(fk, fk_rq(fk, cpu), "rq", "idle", idle->addr);
	/* init_idle() does so for all CPUs that may come */
	fk_run(idle, cpu);
	return idle;
}

/*
 * The first frame is at the top of the stack, below the task's registers,
 * where fk_task_new() has put the stack pointer.
 */
void fk_frame_at(struct fk_task *t, uint64_t ip, uint32_t size)
{
	uint64_t sp = t->frames ? t->sp - size : t->sp;

	if (sp < t->stack)
		fk_die("a stack is full");
	fk_put(t->fk, sp + ZU_FRAME_R14, 8, ip);
	fk_put(t->fk, sp + ZU_FRAME_R15, 8, sp);
	fk_put(t->fk, sp + ZU_FRAME_BACK_CHAIN, 8, t->frames ? t->sp : 0);
	t->frames++;
	set_sp(t, sp);
}

void fk_frame(struct fk_task *t, const char *place)
{
	fk_frame_at(t, fk_place(t->fk, place), FRAME);
}

static void frames(struct fk_task *t, const char *const *place)
{
	for (; *place; place++)
		fk_frame(t, *place);
}

void fk_sleep(struct fk_task *t)
{
	static const char *const places[] = {
		"system_call+0x78", "__do_syscall", "do_sleep", "schedule",
		"__schedule", NULL,
	};

	fk_put(t->fk, fk_task_regs(t) + ZU_REGS_PSW_MASK, 8, PSW_USER);
	frames(t, places);
}

void fk_kthread(struct fk_task *t)
{
	static const char *const places[] = {
		"ret_from_fork+0xa", "__ret_from_fork", "kthread", "schedule",
		"__schedule", NULL,
	};

	fk_put(t->fk, fk_task_regs(t) + ZU_REGS_PSW_MASK, 8, PSW_KERNEL);
	frames(t, places);
}

/* copy_thread() in arch/s390/kernel/process.c */
void fk_never_ran(struct fk_task *t)
{
	fk_set_task(t, "__state", 0x800);	/* TASK_NEW */
	fk_frame(t, "ret_from_fork+0");
}

/* INT_HANDLER in arch/s390/kernel/entry.S: registers above a new frame */
void fk_interrupt(struct fk_task *t, const char *place, const char *handler)
{
	uint64_t sp = t->sp - ZU_FRAME_SIZE - REGS_SIZE;
	uint64_t regs = sp + ZU_FRAME_SIZE;

	fk_put(t->fk, regs + ZU_REGS_PSW_MASK, 8, PSW_KERNEL);
	fk_put(t->fk, regs + ZU_REGS_PSW_ADDR, 8, fk_place(t->fk, place));
	fk_put(t->fk, regs + ZU_REGS_R15, 8, t->sp);
	fk_put(t->fk, sp + ZU_FRAME_R14, 8, fk_place(t->fk, handler));
	fk_put(t->fk, sp + ZU_FRAME_BACK_CHAIN, 8, 0);
	t->frames++;
	set_sp(t, sp);
}
