// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does what no module may do, one fault for each kind of report, to see that
 * the kernel reports it and that the lab notices:
 *
 *	insmod zufault.ko fault=lock,leak
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/string.h>

static DEFINE_MUTEX(mutex_a);
static DEFINE_MUTEX(mutex_b);

/* lockdep: both orders, never at the same time */
static void fault_lock(void)
{
	mutex_lock(&mutex_a);
	mutex_lock(&mutex_b);
	mutex_unlock(&mutex_b);
	mutex_unlock(&mutex_a);

	mutex_lock(&mutex_b);
	mutex_lock(&mutex_a);
	mutex_unlock(&mutex_a);
	mutex_unlock(&mutex_b);
}

/* DEBUG_ATOMIC_SLEEP */
static void fault_atomic(void)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}

/* KASAN: a byte that is no longer ours */
static void fault_free(void)
{
	char *byte = kzalloc(100, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(byte);
	kfree(byte);
	if (byte)
		READ_ONCE(*byte);
}

/* kmemleak: many, since stale registers and stack slots hold on to some */
static void fault_leak(void)
{
	unsigned int i;

	for (i = 0; i < 64; i++) {
		void *lost = kzalloc(100, GFP_KERNEL);

		OPTIMIZER_HIDE_VAR(lost);
	}
}

static void fault_warn(void)
{
	WARN(1, "zufault: as it was told\n");
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "atomic", fault_atomic },
	{ "free", fault_free },
	{ "leak", fault_leak },
	{ "lock", fault_lock },
	{ "warn", fault_warn },
};

static char *fault[ARRAY_SIZE(faults)];
static int nr_faults;
module_param_array(fault, charp, &nr_faults, 0);
MODULE_PARM_DESC(fault, "atomic, free, leak, lock, warn");

static int commit(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (!strcmp(faults[i].name, name)) {
			faults[i].commit();
			return 0;
		}
	return -EINVAL;
}

static int __init zufault_init(void)
{
	int i, err = 0;

	for (i = 0; i < nr_faults && !err; i++)
		err = commit(fault[i]);
	return err;
}
module_init(zufault_init);

static void __exit zufault_exit(void)
{
}
module_exit(zufault_exit);

MODULE_DESCRIPTION("Faults that a kernel should report");
MODULE_LICENSE("GPL");
