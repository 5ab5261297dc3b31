/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/relist.h"

#include "core/bytes.h"
#include "kern/read.h"

static void put64(struct zu_relist *l, uint64_t addr, uint64_t value)
{
	char b[8];

	zu_put_be64(b, value);
	zu_recorder_add(l->r, addr, b, sizeof(b));
}

/* struct list_head: next, prev */
static void link(struct zu_relist *l, uint64_t node, uint64_t next)
{
	put64(l, node, next);
	put64(l, next + 8, node);
}

static uint64_t process_head(const struct zu_kernel *k)
{
	return k->global[ZU_G_init_task] + zu_offset(k, ZU_F_task_tasks);
}

static void end_threads(struct zu_relist *l)
{
	if (l->head)
		link(l, l->thread, l->head);
}

static void begin_process(struct zu_relist *l, const struct zu_listed *first)
{
	uint64_t node = first->address + zu_offset(l->k, ZU_F_task_tasks);

	end_threads(l);
	link(l, l->process, node);
	l->process = node;
	put64(l, first->address + zu_offset(l->k, ZU_F_task_signal),
	      first->signal);
	l->head = first->signal + zu_offset(l->k, ZU_F_signal_thread_head);
	l->thread = l->head;
	l->tgid = first->tgid;
}

void zu_relist_begin(struct zu_relist *l, const struct zu_kernel *k,
		     struct zu_recorder *r)
{
	*l = (struct zu_relist){
		.k = k, .r = r, .process = process_head(k),
	};
}

void zu_relist_add(struct zu_relist *l, const struct zu_listed *task)
{
	uint64_t node = task->address + zu_offset(l->k, ZU_F_task_thread_node);

	if (!l->head || l->tgid != task->tgid)
		begin_process(l, task);
	link(l, l->thread, node);
	l->thread = node;
	l->count++;
}

void zu_relist_end(struct zu_relist *l)
{
	uint64_t count = l->k->global[ZU_G_nr_threads];
	char b[4];

	end_threads(l);
	link(l, l->process, process_head(l->k));
	zu_put_be32(b, l->count);
	if (count)
		zu_recorder_add(l->r, count, b, sizeof(b));
}
