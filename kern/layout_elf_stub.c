/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/layout_elf.h"

#include "util/fail.h"

int zu_layout_from_elf(const struct zu_file *file, const char *build_id,
		       struct zu_layout *ret, struct zu_error *err)
{
	(void)file;
	(void)build_id;
	(void)ret;
	return zu_fail(err, ZU_ENOTSUP,
		       "reading ELF files was not built in (libelf)");
}
