/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without libzstd: captures are recognised, and refused with the reason. */
#include <string.h>

#include "image/capture.h"
#include "image/capture_format.h"
#include "image/file.h"
#include "image/kinds.h"
#include "util/fail.h"

#define NOT_BUILT_IN "captures were not built in (libzstd)"

static int capture_open(struct zu_image *image, const char *path, int fd,
			struct zu_error *err)
{
	char magic[ZU_CAPTURE_MAGIC_LEN];
	size_t len;
	int ret;

	(void)image;
	(void)path;
	ret = zu_file_head(fd, magic, sizeof(magic), &len, err);
	if (ret)
		return ret;
	if (memcmp(magic, ZU_CAPTURE_MAGIC, sizeof(magic)))
		return ZU_ENOTMINE;
	return zu_fail(err, ZU_ENOTSUP, NOT_BUILT_IN);
}

static void capture_close(struct zu_image *image)
{
	(void)image;
}

const struct zu_image_kind zu_image_capture = {
	.name = "capture",
	.open = capture_open,
	.close = capture_close,
};

bool zu_image_is_capture(const struct zu_image *image)
{
	(void)image;
	return false;
}

const char *zu_capture_section(const struct zu_image *image, const char *tag,
			       size_t *len)
{
	(void)image;
	(void)tag;
	(void)len;
	return NULL;
}

int zu_capture_open(const struct zu_capture_part *parts, size_t n,
		    struct zu_image **ret, struct zu_error *err)
{
	(void)parts;
	(void)n;
	(void)ret;
	return zu_fail(err, ZU_ENOTSUP, NOT_BUILT_IN);
}

int zu_capture_store(const char *path, const struct zu_capture_part *parts,
		     size_t n, struct zu_error *err)
{
	(void)path;
	(void)parts;
	(void)n;
	return zu_fail(err, ZU_ENOTSUP, NOT_BUILT_IN);
}
