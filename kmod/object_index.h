/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables that walks find, by address. Who replaces them sees to it that
 * nobody else does meanwhile; walks ask with interrupts off, or under
 * rcu_read_lock(), and may use what they get as long.
 */
#ifndef ZU_KMOD_OBJECT_INDEX_H
#define ZU_KMOD_OBJECT_INDEX_H

struct list_head;
struct zu_object;

/**
 * zu_object_find() - the object whose text memory has an address
 * @addr: any address
 *
 * Return: the object, with its table; NULL if there is none.
 */
const struct zu_object *zu_object_find(unsigned long addr);

/**
 * zu_object_find_trampoline() - the object that has a hotpatch trampoline
 * @addr: any address
 *
 * As zu_object_find(), but slow: all objects are looked at.
 */
const struct zu_object *zu_object_find_trampoline(unsigned long addr);

/**
 * zu_index_set() - let walks see those of a list that are loaded
 * @objects: the list
 *
 * Sleeps for a grace period. Without memory, walks go on with what they have.
 *
 * Return: 0; -ENOMEM.
 */
int zu_index_set(const struct list_head *objects);

/**
 * zu_index_drop() - let an object go
 * @o: the object, taken over; it is in the list still
 * @objects: the list
 *
 * No walk sees it any more when this is done, memory or not. Sleeps.
 */
void zu_index_drop(struct zu_object *o, const struct list_head *objects);

/**
 * zu_index_clear() - let walks see none, and give all back
 * @objects: the list, empty afterwards
 *
 * No walk may be under way, or begin.
 */
void zu_index_clear(struct list_head *objects);

#endif
