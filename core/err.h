/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#ifndef ZU_CORE_ERR_H
#define ZU_CORE_ERR_H

/**
 * enum zu_err - why zunwind could not look
 *
 * Functions return 0 or one of these (they are negative). An error says that
 * an answer could not be had; a stack that was looked at and refused is no
 * error but a verdict with a reason (see enum zu_why).
 *
 * Bad surroundings:
 * @ZU_ENOMEM:	the host has no memory left
 * @ZU_EIO:	the operating system refused to open, map or read a file
 *
 * Bad request:
 * @ZU_EINVAL:	an argument makes no sense
 * @ZU_ENOENT:	the thing named is not there (symbol, type, member, task)
 * @ZU_ENOTSUP:	understood, but not something zunwind can work with: another
 *		architecture, a newer format, a reader that was not built in
 *
 * Bad bytes:
 * @ZU_EFORMAT:	bytes contradict their own format or each other
 * @ZU_EFAULT:	memory that is not in the image, or not mapped
 *
 * A system that runs:
 * @ZU_EAGAIN:	it changed while it was looked at: look again
 *
 * Private, never leaves the library:
 * @ZU_ENOTMINE: a reader does not know this kind of file; try the next
 */
enum zu_err {
	ZU_ENOMEM = -1,
	ZU_EIO = -2,
	ZU_EINVAL = -3,
	ZU_ENOENT = -4,
	ZU_ENOTSUP = -5,
	ZU_EFORMAT = -6,
	ZU_EFAULT = -7,
	ZU_ENOTMINE = -8,
	ZU_EAGAIN = -9,
};

#endif
