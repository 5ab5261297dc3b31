// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/walk.h"

#include <linux/cpumask.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/smp.h>
#include <asm/processor.h>
#include <asm/ptrace.h>

#include "kmod/hidden.h"
#include "kmod/object_text.h"
#include "kmod/site_cache.h"
#include "kmod/symbols.h"

static bool is_text(void *ctx, uint64_t addr)
{
	return zu_sym.kernel_text_address(addr);
}

/* unwind_recover_ret_addr() in arch/s390/include/asm/unwind.h, 6.12 to 7.2 */
static uint64_t recover(void *ctx, struct zu_cursor *cursor, uint64_t ip,
			uint64_t sp, enum zu_from *from)
{
	struct zu_walk *w = ctx;

	if (ip && ip == zu_sym.return_to_handler && zu_sym.fgraph_ret_addr) {
		int at = cursor->fgraph;

		*from = ZU_FROM_FGRAPH;
		ip = zu_sym.fgraph_ret_addr(w->who, &at, ip,
					    (unsigned long *)sp);
		cursor->fgraph = at;
	}
	if (ip && ip == zu_sym.rethook_trampoline && zu_sym.rethook_ret_addr) {
		struct llist_node *node = (void *)cursor->rethook;

		*from = ZU_FROM_RETHOOK;
		ip = zu_sym.rethook_ret_addr(w->who, sp, &node);
		cursor->rethook = (unsigned long)node;
	}
	return ip;
}

static bool hides_caller(void *ctx, const struct zu_frame *frame)
{
	const struct zu_walk *w = ctx;

	return zu_hides_caller(frame, w->inner);
}

/*
 * The boot CPU's idle task still returns, in theory, to init text that was
 * given away. Nobody else does.
 */
static void site(void *ctx, uint64_t ip, bool exact, struct zu_site *ret)
{
	const struct zu_walk *w = ctx;

	zu_site_cached(ip, exact, ret);
	if (!zu_text_is_gone(exact ? ip : ip - 1))
		return;
	memset(&ret->row, 0, sizeof(ret->row));
	ret->call = exact ? ZU_CALL_NONE : ZU_CALL_UNKNOWN;
	ret->gone = w->who == &init_task;
}

static bool leads_to(void *ctx, uint64_t target, uint64_t func)
{
	return zu_leads_to_cached(target, func);
}

static void learn_link(void *ctx, uint64_t inner, uint64_t outer, uint64_t func,
		       const struct zu_link *link)
{
	const struct zu_walk *w = ctx;

	zu_link_learn(inner, outer, func, link, w->age);
}

static struct zu_unwind_env env = {
	.is_text = is_text,
	.recover = recover,
	.hides_caller = hides_caller,
	.site = site,
	.leads_to = leads_to,
	.learn = learn_link,
	.regs_size = sizeof(struct pt_regs),
};

/* To whom the current task's first frame looks like one that called us */
static struct zu_unwind_env env_current;

void zu_walk_init(void)
{
	env.text[0] = zu_sym.stext;
	env.text[1] = zu_sym.etext;
	env.return_to_handler = zu_sym.return_to_handler;
	env.rethook_trampoline = zu_sym.rethook_trampoline;
	env.ret_from_fork = zu_sym.ret_from_fork;
	env.switch_to[0] = zu_sym.switch_to;
	env.switch_to[1] = zu_sym.switch_to_asm;
	env_current = env;
	env_current.ret_from_fork = 0;
	env_current.switch_to[0] = (unsigned long)zu_sym.save_reliable;
	env_current.switch_to[1] = 0;
}

static void start(struct zu_walk *w, struct task_struct *task,
		  unsigned long sp)
{
	w->who = task;
	w->inner = 0;
	w->age = zu_site_age();
	w->stack.begin = (unsigned long)task_stack_page(task);
	w->stack.end = w->stack.begin + THREAD_SIZE;
	w->stack.type = ZU_STACK_TASK;
	w->task.ctx = w;
	w->task.ksp = sp;
	w->task.regs = (unsigned long)task_pt_regs(task);
	w->task.stacks = &w->stack;
	w->task.nr_stacks = 1;
	/* PF_IDLE is set by the task itself, and not before it runs */
	w->task.idle = is_idle_task(task) ||
		       task == zu_sym.idle_task(task_cpu(task));
}

void zu_walk_start(struct zu_walk *w, struct task_struct *task, bool rows)
{
	start(w, task, task->thread.ksp);
	if (rows)
		zu_unwind_start_rows(&w->u, &env, &w->task);
	else
		zu_unwind_start(&w->u, &env, &w->task);
}

void zu_walk_start_caller(struct zu_walk *w, unsigned long sp)
{
	start(w, current, sp);
	zu_unwind_start_rows(&w->u, &env_current, &w->task);
}

void zu_walk_next(struct zu_walk *w)
{
	w->inner = w->u.frame.ip;
	zu_unwind_next(&w->u);
}

bool zu_walk_is_leftover(const struct task_struct *task)
{
	unsigned int cpu = task_cpu(task);

	return !cpu_online(cpu) && task == zu_sym.idle_task(cpu);
}
