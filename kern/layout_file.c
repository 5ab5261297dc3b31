/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types from a file that the user names: raw BTF, or ELF with section .BTF. */
#include "kern/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/file.h"
#include "kern/layout_elf.h"
#include "util/fail.h"

static int from_raw(const struct zu_file *file, struct zu_layout *ret,
		    struct zu_error *err)
{
	uint8_t *btf;
	int code;

	if (file->size > ZU_BTF_MAX)
		return zu_fail(err, ZU_EFORMAT,
			       "%" PRIu64 " bytes are too many", file->size);
	btf = malloc(file->size);
	if (!btf)
		return zu_fail_nomem(err);
	code = zu_file_read(file, 0, btf, file->size);
	if (code)
		zu_fail(err, code, "cannot read its %" PRIu64 " bytes",
			file->size);
	else
		code = zu_layout_from_btf(btf, file->size, ret, err);
	free(btf);
	return code;
}

static int from_fd(int fd, const char *build_id, struct zu_layout *ret,
		   struct zu_error *err)
{
	struct zu_file file;
	uint8_t magic[4];
	size_t len;
	int code;

	code = zu_file_head(fd, magic, sizeof(magic), &len, err);
	if (!code)
		code = zu_file_init(&file, fd, err);
	if (code)
		return code;
	if (!memcmp(magic, "\177ELF", 4))
		code = zu_layout_from_elf(&file, build_id, ret, err);
	else if (!memcmp(magic, "\xeb\x9f", 2) || !memcmp(magic, "\x9f\xeb", 2))
		code = from_raw(&file, ret, err);
	else
		code = zu_fail(err, ZU_EFORMAT, "it is neither BTF nor ELF");
	zu_file_deinit(&file);
	return code;
}

int zu_layout_from_file(const char *path, const char *build_id,
			struct zu_layout *ret, struct zu_error *err)
{
	int code, fd;

	/* a FIFO without a writer must not hold us up */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return zu_fail(err, ZU_EIO, "cannot open it: %s",
			       strerror(errno));
	code = from_fd(fd, build_id, ret, err);
	close(fd);
	return code;
}
