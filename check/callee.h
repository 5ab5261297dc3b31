/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the callees of an object's functions do: the answers to a struct
 * zu_flow_env. What was found out is kept, so that each is asked about once.
 */
#ifndef ZU_CHECK_CALLEE_H
#define ZU_CHECK_CALLEE_H

#include "check/code.h"
#include "flow/flow.h"
#include "flow/noreturn.h"

/**
 * struct zu_callees - what is known of an object's functions; private
 */
struct zu_callees;

/**
 * zu_callees_create() - begin with an object
 * @c: the object; must outlive the result
 * @back_chain: its code is built with a back chain
 * @ret: to be destroyed with zu_callees_destroy()
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_callees_create(struct zu_code *c, bool back_chain,
		      struct zu_callees **ret, struct zu_error *err);

/**
 * zu_callees_destroy() - end
 * @k: what is known, or NULL
 */
void zu_callees_destroy(struct zu_callees *k);

/**
 * zu_callees_flow() - look at a function of the object
 * @k: what is known; learns whether this one returns
 * @f: the function
 * @ret: the result, which holds until the next call; NULL if the code of the
 *	function could not be had
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_callees_flow(struct zu_callees *k, const struct zu_code_func *f,
		    const struct zu_flow **ret, struct zu_error *err);

#endif
