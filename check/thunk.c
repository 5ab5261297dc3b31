/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/thunk.h"

#include <string.h>

#include "flow/flow.h"

unsigned int zu_thunk_name(const char *name)
{
	static const char prefix[] = "__s390_indirect_jump_r";
	unsigned int reg = 0;
	const char *s;

	if (strncmp(name, prefix, sizeof(prefix) - 1))
		return 0;
	for (s = name + sizeof(prefix) - 1; *s >= '0' && *s <= '9'; s++)
		reg = reg < 16 ? reg * 10 + (unsigned int)(*s - '0') : reg;
	if (s == name + sizeof(prefix) - 1 || !reg || reg > 15)
		return 0;
	return *s && strncmp(s, "use_r", 5) ? 0 : ZU_DEST_THUNK | reg;
}
