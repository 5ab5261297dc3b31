// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/object_index.h"

#include <linux/firmware.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "kmod/objects.h"
#include "kmod/site_cache.h"

/* By address. Replaced as a whole. */
struct index {
	unsigned int nr;
	const struct zu_object *object[];
};

static LIST_HEAD(retired);	/* gone, but the index may still name them */
static struct index __rcu *current_index;

static bool holds(const struct zu_object *o, unsigned long addr)
{
	/* what is retired has no size */
	return READ_ONCE(o->size) && addr >= o->memory[0] &&
	       addr < o->memory[1];
}

const struct zu_object *zu_object_find(unsigned long addr)
{
	const struct index *index = rcu_dereference_sched(current_index);
	unsigned int low = 0, high = index ? index->nr : 0;

	/* the kernel, which lies above all modules, is asked for most */
	if (high && holds(index->object[high - 1], addr))
		return index->object[high - 1];
	while (low < high) {
		unsigned int middle = low + (high - low) / 2;
		const struct zu_object *o = index->object[middle];

		if (holds(o, addr))
			return o;
		if (addr < o->memory[0])
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct zu_object *zu_object_find_trampoline(unsigned long addr)
{
	const struct index *index = rcu_dereference_sched(current_index);
	unsigned int i;

	for (i = 0; index && i < index->nr; i++) {
		const struct zu_object *o = index->object[i];

		if (READ_ONCE(o->size) && addr >= o->trampolines[0] &&
		    addr < o->trampolines[1])
			return o;
	}
	return NULL;
}

static int by_memory(const void *a, const void *b)
{
	const struct zu_object *const *x = a, *const *y = b;

	return (*x)->memory[0] < (*y)->memory[0] ? -1 :
	       (*x)->memory[0] > (*y)->memory[0];
}

static struct index *make_index(const struct list_head *objects)
{
	const struct zu_object *o;
	struct index *index;
	unsigned int nr = 0;

	list_for_each_entry(o, objects, list)
		nr += o->state == ZU_OBJECT_LOADED;
	index = kvmalloc(struct_size(index, object, nr), GFP_KERNEL);
	if (!index)
		return NULL;
	index->nr = 0;
	list_for_each_entry(o, objects, list)
		if (o->state == ZU_OBJECT_LOADED)
			index->object[index->nr++] = o;
	sort(index->object, nr, sizeof(index->object[0]), by_memory, NULL);
	return index;
}

static void give_back(struct list_head *objects)
{
	struct zu_object *o, *next;

	list_for_each_entry_safe(o, next, objects, list) {
		list_del(&o->list);
		release_firmware(o->file);
		kfree(o);
	}
}

int zu_index_set(const struct list_head *objects)
{
	struct index *new = make_index(objects), *old;

	if (!new) {
		zu_site_forget();
		synchronize_rcu();
		return -ENOMEM;
	}
	old = rcu_replace_pointer(current_index, new, true);
	zu_site_forget();
	synchronize_rcu();
	kvfree(old);
	give_back(&retired);
	return 0;
}

void zu_index_drop(struct zu_object *o, const struct list_head *objects)
{
	if (o->state != ZU_OBJECT_LOADED) {
		list_del(&o->list);
		kfree(o);
		return;
	}
	WRITE_ONCE(o->size, 0);
	list_move(&o->list, &retired);
	zu_index_set(objects);
}

void zu_index_clear(struct list_head *objects)
{
	kvfree(rcu_replace_pointer(current_index, NULL, true));
	list_splice_init(&retired, objects);
	give_back(objects);
}
