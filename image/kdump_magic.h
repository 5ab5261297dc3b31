/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What dumps that libkdumpfile reads begin with. */
#ifndef ZU_IMAGE_KDUMP_MAGIC_H
#define ZU_IMAGE_KDUMP_MAGIC_H

#include <stdint.h>
#include <string.h>

#include "core/bytes.h"

/** ZU_KDUMP_MAGIC_SIZE - bytes of a file to look at */
#define ZU_KDUMP_MAGIC_SIZE 16

/**
 * enum zu_kdump_kind - kinds of dump
 * @ZU_KDUMP_NONE: none of these
 * @ZU_KDUMP_DISK: kdump-compressed (makedumpfile), or diskdump before it
 * @ZU_KDUMP_FLAT: the same, flattened (makedumpfile -F, QEMU)
 * @ZU_KDUMP_ALONE: s390 stand-alone dump
 */
enum zu_kdump_kind {
	ZU_KDUMP_NONE,
	ZU_KDUMP_DISK,
	ZU_KDUMP_FLAT,
	ZU_KDUMP_ALONE,
};

static inline enum zu_kdump_kind zu_kdump_kind(const uint8_t *head)
{
	if (!memcmp(head, "KDUMP   ", 8) || !memcmp(head, "DISKDUMP", 8))
		return ZU_KDUMP_DISK;
	if (!memcmp(head, "makedumpfile\0\0\0\0", 16))
		return ZU_KDUMP_FLAT;
	if (zu_be64(head) == UINT64_C(0xa8190173618f23fd))
		return ZU_KDUMP_ALONE;
	return ZU_KDUMP_NONE;
}

#endif
