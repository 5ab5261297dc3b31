/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guest programs share: each makes tasks that stay blocked, and ends
 * (or leaves the foreground) only when they are, so that a script can go on.
 */
#ifndef ZUGUEST_H
#define ZUGUEST_H

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define THREAD_STACK (64 * 1024)

static inline void check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static inline void set_name(const char *name)
{
	prctl(PR_SET_NAME, name);
}

/* The letter that /proc shows for a thread's state; 0 when it is gone. */
static inline char task_state(pid_t tid)
{
	char path[64], line[256], *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	state = fgets(line, sizeof(line), file);
	fclose(file);
	state = state ? strrchr(line, ')') : NULL;
	return state ? state[2] : 0;
}

/* Until the thread is in one of these states. */
static inline void wait_for_state(pid_t tid, const char *states)
{
	for (;;) {
		char state = task_state(tid);

		if (state && strchr(states, state))
			return;
		usleep(10000);
	}
}

struct thread_start {
	void *(*fn)(void *arg);
	void *arg;
	const char *name;
	volatile pid_t tid;
};

static inline void *thread_main(void *arg)
{
	struct thread_start *start = arg;

	if (start->name)
		set_name(start->name);
	start->tid = syscall(SYS_gettid);
	return start->fn(start->arg);
}

/* A thread that has run at least as far as fn; returns its id. */
static inline pid_t start_thread(void *(*fn)(void *arg), void *arg,
				 const char *name)
{
	struct thread_start *start = calloc(1, sizeof(*start));
	pthread_attr_t attr;
	pthread_t thread;

	check(start != NULL, "calloc");
	start->fn = fn;
	start->arg = arg;
	start->name = name;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, THREAD_STACK);
	errno = pthread_create(&thread, &attr, thread_main, start);
	check(!errno, "pthread_create");
	while (!start->tid)
		usleep(1000);
	return start->tid;
}

/*
 * Goes on in a child; the parent ends with status 0 once the child calls
 * background_ready(), and with 1 when it ends without.
 */
static inline int background(void)
{
	int ends[2];
	char byte;

	check(!pipe(ends), "pipe");
	switch (fork()) {
	case -1:
		check(0, "fork");
		break;
	case 0:
		close(ends[0]);
		return ends[1];
	}
	close(ends[1]);
	_exit(read(ends[0], &byte, 1) != 1);
}

static inline void background_ready(int end)
{
	check(write(end, "", 1) == 1, "write");
	close(end);
}

static inline void sleep_forever(void)
{
	for (;;)
		pause();
}

#endif
