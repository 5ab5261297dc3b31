/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests ask of a made kernel, through the public interface. */
#ifndef ZU_TESTS_MAKE_FAKEKERNEL_CHECK_H
#define ZU_TESTS_MAKE_FAKEKERNEL_CHECK_H

#include "tests/make/fakekernel.h"
#include "zunwind/trace.h"

/**
 * fk_open() - open it as a user's dump is opened
 * @fk: the kernel
 *
 * The test fails if it does not open.
 *
 * Return: zu_kernel_close() it.
 */
struct zu_kernel *fk_open(struct fk *fk);

/**
 * fk_refused() - it must not open
 * @fk: the kernel
 * @code: the error
 * @text: part of its text
 */
void fk_refused(struct fk *fk, int code, const char *text);

/**
 * fk_find() - find a task
 * @k: from fk_open()
 * @t: the task; the test fails if it is not listed exactly once
 * @ret: what is known of it
 */
void fk_find(struct zu_kernel *k, const struct fk_task *t,
	     struct zu_task *ret);

/**
 * fk_expect() - open a kernel, walk a task's stack, compare
 * @t: the task
 * @strict: "reliable", "running", or the word for a reason
 * @kernel: the same for the kernel's rules
 * @frames: names of the functions, innermost first, with a space between each;
 *	"?" for one without a name; NULL: any
 */
void fk_expect(struct fk_task *t, const char *strict, const char *kernel,
	       const char *frames);

/**
 * fk_name() - the function at an address
 * @k: from fk_open()
 * @addr: an address
 *
 * Return: "name" or "name [module]", or "?"; valid until the next call.
 */
const char *fk_name(struct zu_kernel *k, uint64_t addr);

#endif
