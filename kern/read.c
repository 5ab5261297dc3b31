/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/read.h"

#include <inttypes.h>
#include <string.h>

#include "util/fail.h"

int zu_read_uint(const struct zu_kernel *k, uint64_t addr, uint32_t size,
		 uint64_t *ret)
{
	uint8_t b[8];
	int err;

	if (size != 1 && size != 2 && size != 4 && size != 8)
		return ZU_EINVAL;
	err = zu_memory_read(&k->mem, addr, b, size);
	if (err)
		return err;
	switch (size) {
	case 1:
		*ret = b[0];
		break;
	case 2:
		*ret = zu_be16(b);
		break;
	case 4:
		*ret = zu_be32(b);
		break;
	default:
		*ret = zu_be64(b);
	}
	return 0;
}

int zu_read_field(const struct zu_kernel *k, uint64_t base, enum zu_field f,
		  uint64_t *ret)
{
	const struct zu_place *p = &k->layout.place[f];

	if (!p->present)
		return ZU_ENOENT;
	return zu_read_uint(k, base + p->offset, p->size, ret);
}

int zu_read_field_err(const struct zu_kernel *k, uint64_t base,
		      enum zu_field f, uint64_t *ret, struct zu_error *err)
{
	int code = zu_read_field(k, base, f, ret);

	if (!code)
		return 0;
	return zu_fail(err, code, "cannot read %s at 0x%" PRIx64,
		       zu_field_name(f), base + k->layout.place[f].offset);
}

int zu_read_string(const struct zu_kernel *k, uint64_t addr, char *buf,
		   size_t size)
{
	/* in pieces: the string may end just before memory does */
	enum { PIECE = 64 };
	size_t at = 0;

	while (at < size - 1) {
		size_t n = PIECE - (addr + at) % PIECE;
		int ret;

		if (n > size - 1 - at)
			n = size - 1 - at;
		ret = zu_memory_read(&k->mem, addr + at, buf + at, n);
		if (ret)
			return ret;
		if (memchr(buf + at, '\0', n))
			return 0;
		at += n;
	}
	buf[at] = '\0';
	return 0;
}
