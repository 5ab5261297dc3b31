// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A thread that holds the loading program's mmap lock for ever, so that
 * whatever needs it sleeps without a fault: no pt_regs on that stack.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/mm_types.h>
#include <linux/rwsem.h>
#include <linux/sched/mm.h>

#include "zuscen.h"

static DECLARE_COMPLETION(locked);

static zuscen_fn int zu_mmaplock(void *arg)
{
	struct mm_struct *mm = arg;

	down_write(&mm->mmap_lock);
	complete(&locked);
	zuscen_sleep();
	return 0;
}

int zuscen_mmaplock(void)
{
	struct task_struct *task;

	mmgrab(current->mm);
	task = zuscen_thread(zu_mmaplock, current->mm, -1, "zu-mmaplock");
	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&locked);
	return 0;
}
