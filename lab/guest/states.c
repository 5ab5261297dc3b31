// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks at both ends of life, and held: a child that has ended and is not
 * waited for, one whose first thread has ended before the others, one that is
 * stopped, one that is traced.
 */
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "zuguest.h"

static void *sleep_in_thread(void *arg)
{
	(void)arg;
	sleep_forever();
	return NULL;
}

static void be_zombie(void)
{
	set_name("zu-zombie");
	_exit(0);
}

static void be_ended_leader(void)
{
	wait_for_state(start_thread(sleep_in_thread, NULL, "zu-survivor"), "S");
	set_name("zu-leader");
	pthread_exit(NULL);
}

static void be_stopped(void)
{
	set_name("zu-stopped");
	raise(SIGSTOP);
}

static void be_traced(void)
{
	set_name("zu-traced");
	check(!ptrace(PTRACE_TRACEME, 0, NULL, NULL), "PTRACE_TRACEME");
	raise(SIGSTOP);
}

static const struct {
	void (*be)(void);
	const char *states;
} kinds[] = {
	{ be_zombie, "Z" },
	{ be_ended_leader, "Z" },
	{ be_stopped, "T" },
	{ be_traced, "t" },
};

int main(void)
{
	int ready = background();
	unsigned int i;

	set_name("zu-parent");
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		pid_t pid = fork();

		check(pid >= 0, "fork");
		if (!pid) {
			kinds[i].be();
			sleep_forever();
		}
		wait_for_state(pid, kinds[i].states);
	}
	background_ready(ready);
	sleep_forever();
}
