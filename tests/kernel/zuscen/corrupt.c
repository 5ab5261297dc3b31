// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads asleep on a stack that is broken in one place each, and for good:
 * nothing ever returns through it. Named zu-<what>.
 *
 * zu_corrupt_top calls zu_corrupt_middle calls zu_corrupt_deepest, which
 * breaks the middle one's frame and sleeps. Where it is the saved stack
 * pointer that is to be broken, that is done once the thread sleeps.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched/task_stack.h>
#include <linux/version.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <asm/sections.h>
#include <asm/stacktrace.h>

#include "zuscen.h"

static unsigned long fgraph, rethook, inittext, etext;
module_param(fgraph, ulong, 0);
MODULE_PARM_DESC(fgraph, "address of return_to_handler");
module_param(rethook, ulong, 0);
MODULE_PARM_DESC(rethook, "address of arch_rethook_trampoline");
module_param(inittext, ulong, 0);
MODULE_PARM_DESC(inittext, "address of _sinittext");
module_param(etext, ulong, 0);
MODULE_PARM_DESC(etext, "address of _etext");

/* What is broken. */
enum slot {
	CHAIN,			/* the middle frame's back chain */
	RETURN,			/* the return address in the middle frame */
	KSP,			/* the stack pointer saved when switched out */
};

/* What it is replaced by, an offset apart. */
enum base {
	ZERO,
	OLD,			/* what was there */
	DEEPEST, MIDDLE, TOP,	/* stack pointers */
	CALLER,			/* the stack pointer of top's caller */
	LOW,			/* the stack's first byte */
	LAST,			/* the last frame that fits on the stack */
	REGS,			/* a frame below what looks like an interrupt */
	OTHER,			/* another thread's stack pointer */
	DATA, KERNEL_DATA,
	MODULE_END,		/* the first byte behind this module's text */
	FGRAPH, RETHOOK, INITTEXT, ETEXT,
};

static const struct corruption {
	const char *name;
	enum slot slot;
	enum base base;
	long offset;
} corruptions[] = {
	{ "chain-zero",   CHAIN,  ZERO },
	{ "chain-user",   CHAIN,  ZERO, 0x1000 },
	{ "chain-self",   CHAIN,  MIDDLE },
	{ "chain-back",   CHAIN,  DEEPEST },
	{ "chain-odd",    CHAIN,  TOP, 4 },
	{ "chain-skip",   CHAIN,  CALLER },
	{ "chain-low",    CHAIN,  LOW, -8 },
	{ "chain-last",   CHAIN,  LAST },
	{ "chain-end",    CHAIN,  LAST, 8 },
	{ "chain-regs",   CHAIN,  REGS },
	{ "chain-other",  CHAIN,  OTHER },
	{ "ret-zero",     RETURN, ZERO },
	{ "ret-odd",      RETURN, OLD, 1 },
	{ "ret-stack",    RETURN, TOP },
	{ "ret-data",     RETURN, DATA },
	{ "ret-kdata",    RETURN, KERNEL_DATA },
	{ "ret-modlast",  RETURN, MODULE_END, -2 },
	{ "ret-modend",   RETURN, MODULE_END },
	{ "ret-fgraph",   RETURN, FGRAPH },
	{ "ret-rethook",  RETURN, RETHOOK },
	{ "ret-init",     RETURN, INITTEXT },
	{ "ret-preinit",  RETURN, INITTEXT, -2 },
	{ "ret-last",     RETURN, ETEXT, -2 },
	{ "ret-etext",    RETURN, ETEXT },
	{ "ksp-zero",     KSP,    ZERO },
	{ "ksp-odd",      KSP,    OLD, 4 },
	{ "ksp-low",      KSP,    LOW, -8 },
	{ "ksp-last",     KSP,    LAST },
	{ "ksp-end",      KSP,    LAST, 8 },
};

struct frames {
	struct stack_frame *deepest, *middle, *top;
	struct stack_frame *last;	/* see LAST */
	struct stack_frame *regs;	/* see REGS */
	unsigned long old;
};

static unsigned long data_symbol = 1;

static unsigned long module_text_end(void)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	const struct module_memory *text = &THIS_MODULE->mem[MOD_TEXT];

	return (unsigned long)text->base + text->size;
#else
	const struct module_layout *core = &THIS_MODULE->core_layout;

	return (unsigned long)core->base + core->text_size;
#endif
}

static unsigned long broken(const struct corruption *how,
			    const struct frames *f)
{
	const unsigned long bases[] = {
		[ZERO]		= 0,
		[OLD]		= f->old,
		[DEEPEST]	= (unsigned long)f->deepest,
		[MIDDLE]	= (unsigned long)f->middle,
		[TOP]		= (unsigned long)f->top,
		[CALLER]	= f->top ? f->top->back_chain : 0,
		[LOW]		= (unsigned long)f->last & -THREAD_SIZE,
		[LAST]		= (unsigned long)f->last,
		[REGS]		= (unsigned long)f->regs,
		[OTHER]		= current->real_parent->thread.ksp,
		[DATA]		= (unsigned long)&data_symbol,
		[KERNEL_DATA]	= (unsigned long)&init_task,
		[MODULE_END]	= module_text_end(),
		[FGRAPH]	= fgraph,
		[RETHOOK]	= rethook,
		[INITTEXT]	= inittext,
		[ETEXT]		= etext,
	};

	return bases[how->base] + how->offset;
}

static struct stack_frame *last_frame(struct task_struct *task)
{
	return task_stack_page(task) + THREAD_SIZE - sizeof(struct stack_frame);
}

/* A frame whose chain ends, and whose return address is @ip. */
static void end_frame(struct stack_frame *frame, unsigned long ip)
{
	WRITE_ONCE(frame->back_chain, 0);
	WRITE_ONCE(frame->gprs[8], ip);
}

/* Apart, or zu_corrupt_deepest() would be refused for what it writes. */
static zuscen_fn void break_frame(const struct corruption *how,
				  struct frames *f)
{
	struct pt_regs *regs = (void *)(f->regs + 1);
	unsigned long ip = f->middle->gprs[8];

	end_frame(f->last, ip);
	end_frame(f->regs, ip);
	WRITE_ONCE(regs->psw.addr, ip);
	WRITE_ONCE(regs->gprs[15], (unsigned long)f->top);
	if (how->slot == CHAIN)
		WRITE_ONCE(f->middle->back_chain, broken(how, f));
	if (how->slot == RETURN) {
		f->old = ip;
		WRITE_ONCE(f->middle->gprs[8], broken(how, f));
	}
}

/* @spare: room in the middle frame for a frame and a pt_regs */
static zuscen_fn unsigned long
zu_corrupt_deepest(const struct corruption *how, void *spare)
{
	struct frames f = {
		.deepest = (void *)current_stack_pointer,
		.last = last_frame(current),
		.regs = spare,
	};

	f.middle = (void *)f.deepest->back_chain;
	f.top = (void *)f.middle->back_chain;
	break_frame(how, &f);
	zuscen_sleep();
	return f.old;
}

static zuscen_fn unsigned long zu_corrupt_middle(const struct corruption *how)
{
	struct {
		struct stack_frame frame;
		struct pt_regs regs;
	} spare = {};

	return zu_corrupt_deepest(how, &spare) + READ_ONCE(spare.regs.flags);
}

static zuscen_fn unsigned long zu_corrupt_top(const struct corruption *how)
{
	return zu_corrupt_middle(how) + 1;
}

static zuscen_fn int zu_corrupt(void *how)
{
	return zu_corrupt_top(how) & 1;
}

static void break_ksp(const struct corruption *how, struct task_struct *task)
{
	struct frames f = { .last = last_frame(task) };

	while (READ_ONCE(task->__state) != TASK_IDLE || READ_ONCE(task->on_cpu))
		msleep(20);
	f.old = task->thread.ksp;
	task->thread.ksp = broken(how, &f);
}

int zuscen_corrupt(void)
{
	unsigned int i;

	if (!fgraph || !rethook || !inittext || !etext)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(corruptions); i++) {
		const struct corruption *how = &corruptions[i];
		struct task_struct *task;
		char name[TASK_COMM_LEN];

		snprintf(name, sizeof(name), "zu-%s", how->name);
		task = zuscen_thread(zu_corrupt, (void *)how, -1, name);
		if (IS_ERR(task))
			return PTR_ERR(task);
		if (how->slot == KSP)
			break_ksp(how, task);
	}
	return 0;
}
