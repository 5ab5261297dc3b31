/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making the chain of causes in a struct zu_error. Where the error is found:
 *
 *	return zu_fail(err, ZU_EFORMAT, "note %u is cut off", i);
 *
 * and on each level above that can say more:
 *
 *	ret = read_notes(image, err);
 *	if (ret)
 *		return zu_fail_at(err, "cannot read the notes of %s", path);
 *
 * which makes "cannot read the notes of vmcore: note 3 is cut off".
 */
#ifndef ZU_UTIL_FAIL_H
#define ZU_UTIL_FAIL_H

#include "zunwind/error.h"

/**
 * zu_fail() - set an error
 * @err: where to; what it holds is overwritten
 * @code: enum zu_err
 * @fmt: printf format of the cause: no capital, no full stop
 *
 * Return: @code.
 */
int zu_fail(struct zu_error *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * zu_fail_at() - put an outer cause in front of an error
 * @err: an error that is set
 * @fmt: printf format of the outer cause
 *
 * Return: the code that is set already.
 */
int zu_fail_at(struct zu_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * zu_fail_nomem() - no memory left
 * @err: where to
 *
 * Return: ZU_ENOMEM.
 */
int zu_fail_nomem(struct zu_error *err);

#endif
