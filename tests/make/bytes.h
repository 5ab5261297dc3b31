/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files made by tests: bytes are put at offsets, big-endian, and what lies
 * between is zero. Whatever can't be had ends the test program.
 */
#ifndef ZU_TESTS_MAKE_BYTES_H
#define ZU_TESTS_MAKE_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/bytes.h"

/**
 * struct mk - a file in the making
 * @data: its bytes
 * @len: how many
 * @fd: of the file, once mk_file() made it
 * @path: names it
 *
 * Zero it; mk_free() it.
 */
struct mk {
	uint8_t *data;
	size_t len;
	int fd;
	char path[32];
};

/* Room for @len bytes at @offset */
static inline uint8_t *mk_at(struct mk *m, size_t offset, size_t len)
{
	if (offset + len > m->len) {
		m->data = realloc(m->data, offset + len);
		if (!m->data)
			abort();
		memset(m->data + m->len, 0, offset + len - m->len);
		m->len = offset + len;
	}
	return m->data + offset;
}

static inline void mk_put(struct mk *m, size_t offset, const void *p,
			  size_t len)
{
	if (len)
		memcpy(mk_at(m, offset, len), p, len);
}

static inline void mk_be16(struct mk *m, size_t offset, unsigned int v)
{
	uint8_t *p = mk_at(m, offset, 2);

	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void mk_be32(struct mk *m, size_t offset, uint32_t v)
{
	zu_put_be32(mk_at(m, offset, 4), v);
}

static inline void mk_be64(struct mk *m, size_t offset, uint64_t v)
{
	zu_put_be64(mk_at(m, offset, 8), v);
}

/* What memory holds at @addr: never the same 64 bytes twice in a MiB */
static inline uint8_t mk_byte(uint64_t addr)
{
	return (uint8_t)(addr ^ addr >> 6 ^ addr >> 14);
}

static inline void mk_memory(struct mk *m, size_t offset, uint64_t addr,
			     size_t len)
{
	uint8_t *p = mk_at(m, offset, len);
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = mk_byte(addr + i);
}

/* The file itself; sparse behind @data, up to @size bytes if that is more */
static inline const char *mk_sparse(struct mk *m, uint64_t size)
{
	size_t done = 0;

	if (m->fd)
		close(m->fd);
	m->fd = memfd_create("zunwind-test", MFD_CLOEXEC);
	if (m->fd <= 0 || ftruncate(m->fd, (off_t)size))
		abort();
	while (done < m->len) {
		ssize_t n = write(m->fd, m->data + done, m->len - done);

		if (n <= 0)
			abort();
		done += (size_t)n;
	}
	snprintf(m->path, sizeof(m->path), "/proc/self/fd/%d", m->fd);
	return m->path;
}

static inline const char *mk_file(struct mk *m)
{
	return mk_sparse(m, m->len);
}

static inline void mk_free(struct mk *m)
{
	if (m->fd)
		close(m->fd);
	free(m->data);
	memset(m, 0, sizeof(*m));
}

#endif
