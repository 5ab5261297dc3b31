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

int zu_list_next(struct zu_list *l, uint64_t *node)
{
	uint64_t next;
	int ret;

	ret = zu_read_uint(l->k, l->at, 8, &next);
	if (ret)
		return ret;
	if (l->kind == ZU_LIST_CIRCULAR && next == l->head)
		return 0;
	if (!next)
		return l->kind == ZU_LIST_NULL ? 0 : ZU_EFORMAT;
	if (next == l->mark)
		return ZU_EFORMAT;
	if (++l->steps == l->power) {
		l->mark = next;
		l->steps = 0;
		l->power *= 2;
	}
	l->at = next;
	*node = next;
	return 1;
}
