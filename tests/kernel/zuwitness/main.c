// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own answers about all of its stacks, at the moment of a dump.
 *
 * While every CPU is held by stop_machine(), writes down for each task what
 * stack_trace_save_tsk_reliable() (what live patching asks) and
 * stack_trace_save_tsk() (what /proc/PID/stack shows) say, then puts all CPUs
 * into a disabled wait, which QEMU reports to the host. So the dump taken then
 * and the answers inside it are of the same moment.
 *
 * If zunwind.ko is there, its answers are written down, too: those are to be
 * compared with what zunwind says of the dump.
 *
 * The answers are text in chunks of CHUNK_SIZE bytes, physically contiguous
 * and aligned to their size, so that a script finds them in a raw dump by
 * looking for the magic word at aligned places. tests/kernel/README.md has the
 * format. Functions that are not exported come in as addresses.
 */
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/stop_machine.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>
#include <asm/processor.h>

#include "kmod/look.h"

#define MAGIC		"ZUWITNESS/1"
#define CHUNK_ORDER	8		/* 1 MiB */
#define CHUNK_SIZE	(PAGE_SIZE << CHUNK_ORDER)
#define HEADER_SIZE	64		/* magic line, padded by spaces */
#define MAX_CHUNKS	256
#define RELIABLE_MAX	100		/* klp's MAX_STACK_ENTRIES */
#define PROC_MAX	64		/* MAX_STACK_TRACE_DEPTH of /proc */
#define TASK_BYTES	16384		/* more than the lines of any task */
#define LOOK_FRAMES	200		/* of zunwind.ko's frames; more are cut off */
#define END_BYTES	128		/* always left for the last line */
#define SYMBOL_BITS	14
#define SYMBOL_BYTES	256

static unsigned long reliable;
module_param(reliable, ulong, 0);
MODULE_PARM_DESC(reliable, "address of stack_trace_save_tsk_reliable");

static unsigned long proc;
module_param(proc, ulong, 0);
MODULE_PARM_DESC(proc, "address of stack_trace_save_tsk (not exported in 6.1)");

static unsigned long idle;
module_param(idle, ulong, 0);
MODULE_PARM_DESC(idle, "address of idle_task");

static unsigned long sched[2];
module_param_array(sched, ulong, NULL, 0);
MODULE_PARM_DESC(sched, "__sched_text_start,__sched_text_end");

static unsigned long lock[2];
module_param_array(lock, ulong, NULL, 0);
MODULE_PARM_DESC(lock, "__lock_text_start,__lock_text_end");

static bool freeze = true;
module_param(freeze, bool, 0);
MODULE_PARM_DESC(freeze, "stop the machine for good when done (default)");

typedef int (*save_reliable_fn)(struct task_struct *task,
				unsigned long *store, unsigned int size);
typedef unsigned int (*save_proc_fn)(struct task_struct *task,
				     unsigned long *store, unsigned int size,
				     unsigned int skip);
typedef struct task_struct *(*idle_task_fn)(int cpu);

static typeof(zu_look_pinned) *look;	/* NULL: zunwind.ko isn't there */

static struct {
	char *text;
	size_t len;
} chunks[MAX_CHUNKS];

static unsigned int nr_chunks;
static unsigned int cur_chunk;
static unsigned long *symbols;		/* set of addresses seen, open hash */
static unsigned int nr_symbols;
static unsigned int nr_tasks;
static unsigned long nr_entries;
static bool truncated;

/* Room for @size bytes in one chunk; false when the answers are full. */
static bool reserve(size_t size)
{
	if (CHUNK_SIZE - chunks[cur_chunk].len >= size + END_BYTES)
		return true;
	if (cur_chunk + 1 >= nr_chunks) {
		truncated = true;
		return false;
	}
	cur_chunk++;
	return true;
}

static __printf(1, 2) void put(const char *fmt, ...)
{
	char *text = chunks[cur_chunk].text;
	size_t len = chunks[cur_chunk].len;
	va_list args;

	va_start(args, fmt);
	chunks[cur_chunk].len += vscnprintf(text + len, CHUNK_SIZE - len, fmt,
					    args);
	va_end(args);
}

static void remember(unsigned long addr)
{
	u32 slot = hash_long(addr, SYMBOL_BITS);

	while (symbols[slot] && symbols[slot] != addr)
		slot = (slot + 1) & (BIT(SYMBOL_BITS) - 1);
	if (symbols[slot])
		return;
	if (nr_symbols >= BIT(SYMBOL_BITS) / 2) {
		truncated = true;
		return;
	}
	symbols[slot] = addr;
	nr_symbols++;
}

static void put_entries(const char *what, int rc, const unsigned long *entries,
			unsigned int nr)
{
	unsigned int i;

	put("%s %d", what, rc);
	for (i = 0; i < nr; i++) {
		put(" %lx", entries[i]);
		remember(entries[i]);
	}
	put("\n");
	nr_entries += nr;
}

static void put_verdict(const char *what, const struct zu_verdict *v)
{
	put(" %s=%s,%s,%d,%llx", what, v->running ? "running" :
	    v->why ? "unreliable" : "reliable", zu_why_word(v->why) ?: "-",
	    v->why ? v->frame : 0, v->why ? v->at : 0);
}

static void put_look(struct task_struct *task)
{
	static struct zu_look l;
	unsigned int i;

	look(task, &l);
	put("zunwind");
	put_verdict("strict", &l.strict);
	put_verdict("kernel", &l.kernel);
	put(" stored=%u frames=%u", l.kernel_entries, l.nr_frames);
	for (i = 0; i < min(l.nr_frames, LOOK_FRAMES); i++)
		put(" %llx,%llx,%s,%d", l.frames[i].ip, l.frames[i].sp,
		    zu_from_word(l.frames[i].from), l.frames[i].guess);
	put("\n");
}

static void put_task(struct task_struct *task, bool is_idle)
{
	static unsigned long entries[RELIABLE_MAX];
	unsigned int nr, cpu = task_cpu(task);
	char comm[TASK_COMM_LEN];
	int rc;

	if (!reserve(TASK_BYTES))
		return;
	strscpy(comm, task->comm, sizeof(comm));
	put("task ptr=%lx pid=%d tgid=%d cpu=%u online=%d oncpu=%d idle=%d",
	    (unsigned long)task, task->pid, task->tgid, cpu, cpu_online(cpu),
	    READ_ONCE(task->on_cpu), is_idle);
	put(" state=%x exit=%x flags=%x nvcsw=%lu nivcsw=%lu stack=%lx ksp=%lx",
	    READ_ONCE(task->__state), task->exit_state, task->flags,
	    task->nvcsw, task->nivcsw, (unsigned long)task->stack,
	    task->thread.ksp);
	put(" comm=%*pE\n", (int)strlen(comm), comm);

	/*
	 * On refusal the entries up to the refused frame are in the array,
	 * though the count is lost: an entry is never 0, which is no text.
	 */
	memset(entries, 0, sizeof(entries));
	rc = ((save_reliable_fn)reliable)(task, entries, RELIABLE_MAX);
	for (nr = 0; nr < RELIABLE_MAX && entries[nr]; nr++)
		;
	put_entries("reliable", rc, entries, nr);

	nr = ((save_proc_fn)proc)(task, entries, PROC_MAX, 0);
	put_entries("proc", nr, entries, nr);
	if (look)
		put_look(task);
	nr_tasks++;
}

static void put_tasks(void)
{
	struct task_struct *leader, *task;
	int cpu;

	for_each_process_thread(leader, task)
		put_task(task, false);
	for_each_possible_cpu(cpu) {
		task = ((idle_task_fn)idle)(cpu);
		if (task)
			put_task(task, true);
	}
}

static void put_symbols(void)
{
	unsigned int i;

	for (i = 0; i < BIT(SYMBOL_BITS); i++) {
		if (!symbols[i])
			continue;
		if (!reserve(2 * SYMBOL_BYTES))
			return;
		put("symbol %lx %pB %pS\n", symbols[i], (void *)symbols[i],
		    (void *)symbols[i]);
	}
}

static void put_headers(void)
{
	char header[HEADER_SIZE + 1];
	unsigned int i;

	for (i = 0; i <= cur_chunk; i++) {
		snprintf(header, sizeof(header), "%s %04u/%04u %08zu%*s\n",
			 MAGIC, i + 1, cur_chunk + 1, chunks[i].len,
			 HEADER_SIZE - 31, "");
		memcpy(chunks[i].text, header, HEADER_SIZE);
	}
}

static void record(void)
{
	reserve(TASK_BYTES);
	put("kernel release=%s cpus=%u online=%u", init_utsname()->release,
	    num_possible_cpus(), num_online_cpus());
	put(" sched=%lx-%lx lock=%lx-%lx reliable_max=%u proc_max=%u\n",
	    sched[0], sched[1], lock[0], lock[1], RELIABLE_MAX, PROC_MAX);
	put_tasks();
	put_symbols();
	put("end tasks=%u entries=%lu truncated=%d\n", nr_tasks, nr_entries,
	    truncated);
	put_headers();
}

/* On every CPU at once: one writes, the others wait for it. */
static int stop(void *unused)
{
	static atomic_t first = ATOMIC_INIT(1);
	static int done;

	if (atomic_dec_and_test(&first)) {
		record();
		/* Pairs with the acquire below: all is written by then. */
		smp_store_release(&done, 1);
	}
	/* Pairs with the release above. */
	while (!smp_load_acquire(&done))
		cpu_relax();
	/* The last CPU that does so makes QEMU report a crashed guest. */
	if (freeze)
		disabled_wait();
	return 0;
}

static void free_memory(void)
{
	while (nr_chunks)
		free_pages((unsigned long)chunks[--nr_chunks].text,
			   CHUNK_ORDER);
	vfree(symbols);
}

static int get_memory(void)
{
	struct task_struct *leader, *task;
	size_t want = num_possible_cpus() + 256;

	rcu_read_lock();
	for_each_process_thread(leader, task)
		want++;
	rcu_read_unlock();
	want = DIV_ROUND_UP(want * TASK_BYTES, CHUNK_SIZE) + 2;
	want += DIV_ROUND_UP(BIT(SYMBOL_BITS) / 2 * SYMBOL_BYTES, CHUNK_SIZE);

	symbols = vzalloc(BIT(SYMBOL_BITS) * sizeof(*symbols));
	if (!symbols)
		return -ENOMEM;
	while (nr_chunks < min_t(size_t, want, MAX_CHUNKS)) {
		void *text = (void *)__get_free_pages(GFP_KERNEL | __GFP_NOWARN,
						      CHUNK_ORDER);
		if (!text)
			break;
		chunks[nr_chunks].text = text;
		chunks[nr_chunks++].len = HEADER_SIZE;
	}
	/* Too few is no failure yet: what does not fit is said in the end. */
	return nr_chunks ? 0 : -ENOMEM;
}

static int __init zuwitness_init(void)
{
	int rc;

	if (!reliable || !proc || !idle) {
		pr_err("zuwitness: reliable=, proc= and idle= are needed\n");
		return -EINVAL;
	}
	look = symbol_get(zu_look_pinned);
	rc = get_memory();
	if (!rc)
		rc = stop_machine(stop, NULL, cpu_online_mask);
	if (look)
		symbol_put(zu_look_pinned);
	if (rc) {
		free_memory();
		return rc;
	}
	pr_info("zuwitness: %u tasks, %lu entries, truncated %d\n", nr_tasks,
		nr_entries, truncated);
	return 0;
}

static void __exit zuwitness_exit(void)
{
	free_memory();
}

module_init(zuwitness_init);
module_exit(zuwitness_exit);

MODULE_DESCRIPTION("The kernel's own view of all of its stacks");
MODULE_LICENSE("GPL");
