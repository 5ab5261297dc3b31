/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is the file of a live patch, read with the layout of real kernels,
 * and with another one.
 */
#include <stdlib.h>
#include <string.h>

#include "klp/patch_file.h"
#include "tests/make/file.h"
#include "tests/make/patch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define check(what)							\
	do {								\
		if (!(what))						\
			abort();					\
	} while (0)

static void check_patch(const struct zu_patch_file *p)
{
	size_t i;

	check(p->functions.nr <= ZU_PATCH_FUNCTIONS);
	check(p->functions.nr || p->make != ZU_PATCH_STATIC);
	check(memchr(p->name, '\0', sizeof(p->name)));
	for (i = 0; i < p->functions.nr; i++) {
		const struct zu_patch_function *f = &p->functions.function[i];

		check(f->name[0] && strlen(f->name) < 512);
		check(!f->object ||
		      (f->object[0] && strlen(f->object) < ZU_OBJECT_NAME));
	}
}

static void read_with(const char *path, const struct mp_layout *l)
{
	struct zu_error err = { 0 };
	struct zu_patch_file p;
	struct zu_layout layout;
	int code;

	mp_set_layout(&layout, l);
	code = zu_patch_file_read(path, &layout, &p, &err);
	if (code) {
		check(err.code == code && err.text[0]);
		check(code == ZU_EFORMAT || code == ZU_ENOTSUP ||
		      code == ZU_ENOENT || code == ZU_EINVAL);
		return;
	}
	check_patch(&p);
	zu_patch_file_deinit(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = mk_fuzz_file(data, size);

	read_with(path, &mp_real);
	read_with(path, &mp_odd);
	return 0;
}
