/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A BTF blob. */
#include <stdlib.h>

#include "kern/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zu_layout layout;
	struct zu_error err;

	if (!zu_layout_from_btf(data, size, &layout, &err) &&
	    zu_layout_check(&layout, &err))
		abort();
	return 0;
}
