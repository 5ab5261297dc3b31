// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: blockers PROCESSES THREADS
 *
 * Threads blocked in eight different system calls, in turn. Each process has
 * one child more, to wait for.
 */
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "zuguest.h"

static int pipe_ends[2];
static int sockets[2];
static pid_t child;

static void block_futex(void)
{
	static int word;

	syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

static void block_nanosleep(void)
{
	struct timespec day = { .tv_sec = 86400 };

	nanosleep(&day, NULL);
}

static void block_epoll(void)
{
	struct epoll_event event;

	epoll_wait(epoll_create1(0), &event, 1, -1);
}

static void block_poll(void)
{
	struct pollfd fd = { .fd = pipe_ends[0], .events = POLLIN };

	poll(&fd, 1, -1);
}

static void block_pipe(void)
{
	char byte;

	(void)!read(pipe_ends[0], &byte, 1);
}

static void block_socket(void)
{
	char byte;

	recv(sockets[0], &byte, 1, 0);
}

static void block_signal(void)
{
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigwaitinfo(&set, &info);
}

static void block_wait(void)
{
	siginfo_t info;

	waitid(P_PID, child, &info, WEXITED);
}

static const struct {
	const char *name;
	void (*block)(void);
} calls[] = {
	{ "zu-futex", block_futex },
	{ "zu-nanosleep", block_nanosleep },
	{ "zu-epoll", block_epoll },
	{ "zu-poll", block_poll },
	{ "zu-pipe", block_pipe },
	{ "zu-socket", block_socket },
	{ "zu-signal", block_signal },
	{ "zu-wait", block_wait },
};

#define CALLS (sizeof(calls) / sizeof(calls[0]))

static void *block(void *arg)
{
	void (*const *fn)(void) = arg;

	for (;;)
		(*fn)();
	return NULL;
}

static void run_process(int threads, int ready)
{
	pid_t *tids = calloc(threads, sizeof(*tids));
	sigset_t set;
	int i;

	check(tids != NULL, "calloc");
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	check(!pipe(pipe_ends), "pipe");
	check(!socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), "socketpair");
	child = fork();
	check(child >= 0, "fork");
	if (!child) {
		set_name("zu-child");
		sleep_forever();
	}
	/* The main thread is one of them. */
	for (i = 1; i < threads; i++)
		tids[i] = start_thread(block, (void *)&calls[i % CALLS].block,
				       calls[i % CALLS].name);
	for (i = 1; i < threads; i++)
		wait_for_state(tids[i], "S");
	wait_for_state(child, "S");
	background_ready(ready);
	set_name(calls[0].name);
	block((void *)&calls[0].block);
}

int main(int argc, char **argv)
{
	int processes, threads, i, ends[2];
	char byte;

	if (argc != 3) {
		fprintf(stderr, "usage: blockers PROCESSES THREADS\n");
		return 2;
	}
	processes = atoi(argv[1]);
	threads = atoi(argv[2]);
	check(!pipe(ends), "pipe");
	for (i = 0; i < processes; i++) {
		pid_t pid = fork();

		check(pid >= 0, "fork");
		if (!pid) {
			close(ends[0]);
			run_process(threads, ends[1]);
		}
	}
	close(ends[1]);
	for (i = 0; i < processes; i++)
		check(read(ends[0], &byte, 1) == 1, "a process failed");
	/* Let the main threads block, too. */
	sleep(1);
	return 0;
}
