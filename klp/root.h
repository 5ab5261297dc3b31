/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of a system: of this one, or of one whose files lie below a folder.
 *
 * All of it is read whole and up to a limit that the caller sets, and nothing
 * but regular files: whatever lies there, it takes bounded time and memory.
 */
#ifndef ZU_KLP_ROOT_H
#define ZU_KLP_ROOT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"
#include "zunwind/error.h"

/**
 * struct zu_root - a system's files
 * @dir: the folder that is its /; "" is this system
 */
struct zu_root {
	const char *dir;
};

/**
 * struct zu_path - the name of a file
 * @text: as it is opened here, with the root in front of it
 * @inner: the part of @text that the system itself would use
 */
struct zu_path {
	char text[PATH_MAX];
	const char *inner;
};

/**
 * zu_root_path() - make a file's name
 * @root: the system
 * @ret: the name; cut if it is too long: then there is no such file
 * @fmt: printf format of its name there, which begins with /
 */
void zu_root_path(const struct zu_root *root, struct zu_path *ret,
		  const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/**
 * zu_root_has() - is there anything of that name
 * @path: its name
 *
 * Return: true also if that cannot be told: opening it will tell why.
 */
bool zu_root_has(const struct zu_path *path);

/**
 * zu_root_read() - read a file
 * @path: its name
 * @max: most bytes it may have
 * @ret: an empty buffer: what is in it, and a 0 behind that; to be released
 * @err: the causes
 *
 * Return: 0; ZU_ENOENT if there is none; ZU_EIO; ZU_EFORMAT if it is no
 * regular file or larger than @max; ZU_ENOMEM. @err is set in all these cases.
 */
int zu_root_read(const struct zu_path *path, size_t max, struct zu_buf *ret,
		 struct zu_error *err);

/**
 * zu_root_line() - read the first line of a small file
 * @path: its name
 * @ret: the line, without its end
 * @size: room for it; a longer one is an error
 * @err: the causes
 *
 * Return: as zu_root_read(); also ZU_EFORMAT if the line has bytes that can't
 * be printed.
 */
int zu_root_line(const struct zu_path *path, char *ret, size_t size,
		 struct zu_error *err);

/**
 * zu_root_is_plain() - can a name stand in a command as it is
 * @name: the name
 *
 * Return: false if it is empty or has characters that a shell, or a terminal,
 * may take for something else.
 */
bool zu_root_is_plain(const char *name);

#endif
