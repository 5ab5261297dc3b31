/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "core/unwind.h"

const char *zu_from_word(enum zu_from from)
{
	switch (from) {
	case ZU_FROM_SWITCH:
		return "switch";
	case ZU_FROM_CHAIN:
		return "chain";
	case ZU_FROM_EXCEPTION:
		return "exception";
	case ZU_FROM_FGRAPH:
		return "fgraph";
	case ZU_FROM_RETHOOK:
		return "rethook";
	case ZU_FROM_TABLE:
		return "table";
	}
	return "unknown";
}
