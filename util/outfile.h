/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output files appear whole or not at all: they are written under a temporary
 * name beside the final one and renamed when all is well.
 */
#ifndef ZU_UTIL_OUTFILE_H
#define ZU_UTIL_OUTFILE_H

#include <stddef.h>

#include "zunwind/error.h"

/**
 * zu_outfile_write() - write a file
 * @path: its name; a file that is there is replaced when the new one is whole,
 *	into a device or pipe the bytes are written as they are; a symbolic
 *	link is followed; "/dev/stdout" is standard output, as redirected
 * @data: what it shall hold
 * @len: how much
 * @err: the causes
 *
 * Return: 0; ZU_EIO, and the old file is as it was; ZU_ENOMEM.
 */
int zu_outfile_write(const char *path, const void *data, size_t len,
		     struct zu_error *err);

#endif
