/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ZUABSENT_H
#define ZUABSENT_H

#include <linux/kthread.h>
#include <linux/sched.h>

/* Asleep until the thread is to stop, in the function that this stands in. */
static __always_inline void zu_absent_wait(void)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

#endif
