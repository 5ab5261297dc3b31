/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "util/fail.h"

int zu_file_init(struct zu_file *file, int fd, struct zu_error *err)
{
	off_t end;

	file->size = 0;
	file->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (file->fd < 0)
		return zu_fail(err, ZU_EIO, "%s", strerror(errno));
	/* not fstat(): its size of a block device is 0 */
	end = lseek(file->fd, 0, SEEK_END);
	if (end < 0) {
		zu_fail(err, ZU_EIO, "cannot tell its size: %s",
			strerror(errno));
		zu_file_deinit(file);
		return err->code;
	}
	file->size = (uint64_t)end;
	return 0;
}

void zu_file_deinit(struct zu_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

/* As much as there is; -1 with errno on failure */
static ssize_t read_some(int fd, uint64_t offset, void *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(fd, (char *)buf + done, len - done,
				  (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

int zu_file_read(const struct zu_file *file, uint64_t offset, void *buf,
		 size_t len)
{
	ssize_t n;

	if (offset > file->size || len > file->size - offset)
		return ZU_EFAULT;
	n = read_some(file->fd, offset, buf, len);
	if (n < 0)
		return ZU_EIO;
	return (size_t)n == len ? 0 : ZU_EFAULT;
}

int zu_file_head(int fd, void *buf, size_t len, size_t *ret,
		 struct zu_error *err)
{
	ssize_t n;

	memset(buf, 0, len);
	n = read_some(fd, 0, buf, len);
	if (n < 0)
		return zu_fail(err, ZU_EIO, "%s", strerror(errno));
	*ret = (size_t)n;
	return 0;
}
