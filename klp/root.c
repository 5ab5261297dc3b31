/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/root.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fail.h"

#define CHUNK 4096

void zu_root_path(const struct zu_root *root, struct zu_path *ret,
		  const char *fmt, ...)
{
	size_t len = strnlen(root->dir, sizeof(ret->text) - 1);
	va_list ap;

	memcpy(ret->text, root->dir, len);
	ret->inner = ret->text + len;
	va_start(ap, fmt);
	vsnprintf(ret->text + len, sizeof(ret->text) - len, fmt, ap);
	va_end(ap);
}

static bool is_absent(int error)
{
	return error == ENOENT || error == ENOTDIR;
}

bool zu_root_has(const struct zu_path *path)
{
	return !access(path->text, F_OK) || !is_absent(errno);
}

/* Files of /proc and /sys don't tell their size: read until the end */
static int read_all(int fd, size_t max, struct zu_buf *ret,
		    struct zu_error *err)
{
	ssize_t n;
	char *p;

	do {
		p = zu_buf_reserve(ret, CHUNK);
		if (!p)
			return zu_fail_nomem(err);
		n = read(fd, p, CHUNK);
		if (n < 0 && errno != EINTR)
			return zu_fail(err, ZU_EIO, "%s", strerror(errno));
		ret->len += n > 0 ? (size_t)n : 0;
		if (ret->len > max)
			return zu_fail(err, ZU_EFORMAT,
				       "it has more than %zu bytes", max);
	} while (n);
	*p = '\0';
	return 0;
}

int zu_root_read(const struct zu_path *path, size_t max, struct zu_buf *ret,
		 struct zu_error *err)
{
	struct stat st;
	int code, fd;

	/* a FIFO without a writer must not hold us up */
	fd = open(path->text, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st))
		code = zu_fail(err, is_absent(errno) ? ZU_ENOENT : ZU_EIO,
			       "%s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		code = zu_fail(err, ZU_EFORMAT, "it is no regular file");
	else
		code = read_all(fd, max, ret, err);
	if (fd >= 0)
		close(fd);
	if (!code)
		return 0;
	zu_buf_deinit(ret);
	return zu_fail_at(err, "cannot read %s", path->text);
}

static int check_line(const char *line, size_t len, size_t size,
		      struct zu_error *err)
{
	size_t i;

	if (len >= size)
		return zu_fail(err, ZU_EFORMAT, "its first line is too long");
	for (i = 0; i < len; i++)
		if (!isprint((unsigned char)line[i]))
			return zu_fail(err, ZU_EFORMAT,
				       "it has bytes that can't be printed");
	return 0;
}

int zu_root_line(const struct zu_path *path, char *ret, size_t size,
		 struct zu_error *err)
{
	struct zu_buf b = { .data = NULL };
	size_t len;
	int code;

	code = zu_root_read(path, CHUNK, &b, err);
	if (code)
		return code;
	len = strcspn(b.data, "\n");
	code = check_line(b.data, len, size, err);
	if (code) {
		zu_fail_at(err, "cannot use %s", path->text);
	} else {
		memcpy(ret, b.data, len);
		ret[len] = '\0';
	}
	zu_buf_deinit(&b);
	return code;
}

bool zu_root_is_plain(const char *name)
{
	return *name && *name != '-' &&
	       !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz"
				  "0123456789/._+-")];
}
