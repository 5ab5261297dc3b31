// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/gdbwalk/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fail.h"

struct memory {
	uint8_t *bytes;
	size_t len;
};

static int read_abs(struct zu_image *image, uint64_t addr, void *buf,
		    size_t len)
{
	const struct memory *m = image->priv;

	if (addr > m->len || len > m->len - addr)
		return ZU_EFAULT;
	memcpy(buf, m->bytes + addr, len);
	return 0;
}

static void close_memory(struct zu_image *image)
{
	struct memory *m = image->priv;

	munmap(m->bytes, m->len);
	free(m);
}

static const struct zu_image_kind kind = {
	.name = "memory",
	.close = close_memory,
	.read_abs = read_abs,
};

static int map_file(struct memory *m, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st)) {
		close(fd);
		return -1;
	}
	m->len = (size_t)st.st_size;
	m->bytes = mmap(NULL, m->len, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	return m->bytes == MAP_FAILED ? -1 : 0;
}

int memory_open(const char *path, struct zu_image **ret, struct zu_error *err)
{
	struct zu_image *image = calloc(1, sizeof(*image));
	struct memory *m = calloc(1, sizeof(*m));
	char *copy = strdup(path);
	int code;

	if (!image || !m || !copy) {
		code = zu_fail_nomem(err);
	} else if (map_file(m, path)) {
		code = zu_fail(err, ZU_EIO, "cannot map %s: %s", path,
			       strerror(errno));
	} else {
		image->kind = &kind;
		image->path = copy;
		image->priv = m;
		*ret = image;
		return 0;
	}
	free(image);
	free(m);
	free(copy);
	return code;
}
