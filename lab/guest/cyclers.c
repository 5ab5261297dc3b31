// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: cyclers FAULTERS RUNNERS
 *
 * Processes that are in zucycle.ko's functions nearly always: zu-run never
 * rests there, zu-fault sleeps there in page faults, which a second thread of
 * it resolves a little later; not at all while there is a file /tmp/zu-hold.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "zuguest.h"

#define PAGES 4

static const char entry[] = "/sys/kernel/debug/zucycle";
static size_t page_size;
static char *pages;
static int faults;

static void open_faults(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	faults = syscall(SYS_userfaultfd, O_CLOEXEC);
	check(faults >= 0, "userfaultfd");
	check(!ioctl(faults, UFFDIO_API, &api), "UFFDIO_API");
	reg.range.start = (unsigned long)pages;
	reg.range.len = PAGES * page_size;
	check(!ioctl(faults, UFFDIO_REGISTER, &reg), "UFFDIO_REGISTER");
}

static void *resolve(void *arg)
{
	struct uffd_msg msg;

	while (read(faults, &msg, sizeof(msg)) == sizeof(msg)) {
		struct uffdio_zeropage zero = { .range.len = page_size };

		usleep(rand() % 20000);
		while (!access("/tmp/zu-hold", F_OK))
			usleep(50000);
		zero.range.start = msg.arg.pagefault.address & -page_size;
		/* A fault that was tried again may be resolved already. */
		check(!ioctl(faults, UFFDIO_ZEROPAGE, &zero) || errno == EEXIST,
		      "UFFDIO_ZEROPAGE");
	}
	return arg;
}

static void run(int fault)
{
	int fd = open(entry, O_WRONLY);

	check(fd >= 0, entry);
	page_size = sysconf(_SC_PAGESIZE);
	pages = mmap(NULL, PAGES * page_size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(pages != MAP_FAILED, "mmap");
	if (fault) {
		open_faults();
		start_thread(resolve, NULL, "zu-resolve");
	}
	/* The test itself has to go on, too. */
	check(nice(10) == 10, "nice");
	set_name(fault ? "zu-fault" : "zu-run");
	for (;;) {
		if (fault)
			madvise(pages, PAGES * page_size, MADV_DONTNEED);
		check(write(fd, pages, PAGES * page_size) > 0, "write");
	}
}

int main(int argc, char **argv)
{
	int counts[2], i, j;

	if (argc != 3) {
		fprintf(stderr, "usage: cyclers FAULTERS RUNNERS\n");
		return 2;
	}
	counts[0] = atoi(argv[2]);
	counts[1] = atoi(argv[1]);
	for (i = 0; i < 2; i++) {
		for (j = 0; j < counts[i]; j++) {
			pid_t pid = fork();

			check(pid >= 0, "fork");
			if (!pid)
				run(i);
		}
	}
	return 0;
}
