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

/* struct list_head is two pointers, the other kinds of nodes are one */
static int load(const struct zu_list *l, uint64_t node, uint64_t *next,
		uint64_t *prev)
{
	uint8_t b[16] = { 0 };
	int ret;

	ret = zu_memory_read(&l->k->mem, node, b,
			     l->kind == ZU_LIST_CIRCULAR ? 16 : 8);
	*next = zu_be64(b);
	*prev = zu_be64(b + 8);
	return ret;
}

/* The head has to lead back to the last node. */
static int check_end(const struct zu_list *l)
{
	uint64_t next, prev;
	int ret = load(l, l->head, &next, &prev);

	return ret ? ret : prev == l->at ? 0 : ZU_EFORMAT;
}

int zu_list_next(struct zu_list *l, uint64_t *node)
{
	bool circular = l->kind == ZU_LIST_CIRCULAR;
	uint64_t next, prev;
	int ret;

	ret = load(l, l->at, &next, &prev);
	if (ret)
		return ret;
	if (circular && l->at != l->head && prev != l->from)
		return ZU_EFORMAT;
	if (circular && next == l->head)
		return check_end(l);
	if (!next)
		return circular ? ZU_EFORMAT : 0;
	if (next == l->mark)
		return ZU_EFORMAT;
	if (++l->steps == l->power) {
		l->mark = next;
		l->steps = 0;
		l->power *= 2;
	}
	l->from = l->at;
	l->at = next;
	*node = next;
	return 1;
}
