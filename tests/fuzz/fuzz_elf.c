/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is an ELF file. If it opens, memory is read at the edges of its
 * segments, and twice the same.
 */
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "image/image.h"
#include "tests/make/file.h"

static void read_at(struct zu_image *image, uint64_t addr, size_t len)
{
	static uint8_t first[3 * 4096], again[3 * 4096];
	int ret;

	if (len > sizeof(first))
		len = sizeof(first);
	ret = zu_image_read_abs(image, addr, first, len);
	if (ret && ret != ZU_EFAULT)
		abort();
	if (zu_image_read_abs(image, addr, again, len) != ret)
		abort();
	if (!ret && memcmp(first, again, len))
		abort();
}

static void read_edges(struct zu_image *image, uint64_t start, uint64_t len)
{
	static const size_t lens[] = { 1, 8, 4096, 4097, 3 * 4096 };
	size_t i;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		read_at(image, start, lens[i]);
		read_at(image, start - 1, lens[i]);
		read_at(image, start + len - lens[i], lens[i]);
		read_at(image, start + len - lens[i] + 1, lens[i]);
		read_at(image, start + len, lens[i]);
	}
}

static void use(struct zu_image *image, const uint8_t *data, size_t size)
{
	uint64_t at = zu_be64(data + 32);
	unsigned int i;

	if (!image->vmcoreinfo != !image->vmcoreinfo_len ||
	    image->vmcoreinfo_len > size)
		abort();
	for (i = 0; i < 8 && at < size && size - at >= 56; i++, at += 56)
		read_edges(image, zu_be64(data + at + 24),
			   zu_be64(data + at + 32));
	read_at(image, 0, 8);
	read_at(image, UINT64_MAX, 1);
	read_at(image, UINT64_MAX - 7, 9);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zu_image *image = NULL;
	struct zu_error err = { 0 };
	int ret;

	if (size < 4 || memcmp(data, "\177ELF", 4))
		return 0;
	ret = zu_image_open(mk_fuzz_file(data, size), &image, &err);
	if (ret) {
		if (image || err.code != ret || !err.text[0] ||
		    ret == ZU_ENOTMINE)
			abort();
		return 0;
	}
	use(image, data, size);
	zu_image_close(image);
	return 0;
}
