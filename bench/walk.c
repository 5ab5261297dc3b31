// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench/walk DUMP [ROUNDS]: what opening a kernel and walking its stacks cost,
 * without output. The walk of the first 2,500 tasks, 5,000, and so on, shows
 * whether the cost grows with the number of tasks alone. As a lower bound, in
 * the same run: reading as many pages of the file as there are tasks, twice.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "zunwind/trace.h"

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void fail(const struct zu_error *err)
{
	fprintf(stderr, "walk: %s\n", err->text);
	exit(2);
}

static size_t walk(struct zu_kernel *k, size_t tasks)
{
	struct zu_trace t = ZU_TRACE_INIT;
	struct zu_error err;
	struct zu_task task;
	size_t i, frames = 0;

	for (i = 0; i < tasks; i++) {
		if (zu_kernel_task(k, i, &task, &err) ||
		    zu_trace_task(&t, k, &task, &err))
			fail(&err);
		frames += t.nr_frames;
	}
	zu_trace_deinit(&t);
	return frames;
}

static double best_open(const char *path, unsigned int rounds)
{
	struct zu_kernel *k;
	struct zu_error err;
	double best = 1e9;

	while (rounds--) {
		double start = now();

		if (zu_kernel_open(path, NULL, &k, &err))
			fail(&err);
		if (now() - start < best)
			best = now() - start;
		zu_kernel_close(k);
	}
	return best;
}

static void print_walk(struct zu_kernel *k, size_t tasks, unsigned int rounds)
{
	double best = 1e9;
	size_t frames = 0;

	while (rounds--) {
		double start = now();

		frames = walk(k, tasks);
		if (now() - start < best)
			best = now() - start;
	}
	printf("walk  %7zu tasks %8zu frames %9.2f ms %8.0f ns/task %6.0f ns/frame\n",
	       tasks, frames, best * 1e3, best * 1e9 / (double)tasks,
	       frames ? best * 1e9 / (double)frames : 0.0);
}

/* Pages all over the file, as the pages of tasks and stacks are */
static double read_pages(const char *path, size_t pages)
{
	int fd = open(path, O_RDONLY);
	uint64_t at = 1;
	struct stat st;
	char page[4096];
	double start;
	size_t i;

	if (fd < 0 || fstat(fd, &st) || st.st_size < 8192)
		return 0;
	start = now();
	for (i = 0; i < pages; i++) {
		at = at * UINT64_C(6364136223846793005) + 1442695040888963407;
		if (pread(fd, page, sizeof(page), (off_t)((at >> 12) %
			  ((uint64_t)st.st_size / 4096 - 1) * 4096)) < 0)
			break;
	}
	close(fd);
	return now() - start;
}

int main(int argc, char **argv)
{
	unsigned int rounds = argc > 2 ? (unsigned int)strtoul(argv[2], NULL, 10) : 5;
	struct zu_kernel *k;
	struct zu_error err;
	size_t all, n;

	if (argc < 2 || !rounds) {
		fprintf(stderr, "usage: walk DUMP [ROUNDS]\n");
		return 2;
	}
	printf("open  %s: %.2f ms\n", argv[1],
	       best_open(argv[1], rounds) * 1e3);
	if (zu_kernel_open(argv[1], NULL, &k, &err))
		fail(&err);
	all = zu_kernel_task_count(k);
	for (n = 2500; n < all; n *= 2)
		print_walk(k, n, rounds);
	print_walk(k, all, rounds);
	printf("bound %7zu page reads, nothing else: %.2f ms\n", 2 * all,
	       read_pages(argv[1], 2 * all) * 1e3);
	zu_kernel_close(k);
	return 0;
}
