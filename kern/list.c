/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/list.h"

#include "kern/read.h"

void zu_list_init(struct zu_list *l, const struct zu_kernel *k, uint64_t head,
		  enum zu_list_kind kind)
{
	*l = (struct zu_list){
		.k = k,
		.kind = kind,
		.head = head,
		.at = head,
		.mark = head,
		.power = 1,
	};
}

/* struct list_head is two pointers, the other kinds of nodes one */
static int load(struct zu_list *l, uint64_t node)
{
	uint8_t b[16] = { 0 };
	int ret;

	ret = zu_memory_read(&l->k->mem, node, b,
			     l->kind == ZU_LIST_CIRCULAR ? 16 : 8);
	l->next = zu_be64(b);
	l->prev = zu_be64(b + 8);
	return ret;
}

static int go_to(struct zu_list *l, uint64_t node)
{
	uint64_t from = l->at;
	int ret = load(l, node);

	if (ret)
		return ret;
	if (l->kind == ZU_LIST_CIRCULAR && l->prev != from)
		return ZU_EFORMAT;
	l->at = node;
	return 0;
}

int zu_list_next(struct zu_list *l, uint64_t *node)
{
	uint64_t next;
	int ret;

	if (!l->started) {
		ret = load(l, l->head);
		if (ret)
			return ret;
		l->started = true;
	}
	next = l->next;
	if (l->kind == ZU_LIST_CIRCULAR && next == l->head)
		return go_to(l, next);
	if (!next)
		return l->kind == ZU_LIST_NULL ? 0 : ZU_EFORMAT;
	if (next == l->mark)
		return ZU_EFORMAT;
	if (++l->steps == l->power) {
		l->mark = next;
		l->steps = 0;
		l->power *= 2;
	}
	ret = go_to(l, next);
	if (ret)
		return ret;
	*node = next;
	return 1;
}
