/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the code of an object was built. */
#ifndef ZU_CHECK_BUILT_H
#define ZU_CHECK_BUILT_H

#include "check/code.h"

/**
 * zu_code_back_chain() - is an object built with a back chain?
 * @c: the object
 *
 * With -mbackchain the compiler saves r14 at 136(r15), without it at 144: what
 * most of its first functions do tells. Where nothing tells, it is.
 *
 * Return: whether it is.
 */
bool zu_code_back_chain(struct zu_code *c);

#endif
