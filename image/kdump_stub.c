/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In place of image/kdump.c in a build without libkdumpfile. */
#include "image/file.h"
#include "image/kdump_magic.h"
#include "image/kinds.h"
#include "util/fail.h"

static int stub_open(struct zu_image *image, const char *path, int fd,
		     struct zu_error *err)
{
	uint8_t head[ZU_KDUMP_MAGIC_SIZE];
	size_t len;
	int ret;

	(void)image;
	(void)path;
	ret = zu_file_head(fd, head, sizeof(head), &len, err);
	if (ret)
		return ret;
	if (zu_kdump_kind(head) == ZU_KDUMP_NONE)
		return ZU_ENOTMINE;
	return zu_fail(err, ZU_ENOTSUP,
		       "reading kdump-compressed and s390 stand-alone dumps was not built in (libkdumpfile)");
}

const struct zu_image_kind zu_image_kdump = {
	.name = "kdump",
	.open = stub_open,
};
