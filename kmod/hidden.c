// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/hidden.h"

#include <linux/bpf.h>
#include <linux/ftrace.h>
#include <linux/uaccess.h>
#include <linux/rbtree_latch.h>
#include <linux/string.h>

#include "kmod/layout.h"
#include "kmod/object_index.h"
#include "kmod/objects.h"
#include "kmod/symbols.h"

/* More than FTRACE_HASH_MAX_BITS, and more direct calls than anybody makes */
#define MAX_BITS 16
#define MAX_CALLS 65536

/*
 * In 6.12 a trampoline's record tells where in it the function's call is done,
 * right behind the two instructions that keep the call's results: two other
 * calls can't lie within that distance (arch/s390/net/bpf_jit_comp.c).
 */
#define AFTER_CALL_INSNS 16

/* Where the function at an address starts; 0: no table knows it */
static unsigned long func_start(unsigned long addr)
{
	const struct zu_object *o = zu_object_find(addr);
	u32 start;

	if (!o || !zu_table_func(&o->rows, addr - o->begin, &start))
		return 0;
	return o->begin + start;
}

/*
 * The table of direct calls: struct ftrace_hash is ftrace's own business, so
 * BTF has to tell. It is changed under a mutex that can't be taken here, and
 * entries are freed at once. So nothing is believed to be there, and what was
 * read counts only if it is all of it, and nothing changed.
 */
struct calls {
	const u8 *hash;
	unsigned long bits;
	unsigned long buckets;
	unsigned long count;
};

static bool get(unsigned long addr, void *ret, size_t len)
{
	return !copy_from_kernel_nofault(ret, (const void *)addr, len);
}

static bool get_calls(struct calls *c)
{
	unsigned long p;

	c->hash = READ_ONCE(*(const u8 **)zu_sym.direct_functions);
	p = (unsigned long)c->hash;
	if (zu_layout.hash_size_bits < 0 || zu_layout.hash_buckets < 0 ||
	    zu_layout.hash_count < 0)
		return false;
	return get(p + zu_layout.hash_size_bits, &c->bits, sizeof(c->bits)) &&
	       get(p + zu_layout.hash_buckets, &c->buckets,
		   sizeof(c->buckets)) &&
	       get(p + zu_layout.hash_count, &c->count, sizeof(c->count)) &&
	       c->bits <= MAX_BITS && c->count <= MAX_CALLS;
}

/*
 * Is one of a bucket's calls to a place from @start to @addr? Counts those it
 * sees in @seen.
 */
static bool bucket_calls(unsigned long bucket, unsigned long start,
			 unsigned long addr, unsigned long *seen)
{
	struct ftrace_func_entry entry;
	unsigned long node;

	if (!get(bucket, &node, sizeof(node)))
		return true;
	for (; node; node = (unsigned long)entry.hlist.next) {
		if (++*seen > MAX_CALLS ||
		    !get(node - offsetof(struct ftrace_func_entry, hlist),
			 &entry, sizeof(entry)))
			return true;
		if (entry.direct >= start && entry.direct <= addr)
			return true;
	}
	return false;
}

/* Are there none at all? That is what most systems have. */
static bool has_no_calls(void)
{
	unsigned long p, count;

	if (!zu_sym.direct_functions)
		return true;
	if (zu_layout.hash_count < 0)
		return false;
	p = READ_ONCE(*(const unsigned long *)zu_sym.direct_functions);
	return get(p + zu_layout.hash_count, &count, sizeof(count)) && !count;
}

static bool is_direct(unsigned long addr)
{
	unsigned long start, i, seen = 0;
	struct calls c, again;

	if (has_no_calls())
		return false;
	/* without a table there is no row, which is refused anyway */
	start = func_start(addr);
	if (!start)
		return false;
	if (!get_calls(&c))
		return true;
	for (i = 0; i < 1UL << c.bits; i++)
		if (bucket_calls(c.buckets + i * sizeof(struct hlist_head),
				 start, addr, &seen))
			return true;
	return seen != c.count || !get_calls(&again) ||
	       memcmp(&c, &again, sizeof(c));
}

#ifdef CONFIG_BPF_JIT
/* As bpf_tree_comp() in kernel/bpf/core.c: the end belongs to it */
static int compare(void *key, struct latch_tree_node *node)
{
	const struct bpf_ksym *k = container_of(node, struct bpf_ksym, tnode);
	unsigned long addr = (unsigned long)key;

	if (addr < k->start)
		return -1;
	return addr > k->end;
}

static const struct latch_tree_ops by_address = { .comp = compare };

static const struct bpf_ksym *find_bpf(unsigned long addr)
{
	struct latch_tree_root *root = (void *)zu_sym.bpf_tree;
	struct latch_tree_node *node;

	if (!root || (!READ_ONCE(root->tree[0].rb_node) &&
		      !READ_ONCE(root->tree[1].rb_node)))
		return NULL;
	node = latch_tree_find((void *)addr, root, &by_address);
	return node ? container_of(node, struct bpf_ksym, tnode) : NULL;
}

static bool is_past_call(const struct bpf_tramp_image *image,
			 const struct zu_frame *f, unsigned long inner)
{
	const void *p = image;
	const struct bpf_trampoline *tr;
	unsigned long after, function;
	/* interrupted before that place it may be about to call */
	unsigned long room = f->regs ? 0 : AFTER_CALL_INSNS;

	if (zu_layout.image_after_call >= 0) {
		after = *(const unsigned long *)(p + zu_layout.image_after_call);
		return after && (f->ip > after || after - f->ip <= room);
	}
	if (f->regs || !inner || zu_layout.image_trampoline < 0)
		return false;
	tr = *(const struct bpf_trampoline *const *)
	     (p + zu_layout.image_trampoline);
	function = tr ? func_start((unsigned long)tr->func.addr) : 0;
	return function && func_start(inner - 1) == function;
}

/* Dispatchers and struct_ops stubs stand for no traced function. */
static bool bpf_hides(const struct bpf_ksym *k, const struct zu_frame *f,
		      unsigned long inner)
{
	static const char prefix[] = "bpf_trampoline_";

	return !k->prog && !strncmp(k->name, prefix, sizeof(prefix) - 1) &&
	       !is_past_call(container_of(k, struct bpf_tramp_image, ksym), f,
			     inner);
}
#endif

bool zu_hides_caller(const struct zu_frame *f, unsigned long inner)
{
	/* an instruction that was interrupted can be the very first one */
	unsigned long addr = f->regs ? f->ip : f->ip - 1;

	/* the kernel itself has no such trampolines */
	if (addr >= zu_sym.stext && addr < zu_sym.einittext)
		return false;
#ifdef CONFIG_BPF_JIT
	{
		const struct bpf_ksym *k = find_bpf(f->ip);

		if (k)
			return bpf_hides(k, f, inner);
	}
#endif
	return is_direct(addr);
}
