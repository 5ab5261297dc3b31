/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/text_symbols.h"

#include "kern/module.h"

static bool has_names(const struct zu_text_range *range)
{
	return range->kind == ZU_TEXT_KERNEL || range->kind == ZU_TEXT_INIT ||
	       range->kind == ZU_TEXT_MODULE;
}

int zu_text_symbols(const struct zu_kernel *k,
		    const struct zu_text_range *range,
		    const struct zu_text_symbols *to, struct zu_error *err)
{
	if (!has_names(range))
		return 0;
	if (!k->symbols.kallsyms)
		zu_captured_symbols_each(&k->symbols.captured, range->begin,
					 range->last, to);
	else if (range->kind == ZU_TEXT_MODULE)
		return zu_module_symbols(k, range, to, err);
	else
		zu_kallsyms_each(k->symbols.kallsyms, range->begin,
				 range->last, to);
	return 0;
}
