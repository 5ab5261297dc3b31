/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of the kernel (struct list_head, and chains that end in NULL), which
 * in a damaged dump may run in circles or into nowhere.
 *
 *	zu_list_init(&l, k, head, ZU_LIST_CIRCULAR);
 *	while ((ret = zu_list_next(&l, &node)) > 0)
 *		...
 *	if (ret < 0)
 *		...
 */
#ifndef ZU_KERN_LIST_H
#define ZU_KERN_LIST_H

#include "kern/kernel.h"

/**
 * enum zu_list_kind - how a list ends
 * @ZU_LIST_CIRCULAR: at its head (struct list_head)
 * @ZU_LIST_NULL: with a NULL pointer (struct hlist_head, llist_head)
 */
enum zu_list_kind {
	ZU_LIST_CIRCULAR,
	ZU_LIST_NULL,
};

/**
 * struct zu_list - a walk along a list
 * @k: the kernel
 * @kind: how it ends
 * @head: address of the head
 * @at: the current node
 * @from: the node before it
 * @mark: an earlier node: to come by it again means a loop (Brent's method)
 * @steps: since @mark was set
 * @power: when to set it again
 */
struct zu_list {
	const struct zu_kernel *k;
	enum zu_list_kind kind;
	uint64_t head;
	uint64_t at;
	uint64_t from;
	uint64_t mark;
	uint64_t steps;
	uint64_t power;
};

/**
 * zu_list_init() - begin
 * @l: any content
 * @k: the kernel
 * @head: address of the list head; its first member is the pointer to the
 *	first node
 * @kind: how the list ends
 */
void zu_list_init(struct zu_list *l, const struct zu_kernel *k, uint64_t head,
		  enum zu_list_kind kind);

/**
 * zu_list_next() - go to the next node
 * @l: the walk
 * @node: its address
 *
 * All kinds of nodes start with the pointer to the next one; in a circular
 * list the pointer to the one before follows, and has to lead back: else a
 * pointer that skips nodes would make a short list that looks whole.
 *
 * Return: 1 with @node set; 0 at the end; ZU_EFAULT if a node can't be read;
 * ZU_EFORMAT if the list runs in a circle without coming back to its head, or
 * a circular one stops at NULL or does not lead back.
 */
int zu_list_next(struct zu_list *l, uint64_t *node);

#endif
