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

	if (zu_env_read(u->env->read, u->task->ctx, addr, b, sizeof(b))) {
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

	if (zu_env_read(u->env->read, u->task->ctx, sp + ZU_FRAME_R14, b, sizeof(b))) {
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
	struct zu_stack here;

	if (sp > u->frame.sp && sp <= u->stack.end - ZU_FRAME_SIZE)
		return true;
	here = u->stack;
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
	if (!u->env->recover || !ip || (ip != u->env->return_to_handler &&
					ip != u->env->rethook_trampoline))
		return ip;
	return u->env->recover(u->task->ctx, &u->cursor, ip, sp, from);
}

/* Kernel: the end of unwind_next_frame(), "Update unwind state". */
static void arrive(struct zu_unwind *u, uint64_t sp, uint64_t ip,
		   enum zu_from from)
{
	struct zu_frame *f = &u->frame;

	f->sp = sp;
	f->regs = 0;
	f->from = from;
	f->stack = u->stack.type;
	f->guess = false;
	f->ip = recover(u, ip, sp, &f->from);
}

/*
 * Behind saved registers: the r14 slot at the interrupted stack pointer may
 * hold the caller, or nothing of use. Kernel: the branch "if (regs)".
 */
static bool guess_caller(struct zu_unwind *u)
{
	uint64_t sp = u->frame.sp, ip = u->r14;
	enum zu_from from;

	/* The kernel recovers twice, which moves the cursor twice. */
	if (!zu_is_text(u, ip) || u->frame.ip == recover(u, ip, sp, &from))
		return false;
	arrive(u, sp, ip, ZU_FROM_CHAIN);
	u->frame.guess = true;
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
	uint64_t regs = u->frame.sp + ZU_FRAME_SIZE, sp, ip;
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
	if (!read_u64(u, regs + ZU_REGS_PSW_ADDR, &ip) ||
	    !read_u64(u, regs + ZU_REGS_R15, &sp))
		return;
	if (!go_to(u, sp) || sp % ZU_SP_ALIGN) {
		/* no stack pointer, so these were no registers */
		stop(u, ZU_WHY_NO_END, u->frame.sp);
		return;
	}
	arrive(u, sp, ip, ZU_FROM_EXCEPTION);
	u->frame.regs = regs;
	if (u->by_rows)
		zu_look_behind(u);
}

static void next_by_chain(struct zu_unwind *u)
{
	uint64_t sp = u->back_chain;

	if (!sp)
		next_by_regs(u);
	else if (!go_to(u, sp))
		return;
	else if (sp % ZU_SP_ALIGN)
		stop(u, ZU_WHY_MISALIGNED, sp);
	else if (read_slots(u, sp))
		arrive(u, sp, u->r14, ZU_FROM_CHAIN);
}

/* Behind saved registers, where the row told what is there. */
static void next_by_row(struct zu_unwind *u)
{
	if (read_slots(u, u->behind.sp))
		arrive(u, u->behind.sp, u->behind.ip, ZU_FROM_TABLE);
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
	memset(u, 0, sizeof(*u));
	u->env = env;
	u->task = task;
	if (!enter_stack(u, task->ksp)) {
		stop(u, ZU_WHY_BAD_START, task->ksp);
		return;
	}
	if (read_slots(u, task->ksp))
		arrive(u, task->ksp, u->r14, ZU_FROM_SWITCH);
}

void zu_unwind_start_rows(struct zu_unwind *u, const struct zu_unwind_env *env,
			  const struct zu_unwind_task *task)
{
	zu_unwind_start(u, env, task);
	u->by_rows = true;
}
