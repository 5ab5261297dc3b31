/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/text.h"

#include <stdlib.h>

#include "kern/list.h"
#include "kern/read.h"
#include "util/fail.h"
#include "util/grow.h"

/* Fewer would not do; many more can only be a damaged list. */
#define MAX_RANGES (1u << 20)

/* FNV-1a; 0 if there is no name that can be read */
static uint64_t name_of(const struct zu_kernel *k, enum zu_text_kind kind,
			uint64_t owner)
{
	enum zu_field field = kind == ZU_TEXT_MODULE ? ZU_F_module_name :
						       ZU_F_bpf_ksym_name;
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	char name[512];
	const char *p;

	if (!owner || !k->image->kind->changes || !zu_has(k, field) ||
	    zu_read_string(k, owner + zu_offset(k, field), name,
			   sizeof(name)))
		return 0;
	for (p = name; *p; p++)
		hash = (hash ^ (uint8_t)*p) * UINT64_C(0x100000001b3);
	return hash;
}

int zu_text_add(struct zu_kernel *k, uint64_t begin, uint64_t last,
		enum zu_text_kind kind, uint64_t owner, struct zu_error *err)
{
	struct zu_text *text = &k->text;
	struct zu_text_range *r;

	if (last < begin)
		return 0;
	if (text->count == MAX_RANGES)
		return zu_fail(err, ZU_EFORMAT,
			       "more than %u pieces of kernel code",
			       MAX_RANGES);
	r = zu_grow(text->range, text->count, &text->cap, sizeof(*r));
	if (!r)
		return zu_fail_nomem(err);
	text->range = r;
	text->range[text->count++] = (struct zu_text_range){
		.begin = begin, .last = last, .kind = kind, .owner = owner,
		.name = name_of(k, kind, owner),
	};
	return 0;
}

static int add_kernel(struct zu_kernel *k, struct zu_error *err)
{
	int ret;

	ret = zu_text_add(k, k->global[ZU_G__stext],
			  k->global[ZU_G__etext] - 1, ZU_TEXT_KERNEL, 0, err);
	if (ret)
		return ret;
	return zu_text_add(k, k->global[ZU_G__sinittext],
			   k->global[ZU_G__einittext] - 1, ZU_TEXT_INIT, 0,
			   err);
}

static int add_kprobe_page(struct zu_kernel *k, uint64_t node,
			   struct zu_error *err)
{
	uint64_t page = node - zu_offset(k, ZU_F_kprobe_page_list);
	uint64_t insns;
	int ret;

	ret = zu_read_field_err(k, page, ZU_F_kprobe_page_insns, &insns, err);
	if (ret)
		return ret;
	return zu_text_add(k, insns, insns + 4095, ZU_TEXT_KPROBE, 0, err);
}

/* __is_insn_slot_addr() in kernel/kprobes.c: each page has one page of slots */
int zu_text_add_kprobes(struct zu_kernel *k, struct zu_error *err)
{
	struct zu_list list;
	uint64_t node;
	int ret;

	if (!k->global[ZU_G_kprobe_insn_slots] ||
	    !zu_has(k, ZU_F_kprobe_cache_pages) ||
	    !zu_has(k, ZU_F_kprobe_page_list))
		return 0;
	zu_list_init(&list, k, k->global[ZU_G_kprobe_insn_slots] +
		     zu_offset(k, ZU_F_kprobe_cache_pages), ZU_LIST_CIRCULAR);
	while ((ret = zu_list_next(&list, &node)) > 0) {
		ret = add_kprobe_page(k, node, err);
		if (ret)
			return ret;
	}
	if (ret)
		return zu_fail(err, ret, "the list of kprobe pages is damaged");
	return 0;
}

static int by_begin(const void *a, const void *b)
{
	const struct zu_text_range *x = a, *y = b;

	return (x->begin > y->begin) - (x->begin < y->begin);
}

int zu_text_init_kernel(struct zu_kernel *k, struct zu_error *err)
{
	int ret = add_kernel(k, err);

	qsort(k->text.range, k->text.count, sizeof(k->text.range[0]),
	      by_begin);
	return ret;
}

int zu_text_init(struct zu_kernel *k, struct zu_error *err)
{
	static int (*const add[])(struct zu_kernel *k, struct zu_error *err) = {
		add_kernel,
		zu_text_add_modules,
		zu_text_add_kprobes,
		zu_text_add_bpf,
	};
	size_t i;
	int ret;

	for (i = 0; i < sizeof(add) / sizeof(add[0]); i++) {
		ret = add[i](k, err);
		if (ret)
			return zu_fail_at(err,
					  "cannot tell what is kernel code");
	}
	qsort(k->text.range, k->text.count, sizeof(k->text.range[0]),
	      by_begin);
	return 0;
}

void zu_text_deinit(struct zu_text *text)
{
	free(text->range);
	*text = (struct zu_text){ .range = NULL };
}

const struct zu_text_range *zu_text_find(const struct zu_text *text,
					 uint64_t addr)
{
	size_t lo = 0, hi = text->count;

	/* lo: how many ranges begin at or below the address */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (text->range[mid].begin <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	/* neighbours can share a byte: a BPF program takes in its end */
	for (hi = 0; hi < 2 && lo > 0; hi++, lo--)
		if (addr <= text->range[lo - 1].last)
			return &text->range[lo - 1];
	return NULL;
}

bool zu_text_is_there(struct zu_kernel *k, const struct zu_text_range *range)
{
	const struct zu_text all = k->text;
	struct zu_error err;
	bool there = false;
	size_t i;
	int ret;

	k->text = (struct zu_text){ .range = NULL };
	ret = range->kind == ZU_TEXT_MODULE ?
	      zu_text_add_module(k, range->owner, &err) :
	      zu_text_add_ksym(k, range->owner, &err);
	for (i = 0; !ret && i < k->text.count; i++)
		there |= k->text.range[i].begin == range->begin &&
			 k->text.range[i].last == range->last &&
			 k->text.range[i].name == range->name;
	zu_text_deinit(&k->text);
	k->text = all;
	return there;
}
