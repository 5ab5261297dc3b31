/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "flow/noreturn.h"

static const char *const names[] = {
#define ZU_NORETURN(name, source) name,
#include "flow/noreturn.def"
#undef ZU_NORETURN
};

static int compare(const void *key, const void *name)
{
	return strcmp(key, *(const char *const *)name);
}

bool zu_is_noreturn(const char *name)
{
	return bsearch(name, names, sizeof(names) / sizeof(names[0]),
		       sizeof(names[0]), compare);
}
