/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/file.h"
#include "image/image.h"
#include "image/kinds.h"
#include "util/fail.h"

/* In this order they are asked whether a file is theirs */
static const struct zu_image_kind *const kinds[] = {
	&zu_image_capture,
	&zu_image_elf,
	&zu_image_kdump,
};

#define WHAT_IS_READ \
	"zunwind reads dumps of s390x (ELF, kdump-compressed, s390 stand-alone) and its captures"

/* What people try that no kind knows */
static const struct {
	const char *magic;
	size_t len;
	const char *text;
} others[] = {
	{ "\x1f\x8b", 2, "compressed with gzip: decompress it first" },
	{ "\xfd" "7zXZ", 6, "compressed with xz: decompress it first" },
	{ "\x28\xb5\x2f\xfd", 4, "compressed with zstd: decompress it first" },
	{ "\x04\x22\x4d\x18", 4, "compressed with lz4: decompress it first" },
	{ "BZh", 3, "compressed with bzip2: decompress it first" },
	{ "\x89LZO", 4, "compressed with lzop: decompress it first" },
	{ "PK\x03\x04", 4, "a zip archive: unpack it first" },
	{ "\xa8\x19\x01\x73\x61\x8f\x23\xfe", 8,
	  "an extended s390 stand-alone dump: convert it with zgetdump -f elf" },
	{ "LibvirtQemudSave", 16,
	  "a saved guest: take a dump with virsh dump --memory-only" },
	{ "QEVM", 4,
	  "a saved guest: take a dump with dump-guest-memory" },
	{ "\x9f\xeb", 2, "BTF, types without memory" },
	{ "\xeb\x9f", 2, "BTF, types without memory" },
};

static int unknown(int fd, struct zu_error *err)
{
	unsigned char head[16];
	size_t len, i;
	int ret;

	ret = zu_file_head(fd, head, sizeof(head), &len, err);
	if (ret)
		return ret;
	if (!len)
		return zu_fail(err, ZU_EFORMAT, "the file is empty");
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (!memcmp(head, others[i].magic, others[i].len))
			return zu_fail(err, ZU_ENOTSUP, "this is %s",
				       others[i].text);
	}
	return zu_fail(err, ZU_ENOTSUP, "unknown kind of file; " WHAT_IS_READ);
}

/* Those that are no files */
static const struct zu_image_kind *const machines[] = {
	&zu_image_live,
	&zu_image_gdb,
};

static const struct zu_image_kind *find_machine(const char *source)
{
	size_t i;

	for (i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i]->is_mine(source))
			return machines[i];
	return NULL;
}

static int probe(struct zu_image *image, int fd, struct zu_error *err)
{
	size_t i;
	int ret;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		ret = kinds[i]->open(image, image->path, fd, err);
		if (!ret)
			image->kind = kinds[i];
		if (ret != ZU_ENOTMINE)
			return ret;
	}
	return unknown(fd, err);
}

/* O_NONBLOCK: don't wait for the writer of a pipe */
static int open_file(const char *path, int *ret, struct zu_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0)
		return zu_fail(err, ZU_EIO, "%s", strerror(errno));
	if (fstat(fd, &st)) {
		zu_fail(err, ZU_EIO, "%s", strerror(errno));
		goto out_close;
	}
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
		zu_fail(err, ZU_ENOTSUP, "this is %s, not a file",
			S_ISDIR(st.st_mode) ? "a directory" :
			S_ISFIFO(st.st_mode) ? "a pipe" :
			S_ISCHR(st.st_mode) ? "a character device" :
			"a socket");
		goto out_close;
	}
	*ret = fd;
	return 0;

out_close:
	close(fd);
	return err->code;
}

static int open_machine(struct zu_image *image,
			const struct zu_image_kind *kind, struct zu_error *err)
{
	image->kind = kind;
	return kind->open(image, image->path, -1, err);
}

static int open_kind(struct zu_image *image, struct zu_error *err)
{
	const struct zu_image_kind *machine = find_machine(image->path);
	int fd = -1, code;

	if (machine) {
		code = open_machine(image, machine, err);
	} else {
		code = open_file(image->path, &fd, err);
		if (code)
			return zu_fail_at(err, "cannot open %s", image->path);
		code = probe(image, fd, err);
		close(fd);
	}
	return code ? zu_fail_at(err, "cannot read %s", image->path) : 0;
}

int zu_image_open(const char *path, struct zu_image **ret,
		  struct zu_error *err)
{
	struct zu_image *image = calloc(1, sizeof(*image));
	int code;

	if (image)
		image->path = strdup(path);
	if (!image || !image->path)
		code = zu_fail_nomem(err);
	else
		code = open_kind(image, err);
	if (code) {
		if (image)
			free(image->path);
		free(image);
		return code;
	}
	*ret = image;
	return 0;
}

void zu_image_close(struct zu_image *image)
{
	if (!image)
		return;
	image->kind->close(image);
	free(image->path);
	free(image);
}

int zu_image_read_abs(struct zu_image *image, uint64_t addr, void *buf,
		      size_t len)
{
	if (!image->kind->read_abs)
		return ZU_EFAULT;
	return image->kind->read_abs(image, addr, buf, len);
}

int zu_image_hold(struct zu_image *image, struct zu_error *err)
{
	int ret = image->kind->hold ? image->kind->hold(image, err) : 0;

	return ret ? zu_fail_at(err, "cannot read %s", image->path) : 0;
}

void zu_image_let_go(struct zu_image *image)
{
	if (image->kind->let_go)
		image->kind->let_go(image);
}

void zu_image_forget(struct zu_image *image)
{
	if (image->kind->forget)
		image->kind->forget(image);
}

int zu_image_check(struct zu_image *image, struct zu_error *err)
{
	int ret = image->kind->check ? image->kind->check(image, err) : 0;

	return ret ? zu_fail_at(err, "cannot read %s", image->path) : 0;
}
