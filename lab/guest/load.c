// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: load
 *
 * Processes that are never done: system calls, page faults, processes that
 * come and go, pipes, timers, signals. Does not end.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include "zuguest.h"

#define PAGES 64
#define PAGE 4096

static void fault(void)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	check(p != MAP_FAILED, "mmap");
	for (i = 0; i < PAGES; i++)
		p[i * PAGE] = 1;
	munmap(p, PAGES * PAGE);
}

/* The kernel's own copy to memory that isn't there yet */
static void fault_in_kernel(void)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("/proc/self/maps", O_RDONLY);

	check(p != MAP_FAILED && fd >= 0, "fault_in_kernel");
	while (read(fd, p, PAGES * PAGE) > 0)
		;
	close(fd);
	munmap(p, PAGES * PAGE);
}

static void fork_and_wait(void)
{
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (!pid) {
		execl("/bin/busybox", "true", NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static void files(void)
{
	struct stat st;
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "/tmp/load-%d", getpid());
	fd = open(name, O_RDWR | O_CREAT, 0600);
	check(fd >= 0, name);
	check(write(fd, name, sizeof(name)) > 0, "write");
	fsync(fd);
	fstat(fd, &st);
	close(fd);
	unlink(name);
}

static void sleep_a_little(void)
{
	struct timespec t = { .tv_nsec = 200000 };

	nanosleep(&t, NULL);
}

static void catch(int sig)
{
	(void)sig;
}

static void signals(void)
{
	signal(SIGUSR1, catch);
	raise(SIGUSR1);
}

/* A byte goes to and fro between two processes */
static void pipes(void)
{
	static int to[2], fro[2];
	char byte = 0;
	int i;

	if (!to[0]) {
		check(!pipe(to) && !pipe(fro), "pipe");
		if (!fork())
			while (read(to[0], &byte, 1) == 1)
				(void)!write(fro[1], &byte, 1);
	}
	for (i = 0; i < 16; i++) {
		(void)!write(to[1], &byte, 1);
		(void)!read(fro[0], &byte, 1);
	}
}

static void (*const kinds[])(void) = {
	fault, fault_in_kernel, fork_and_wait, files, sleep_a_little, signals,
	pipes, fork_and_wait,
};

int main(void)
{
	unsigned int i;

	set_name("zu-load");
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!fork())
			for (;;)
				kinds[i]();
	while (wait(NULL) > 0)
		;
	return 0;
}
