/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What walks came to, counted. */
#ifndef ZU_KMOD_COUNTERS_H
#define ZU_KMOD_COUNTERS_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "core/judge.h"

struct seq_file;

/**
 * struct zu_counters - of one CPU
 * @walks: walks made for live patching
 * @empty: of these, those of tasks without a stack
 * @reliable: of these, those that were accepted
 * @rescued: of these, those through saved registers, which the kernel refuses
 * @refused: walks that were refused, by enum zu_why
 * @ticks: time they took, in units of the time-of-day clock (1/4096 us)
 * @disagreed: stacks of which the kernel and its rules as zunwind has them say
 *	different things: there is a mistake
 */
struct zu_counters {
	u64 walks;
	u64 empty;
	u64 reliable;
	u64 rescued;
	u64 refused[ZU_WHY_COUNT];
	u64 ticks;
	u64 disagreed;
};

DECLARE_PER_CPU(struct zu_counters, zu_counters);

/**
 * zu_count_walk() - count a walk
 * @why: its result
 * @rescued: it went through saved registers
 * @ticks: how long it took
 *
 * With interrupts or preemption off.
 */
static inline void zu_count_walk(enum zu_why why, bool rescued, u64 ticks)
{
	struct zu_counters *c = this_cpu_ptr(&zu_counters);

	c->walks++;
	c->ticks += ticks;
	if (why) {
		c->refused[why]++;
	} else {
		c->reliable++;
		c->rescued += rescued;
	}
}

/**
 * zu_counters_show() - the sums of all CPUs, as a JSON object
 * @m: where to
 */
void zu_counters_show(struct seq_file *m);

#endif
