// SPDX-License-Identifier: GPL-2.0-or-later
#define pr_fmt(fmt) "zunwind: " fmt

#include "kmod/redirect.h"

#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched/task_stack.h>
#include <asm/timex.h>

#include "kmod/counters.h"
#include "kmod/kick.h"
#include "kmod/objects.h"
#include "kmod/symbols.h"
#include "kmod/walk.h"

static DEFINE_MUTEX(lock);	/* of all that follows */
static bool ready;
static bool attached;
static bool on;		/* read without the lock */

/*
 * What is compared with the bounds of functions. A return address may be where
 * the next one starts, or be padding: the call before it is in its own.
 */
static unsigned long entry(const struct zu_judge *j, const struct zu_frame *f)
{
	return f->ip - (j->rules == ZU_RULES_STRICT && j->witness.called);
}

static int walk(struct zu_walk *w, struct zu_judge *j, unsigned long *store,
		unsigned int size)
{
	unsigned int n = 0;

	for (; !zu_unwind_done(&w->u); zu_walk_next(w)) {
		zu_judge_frame(j, &w->u);
		if (j->why)
			return -EINVAL;
		if (n == size)
			break;
		store[n++] = entry(j, &w->u.frame);
	}
	if (zu_unwind_done(&w->u))
		zu_judge_end(j, &w->u);
	/* no room is left to tell whether that was all */
	if (!j->why && n == size)
		j->why = ZU_WHY_TOO_DEEP;
	return j->why ? -EINVAL : n;
}

/* The stack pointer that our caller called us with */
static __always_inline unsigned long callers_sp(void)
{
	struct stack_frame *own = (struct stack_frame *)current_stack_pointer;

	return own->back_chain;
}

static int walk_task(struct task_struct *task, unsigned long sp,
		     unsigned long *store, unsigned int size,
		     struct zu_judge *j)
{
	struct zu_walk w;

	/* on a CPU there is nothing to walk; and see zu_walk_is_leftover() */
	if (task != current && (READ_ONCE(task->on_cpu) ||
				zu_walk_is_leftover(task))) {
		j->why = ZU_WHY_BAD_START;
		return -EINVAL;
	}
	if (task == current)
		zu_walk_start_caller(&w, sp);
	else
		zu_walk_start(&w, task, j->rules == ZU_RULES_STRICT);
	return walk(&w, j, store, size);
}

static int save(struct task_struct *task, unsigned long sp,
		unsigned long *store, unsigned int size, enum zu_rules rules)
{
	unsigned long begin, flags;
	struct zu_judge j;
	int ret;

	zu_judge_init(&j, rules);
	local_irq_save(flags);
	begin = get_tod_clock_fast();
	if (!try_get_task_stack(task)) {
		/* only a task that has ended can have lost it */
		ret = task->exit_state ? 0 : -EINVAL;
		this_cpu_inc(zu_counters.walks);
		this_cpu_inc(zu_counters.empty);
	} else {
		ret = walk_task(task, sp, store, size, &j);
		zu_sym.put_task_stack(task);
		zu_count_walk(j.why, j.witness.through,
			      get_tod_clock_fast() - begin);
	}
	local_irq_restore(flags);
	return ret;
}

noinline int zu_save_reliable(struct task_struct *task, unsigned long *store,
			      unsigned int size)
{
	zu_kick_begin();
	return save(task, callers_sp(), store, size, ZU_RULES_STRICT);
}
EXPORT_SYMBOL_GPL(zu_save_reliable);

int zu_save_by_kernel_rules(struct task_struct *task, unsigned long *store,
			    unsigned int size)
{
	if (task == current)
		return -EINVAL;
	return save(task, 0, store, size, ZU_RULES_KERNEL);
}
EXPORT_SYMBOL_GPL(zu_save_by_kernel_rules);

static void notrace handler(unsigned long ip, unsigned long parent_ip,
			    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	if (READ_ONCE(on))
		ftrace_regs_set_instruction_pointer(fregs,
					(unsigned long)zu_save_reliable);
}

static struct ftrace_ops ops = {
	.func = handler,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY,
};

static int attach(void)
{
	int err;

	if (!zu_objects_has_kernel()) {
		pr_err("there is no table of the kernel: every stack would be refused\n");
		return -ENODATA;
	}
	if (attached)
		return 0;
	err = ftrace_set_filter_ip(&ops, (unsigned long)zu_sym.save_reliable,
				   0, 1);
	if (!err)
		err = register_ftrace_function(&ops);
	if (err) {
		pr_err("cannot redirect stack_trace_save_tsk_reliable: %d\n",
		       err);
		ftrace_free_filter(&ops);
	}
	attached = !err;
	return err;
}

static int switch_to(bool want)
{
	int err = want && ready ? attach() : 0;

	if (!err && on != want) {
		WRITE_ONCE(on, want);
		if (ready)
			pr_info("live patching asks %s\n",
				want ? "zunwind" : "the kernel");
	}
	return err;
}

static int set_redirect(const char *val, const struct kernel_param *kp)
{
	bool want;
	int err = kstrtobool(val, &want);

	if (err)
		return err;
	mutex_lock(&lock);
	err = switch_to(want);
	mutex_unlock(&lock);
	return err;
}

static const struct kernel_param_ops redirect_ops = {
	.set = set_redirect,
	.get = param_get_bool,
};

module_param_cb(redirect, &redirect_ops, &on, 0644);
MODULE_PARM_DESC(redirect, "live patching asks zunwind whether a stack is reliable (default: no)");

bool zu_redirect_is_on(void)
{
	return READ_ONCE(on);
}

int zu_redirect_init(void)
{
	int err;

	mutex_lock(&lock);
	ready = true;
	err = switch_to(on);
	/* the parameter can be written already: not on the way out */
	if (err)
		ready = on = false;
	mutex_unlock(&lock);
	return err;
}

/*
 * ftrace that has shut itself down after a mistake lets nobody go, and may call
 * the handler still: to wait for ever is better than to be gone.
 */
static void detach(void)
{
	int err;

	while ((err = unregister_ftrace_function(&ops))) {
		pr_err_once("ftrace does not let go of it: %d. The module has to stay\n",
			    err);
		msleep(MSEC_PER_SEC);
	}
	ftrace_free_filter(&ops);
	attached = false;
}

void zu_redirect_exit(void)
{
	mutex_lock(&lock);
	WRITE_ONCE(on, false);
	ready = false;
	if (attached)
		detach();
	mutex_unlock(&lock);
	/* walks run with interrupts off */
	synchronize_rcu();
	zu_kick_stop();
}
