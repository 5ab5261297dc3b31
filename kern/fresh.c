/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/fresh.h"

#include "kern/read.h"
#include "kern/task.h"
#include "util/fail.h"

int zu_fresh_check(const struct zu_kernel *k, struct zu_error *err)
{
	static const enum zu_field needed[] = {
		ZU_F_task_nvcsw, ZU_F_task_nivcsw, ZU_F_task_start_time,
		ZU_F_task_usage, ZU_F_task_on_cpu,
	};
	size_t i;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!zu_has(k, needed[i]))
			return zu_fail(err, ZU_ENOENT,
				       "the type data has no %s, without which nobody can tell whether a task ran",
				       zu_field_name(needed[i]));
	return 0;
}

static void fetch_stamp(struct zu_kernel *k, uint64_t task)
{
	static const enum zu_field field[] = {
		ZU_F_task_nvcsw, ZU_F_task_nivcsw, ZU_F_task_start_time,
	};
	uint64_t from = UINT64_MAX, to = 0;
	size_t i;

	for (i = 0; i < sizeof(field) / sizeof(field[0]); i++) {
		const struct zu_place *p = &k->layout.place[field[i]];

		if (p->offset < from)
			from = p->offset;
		if (p->offset + p->size > to)
			to = p->offset + p->size;
	}
	zu_image_fetch(k->image, task + from, to - from);
}

static bool read_stamp(struct zu_kernel *k, uint64_t task,
		       struct zu_stamp *ret)
{
	zu_image_forget(k->image);
	fetch_stamp(k, task);
	return !zu_read_field(k, task, ZU_F_task_nvcsw, &ret->voluntary) &&
	       !zu_read_field(k, task, ZU_F_task_nivcsw, &ret->involuntary) &&
	       !zu_read_field(k, task, ZU_F_task_start_time, &ret->start);
}

/* Its memory is given back some time after its last user is gone. */
static bool is_used(struct zu_kernel *k, uint64_t task)
{
	uint64_t usage;

	return !zu_read_field(k, task, ZU_F_task_usage, &usage) && usage;
}

bool zu_fresh_begin(struct zu_kernel *k, const struct zu_task *was,
		    struct zu_task *now, struct zu_stamp *stamp)
{
	struct zu_error err;

	if (!read_stamp(k, was->address, stamp))
		return false;
	zu_image_forget(k->image);
	return !zu_task_read(k, was->address, now, &err) &&
	       is_used(k, was->address) && now->pid == was->pid &&
	       now->tgid == was->tgid;
}

/* A module's code may hide a function: what it is then told by must not be old. */
static bool is_same_code(struct zu_kernel *k, const struct zu_trace *t)
{
	bool module = false;
	uint64_t owner = 0;
	size_t i;

	for (i = 0; i < t->nr_frames; i++) {
		const struct zu_text_range *range =
			zu_text_find(&k->text, t->frames[i].ip);

		if (!range || !range->owner || range->owner == owner)
			continue;
		if (!zu_text_is_there(k, range))
			return false;
		owner = range->owner;
		module |= range->kind == ZU_TEXT_MODULE;
	}
	return !module || zu_hidden_is_same(k);
}

bool zu_fresh_end(struct zu_kernel *k, const struct zu_trace *t,
		  const struct zu_stamp *stamp)
{
	struct zu_stamp now;
	struct zu_task task;
	struct zu_error err;

	zu_image_forget(k->image);
	if (zu_task_read(k, t->task.address, &task, &err) || task.running ||
	    !is_used(k, task.address))
		return false;
	if (task.has_stack != t->task.has_stack ||
	    task.stack != t->task.stack || task.ksp != t->task.ksp ||
	    task.pid != t->task.pid || !is_same_code(k, t))
		return false;
	/* one that was woken, and waits for a CPU: rethooks are asked only of others */
	if (task.state != t->task.state)
		return false;
	return read_stamp(k, task.address, &now) &&
	       now.voluntary == stamp->voluntary &&
	       now.involuntary == stamp->involuntary &&
	       now.start == stamp->start;
}
