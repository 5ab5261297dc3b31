/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ZUWAIT_H
#define ZUWAIT_H

#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/wait.h>

/* Functions that tasks wait in, each of which can be patched. */
#define ZU_WAIT_FUNCTIONS(F) \
	F(inner) F(middle) F(outer) F(deep) F(many) F(spin) F(nobody)

/* How to sleep: as the letter that ps shows, S, D or I */
#define ZU_WAIT_DECLARE(name) int zu_wait_##name(int how, int depth);
ZU_WAIT_FUNCTIONS(ZU_WAIT_DECLARE)

extern bool zu_wait_over;
extern wait_queue_head_t zu_wait_queue;

#endif
