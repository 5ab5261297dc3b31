// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stops the machine for good when live patching has just gone through all
 * tasks in vain, with all other CPUs standing still from before it began, and
 * leaves in memory what a dump of that moment is to be compared with: each
 * task's patch_state, and the kernel's log, where live patching says of each
 * task why it is not switched (dynamic debug).
 *
 *	insmod zuround.ko rounds=3 idle=ADDRESS
 *
 * In the log, a line "zuround: round" stands where each round begins. What is
 * left in memory has the form of zuwitness.ko's answers.
 */
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kmsg_dump.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/utsname.h>
#include <asm/processor.h>

#define MAGIC		"ZUWITNESS/1"
#define CHUNK_ORDER	8		/* 1 MiB */
#define CHUNK_SIZE	(PAGE_SIZE << CHUNK_ORDER)
#define HEADER_SIZE	64
#define TASK_BYTES	256
#define LOG_BYTES	(400 << 10)

static unsigned int rounds = 3;
module_param(rounds, uint, 0);
MODULE_PARM_DESC(rounds, "which round to stop after, from now");

static unsigned long idle;
module_param(idle, ulong, 0);
MODULE_PARM_DESC(idle, "address of idle_task");

typedef struct task_struct *(*idle_task_fn)(int cpu);

static char *text;
static size_t len = HEADER_SIZE;
static unsigned int nr_tasks;
static bool truncated;

static __printf(1, 2) void put(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	len += vscnprintf(text + len, CHUNK_SIZE - len, fmt, args);
	va_end(args);
}

static void put_task(struct task_struct *task, bool is_idle)
{
	if (CHUNK_SIZE - len < LOG_BYTES + TASK_BYTES) {
		truncated = true;
		return;
	}
	put("task pid=%d tgid=%d cpu=%u online=%d idle=%d patch=%d comm=%*pE\n",
	    task->pid, task->tgid, task_cpu(task), cpu_online(task_cpu(task)),
	    is_idle, task->patch_state, (int)strlen(task->comm), task->comm);
	nr_tasks++;
}

static void put_log(void)
{
	struct kmsg_dump_iter iter;
	size_t got = 0;

	kmsg_dump_rewind(&iter);
	put("log\n");
	kmsg_dump_get_buffer(&iter, false, text + len, LOG_BYTES - 128, &got);
	len += got;
}

static void record(void)
{
	struct task_struct *leader, *task;
	char header[HEADER_SIZE + 1];
	int cpu;

	put("kernel release=%s\n", init_utsname()->release);
	for_each_process_thread(leader, task)
		put_task(task, false);
	for_each_possible_cpu(cpu) {
		task = ((idle_task_fn)idle)(cpu);
		if (task)
			put_task(task, true);
	}
	put("end tasks=%u truncated=%d\n", nr_tasks, truncated);
	put_log();
	snprintf(header, sizeof(header), "%s %04u/%04u %08zu%*s\n", MAGIC, 1,
		 1, len, HEADER_SIZE - 31, "");
	memcpy(text, header, HEADER_SIZE);
}

static atomic_t held = ATOMIC_INIT(0);
static bool recorded;

/* On all other CPUs, with interrupts off: who is on a CPU stays there. */
static void hold(void *unused)
{
	atomic_inc(&held);
	/* Pairs with the release in round_ends(): all is written by then. */
	while (!smp_load_acquire(&recorded))
		cpu_relax();
	disabled_wait();
}

/*
 * No lock that the round takes can be held by a CPU that takes an interrupt,
 * but for live patching's own mutex, which is held here.
 */
static int round_begins(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (rounds == 1) {
		smp_call_function(hold, NULL, 0);
		while (atomic_read(&held) < num_online_cpus() - 1)
			cpu_relax();
	}
	printk(KERN_DEBUG "zuround: round\n");
	return 0;
}

static int round_ends(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (--rounds)
		return 0;
	record();
	/* Pairs with the acquire in hold(). */
	smp_store_release(&recorded, true);
	disabled_wait();
	return 0;
}

static struct kretprobe probe = {
	.kp.symbol_name = "klp_try_complete_transition",
	.entry_handler = round_begins,
	.handler = round_ends,
	.maxactive = 4,
};

static int __init zuround_init(void)
{
	if (!idle || !rounds)
		return -EINVAL;
	text = (char *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, CHUNK_ORDER);
	if (!text)
		return -ENOMEM;
	return register_kretprobe(&probe);
}
module_init(zuround_init);

MODULE_DESCRIPTION("Stops the machine after a round of live patching");
MODULE_LICENSE("GPL");
