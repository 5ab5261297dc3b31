/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that a user names. */
#ifndef ZU_KLP_NAMES_H
#define ZU_KLP_NAMES_H

#include "klp/functions.h"

/**
 * zu_patch_names() - functions from text
 * @text: names with commas between: NAME, MODULE:NAME; behind each, as /2,
 *	may stand its position, as in struct zu_patch_function. "vmlinux" is the
 *	kernel, as no module at all is; '-' in a module's name counts as '_'
 * @ret: the functions; zu_patch_functions_deinit() them
 * @err: the causes
 *
 * The kernel itself writes NAME,2 (in /sys/kernel/livepatch), which with
 * several names would be ambiguous.
 *
 * Return: 0; ZU_EINVAL if that is not what @text is; ZU_EFORMAT if there are
 * too many; ZU_ENOMEM.
 */
int zu_patch_names(const char *text, struct zu_patch_functions *ret,
		   struct zu_error *err);

#endif
