// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An ftrace_ops that may change where its function goes on (and does not), as
 * live patching's and any other redirection's: how long does it take to get
 * rid of it? "rmmod zuipmod" says that in the log. With probe=1 a kprobe, whose
 * ftrace_ops is the kernel's own.
 */
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/string.h>

static char *function = "meminfo_proc_show";
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "whose calls are seen");

static bool probe;
module_param(probe, bool, 0444);
MODULE_PARM_DESC(probe, "by a kprobe");

static unsigned long calls;
module_param(calls, ulong, 0444);
MODULE_PARM_DESC(calls, "how many were (read only)");

static void notrace zuipmod_call(unsigned long ip, unsigned long parent_ip,
				 struct ftrace_ops *ops,
				 struct ftrace_regs *fregs)
{
	WRITE_ONCE(calls, calls + 1);
}

static struct ftrace_ops zuipmod_ops = {
	.func = zuipmod_call,
	.flags = FTRACE_OPS_FL_IPMODIFY,
};

static int zuipmod_pre_handler(struct kprobe *kp, struct pt_regs *regs)
{
	WRITE_ONCE(calls, calls + 1);
	return 0;
}
NOKPROBE_SYMBOL(zuipmod_pre_handler);

static struct kprobe zuipmod_probe = {
	.pre_handler = zuipmod_pre_handler,
};

static int __init zuipmod_init(void)
{
	int err;

	if (probe) {
		zuipmod_probe.symbol_name = function;
		return register_kprobe(&zuipmod_probe);
	}
	err = ftrace_set_filter(&zuipmod_ops, function, strlen(function), 1);
	return err ? err : register_ftrace_function(&zuipmod_ops);
}
module_init(zuipmod_init);

static void __exit zuipmod_exit(void)
{
	ktime_t start = ktime_get();

	if (probe)
		unregister_kprobe(&zuipmod_probe);
	else
		unregister_ftrace_function(&zuipmod_ops);
	pr_info("zuipmod: unregister_%s() took %lld ms\n",
		probe ? "kprobe" : "ftrace_function",
		ktime_ms_delta(ktime_get(), start));
}
module_exit(zuipmod_exit);

MODULE_DESCRIPTION("An ftrace_ops with IPMODIFY, to be got rid of");
MODULE_LICENSE("GPL");
