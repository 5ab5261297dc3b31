/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a return address says of the function below: the call that stands
 * before it, and where such a call can end.
 */
#ifndef ZU_KERN_CALLSITE_H
#define ZU_KERN_CALLSITE_H

#include "core/unwind.h"
#include "kern/kernel.h"

/**
 * zu_call_before() - the instruction that ends at an address
 * @k: the kernel
 * @ip: a return address
 * @target: with ZU_CALL_DIRECT: what is called; a PLT entry is followed
 *
 * A call through an expoline thunk is an indirect one.
 *
 * Return: what it is.
 */
enum zu_call zu_call_before(struct zu_kernel *k, uint64_t ip,
			    uint64_t *target);

/**
 * zu_call_leads_to() - can a call of one function end in another?
 * @k: the kernel
 * @target: what is called
 * @func: the start of a function
 *
 * By tail calls; or because the entry of a function on the way is switched to
 * a tracer's trampoline, and @func is of a live patch or of BPF. Other modules
 * have trampolines that run before the function, which no frame shows.
 *
 * Return: true if it can.
 */
bool zu_call_leads_to(struct zu_kernel *k, uint64_t target, uint64_t func);

/**
 * zu_may_replace() - can another function's entry be switched to this one?
 * @k: the kernel
 * @func: the start of a function
 *
 * Return: true if it is of a live patch or of BPF.
 */
bool zu_may_replace(const struct zu_kernel *k, uint64_t func);

#endif
