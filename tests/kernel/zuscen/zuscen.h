/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ZUSCEN_H
#define ZUSCEN_H

#include <linux/compiler.h>
#include <linux/kthread.h>
#include <linux/sched.h>

/*
 * A situation = one file with one function that sets it up, and one row in
 * main.c. Threads are left where they are for good: the module cannot be
 * removed, the guest ends with the dump.
 */
int zuscen_busy(void);
int zuscen_corrupt(void);
int zuscen_deep(void);
int zuscen_direct(void);
int zuscen_fresh(void);
int zuscen_kret(void);
int zuscen_mmaplock(void);
int zuscen_moved(void);
int zuscen_nest(void);

/* Never set. The compiler cannot know, so calls are followed by code. */
extern bool zuscen_wake;

/* A function of its own: every frame of a scenario is there to be seen. */
#define zuscen_fn	noinline __noclone __used

/* cpu < 0: any */
struct task_struct *zuscen_thread(int (*fn)(void *arg), void *arg, int cpu,
				  const char *name);

/* Always inlined: the caller is the frame that called schedule(). */
static __always_inline void zuscen_sleep(void)
{
	do {
		set_current_state(TASK_IDLE);
		schedule();
	} while (!READ_ONCE(zuscen_wake));
}

#endif
