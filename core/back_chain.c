/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The walk by back chain. It takes each step as the kernel's own unwinder
 * does, also where that looks odd, so that both see the same frames.
 */
#include "core/walk.h"

#include "core/bytes.h"
#include "core/frame_s390x.h"

static void stop(struct zu_unwind *u, enum zu_why why, uint64_t at)
{
	u->why = why;
	u->at = at;
	u->done = true;
}

static bool read_u64(struct zu_unwind *u, uint64_t addr, uint64_t *ret)
{
	uint8_t b[8];

	if (u->env->read(u->task->ctx, addr, b, sizeof(b))) {
		stop(u, ZU_WHY_UNREADABLE, addr);
		return false;
	}
	*ret = zu_be64(b);
	return true;
}

/* The two slots that steps need stand side by side: one read for both. */
static bool read_slots(struct zu_unwind *u, uint64_t sp)
{
	uint8_t b[ZU_FRAME_SIZE - ZU_FRAME_R14];

	if (u->env->read(u->task->ctx, sp + ZU_FRAME_R14, b, sizeof(b))) {
		stop(u, ZU_WHY_UNREADABLE, sp + ZU_FRAME_R14);
		return false;
	}
	u->r14 = zu_be64(b);
	u->back_chain = zu_be64(b + (ZU_FRAME_BACK_CHAIN - ZU_FRAME_R14));
	return true;
}

/* Kernel: get_stack_info() and the check for room that follows it. */
static bool enter_stack(struct zu_unwind *u, uint64_t sp)
{
	const struct zu_unwind_task *t = u->task;
	unsigned int i;

	if (!sp || sp % ZU_SP_ALIGN)
		return false;
	for (i = 0; i < t->nr_stacks; i++)
		if (sp >= t->stacks[i].begin && sp < t->stacks[i].end)
			break;
	if (i == t->nr_stacks)
		return false;
	if (u->visited & 1u << t->stacks[i].type)
		return false;
	u->visited |= 1u << t->stacks[i].type;
	u->stack = t->stacks[i];
	return zu_on_stack(&u->stack, sp, ZU_FRAME_SIZE);
}

/*
 * May the walk go to this stack pointer? On the stack it is on it may only go
 * up, and must leave room for a whole frame.
 */
static bool go_to(struct zu_unwind *u, uint64_t sp)
{
	struct zu_stack here = u->stack;

	if (sp > u->frame.sp && sp <= here.end - ZU_FRAME_SIZE)
		return true;
	if (enter_stack(u, sp))
		return true;
	/* The kernel gives up here too; what follows only finds the word. */
	if (sp % ZU_SP_ALIGN)
		stop(u, ZU_WHY_MISALIGNED, sp);
	else if (sp >= here.begin && sp <= u->frame.sp)
		stop(u, ZU_WHY_BACKWARDS, sp);
	else
		stop(u, ZU_WHY_OFF_STACK, sp);
	return false;
}

static uint64_t recover(struct zu_unwind *u, uint64_t ip, uint64_t sp,
			enum zu_from *from)
{
	if (!u->env->recover)
		return ip;
	return u->env->recover(u->task->ctx, &u->cursor, ip, sp, from);
}

/* Kernel: the end of unwind_next_frame(), "Update unwind state". */
static void arrive(struct zu_unwind *u, const struct zu_frame *next)
{
	u->frame = *next;
	u->frame.stack = u->stack.type;
	u->frame.ip = recover(u, next->ip, next->sp, &u->frame.from);
}

/*
 * Behind saved registers: the r14 slot at the interrupted stack pointer may
 * hold the caller, or nothing of use. Kernel: the branch "if (regs)".
 */
static bool guess_caller(struct zu_unwind *u)
{
	struct zu_frame next = {
		.sp = u->frame.sp,
		.ip = u->r14,
		.from = ZU_FROM_CHAIN,
		.guess = true,
	};
	enum zu_from from;

	/* The kernel recovers twice, which moves the cursor twice. */
	if (!u->env->is_text(u->task->ctx, next.ip) ||
	    u->frame.ip == recover(u, next.ip, next.sp, &from))
		return false;
	arrive(u, &next);
	return true;
}

static bool is_final_regs(struct zu_unwind *u, uint64_t regs, bool *ret)
{
	uint64_t mask;

	*ret = regs == u->task->regs;
	if (*ret || u->stack.type != ZU_STACK_IRQ ||
	    regs != u->stack.end - u->env->regs_size)
		return true;
	/* user mode registers at the bottom of the interrupt stack */
	if (!read_u64(u, regs + ZU_REGS_PSW_MASK, &mask))
		return false;
	*ret = mask & ZU_PSW_MASK_PSTATE;
	return true;
}

/* No back chain: the task's own registers, or those of an interrupt. */
static void next_by_regs(struct zu_unwind *u)
{
	uint64_t regs = u->frame.sp + ZU_FRAME_SIZE;
	struct zu_frame next = { .regs = regs, .from = ZU_FROM_EXCEPTION };
	bool final;

	if (!zu_on_stack(&u->stack, regs, u->env->regs_size)) {
		stop(u, ZU_WHY_NO_END, u->frame.sp);
		return;
	}
	if (!is_final_regs(u, regs, &final))
		return;
	if (final) {
		stop(u, ZU_WHY_NONE, 0);
		return;
	}
	if (!read_u64(u, regs + ZU_REGS_PSW_ADDR, &next.ip) ||
	    !read_u64(u, regs + ZU_REGS_R15, &next.sp))
		return;
	if (!go_to(u, next.sp) || next.sp % ZU_SP_ALIGN) {
		/* no stack pointer, so these were no registers */
		stop(u, ZU_WHY_NO_END, u->frame.sp);
		return;
	}
	arrive(u, &next);
	if (u->by_rows)
		zu_look_behind(u);
}

static void next_by_chain(struct zu_unwind *u)
{
	struct zu_frame next = { .sp = u->back_chain, .from = ZU_FROM_CHAIN };

	if (!next.sp) {
		next_by_regs(u);
		return;
	}
	if (!go_to(u, next.sp))
		return;
	if (next.sp % ZU_SP_ALIGN) {
		stop(u, ZU_WHY_MISALIGNED, next.sp);
		return;
	}
	if (!read_slots(u, next.sp))
		return;
	next.ip = u->r14;
	arrive(u, &next);
}

/* Behind saved registers, where the row told what is there. */
static void next_by_row(struct zu_unwind *u)
{
	struct zu_frame next = {
		.sp = u->behind.sp,
		.ip = u->behind.ip,
		.from = ZU_FROM_TABLE,
	};

	if (read_slots(u, next.sp))
		arrive(u, &next);
}

void zu_unwind_next(struct zu_unwind *u)
{
	if (u->done)
		return;
	if (u->frame.regs && u->by_rows && !u->behind.why) {
		next_by_row(u);
		return;
	}
	if (u->frame.regs &&
	    (!read_slots(u, u->frame.sp) || guess_caller(u)))
		return;
	next_by_chain(u);
}

void zu_unwind_start(struct zu_unwind *u, const struct zu_unwind_env *env,
		     const struct zu_unwind_task *task)
{
	struct zu_frame first = { .sp = task->ksp, .from = ZU_FROM_SWITCH };

	memset(u, 0, sizeof(*u));
	u->env = env;
	u->task = task;
	if (!enter_stack(u, task->ksp)) {
		stop(u, ZU_WHY_BAD_START, task->ksp);
		return;
	}
	if (!read_slots(u, first.sp))
		return;
	first.ip = u->r14;
	arrive(u, &first);
}

void zu_unwind_start_rows(struct zu_unwind *u, const struct zu_unwind_env *env,
			  const struct zu_unwind_task *task)
{
	zu_unwind_start(u, env, task);
	u->by_rows = true;
}

const char *zu_from_word(enum zu_from from)
{
	switch (from) {
	case ZU_FROM_SWITCH:
		return "switch";
	case ZU_FROM_CHAIN:
		return "chain";
	case ZU_FROM_EXCEPTION:
		return "exception";
	case ZU_FROM_FGRAPH:
		return "fgraph";
	case ZU_FROM_RETHOOK:
		return "rethook";
	case ZU_FROM_TABLE:
		return "table";
	}
	return "unknown";
}
