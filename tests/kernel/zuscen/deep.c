// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads asleep at exactly so many stack entries, for the 100 entries that
 * live patching has room for. Named zu-deep-<entries>.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/stacktrace.h>

#include "zuscen.h"

#define ENTRIES_MAX 128
/* When asleep, two more are on the stack: __schedule and schedule. */
#define ENTRIES_ASLEEP 2

static const unsigned int depths[] = { 63, 64, 65, 98, 99, 100, 101, 120 };

/* Leaves the entries below the caller in *@nr, or sleeps when it is NULL. */
static zuscen_fn unsigned long zu_deep_end(unsigned int *nr)
{
	unsigned long entries[ENTRIES_MAX];

	if (nr)
		*nr = stack_trace_save(entries, ENTRIES_MAX, 0);
	else
		zuscen_sleep();
	return (unsigned long)nr;
}

static zuscen_fn unsigned long zu_deep_recurse(unsigned int more,
					       unsigned int *nr)
{
	if (!more)
		return zu_deep_end(nr) + 1;
	return zu_deep_recurse(more - 1, nr) + 1;
}

static zuscen_fn int zu_deep(void *arg)
{
	unsigned long want = (unsigned long)arg;
	unsigned int nr;

	zu_deep_recurse(0, &nr);
	return zu_deep_recurse(want - ENTRIES_ASLEEP - nr, NULL) & 1;
}

int zuscen_deep(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(depths); i++) {
		struct task_struct *task;
		char name[TASK_COMM_LEN];

		snprintf(name, sizeof(name), "zu-deep-%u", depths[i]);
		task = zuscen_thread(zu_deep, (void *)(unsigned long)depths[i],
				     -1, name);
		if (IS_ERR(task))
			return PTR_ERR(task);
	}
	return 0;
}
