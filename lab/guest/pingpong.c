// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: pingpong PAIRS
 *
 * Pairs of threads that put each other to sleep and wake each other as fast as they
 * can, at the lowest priority, in four ways by which they are named: zu-pipe,
 * zu-socket, zu-poll, zu-futex.
 */
#include <linux/futex.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "zuguest.h"

struct pair {
	int ends[2][2];	/* of a pipe each way */
	int sockets[2];
	atomic_int turn;
};

struct side {
	struct pair *pair;
	int which;
};

static void *by_pipe(void *arg)
{
	struct side *s = arg;
	char byte = 0;

	for (;;) {
		if (s->which && read(s->pair->ends[0][0], &byte, 1) != 1)
			exit(1);
		if (write(s->pair->ends[s->which][1], &byte, 1) != 1)
			exit(1);
		if (!s->which && read(s->pair->ends[1][0], &byte, 1) != 1)
			exit(1);
	}
}

static void *by_socket(void *arg)
{
	struct side *s = arg;
	int fd = s->pair->sockets[s->which];
	char byte = 0;

	for (;;) {
		if (s->which && recv(fd, &byte, 1, 0) != 1)
			exit(1);
		if (send(fd, &byte, 1, 0) != 1)
			exit(1);
		if (!s->which && recv(fd, &byte, 1, 0) != 1)
			exit(1);
	}
}

static void wait_and_read(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char byte;

	if (poll(&p, 1, -1) != 1 || read(fd, &byte, 1) != 1)
		exit(1);
}

static void *by_poll(void *arg)
{
	struct side *s = arg;
	char byte = 0;

	for (;;) {
		if (s->which)
			wait_and_read(s->pair->ends[0][0]);
		if (write(s->pair->ends[s->which][1], &byte, 1) != 1)
			exit(1);
		if (!s->which)
			wait_and_read(s->pair->ends[1][0]);
	}
}

static void *by_futex(void *arg)
{
	struct side *s = arg;
	atomic_int *turn = &s->pair->turn;

	do {
		while (atomic_load(turn) != s->which)
			syscall(SYS_futex, turn, FUTEX_WAIT_PRIVATE,
				!s->which, NULL, NULL, 0);
		atomic_store(turn, !s->which);
		syscall(SYS_futex, turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	} while (s->pair);
	return NULL;
}

static const struct {
	const char *name;
	void *(*fn)(void *arg);
} ways[] = {
	{ "zu-pipe", by_pipe },
	{ "zu-socket", by_socket },
	{ "zu-poll", by_poll },
	{ "zu-futex", by_futex },
};

static void start_pair(unsigned int way)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	struct side *side = calloc(2, sizeof(*side));
	int i;

	check(pair && side, "calloc");
	check(!pipe(pair->ends[0]) && !pipe(pair->ends[1]), "pipe");
	check(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair->sockets),
	      "socketpair");
	for (i = 0; i < 2; i++) {
		side[i] = (struct side){ .pair = pair, .which = i };
		start_thread(ways[way].fn, &side[i], ways[way].name);
	}
}

int main(int argc, char **argv)
{
	int pairs = argc > 1 ? atoi(argv[1]) : 0, i, ready;

	if (pairs < 1) {
		fprintf(stderr, "usage: pingpong PAIRS\n");
		return 1;
	}
	check(nice(39) != -1 || !errno, "nice");
	ready = background();
	for (i = 0; i < pairs; i++)
		start_pair(i % (sizeof(ways) / sizeof(ways[0])));
	background_ready(ready);
	sleep_forever();
}
