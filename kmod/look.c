// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/look.h"

#include <linux/export.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>

#include "kmod/counters.h"
#include "kmod/symbols.h"
#include "kmod/walk.h"

static void keep(struct zu_look *l, const struct zu_frame *f)
{
	if (l->nr_frames < ZU_LOOK_FRAMES)
		l->frames[l->nr_frames++] = *f;
}

static struct zu_verdict verdict(const struct zu_judge *j)
{
	return (struct zu_verdict){
		.why = j->why,
		.frame = j->frames ? (int)j->frame : -1,
		.at = j->at,
	};
}

/* One walk for both judges. Return: there are saved registers on the way */
static bool walk_chain(struct task_struct *task, struct zu_look *ret)
{
	struct zu_judge strict, kernel;
	struct zu_walk w;
	bool regs = false;

	zu_judge_init(&strict, ZU_RULES_STRICT);
	zu_judge_init(&kernel, ZU_RULES_KERNEL);
	for (zu_walk_start(&w, task, false); !zu_unwind_done(&w.u);
	     zu_walk_next(&w)) {
		keep(ret, &w.u.frame);
		regs |= w.u.frame.regs != 0;
		zu_judge_frame(&kernel, &w.u);
		zu_judge_frame(&strict, &w.u);
	}
	zu_judge_end(&kernel, &w.u);
	zu_judge_end(&strict, &w.u);
	ret->kernel = verdict(&kernel);
	ret->strict = verdict(&strict);
	return regs;
}

/* Once more, by rows: what strict rules see behind saved registers */
static void walk_rows(struct task_struct *task, struct zu_look *ret)
{
	struct zu_judge strict;
	struct zu_walk w;

	ret->nr_frames = 0;
	zu_judge_init(&strict, ZU_RULES_STRICT);
	for (zu_walk_start(&w, task, true); !zu_unwind_done(&w.u);
	     zu_walk_next(&w)) {
		keep(ret, &w.u.frame);
		zu_judge_frame(&strict, &w.u);
	}
	zu_judge_end(&strict, &w.u);
	ret->strict = verdict(&strict);
}

static bool count_entry(void *cookie, unsigned long addr)
{
	unsigned int *n = cookie;

	return ++*n < ZU_MAX_ENTRIES;
}

/* The kernel has the word; what its rules say here is only the reason. */
static void ask_kernel(struct task_struct *task, struct zu_look *ret)
{
	int err = zu_sym.walk_reliable(count_entry, &ret->kernel_entries,
				       task);

	if (!err == !ret->kernel.why)
		return;
	this_cpu_inc(zu_counters.disagreed);
	ret->kernel.why = err ? ZU_WHY_UNREADABLE : ZU_WHY_NONE;
}

static void bad_start(struct task_struct *task, struct zu_look *ret)
{
	ret->strict = (struct zu_verdict){
		.why = ZU_WHY_BAD_START,
		.frame = ret->nr_frames ? 0 : -1,
		.at = task->thread.ksp,
	};
}

/* An idle task that never ran has nothing but its start. */
static bool never_ran(const struct zu_look *l)
{
	return l->nr_frames == 1 && l->frames[0].ip == zu_sym.ret_from_fork;
}

static void look_at_stack(struct task_struct *task, struct zu_look *ret)
{
	if (walk_chain(task, ret))
		walk_rows(task, ret);
	ask_kernel(task, ret);
	if (zu_walk_is_leftover(task) && !never_ran(ret))
		bad_start(task, ret);
}

/* An offline CPU runs nothing, whatever its idle task is said to do. */
static bool is_running(const struct task_struct *task)
{
	return (zu_sym.task_curr(task) || READ_ONCE(task->on_cpu)) &&
	       !zu_walk_is_leftover(task);
}

void zu_look_pinned(struct task_struct *task, struct zu_look *ret)
{
	memset(ret, 0, offsetof(struct zu_look, frames));
	ret->task = task;
	ret->pid = task->pid;
	ret->tgid = task->tgid;
	ret->cpu = task_cpu(task);
	ret->state = task_state_to_char(task);
	strscpy(ret->comm, task->comm, sizeof(ret->comm));
	if (is_running(task)) {
		ret->strict.running = ret->kernel.running = true;
	} else if (try_get_task_stack(task)) {
		look_at_stack(task, ret);
		zu_sym.put_task_stack(task);
	} else if (!task->exit_state) {
		/* only a task that has ended can have lost its stack */
		bad_start(task, ret);
	}
}
EXPORT_SYMBOL_GPL(zu_look_pinned);

static int look(struct task_struct *task, void *ret)
{
	zu_look_pinned(task, ret);
	return 0;
}

void zu_look(struct task_struct *task, struct zu_look *ret)
{
	zu_sym.call_task(task, look, ret);
}
