// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/kick.h"

#include <linux/irq_work.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

#include "kmod/redirect.h"
#include "kmod/symbols.h"

#ifdef CONFIG_LIVEPATCH

/* How long a transition may last before somebody is sent, and between two */
#define PATIENCE (HZ / 2)

static void kick(struct work_struct *work);
static DECLARE_DELAYED_WORK(kick_work, kick);

static bool in_transition(void)
{
	return zu_sym.klp_transition_patch && zu_sym.klp_target_state &&
	       zu_sym.klp_transition_work &&
	       READ_ONCE(*(void **)zu_sym.klp_transition_patch);
}

/* User tasks are made to leave the kernel by live patching itself. */
static bool stands_in_the_way(struct task_struct *task)
{
	return task->flags & PF_KTHREAD && task != current &&
	       READ_ONCE(task->patch_state) !=
	       READ_ONCE(*(int *)zu_sym.klp_target_state) &&
	       zu_sym.task_curr(task);
}

/* The CPU of one that stands in the way; the next one after @last */
static int find_cpu(int last)
{
	struct task_struct *leader, *task;
	int first = -1, next = -1;

	rcu_read_lock();
	for_each_process_thread(leader, task) {
		int cpu = task_cpu(task);

		if (!stands_in_the_way(task))
			continue;
		if (first < 0 || cpu < first)
			first = cpu;
		if (cpu > last && (next < 0 || cpu < next))
			next = cpu;
	}
	rcu_read_unlock();
	return next < 0 ? first : next;
}

static void kick(struct work_struct *work)
{
	static int last = -1;

	if (!zu_redirect_is_on() || !in_transition())
		return;
	last = find_cpu(last);
	if (last >= 0)
		mod_delayed_work_on(last, system_wq,
				    (struct delayed_work *)zu_sym.klp_transition_work,
				    0);
	schedule_delayed_work(&kick_work, PATIENCE);
}

/* Work can't be queued under a run queue's lock, but this can. */
static void begin(struct irq_work *work)
{
	schedule_delayed_work(&kick_work, PATIENCE);
}

static DEFINE_IRQ_WORK(begin_work, begin);

void zu_kick_begin(void)
{
	if (!delayed_work_pending(&kick_work))
		irq_work_queue(&begin_work);
}

void zu_kick_stop(void)
{
	irq_work_sync(&begin_work);
	cancel_delayed_work_sync(&kick_work);
}

#else

void zu_kick_begin(void)
{
}

void zu_kick_stop(void)
{
}

#endif
