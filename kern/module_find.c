/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules by name, as live patching looks for them. */
#include <inttypes.h>
#include <string.h>

#include "kern/list.h"
#include "kern/module.h"
#include "kern/read.h"
#include "util/fail.h"

/* 1, or 0 if it is another one, or an unformed one */
static int is_named_so(const struct zu_kernel *k, uint64_t module,
		       const char *wanted, struct zu_error *err)
{
	uint64_t state;
	char buf[128];
	int ret;

	ret = zu_read_field_err(k, module, ZU_F_module_state, &state, err);
	if (ret)
		return ret;
	if (state == zu_offset(k, ZU_F_module_unformed))
		return 0;
	if (!zu_module_name(k, module, buf, sizeof(buf)))
		return zu_fail(err, ZU_EFAULT,
			       "cannot read the name of the module at 0x%"
			       PRIx64, module);
	return !strcmp(buf, wanted);
}

int zu_module_find(const struct zu_kernel *k, const char *name, uint64_t *ret,
		   struct zu_error *err)
{
	uint64_t node, module = 0;
	struct zu_list list;
	int code, found = 0;

	if (!k->global[ZU_G_modules]) {
		*ret = 0;
		return 0;
	}
	if (!zu_has(k, ZU_F_module_list) || !zu_has(k, ZU_F_module_state) ||
	    !zu_has(k, ZU_F_module_unformed))
		return zu_fail(err, ZU_ENOENT,
			       "the type data does not tell what a module is");
	zu_list_init(&list, k, k->global[ZU_G_modules], ZU_LIST_CIRCULAR);
	while (!found && (code = zu_list_next(&list, &node)) > 0) {
		module = node - zu_offset(k, ZU_F_module_list);
		found = is_named_so(k, module, name, err);
	}
	if (found < 0)
		return found;
	if (!found && code)
		return zu_fail(err, code, "the list of modules is damaged");
	*ret = found ? module : 0;
	return 0;
}

int zu_module_is_alive(const struct zu_kernel *k, uint64_t module, bool *ret,
		       struct zu_error *err)
{
	uint64_t alive = 1;
	int code = 0;

	if (zu_has(k, ZU_F_module_klp_alive))
		code = zu_read_field_err(k, module, ZU_F_module_klp_alive,
					 &alive, err);
	if (!code)
		*ret = alive;
	return code;
}
