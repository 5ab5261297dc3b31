/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/layout.h"

#include "util/fail.h"

int zu_layout_from_btf(const void *data, size_t len, struct zu_layout *ret,
		       struct zu_error *err)
{
	(void)data;
	(void)len;
	(void)ret;
	return zu_fail(err, ZU_ENOTSUP,
		       "reading BTF is not built in (libbpf was missing)");
}
