/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/table_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/file.h"
#include "util/fail.h"

static int read_all(const struct zu_file *file, struct zu_table_file *ret,
		    struct zu_error *err)
{
	struct zu_table_file t;
	const char *why;
	int code;

	if (file->size > ZU_TABLE_FILE_MAX)
		return zu_fail(err, ZU_EFORMAT,
			       "%" PRIu64 " bytes are too many for a table",
			       file->size);
	t.bytes = malloc(file->size);
	if (!t.bytes)
		return zu_fail_nomem(err);
	code = zu_file_read(file, 0, t.bytes, file->size);
	if (code) {
		zu_fail(err, code, "cannot read its %" PRIu64 " bytes",
			file->size);
	} else {
		code = zu_table_init(&t.table, t.bytes, file->size, &why);
		if (code)
			zu_fail(err, code, "%s", why);
	}
	if (code)
		free(t.bytes);
	else
		*ret = t;
	return code;
}

static int from_fd(int fd, struct zu_table_file *ret, struct zu_error *err)
{
	uint8_t magic[ZU_TABLE_MAGIC_LEN];
	struct zu_file file;
	size_t len;
	int code;

	code = zu_file_head(fd, magic, sizeof(magic), &len, err);
	if (code)
		return code;
	if (memcmp(magic, ZU_TABLE_MAGIC, sizeof(magic)))
		return zu_fail(err, ZU_ENOTMINE, "it is no unwind table");
	code = zu_file_init(&file, fd, err);
	if (code)
		return code;
	code = read_all(&file, ret, err);
	zu_file_deinit(&file);
	return code;
}

int zu_table_open(const char *path, struct zu_table_file *ret,
		  struct zu_error *err)
{
	struct stat st;
	int code, fd;

	/* a FIFO without a writer must not hold us up */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st))
		code = zu_fail(err, ZU_EIO, "%s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		code = zu_fail(err, ZU_ENOTMINE, "it is no unwind table");
	else
		code = from_fd(fd, ret, err);
	if (fd >= 0)
		close(fd);
	return code ? zu_fail_at(err, "cannot read %s", path) : 0;
}

void zu_table_close(struct zu_table_file *file)
{
	free(file->bytes);
	memset(file, 0, sizeof(*file));
}
