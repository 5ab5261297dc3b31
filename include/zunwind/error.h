/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors: a code and a chain of causes.
 *
 * Every function that can fail takes a struct zu_error of the caller and
 * returns 0 or a negative enum zu_err. On failure the struct holds the same
 * code and the causes, outermost first, joined by ": ". On success it is not
 * touched. Nothing is allocated, so an error can always be told. Results that
 * a function has to return are not touched on failure.
 */
#ifndef ZUNWIND_ERROR_H
#define ZUNWIND_ERROR_H

#include "core/err.h"

/** ZU_ERROR_SIZE - room for a chain of causes, the final 0 included */
#define ZU_ERROR_SIZE 768

/**
 * struct zu_error - what went wrong
 * @code: enum zu_err
 * @text: the chain of causes, without a full stop or newline; what doesn't
 *	fit is cut at the end
 */
struct zu_error {
	int code;
	char text[ZU_ERROR_SIZE];
};

#endif
