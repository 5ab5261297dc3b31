// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes two processes and a thread that never run, when zuscen.ko mode=fresh
 * is loaded.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/mman.h>

#include "zuguest.h"

static int never_run(void *arg)
{
	(void)arg;
	sleep_forever();
	return 0;
}

static void make_thread(void)
{
	char *stack = mmap(NULL, THREAD_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(stack != MAP_FAILED, "mmap");
	check(clone(never_run, stack + THREAD_STACK,
		    CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		    CLONE_THREAD | CLONE_SYSVSEM, NULL) > 0, "clone");
}

int main(void)
{
	int ready = background();
	int i;

	/* The module knows us by it; the new tasks inherit it. */
	set_name("zu-fresh");
	for (i = 0; i < 2; i++) {
		pid_t pid = fork();

		check(pid >= 0, "fork");
		if (!pid)
			never_run(NULL);
	}
	make_thread();
	set_name("zu-parent");
	background_ready(ready);
	sleep_forever();
}
