// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Wrong answers to the question whether a stack can be trusted: each call of
 * stack_trace_save_tsk_reliable() gets one of these instead. For tests that
 * must fail then.
 *
 *	empty	nothing is on the stack
 *	guess	what a walk finds that promises nothing, as in an oops
 *	caller	the same without the innermost function of an interrupted stack
 *
 * and, for comparison, one that is right:
 *
 *	ftrace	the kernel's own, which is refused where ftrace is about to go on
 *		with a function that is not on the stack yet
 */
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <asm/stacktrace.h>

typedef int (*save_fn)(struct task_struct *task, unsigned long *store,
		       unsigned int size);

static char *walk = "empty";
module_param(walk, charp, 0444);
MODULE_PARM_DESC(walk, "which one: empty, guess, caller or ftrace");

static char victim[] = "stack_trace_save_tsk_reliable";

static int wrong_empty(struct task_struct *task, unsigned long *store,
		       unsigned int size)
{
	return 0;
}

static int wrong_guess(struct task_struct *task, unsigned long *store,
		       unsigned int size)
{
	return stack_trace_save_tsk(task, store, size, 0);
}

static bool in_test_module(unsigned long address)
{
	char name[128];

	snprintf(name, sizeof(name), "%ps", (void *)address);
	return strstr(name, " [zu");
}

/* The first entry in zucycle or a patch is where that was interrupted. */
static int wrong_caller(struct task_struct *task, unsigned long *store,
			unsigned int size)
{
	unsigned int nr = stack_trace_save_tsk(task, store, size, 0), i;

	for (i = 0; i < nr; i++) {
		if (!in_test_module(store[i]))
			continue;
		store[i] = 0;
		break;
	}
	return nr;
}

static save_fn original;
static bool direct[NR_CPUS];	/* the next call is for the original */

static unsigned long refused, unseen;
module_param(refused, ulong, 0444);
MODULE_PARM_DESC(refused, "stacks that only walk=ftrace refused (read only)");
module_param(unseen, ulong, 0444);
MODULE_PARM_DESC(unseen, "those where a patch's function is next, and none in sight");

/* ftrace_common calls what may change the address that it then goes on at. */
static bool in_ftrace(unsigned long address)
{
	char name[128];

	snprintf(name, sizeof(name), "%ps", (void *)address);
	return !strcmp(name, "ftrace_common");
}

static bool in_patch(unsigned long address)
{
	char name[128];

	snprintf(name, sizeof(name), "%ps", (void *)address);
	return !strncmp(name, "zu_new_", 7);
}

/* Where ftrace goes on, by the registers above the frame of ftrace_common. */
static unsigned long next_function(struct task_struct *task)
{
	unsigned long sp = task == current ? current_stack_pointer :
					     task->thread.ksp;

	while ((sp & -THREAD_SIZE) == (unsigned long)task_stack_page(task)) {
		const struct stack_frame *frame = (void *)sp;
		const struct pt_regs *regs = (void *)(frame + 1);

		if (in_ftrace(frame->gprs[8]) && regs->gprs[14])
			return regs->psw.addr;
		if (frame->back_chain <= sp)
			break;
		sp = frame->back_chain;
	}
	return 0;
}

static void note(struct task_struct *task, const unsigned long *store, int nr)
{
	unsigned long next = next_function(task);
	int i;

	refused++;
	for (i = 0; i < nr; i++)
		if (in_patch(store[i]))
			return;
	if (!in_patch(next) || unseen++)
		return;
	pr_info("zuwrong: %s is about to run %pS\n", task->comm, (void *)next);
	for (i = 0; i < nr; i++)
		pr_info("zuwrong:   %pS\n", (void *)store[i]);
}

/* Live patching has preemption disabled. */
static int right_ftrace(struct task_struct *task, unsigned long *store,
			unsigned int size)
{
	int nr, i;

	direct[smp_processor_id()] = true;
	nr = original(task, store, size);
	direct[smp_processor_id()] = false;
	for (i = 0; i < nr; i++) {
		if (!in_ftrace(store[i]))
			continue;
		note(task, store, nr);
		return -EINVAL;
	}
	return nr;
}

static const struct {
	const char *name;
	save_fn fn;
} walks[] = {
	{ "empty", wrong_empty },
	{ "guess", wrong_guess },
	{ "caller", wrong_caller },
	{ "ftrace", right_ftrace },
};

static unsigned long instead;

static void notrace redirect(unsigned long ip, unsigned long parent_ip,
			     struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	original = (save_fn)ip;
	if (!direct[smp_processor_id()])
		ftrace_get_regs(fregs)->psw.addr = instead;
}

static struct ftrace_ops ops = {
	.func = redirect,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY,
};

static int __init zuwrong_init(void)
{
	unsigned int i;
	int rc;

	for (i = 0; i < ARRAY_SIZE(walks); i++)
		if (!strcmp(walks[i].name, walk))
			instead = (unsigned long)walks[i].fn;
	if (!instead)
		return -EINVAL;
	rc = ftrace_set_filter(&ops, victim, strlen(victim), 0);
	return rc ? rc : register_ftrace_function(&ops);
}
module_init(zuwrong_init);

MODULE_DESCRIPTION("Wrong answers about stacks");
MODULE_LICENSE("GPL");
