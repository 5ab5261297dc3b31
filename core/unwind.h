/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The walk: from frame to frame along the back chain. It judges nothing.
 *
 * Invariants
 * - The caller owns every structure; nothing is allocated or kept.
 * - Any memory content ends the walk: on each stack the stack pointer only
 *   rises, and no stack is entered twice.
 * - Memory is touched through zu_unwind_env.read only, and only inside the
 *   stacks that the task description names.
 *
 * Life cycle: fill a struct zu_unwind_env (one per kernel) and a struct
 * zu_unwind_task (one per task); zu_unwind_start(), then zu_unwind_next()
 * until zu_unwind_done(), or zu_for_each_frame(). A walk that ended tells by
 * zu_unwind.why whether it came to the task's own registers (ZU_WHY_NONE) or
 * what stopped it.
 *
 * The steps are those of the kernel: unwind_start(), unwind_next_frame() in
 * arch/s390/kernel/unwind_bc.c and get_stack_info() in dumpstack.c, which are
 * the same in 6.1, 6.12 and 7.2. A walk by rows differs from that in one
 * place: behind saved registers it goes on by the row of the instruction that
 * was interrupted (core/row_walk.c), not by a guess.
 */
#ifndef ZU_CORE_UNWIND_H
#define ZU_CORE_UNWIND_H

#include "core/env.h"
#include "core/row.h"
#include "core/why.h"

/**
 * enum zu_stack_type - kinds of kernel stacks
 *
 * The kernel's enum stack_type (asm/stacktrace.h), in its order.
 */
enum zu_stack_type {
	ZU_STACK_UNKNOWN,
	ZU_STACK_TASK,
	ZU_STACK_IRQ,
	ZU_STACK_NODAT,
	ZU_STACK_RESTART,
	ZU_STACK_MCCK,
};

/**
 * struct zu_stack - one stack
 * @begin: lowest address
 * @end: first address above
 * @type: what it is for
 */
struct zu_stack {
	uint64_t begin;
	uint64_t end;
	enum zu_stack_type type;
};

/**
 * enum zu_from - how a frame was found
 * @ZU_FROM_SWITCH: the stack pointer that the task switch saved
 * @ZU_FROM_CHAIN: the back chain of the frame before
 * @ZU_FROM_EXCEPTION: the PSW of an interrupt or fault: interrupted there
 * @ZU_FROM_FGRAPH: like @ZU_FROM_CHAIN, the return address taken from the
 *	function graph tracer's shadow stack
 * @ZU_FROM_RETHOOK: like @ZU_FROM_CHAIN, the return address taken from a
 *	return probe's records (0 if they don't have it)
 * @ZU_FROM_TABLE: the row of the interrupted instruction and the registers of
 *	then: its caller
 */
enum zu_from {
	ZU_FROM_SWITCH,
	ZU_FROM_CHAIN,
	ZU_FROM_EXCEPTION,
	ZU_FROM_FGRAPH,
	ZU_FROM_RETHOOK,
	ZU_FROM_TABLE,
};

/**
 * zu_from_word() - the stable word for how a frame was found
 * @from: how
 *
 * Return: "switch", "chain", "exception", "fgraph", "rethook" or "table". Static
 * memory.
 */
const char *zu_from_word(enum zu_from from);

/**
 * struct zu_frame - one step of a walk
 * @sp: stack pointer
 * @ip: instruction pointer: a return address, or a PSW address where @regs
 *	is set
 * @regs: address of the struct pt_regs that @ip comes from, or 0
 * @from: how it was found
 * @stack: the kind of stack @sp is on
 * @guess: @ip was found behind saved registers, in the slot for r14, which
 *	the interrupted function may not have written yet
 */
struct zu_frame {
	uint64_t sp;
	uint64_t ip;
	uint64_t regs;
	enum zu_from from;
	enum zu_stack_type stack;
	bool guess;
};

/**
 * struct zu_cursor - how far return address recovery has come
 * @fgraph: position in the function graph shadow stack
 * @rethook: the return probe record used last
 *
 * Zeroed by zu_unwind_start(), otherwise the business of
 * zu_unwind_env.recover alone.
 */
struct zu_cursor {
	uint64_t fgraph;
	uint64_t rethook;
};

/**
 * enum zu_call - what ends at a return address
 * @ZU_CALL_NONE: no call
 * @ZU_CALL_DIRECT: a call of one function
 * @ZU_CALL_INDIRECT: a call of whatever a register held
 * @ZU_CALL_UNKNOWN: the code is not there to be looked at
 */
enum zu_call {
	ZU_CALL_NONE,
	ZU_CALL_DIRECT,
	ZU_CALL_INDIRECT,
	ZU_CALL_UNKNOWN,
};

/**
 * struct zu_site - what code and table say of an address
 * @row: the row; of a return address that of the call before it
 * @call: the instruction that ends at a return address
 * @gone: there was code once, and its memory was given away: nobody can say
 *	anything (init text)
 * @cpu: a CPU begins its work there: only its idle task goes back to it
 * @func: where the function starts, 0 if that isn't known
 * @target: with ZU_CALL_DIRECT: what is called
 */
struct zu_site {
	struct zu_row row;
	enum zu_call call;
	bool gone;
	bool cpu;
	uint64_t func;
	uint64_t target;
};

/**
 * struct zu_link - what code alone says of a frame and its caller's: that this
 * return address can lie above that one, and how far away
 * @distance: from the one's stack pointer to the caller's
 * @fp_off: with ZU_PLACE_CFA: as in struct zu_row
 * @fp_place: where the caller's r11 is, as in the row of the one
 */
struct zu_link {
	uint64_t distance;
	int32_t fp_off;
	uint8_t fp_place;
};

/**
 * struct zu_unwind_env - what the walk asks of its host
 * @read: copies @len bytes at kernel virtual address @addr; 0 or negative
 * @is_text: is this address kernel code, as __kernel_text_address() says;
 *	asked of what is not in @text
 * @recover: the return address that tracing replaced by one of its
 *	trampolines, asked where @ip, found in memory, is one of those: for the
 *	frame at @sp. What it returns is what the
 *	kernel's unwind_recover_ret_addr() returns; *@from is set where a
 *	record was looked for. May be NULL: nothing is ever replaced.
 * @hides_caller: does the code at this frame stand in for a function that no
 *	frame shows (strict rules). May be NULL: never.
 * @site: what is known of the code at @ip, which is a return address, or with
 *	@exact an instruction that would run next; fills @ret in any case. May
 *	be NULL: there is neither code nor a table, and strict rules have the
 *	back chain alone.
 * @leads_to: can a call of @target, by tail calls or because tracing or live
 *	patching redirected it, end in the function that starts at @func; asked
 *	only where the two differ. May be NULL: never.
 * @link: was this learnt: frames at @inner, called from before @outer, both
 *	return addresses; fills @ret if so. May be NULL: nothing is.
 * @learn: takes a link that all witnesses agreed on, and that is true as long as
 *	@link may say so: as the code is there, and what it calls leads to the
 *	function at @func, the one of @inner. May be NULL.
 * @text: begin and end of kernel code that is always there; may be 0 and 0
 * @return_to_handler: address of the function graph trampoline, or 0
 * @rethook_trampoline: address of the return probe trampoline, or 0
 * @ret_from_fork: where tasks that never ran begin, or 0
 * @switch_to: what the scheduler calls to change tasks; 0 where there is none
 * @regs_size: sizeof(struct pt_regs)
 */
struct zu_unwind_env {
	int (*read)(void *ctx, uint64_t addr, void *buf, size_t len);
	bool (*is_text)(void *ctx, uint64_t addr);
	uint64_t (*recover)(void *ctx, struct zu_cursor *cursor, uint64_t ip,
			    uint64_t sp, enum zu_from *from);
	bool (*hides_caller)(void *ctx, const struct zu_frame *frame);
	void (*site)(void *ctx, uint64_t ip, bool exact, struct zu_site *ret);
	bool (*leads_to)(void *ctx, uint64_t target, uint64_t func);
	zu_link_fn *link;
	void (*learn)(void *ctx, uint64_t inner, uint64_t outer, uint64_t func,
		      const struct zu_link *link);
	uint64_t text[2];
	uint64_t return_to_handler;
	uint64_t rethook_trampoline;
	uint64_t ret_from_fork;
	uint64_t switch_to[2];
	uint32_t regs_size;
};

/**
 * struct zu_unwind_task - what the walk has to know of a task
 * @ctx: given to the functions of struct zu_unwind_env
 * @ksp: the stack pointer to start from
 * @regs: address of the task's own registers, task_pt_regs()
 * @stacks: the stacks the walk may enter, the task's own first. That is the
 *	only one, unless the task is the one that is running.
 * @nr_stacks: how many
 * @idle: it is the idle task of a CPU
 */
struct zu_unwind_task {
	void *ctx;
	uint64_t ksp;
	uint64_t regs;
	const struct zu_stack *stacks;
	unsigned int nr_stacks;
	bool idle;
};

/**
 * struct zu_fp - where the value of r11 at a frame is
 * @slot: its address in memory, or 0
 * @known: @value is it
 * @value: the value itself
 *
 * Neither: it is lost.
 */
struct zu_fp {
	uint64_t slot;
	uint64_t value;
	bool known;
};

/**
 * struct zu_behind - what is behind saved registers, by rows
 * @why: ZU_WHY_NONE if the caller of what was interrupted is known, else why
 *	not: then the walk goes on as the kernel does
 * @at: with @why: the address or value that is the cause
 * @sp: the caller's stack pointer
 * @ip: the return address into it
 * @fp: where its r11 is
 */
struct zu_behind {
	enum zu_why why;
	uint64_t at;
	uint64_t sp;
	uint64_t ip;
	struct zu_fp fp;
};

/**
 * struct zu_unwind - state of a walk
 * @frame: the current frame, while the walk isn't done
 * @why: after the end: ZU_WHY_NONE if the walk came to the task's own
 *	registers, else what stopped it
 * @at: with @why: the address or value that stopped it
 * @by_rows: it is a walk by rows
 * @behind: of a walk by rows, at a frame with registers: how it goes on
 *
 * The rest is private to the walk.
 */
struct zu_unwind {
	struct zu_frame frame;
	enum zu_why why;
	uint64_t at;
	bool by_rows;
	struct zu_behind behind;

	const struct zu_unwind_env *env;
	const struct zu_unwind_task *task;
	struct zu_stack stack;
	uint64_t r14;
	uint64_t back_chain;
	uint32_t visited;
	struct zu_cursor cursor;
	bool done;
};

/**
 * zu_unwind_start() - go to the first frame
 * @u: state, any content
 * @env: the kernel; must outlive the walk
 * @task: the task; must outlive the walk
 *
 * The walk is done at once, with a reason, if the start is no good.
 * Source of the rule: __unwind_start() without regs, 6.1 to 7.2.
 */
void zu_unwind_start(struct zu_unwind *u, const struct zu_unwind_env *env,
		     const struct zu_unwind_task *task);

/**
 * zu_unwind_start_rows() - zu_unwind_start() of a walk by rows
 * @u: state, any content
 * @env: the kernel, with @site; must outlive the walk
 * @task: the task; must outlive the walk
 *
 * Up to the first saved registers it takes the same steps.
 */
void zu_unwind_start_rows(struct zu_unwind *u, const struct zu_unwind_env *env,
			  const struct zu_unwind_task *task);

/**
 * zu_unwind_next() - go to the next frame, or end the walk
 * @u: state; nothing happens if the walk is done
 *
 * Source of the rule: unwind_next_frame(), 6.1 to 7.2.
 */
void zu_unwind_next(struct zu_unwind *u);

/**
 * zu_unwind_done() - has the walk ended?
 * @u: state
 *
 * Return: true if there is no current frame any more.
 */
static inline bool zu_unwind_done(const struct zu_unwind *u)
{
	return u->done;
}

/**
 * zu_for_each_frame() - walk a stack
 * @u: pointer to the state
 * @env: the kernel
 * @task: the task
 */
#define zu_for_each_frame(u, env, task)					\
	for (zu_unwind_start(u, env, task); !zu_unwind_done(u);		\
	     zu_unwind_next(u))

#endif
