/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/hidden.h"

#include <stdlib.h>
#include <string.h>

#include "kern/list.h"
#include "kern/read.h"
#include "util/fail.h"
#include "util/grow.h"

/* Limits of what can be real: FTRACE_HASH_MAX_BITS is 12 */
#define MAX_BITS 24
#define MAX_DIRECT (1u << 22)

static int add(struct zu_kernel *k, uint64_t entry, struct zu_error *err)
{
	struct zu_hidden *h = &k->hidden;
	struct zu_direct d, *p;
	int ret;

	ret = zu_read_field_err(k, entry, ZU_F_ftrace_entry_direct,
				&d.trampoline, err);
	if (!ret)
		ret = zu_read_field_err(k, entry, ZU_F_ftrace_entry_ip,
					&d.function, err);
	if (ret)
		return ret;
	if (h->count == MAX_DIRECT)
		return zu_fail(err, ZU_EFORMAT, "more than %u direct calls",
			       MAX_DIRECT);
	p = zu_grow(h->direct, h->count, &h->cap, sizeof(*p));
	if (!p)
		return zu_fail_nomem(err);
	h->direct = p;
	h->direct[h->count++] = d;
	return 0;
}

static int add_bucket(struct zu_kernel *k, uint64_t head,
		      struct zu_error *err)
{
	struct zu_list list;
	uint64_t node;
	int ret;

	zu_list_init(&list, k, head, ZU_LIST_NULL);
	while ((ret = zu_list_next(&list, &node)) > 0) {
		ret = add(k, node - zu_offset(k, ZU_F_ftrace_entry_hlist),
			  err);
		if (ret)
			return ret;
	}
	if (ret)
		return zu_fail(err, ret, "a list of direct calls is damaged");
	return 0;
}

static int by_trampoline(const void *a, const void *b)
{
	const struct zu_direct *x = a, *y = b;

	if (x->trampoline != y->trampoline)
		return x->trampoline < y->trampoline ? -1 : 1;
	return (x->function > y->function) - (x->function < y->function);
}

static bool knows_layout(const struct zu_kernel *k)
{
	return zu_has(k, ZU_F_ftrace_hash_size_bits) &&
	       zu_has(k, ZU_F_ftrace_hash_buckets) &&
	       zu_has(k, ZU_F_ftrace_entry_hlist) &&
	       zu_has(k, ZU_F_ftrace_entry_ip) &&
	       zu_has(k, ZU_F_ftrace_entry_direct);
}

int zu_hidden_init(struct zu_kernel *k, struct zu_error *err)
{
	uint64_t hash, bits, buckets, i;
	int ret;

	if (!k->global[ZU_G_direct_functions])
		return 0;
	if (!knows_layout(k))
		return zu_fail(err, ZU_ENOENT,
			       "the type data does not tell where direct calls are");
	ret = zu_read_uint(k, k->global[ZU_G_direct_functions], 8, &hash);
	if (ret)
		return zu_fail(err, ret, "cannot read direct_functions");
	if (!hash)
		return 0;
	ret = zu_read_field_err(k, hash, ZU_F_ftrace_hash_size_bits, &bits,
				err);
	if (!ret)
		ret = zu_read_field_err(k, hash, ZU_F_ftrace_hash_buckets,
					&buckets, err);
	if (ret)
		return ret;
	if (bits > MAX_BITS)
		return zu_fail(err, ZU_EFORMAT,
			       "the table of direct calls is damaged");
	for (i = 0; i < 1ULL << bits; i++) {
		ret = add_bucket(k, buckets + i * 8, err);
		if (ret)
			return ret;
	}
	if (k->hidden.count)
		qsort(k->hidden.direct, k->hidden.count,
		      sizeof(k->hidden.direct[0]), by_trampoline);
	return 0;
}

void zu_hidden_deinit(struct zu_hidden *h)
{
	free(h->direct);
	*h = (struct zu_hidden){ .direct = NULL };
}

bool zu_hidden_is_same(struct zu_kernel *k)
{
	const struct zu_hidden was = k->hidden;
	struct zu_error err;
	bool same;

	k->hidden = (struct zu_hidden){ .direct = NULL };
	same = !zu_hidden_init(k, &err) && k->hidden.count == was.count &&
	       (!was.count || !memcmp(k->hidden.direct, was.direct,
				      was.count * sizeof(was.direct[0])));
	zu_hidden_deinit(&k->hidden);
	k->hidden = was;
	return same;
}

/* The direct call that begins last at or below an address */
static const struct zu_direct *last_direct(const struct zu_hidden *h,
					   uint64_t addr)
{
	size_t lo = 0, hi = h->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (h->direct[mid].trampoline <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? &h->direct[lo - 1] : NULL;
}

static bool in_function(struct zu_kernel *k, uint64_t ip, uint64_t function)
{
	struct zu_symbol sym;

	return ip && zu_kernel_symbol(k, ip - 1, &sym) &&
	       function - sym.start < sym.size && ip - 1 >= sym.start;
}

/*
 * In 6.12 the trampoline's record tells where in it the original function's
 * call is done (ip_after_call, set by arch/s390/net/bpf_jit_comp.c right after
 * the two instructions that keep the call's results), or 0 if it does not call
 * it. Two other calls can't lie within that distance. Behind that place the
 * function is over: fexit programs run.
 */
#define AFTER_CALL_INSNS 16

static bool is_past_call(struct zu_kernel *k, uint64_t image,
			 const struct zu_frame *f, uint64_t inner)
{
	uint64_t after, trampoline, function;
	/* interrupted before that place it may be about to call */
	uint64_t room = f->regs ? 0 : AFTER_CALL_INSNS;

	if (zu_has(k, ZU_F_tramp_ip_after_call))
		return !zu_read_field(k, image, ZU_F_tramp_ip_after_call,
				      &after) &&
		       after && (f->ip > after || after - f->ip <= room);
	return !f->regs && !zu_read_field(k, image, ZU_F_tramp_trampoline, &trampoline) &&
	       !zu_read_field(k, trampoline, ZU_F_trampoline_addr,
			      &function) &&
	       in_function(k, inner, function);
}

static bool is_trampoline(const struct zu_kernel *k, uint64_t ksym)
{
	static const char prefix[] = "bpf_trampoline_";
	char name[sizeof(prefix)];

	/* dispatchers and struct_ops stubs stand for no traced function */
	if (!zu_has(k, ZU_F_bpf_ksym_name) ||
	    zu_read_string(k, ksym + zu_offset(k, ZU_F_bpf_ksym_name), name,
			   sizeof(name)))
		return true;
	return !strcmp(name, prefix);
}

bool zu_hides_caller(struct zu_kernel *k, const struct zu_frame *f,
		     uint64_t inner)
{
	const struct zu_text_range *range = zu_text_find(&k->text, f->ip);
	/* an instruction that was interrupted can be the very first one */
	uint64_t addr = f->regs ? f->ip : f->ip - 1;
	const struct zu_direct *direct;
	struct zu_symbol sym;

	if (!range)
		return false;
	if (range->kind == ZU_TEXT_BPF_IMAGE) {
		if (!is_trampoline(k, range->owner))
			return false;
		return !zu_has(k, ZU_F_tramp_ksym) ||
		       !is_past_call(k, range->owner -
				     zu_offset(k, ZU_F_tramp_ksym), f, inner);
	}
	direct = last_direct(&k->hidden, addr);
	if (!direct || direct->trampoline < range->begin)
		return false;
	/* a name that begins behind it is of another function */
	return !zu_kernel_symbol(k, addr, &sym) ||
	       sym.start <= direct->trampoline;
}
