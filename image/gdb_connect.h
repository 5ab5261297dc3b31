/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the name of a gdb server to a socket. */
#ifndef ZU_IMAGE_GDB_CONNECT_H
#define ZU_IMAGE_GDB_CONNECT_H

#include "zunwind/error.h"

/**
 * zu_gdb_connect() - connect
 * @where: HOST:PORT, PORT, [ADDRESS]:PORT, or the path of a socket, which has a /
 * @seconds: how long an address may take
 * @ret: the socket, which does not block
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if @where is none of these; ZU_EIO.
 */
int zu_gdb_connect(const char *where, int seconds, int *ret,
		   struct zu_error *err);

#endif
