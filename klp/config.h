/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a kernel was configured with. */
#ifndef ZU_KLP_CONFIG_H
#define ZU_KLP_CONFIG_H

#include "klp/root.h"

/**
 * struct zu_config - a kernel's configuration
 * @text: as the kernel's .config
 * @from: the file it came from
 */
struct zu_config {
	struct zu_buf text;
	struct zu_path from;
};

/**
 * zu_config_open() - find and read the configuration of the running kernel
 * @root: the system
 * @release: of its kernel
 * @ret: the configuration; zu_config_close() it
 * @err: the causes
 *
 * It is looked for where the kernel itself has it and where distributions put
 * it: the first that can be read counts.
 *
 * Return: 0; ZU_ENOENT if there is none; else why the last one that is there
 * can't be used: ZU_EIO, ZU_EFORMAT, ZU_ENOTSUP, ZU_ENOMEM. @err is set in all
 * these cases.
 */
int zu_config_open(const struct zu_root *root, const char *release,
		   struct zu_config *ret, struct zu_error *err);

/**
 * zu_config_close() - release it
 * @c: opened, or zeroed
 */
void zu_config_close(struct zu_config *c);

/**
 * zu_config_get() - what an option is set to
 * @c: the configuration
 * @name: the option, without CONFIG_
 *
 * Return: 'y', 'm', or 'n', which is also the answer if it is not there.
 */
char zu_config_get(const struct zu_config *c, const char *name);

#endif
