/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The input of a fuzz target as a file, the same one each time. */
#ifndef ZU_TESTS_MAKE_FILE_H
#define ZU_TESTS_MAKE_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static inline const char *mk_fuzz_file(const uint8_t *data, size_t size)
{
	static char path[32];
	static int fd;

	if (!path[0]) {
		fd = memfd_create("zunwind-fuzz", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	if (fd < 0 || ftruncate(fd, 0) || ftruncate(fd, (off_t)size) ||
	    pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	return path;
}

#endif
