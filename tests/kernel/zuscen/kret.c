// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks below functions that have a kretprobe, so that their return addresses
 * are the trampoline's: functions of this module, nested and not, in a
 * sleeping thread and in one that is runnable; and the kernel function that
 * probe= names, for a user program to sleep in.
 */
#include <linux/err.h>
#include <linux/kprobes.h>
#include <linux/module.h>

#include "zuscen.h"

#ifdef CONFIG_KRETPROBES

static char *probe = "hrtimer_nanosleep";
module_param(probe, charp, 0);
MODULE_PARM_DESC(probe, "kernel function to put a kretprobe on");

static zuscen_fn unsigned long zu_kret_sleep(unsigned long x)
{
	zuscen_sleep();
	return x + 1;
}

static zuscen_fn unsigned long zu_kret_outer(unsigned long x)
{
	return zu_kret_sleep(x ^ 1) + 1;
}

/* Off the CPU but runnable: here the kernel does not dare to look. */
static zuscen_fn unsigned long zu_kret_yield(unsigned long x)
{
	while (!READ_ONCE(zuscen_wake))
		schedule();
	return x + 1;
}

static zuscen_fn int zu_kret(void *unused)
{
	return zu_kret_sleep(0) & 1;
}

static zuscen_fn int zu_kret_nested(void *unused)
{
	return zu_kret_outer(0) & 1;
}

static zuscen_fn int zu_kret_running(void *unused)
{
	return zu_kret_yield(0) & 1;
}

static int returned(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	return 0;
}

static struct kretprobe probes[] = {
	{ .kp.addr = (kprobe_opcode_t *)zu_kret_sleep },
	{ .kp.addr = (kprobe_opcode_t *)zu_kret_outer },
	{ .kp.addr = (kprobe_opcode_t *)zu_kret_yield },
	{ .kp.addr = NULL },
};

int zuscen_kret(void)
{
	struct task_struct *task;
	unsigned int i;
	int rc;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		if (!probes[i].kp.addr)
			probes[i].kp.symbol_name = probe;
		probes[i].handler = returned;
		probes[i].maxactive = 16;
		rc = register_kretprobe(&probes[i]);
		if (rc)
			return rc;
	}
	task = zuscen_thread(zu_kret, NULL, -1, "zu-kret");
	if (!IS_ERR(task))
		task = zuscen_thread(zu_kret_nested, NULL, -1, "zu-kret-nested");
	if (!IS_ERR(task))
		task = zuscen_thread(zu_kret_running, NULL, -1, "zu-kret-running");
	return PTR_ERR_OR_ZERO(task);
}

#else

int zuscen_kret(void)
{
	return -EOPNOTSUPP;
}

#endif
