/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Code as it is in memory now: core/table_site.h's view of the kernel. */
#ifndef ZU_KMOD_OBJECT_TEXT_H
#define ZU_KMOD_OBJECT_TEXT_H

#include <linux/types.h>

#include "core/table_site.h"

struct zu_object;

/* What zu_table_site() and zu_table_leads_to() ask; their @ctx is not used. */
extern const struct zu_table_env zu_object_text;

/**
 * zu_object_read() - bytes of an object's code
 * @o: the object, which cannot go away
 * @addr: where
 * @buf: for the bytes
 * @len: how many
 *
 * Return: false if they are not all in its text memory, or in init text that
 * was given away.
 */
bool zu_object_read(const struct zu_object *o, unsigned long addr, void *buf,
		    size_t len);

/**
 * zu_text_is_gone() - is it init text of the kernel, which was given away?
 * @addr: any address
 *
 * Return: true if it is.
 */
bool zu_text_is_gone(unsigned long addr);

#endif
