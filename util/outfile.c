/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fail.h"

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* mkstemp() makes private files; this one shall be as any other. */
static int set_mode(int fd)
{
	mode_t mask = umask(022);

	umask(mask);
	return fchmod(fd, 0666 & ~mask);
}

static int fill(int fd, const void *data, size_t len)
{
	int ret = write_all(fd, data, len);

	if (!ret)
		ret = set_mode(fd);
	if (!ret)
		ret = fsync(fd);
	if (close(fd))
		ret = -1;
	return ret;
}

static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode) &&
	       !S_ISDIR(st.st_mode);
}

/* A device or pipe stays what it is: renaming would put a file there. */
static int write_through(const char *path, const void *data, size_t len,
			 struct zu_error *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int ret = fd < 0 || write_all(fd, data, len) ?
		  zu_fail(err, ZU_EIO, "cannot write %s: %s", path,
			  strerror(errno)) : 0;

	if (fd >= 0)
		close(fd);
	return ret;
}

/* Into a new file beside the old one, which it then takes the place of */
static int replace(const char *path, const void *data, size_t len,
		   struct zu_error *err)
{
	char *temp;
	int fd, ret;

	if (asprintf(&temp, "%s.XXXXXX", path) < 0)
		return zu_fail_nomem(err);
	fd = mkstemp(temp);
	if (fd < 0) {
		ret = zu_fail(err, ZU_EIO, "cannot create a file beside %s: %s",
			      path, strerror(errno));
		free(temp);
		return ret;
	}
	ret = fill(fd, data, len) || rename(temp, path) ?
	      zu_fail(err, ZU_EIO, "cannot write %s: %s", path,
		      strerror(errno)) : 0;
	if (ret)
		unlink(temp);
	free(temp);
	return ret;
}

int zu_outfile_write(const char *path, const void *data, size_t len,
		     struct zu_error *err)
{
	char *target;
	int ret;

	/* to where it is redirected, behind what is there already */
	if (!strcmp(path, "/dev/stdout"))
		return write_all(STDOUT_FILENO, data, len) ?
		       zu_fail(err, ZU_EIO, "cannot write to standard output: %s",
			       strerror(errno)) : 0;
	if (is_special(path))
		return write_through(path, data, len, err);
	/* a symbolic link stays; the file it leads to is replaced */
	target = realpath(path, NULL);
	ret = replace(target ? target : path, data, len, err);
	free(target);
	return ret;
}
