/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As kernel/livepatch/core.c and patch.c do it. */
#include "tests/make/fk_livepatch.h"

#include <string.h>

static uint64_t string(struct fk *fk, const char *s)
{
	uint64_t addr = fk_alloc(fk, strlen(s) + 1);

	fk_put_bytes(fk, addr, s, strlen(s) + 1);
	return addr;
}

static uint64_t new(struct fk *fk, const char *type)
{
	return fk_alloc(fk, fk_sizeof(fk, type));
}

void fk_livepatch(struct fk *fk)
{
	fk_list_init(fk, fk_static(fk, "klp_patches", 16));
	fk_list_init(fk, fk_static(fk, "klp_ops", 16));
	fk_static(fk, "klp_transition_patch", 8);
	fk_put(fk, fk_static(fk, "klp_target_state", 4), 4, UINT32_MAX);
	fk_static(fk, "klp_signals_cnt", 4);
}

uint64_t fk_klp_patch(struct fk *fk, const char *module)
{
	uint64_t patch = new(fk, "klp_patch");
	struct fk_module m;

	fk_module(fk, &m, module);
	fk_set(fk, patch, "klp_patch", "mod", m.addr);
	fk_set(fk, patch, "klp_patch", "enabled", 1);
	fk_list_init(fk, patch + fk_offset(fk, "klp_patch", "obj_list"));
	fk_list_add(fk, fk_address(fk, "klp_patches"),
		    patch + fk_offset(fk, "klp_patch", "list"));
	return patch;
}

uint64_t fk_klp_object(struct fk *fk, uint64_t patch, const char *name,
		       bool loaded)
{
	uint64_t object = new(fk, "klp_object");

	if (name)
		fk_set(fk, object, "klp_object", "name", string(fk, name));
	if (name && loaded)
		fk_set(fk, object, "klp_object", "mod", patch);
	fk_list_init(fk, object + fk_offset(fk, "klp_object", "func_list"));
	fk_list_add(fk, patch + fk_offset(fk, "klp_patch", "obj_list"),
		    object + fk_offset(fk, "klp_object", "node"));
	return object;
}

uint64_t fk_klp_func(struct fk *fk, uint64_t object, const char *name,
		     uint64_t old_func, uint64_t new_func, uint64_t size)
{
	uint64_t func = new(fk, "klp_func");

	fk_set(fk, func, "klp_func", "old_name", string(fk, name));
	fk_set(fk, func, "klp_func", "old_func", old_func);
	fk_set(fk, func, "klp_func", "new_func", new_func);
	fk_set(fk, func, "klp_func", "old_size", size);
	fk_set(fk, func, "klp_func", "new_size", size);
	fk_list_add(fk, object + fk_offset(fk, "klp_object", "func_list"),
		    func + fk_offset(fk, "klp_func", "node"));
	return func;
}

/* klp_find_ops() */
static uint64_t find_stack(struct fk *fk, uint64_t old_func)
{
	uint64_t head = fk_address(fk, "klp_ops"), node, stack, func;

	for (node = fk_get(fk, head, 8); node != head;
	     node = fk_get(fk, node, 8)) {
		stack = node + fk_offset(fk, "klp_ops", "func_stack");
		func = fk_get(fk, stack, 8) -
		       fk_offset(fk, "klp_func", "stack_node");
		if (fk_read(fk, func, "klp_func", "old_func") == old_func)
			return stack;
	}
	node = new(fk, "klp_ops");
	stack = node + fk_offset(fk, "klp_ops", "func_stack");
	fk_list_init(fk, stack);
	fk_list_add(fk, head, node);
	return stack;
}

void fk_klp_push(struct fk *fk, uint64_t object, uint64_t func)
{
	uint64_t stack = find_stack(fk, fk_read(fk, func, "klp_func",
						"old_func"));
	uint64_t node = func + fk_offset(fk, "klp_func", "stack_node");
	uint64_t first = fk_get(fk, stack, 8);

	/* list_add(): in front of the others */
	fk_put(fk, node, 8, first);
	fk_put(fk, node + 8, 8, stack);
	fk_put(fk, first + 8, 8, node);
	fk_put(fk, stack, 8, node);
	fk_set(fk, func, "klp_func", "patched", 1);
	fk_set(fk, object, "klp_object", "patched", 1);
}

void fk_klp_transition(struct fk *fk, uint64_t patch, int target)
{
	fk_put(fk, fk_address(fk, "klp_transition_patch"), 8, patch);
	fk_put(fk, fk_address(fk, "klp_target_state"), 4, (uint32_t)target);
	fk_set(fk, patch, "klp_patch", "enabled", (uint64_t)target);
}
