// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads asleep in a page fault that nobody resolves: taken by the kernel
 * while it copies from and to user memory, and by the program itself.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "zuguest.h"

static size_t page_size;
static char *pages;
/* One each: a fault in a pipe is taken with the pipe's lock held. */
static int read_pipe[2], write_pipe[2];

static void *fault_in_write(void *page)
{
	/* copy_from_user */
	check(write(write_pipe[1], page, page_size) > 0, "write");
	return NULL;
}

static void *fault_in_read(void *page)
{
	/* copy_to_user */
	check(read(read_pipe[0], page, page_size) > 0, "read");
	return NULL;
}

static void *fault_in_user(void *page)
{
	*(volatile char *)page = 1;
	return NULL;
}

static void register_pages(size_t size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	check(fd >= 0, "userfaultfd");
	check(!ioctl(fd, UFFDIO_API, &api), "UFFDIO_API");
	pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(pages != MAP_FAILED, "mmap");
	reg.range.start = (unsigned long)pages;
	reg.range.len = size;
	check(!ioctl(fd, UFFDIO_REGISTER, &reg), "UFFDIO_REGISTER");
}

int main(void)
{
	int ready = background();
	pid_t tids[3];
	int i;

	set_name("zu-uffd");
	page_size = sysconf(_SC_PAGESIZE);
	register_pages(3 * page_size);
	check(!pipe(read_pipe) && !pipe(write_pipe), "pipe");
	check(write(read_pipe[1], "x", 1) == 1, "write");
	tids[0] = start_thread(fault_in_read, pages, "zu-uffd-read");
	tids[1] = start_thread(fault_in_user, pages + page_size, "zu-uffd-user");
	tids[2] = start_thread(fault_in_write, pages + 2 * page_size,
			       "zu-uffd-write");
	for (i = 0; i < 3; i++)
		wait_for_state(tids[i], "SD");
	background_ready(ready);
	sleep_forever();
}
