/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tracing leaves behind: records of replaced return addresses. */
#include "core/frame_s390x.h"
#include "tests/make/fk_private.h"

#define SHADOW_BYTES 4096	/* SHADOW_STACK_SIZE */
#define DEPTH 50		/* FTRACE_RETFUNC_DEPTH */

/* the word behind a record, and behind a tracer's own data */
#define WORD_BITMAP (1 << 12 | 1 << 10)
#define WORD_DATA (2 << 10)

static uint64_t read_task(struct fk_task *t, const char *member)
{
	return fk_read(t->fk, t->addr, "task_struct", member);
}

static uint64_t shadow_stack(struct fk_task *t)
{
	uint64_t stack = read_task(t, "ret_stack");

	if (!stack) {
		stack = fk_alloc(t->fk, t->fk->release == FK_6_1 ? DEPTH *
				 fk_sizeof(t->fk, "ftrace_ret_stack") :
				 SHADOW_BYTES);
		fk_set_task(t, "ret_stack", stack);
	}
	return stack;
}

/* ftrace_push_return_trace() in kernel/trace/fgraph.c */
static uint64_t push(struct fk_task *t)
{
	uint64_t stack = shadow_stack(t);
	uint64_t curr = read_task(t, "curr_ret_stack");
	uint32_t size = fk_sizeof(t->fk, "ftrace_ret_stack");
	uint64_t words = size / 8;

	if (t->fk->release == FK_6_1) {
		curr = (uint32_t)(curr + 1);
		fk_set_task(t, "curr_ret_stack", curr);
		return stack + curr * size;
	}
	/* behind the record, the distance back to it */
	fk_put(t->fk, stack + (curr + words) * 8, 8, WORD_BITMAP | words);
	fk_set_task(t, "curr_ret_stack", curr + words + 1);
	return stack + curr * 8;
}

uint64_t fk_fgraph(struct fk_task *t)
{
	uint64_t slot = t->sp + ZU_FRAME_R14;
	uint64_t record = push(t);

	fk_set(t->fk, record, "ftrace_ret_stack", "ret",
	       fk_get(t->fk, slot, 8));
	fk_set(t->fk, record, "ftrace_ret_stack", "func",
	       fk_func(t->fk, "traced"));
	fk_set(t->fk, record, "ftrace_ret_stack", "retp", t->sp);
	fk_put(t->fk, slot, 8, fk_func(t->fk, "return_to_handler"));
	return record;
}

/* fgraph_reserve_data() */
void fk_fgraph_data(struct fk_task *t, unsigned int words)
{
	uint64_t curr = read_task(t, "curr_ret_stack");
	uint64_t record = fk_sizeof(t->fk, "ftrace_ret_stack") / 8;
	uint64_t stack = shadow_stack(t);
	unsigned int i;

	for (i = 0; i < words; i++)
		fk_put(t->fk, stack + (curr + i) * 8, 8, UINT64_MAX);
	fk_put(t->fk, stack + (curr + words) * 8, 8,
	       (words - 1ul) << 12 | WORD_DATA | (record + 1 + words));
	fk_set_task(t, "curr_ret_stack", curr + words + 1);
}

/* rethook_hook(), before that pre_handler_kretprobe(): llist_add() */
uint64_t fk_kretprobe(struct fk_task *t)
{
	struct fk *fk = t->fk;
	bool old = fk->release == FK_6_1;
	const char *type = old ? "kretprobe_instance" : "rethook_node";
	const char *head = old ? "kretprobe_instances.first" :
				 "rethooks.first";
	uint64_t record = fk_alloc(fk, fk_sizeof(fk, type));
	uint64_t slot = t->sp + ZU_FRAME_R14;

	fk_set(fk, record, type, "ret_addr", fk_get(fk, slot, 8));
	fk_set(fk, record, type, old ? "fp" : "frame", t->sp);
	fk_set(fk, record, type, "llist.next", read_task(t, head));
	fk_set_task(t, head, record + fk_offset(fk, type, "llist"));
	fk_put(fk, slot, 8, fk_func(fk, old ? "__kretprobe_trampoline" :
					      "arch_rethook_trampoline"));
	return record;
}

/* Two buckets, so that a table has more than one. */
static uint64_t direct_hash(struct fk *fk)
{
	uint64_t pointer = fk_address(fk, "direct_functions");
	uint64_t hash = fk_get(fk, pointer, 8);

	if (hash == fk_address(fk, "empty_hash")) {
		hash = fk_alloc(fk, fk_sizeof(fk, "ftrace_hash"));
		fk_set(fk, hash, "ftrace_hash", "size_bits", 1);
		fk_set(fk, hash, "ftrace_hash", "buckets", fk_alloc(fk, 16));
		fk_put(fk, pointer, 8, hash);
	}
	return hash;
}

uint64_t fk_direct(struct fk *fk, uint64_t ip, uint64_t trampoline)
{
	uint64_t hash = direct_hash(fk);
	uint64_t bucket = fk_read(fk, hash, "ftrace_hash", "buckets") +
			  (ip >> 8 & 1) * 8;
	uint64_t entry = fk_alloc(fk, fk_sizeof(fk, "ftrace_func_entry"));

	fk_set(fk, entry, "ftrace_func_entry", "ip", ip);
	fk_set(fk, entry, "ftrace_func_entry", "direct", trampoline);
	fk_set(fk, entry, "ftrace_func_entry", "hlist.next",
	       fk_get(fk, bucket, 8));
	fk_put(fk, bucket, 8, entry + fk_offset(fk, "ftrace_func_entry",
						"hlist"));
	return entry;
}
