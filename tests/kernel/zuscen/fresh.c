// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks that never run: a kprobe takes the place of wake_up_new_task() for the
 * children of a program named zu-fresh, and once for kthreadd.
 */
#include <linux/err.h>
#include <linux/kprobes.h>
#include <linux/string.h>

#include "zuscen.h"

#define PARENT "zu-fresh"

static atomic_t threads = ATOMIC_INIT(1);

static int skip_wake_up(struct kprobe *probe, struct pt_regs *regs)
{
	bool skip = !strcmp(current->comm, PARENT);

	if (!skip && !strcmp(current->comm, "kthreadd"))
		skip = atomic_dec_if_positive(&threads) == 0;
	if (!skip)
		return 0;
	/* As if the function had returned. */
	regs->psw.addr = regs->gprs[14];
	return 1;
}

/* A probe that has one of these may change where the function goes on. */
static void unused_handler(struct kprobe *probe, struct pt_regs *regs,
			   unsigned long flags)
{
}

static struct kprobe probe = {
	.symbol_name = "wake_up_new_task",
	.pre_handler = skip_wake_up,
	.post_handler = unused_handler,
};

static int never_run(void *unused)
{
	return 0;
}

/* Waits for ever until the new thread has started. */
static int zu_fresh_maker(void *unused)
{
	return PTR_ERR_OR_ZERO(kthread_create(never_run, NULL, "zu-fresh-thread"));
}

int zuscen_fresh(void)
{
	struct task_struct *maker;
	int rc;

	/* Made before the probe: it is to run. */
	maker = kthread_create(zu_fresh_maker, NULL, "zu-fresh-maker");
	if (IS_ERR(maker))
		return PTR_ERR(maker);
	rc = register_kprobe(&probe);
	if (rc)
		return rc;
	wake_up_process(maker);
	return 0;
}
