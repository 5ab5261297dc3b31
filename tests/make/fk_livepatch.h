/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live patching in a made kernel. Without fk_livepatch() it has none. */
#ifndef ZU_TESTS_MAKE_FK_LIVEPATCH_H
#define ZU_TESTS_MAKE_FK_LIVEPATCH_H

#include "tests/make/fakekernel.h"

/*
 * fk_livepatch: the kernel has it, and no patch
 * fk_klp_patch: one more patch, enabled, of a module of that name
 * fk_klp_object: one more object; @name NULL: vmlinux
 * fk_klp_func: one more function
 * fk_klp_push: it becomes the newest version on its function stack; its object
 *	is patched then
 * fk_klp_transition: to 1, patched, or 0, with all tasks in the other state
 *
 * They return addresses of the kernel's structures.
 */
void fk_livepatch(struct fk *fk);
uint64_t fk_klp_patch(struct fk *fk, const char *module);
uint64_t fk_klp_object(struct fk *fk, uint64_t patch, const char *name,
		       bool loaded);
uint64_t fk_klp_func(struct fk *fk, uint64_t object, const char *name,
		     uint64_t old_func, uint64_t new_func, uint64_t size);
void fk_klp_push(struct fk *fk, uint64_t object, uint64_t func);
void fk_klp_transition(struct fk *fk, uint64_t patch, int target);

#endif
