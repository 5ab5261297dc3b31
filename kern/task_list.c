/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/task_list.h"

#include <inttypes.h>
#include <stdlib.h>

#include "kern/read.h"
#include "kern/task.h"
#include "util/fail.h"
#include "util/grow.h"

/* How often a walk may have to go back: one that must more often never ends */
#define MAX_RETURNS (1u << 16)

struct walk {
	struct zu_kernel *k;
	uint64_t head;
	enum zu_field node;
	struct zu_task_list *list;
};

/* What was read of a node at one moment */
struct links {
	uint64_t next;
	uint64_t prev;
	uint64_t start;
};

static uint64_t node_at(const struct walk *w, uint64_t task)
{
	return task + zu_offset(w->k, w->node);
}

static int read_pair(const struct zu_kernel *k, uint64_t node, struct links *ret)
{
	uint8_t b[16];
	int err = zu_memory_read(&k->mem, node, b, sizeof(b));

	if (err)
		return err;
	ret->next = zu_be64(b);
	ret->prev = zu_be64(b + 8);
	return 0;
}

/* Of the list's head, or of a task */
static int read_links(const struct walk *w, uint64_t node, struct links *ret)
{
	int err;

	zu_image_forget(w->k->image);
	err = read_pair(w->k, node, ret);
	if (err || node == w->head)
		return err;
	return zu_read_field(w->k, node - zu_offset(w->k, w->node),
			     ZU_F_task_start_time, &ret->start);
}

static uint64_t last_node(const struct walk *w)
{
	const struct zu_task_list *l = w->list;

	return l->nr ? node_at(w, l->hop[l->nr - 1].task) : w->head;
}

static uint64_t node_before(const struct walk *w)
{
	const struct zu_task_list *l = w->list;

	return l->nr > 1 ? node_at(w, l->hop[l->nr - 2].task) : w->head;
}

/*
 * Is the last one still the same task, behind the one before? What follows it is
 * in @ret. The head always is.
 */
static bool is_there(const struct walk *w, struct links *ret)
{
	const struct zu_task_list *l = w->list;
	struct links before;

	if (read_links(w, last_node(w), ret))
		return !l->nr;
	if (!l->nr)
		return true;
	return ret->start == l->hop[l->nr - 1].start &&
	       ret->prev == node_before(w) &&
	       !read_links(w, ret->prev, &before) &&
	       before.next == last_node(w);
}

/* The last one that is still there, and what follows it now */
static void go_back(const struct walk *w, struct links *ret)
{
	while (!is_there(w, ret))
		w->list->nr--;
}

static int add(const struct walk *w, uint64_t node, uint64_t start,
	       struct zu_error *err)
{
	struct zu_task_list *l = w->list;
	struct zu_hop *p;

	if (l->nr >= ZU_MAX_TASKS)
		return zu_fail(err, ZU_EFORMAT, "it has more than %u tasks",
			       ZU_MAX_TASKS);
	p = zu_grow(l->hop, l->nr, &l->cap, sizeof(*p));
	if (!p)
		return zu_fail_nomem(err);
	l->hop = p;
	p[l->nr++] = (struct zu_hop){
		.task = node - zu_offset(w->k, w->node), .start = start,
	};
	return 0;
}

static int walk(const struct walk *w, struct zu_error *err)
{
	struct links at = { .next = 0 }, next;
	unsigned int returns = 0;
	int ret;

	ret = read_links(w, w->head, &at);
	if (ret)
		return zu_fail(err, ret, "cannot read its head");
	for (;;) {
		if (read_links(w, at.next, &next) ||
		    next.prev != last_node(w)) {
			if (++returns > MAX_RETURNS)
				return zu_fail(err, ZU_EFORMAT,
					       "it is damaged, or changes faster than it can be read");
			go_back(w, &at);
			continue;
		}
		if (at.next == w->head)
			return 0;
		ret = add(w, at.next, next.start, err);
		if (ret)
			return ret;
		at = next;
	}
}

int zu_task_list_read(struct zu_kernel *k, uint64_t head, enum zu_field node,
		      struct zu_task_list *ret, struct zu_error *err)
{
	struct walk w = {
		.k = k, .head = head, .node = node, .list = ret,
	};

	ret->nr = 0;
	if (!zu_has(k, ZU_F_task_start_time))
		return zu_fail(err, ZU_ENOENT,
			       "the type data has no task_struct.start_time");
	return walk(&w, err);
}

void zu_task_list_deinit(struct zu_task_list *l)
{
	free(l->hop);
	*l = (struct zu_task_list){ .hop = NULL };
}
