/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests of image/ ask of a file they made. Include cmocka.h first. */
#ifndef ZU_TESTS_MAKE_CHECK_H
#define ZU_TESTS_MAKE_CHECK_H

#include "image/image.h"
#include "tests/make/bytes.h"

/* It opens */
static inline struct zu_image *mk_open(struct mk *m)
{
	struct zu_error err = { 0 };
	struct zu_image *image = NULL;

	if (zu_image_open(mk_file(m), &image, &err))
		fail_msg("%s", err.text);
	return image;
}

/* It doesn't, with that code and that text in the error */
static inline void mk_refused_path(const char *path, int code,
				   const char *text)
{
	struct zu_error err = { 0 };
	struct zu_image *image = NULL;
	int ret;

	ret = zu_image_open(path, &image, &err);
	if (!ret) {
		zu_image_close(image);
		fail_msg("opened; expected \"%s\"", text);
	}
	if (ret != code || err.code != code || !strstr(err.text, text))
		fail_msg("got %d \"%s\"; expected %d \"%s\"", ret, err.text,
			 code, text);
	assert_null(image);
}

static inline void mk_refused(struct mk *m, int code, const char *text)
{
	mk_refused_path(mk_file(m), code, text);
}

/* All of [addr, addr + len) is there, by one read */
static inline void mk_expect(struct zu_image *image, uint64_t addr,
			     size_t len)
{
	uint8_t *buf = malloc(len + 1);
	size_t i;

	assert_non_null(buf);
	buf[len] = 0xa5;
	assert_int_equal(zu_image_read_abs(image, addr, buf, len), 0);
	for (i = 0; i < len; i++) {
		if (buf[i] != mk_byte(addr + i))
			fail_msg("wrong byte at 0x%llx",
				 (unsigned long long)(addr + i));
	}
	assert_int_equal(buf[len], 0xa5);
	free(buf);
}

/* Some of it is not */
static inline void mk_expect_fault(struct zu_image *image, uint64_t addr,
				   size_t len)
{
	uint8_t *buf = malloc(len);

	assert_non_null(buf);
	assert_int_equal(zu_image_read_abs(image, addr, buf, len), ZU_EFAULT);
	free(buf);
}

#endif
