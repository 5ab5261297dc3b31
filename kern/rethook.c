/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/list.h"
#include "kern/read.h"
#include "kern/recover.h"

/* The records of either kind: a list of nodes inside structures. */
struct records {
	enum zu_field first;
	enum zu_field node;
	enum zu_field ret_addr;
	enum zu_field frame;
};

/* rethook: s390 has it since 6.2 */
static const struct records rethook = {
	.first = ZU_F_task_rethooks,
	.node = ZU_F_rethook_llist,
	.ret_addr = ZU_F_rethook_ret_addr,
	.frame = ZU_F_rethook_frame,
};

/* kretprobe's own, before */
static const struct records kretprobe = {
	.first = ZU_F_task_kretprobes,
	.node = ZU_F_kretprobe_llist,
	.ret_addr = ZU_F_kretprobe_ret_addr,
	.frame = ZU_F_kretprobe_fp,
};

uint64_t zu_rethook_trampoline(const struct zu_kernel *k)
{
	return k->global[ZU_G_arch_rethook_trampoline] ?
	       k->global[ZU_G_arch_rethook_trampoline] :
	       k->global[ZU_G___kretprobe_trampoline];
}

static const struct records *records_of(const struct zu_kernel *k)
{
	const struct records *r = k->global[ZU_G_arch_rethook_trampoline] ?
				  &rethook : &kretprobe;

	return zu_has(k, r->first) && zu_has(k, r->node) &&
	       zu_has(k, r->ret_addr) && zu_has(k, r->frame) ? r : NULL;
}

/*
 * rethook refuses to look for another task that may be running. kretprobe did
 * not.
 */
static int may_look(const struct zu_kernel *k, const struct records *r,
		    uint64_t task, bool *ret)
{
	uint64_t state = 0;
	int err = 0;

	if (r == &rethook)
		err = zu_read_field(k, task, ZU_F_task_state, &state);
	*ret = r != &rethook || state;
	return err;
}

int zu_rethook_recover(const struct zu_kernel *k, uint64_t task,
		       bool current, uint64_t *cursor, uint64_t sp,
		       uint64_t trampoline, uint64_t *ret)
{
	const struct records *r = records_of(k);
	struct zu_list list;
	uint64_t node;
	bool look = true;
	int err = 0;

	*ret = 0;
	if (!r)
		return 0;
	if (!current)
		err = may_look(k, r, task, &look);
	if (err || !look)
		return err;
	zu_list_init(&list, k, *cursor ? *cursor : task + zu_offset(k,
		     r->first), ZU_LIST_NULL);
	while ((err = zu_list_next(&list, &node)) > 0) {
		uint64_t record = node - zu_offset(k, r->node);
		uint64_t addr, frame;

		err = zu_read_field(k, record, r->ret_addr, &addr);
		if (!err)
			err = zu_read_field(k, record, r->frame, &frame);
		if (err)
			return err;
		if (addr == trampoline)
			continue;
		/* a record without address ends the kernel's search */
		*cursor = node;
		if (!addr)
			return 0;
		if (frame == sp) {
			*ret = addr;
			return 0;
		}
	}
	return err;
}
