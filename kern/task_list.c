/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/task_list.h"

#include <stdlib.h>

#include "kern/read.h"
#include "kern/task.h"
#include "util/fail.h"
#include "util/grow.h"

/* How often a walk may have to go back: one that must more often never ends */
#define MAX_RETURNS (1u << 16)

/* A task that was found, and when it was started */
struct hop {
	uint64_t node;
	uint64_t start;
};

struct walk {
	struct zu_kernel *k;
	uint64_t head;
	enum zu_field field;
	struct hop *hop;	/* from the head on */
	size_t nr;
	size_t cap;
	struct hop *left;	/* those that it went back over */
	size_t nr_left;
	size_t cap_left;
};

/* What was read of a node at one moment */
struct links {
	uint64_t next;
	uint64_t prev;
	uint64_t start;
};

static uint64_t task_of(const struct walk *w, uint64_t node)
{
	return node - zu_offset(w->k, w->field);
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
	if (node == w->head)
		zu_image_fetch(w->k->image, node, 16);
	else
		zu_task_fetch(w->k, task_of(w, node));
	err = read_pair(w->k, node, ret);
	if (err || node == w->head)
		return err;
	return zu_read_field(w->k, task_of(w, node), ZU_F_task_start_time,
			     &ret->start);
}

static uint64_t last_node(const struct walk *w)
{
	return w->nr ? w->hop[w->nr - 1].node : w->head;
}

/*
 * Is the last one still the same task, and in the list? What follows it is in @ret.
 * The head always is.
 */
static bool is_there(const struct walk *w, struct links *ret)
{
	struct links before;

	if (read_links(w, last_node(w), ret))
		return !w->nr;
	return !w->nr || (ret->start == w->hop[w->nr - 1].start &&
			  !read_pair(w->k, ret->prev, &before) &&
			  before.next == last_node(w));
}

/*
 * While the task before it leaves the list, one that stays can look as if it had
 * left: it will be found again, and must not be told again.
 */
static int go_back(struct walk *w, struct zu_error *err)
{
	struct hop *p = zu_grow(w->left, w->nr_left, &w->cap_left, sizeof(*p));

	if (!p)
		return zu_fail_nomem(err);
	w->left = p;
	p[w->nr_left++] = w->hop[--w->nr];
	return 0;
}

static bool was_told(const struct walk *w, uint64_t node, uint64_t start)
{
	size_t i;

	for (i = 0; i < w->nr_left; i++)
		if (w->left[i].node == node && w->left[i].start == start)
			return true;
	return false;
}

static int add(struct walk *w, uint64_t node, uint64_t start,
	       struct zu_error *err)
{
	struct hop *p;

	if (w->nr >= ZU_MAX_TASKS)
		return zu_fail(err, ZU_EFORMAT, "it has more than %u tasks",
			       ZU_MAX_TASKS);
	p = zu_grow(w->hop, w->nr, &w->cap, sizeof(*p));
	if (!p)
		return zu_fail_nomem(err);
	w->hop = p;
	p[w->nr++] = (struct hop){ .node = node, .start = start };
	return 0;
}

static int walk(struct walk *w, zu_task_fn *fn, void *ctx,
		struct zu_error *err)
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
			while (!is_there(w, &at)) {
				ret = go_back(w, err);
				if (ret)
					return ret;
			}
			continue;
		}
		if (at.next == w->head)
			return 0;
		ret = add(w, at.next, next.start, err);
		if (!ret && !was_told(w, at.next, next.start))
			ret = fn(ctx, task_of(w, at.next), next.start, err);
		if (ret)
			return ret;
		at = next;
	}
}

int zu_task_list_read(struct zu_kernel *k, uint64_t head, enum zu_field node,
		      zu_task_fn *fn, void *ctx, struct zu_error *err)
{
	struct walk w = { .k = k, .head = head, .field = node };
	int ret = walk(&w, fn, ctx, err);

	free(w.hop);
	free(w.left);
	return ret;
}
