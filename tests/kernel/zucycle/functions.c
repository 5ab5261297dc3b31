// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions as they are before any patch. */
#include <linux/export.h>

#include "zucycle.h"

#define ZU_FN(name) zu_##name
#define ZU_ENTER(name) \
	zu_enter(c, ZU_WHO(ZU_ID_##name, 0), READ_ONCE(zu_plain[ZU_ID_##name]))
#define zu_text noinline __noclone __used

#include "functions.h"

#define ZU_ROW(name) [ZU_ID_##name] = zu_##name,
const zu_fn zu_table[ZU_NEXT] = {
	ZU_ROW(direct) ZU_ROW(pointer) ZU_ROW(tail) ZU_ROW(jump) ZU_ROW(leaf)
	ZU_ROW(big) ZU_ROW(alloca) ZU_ROW(early) ZU_ROW(recurse) ZU_ROW(thunk)
	ZU_ROW(many) ZU_ROW(sleep) ZU_ROW(fault) ZU_ROW(probed)
};
EXPORT_SYMBOL_GPL(zu_table);

#define ZU_NAME(name) [ZU_ID_##name] = "zu_" #name,
const char *const zu_names[ZU_IDS] = {
	ZU_FUNCTIONS(ZU_NAME)
};
EXPORT_SYMBOL_GPL(zu_names);

#define ZU_EXPORT(name) EXPORT_SYMBOL_GPL(zu_##name);
ZU_FUNCTIONS(ZU_EXPORT)
