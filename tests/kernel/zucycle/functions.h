/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions that live patches replace, for zucycle.ko and, once more, for
 * the patches. Who includes this defines
 *
 *	ZU_FN(name)	how this version of zu_<name> is called
 *	ZU_ENTER(name)	zu_enter() for this version
 *	zu_text		what stands before each of them
 *
 * They call each other by the names of the original functions, which is where
 * live patching steps in.
 */
#include <linux/rcupdate.h>
#include <linux/uaccess.h>

/* In a kernel without preemption, others get the CPU only here. */
static __always_inline void zu_yield(void)
{
	if (!IS_ENABLED(CONFIG_PREEMPTION))
		cond_resched();
}

/* An interrupt finds a loop of one instruction. */
static __always_inline void zu_spin(unsigned long times)
{
	asm volatile("0:	brctg	%0,0b" : "+d" (times) : : "cc");
}

/* No frame */
zu_text unsigned long ZU_FN(leaf)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(leaf);

	zu_spin(1 + x % 1024);
	zu_leave(c, below);
	return x ^ 1;
}

/* Not much besides a prologue and an epilogue that save all there is to save */
zu_text unsigned long ZU_FN(tiny)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(tiny);

	asm volatile("" : : : "6", "7", "8", "9", "10", "memory");
	zu_leave(c, below);
	return x + 1;
}

/* Arguments on its caller's stack */
zu_text unsigned long ZU_FN(stackargs)(struct zu_chain *c, unsigned long x,
				       unsigned long a, unsigned long b,
				       unsigned long d, unsigned long e,
				       unsigned long f, unsigned long g)
{
	struct zu_mark below = ZU_ENTER(stackargs);

	x = zu_next(c, x ^ a ^ b ^ d ^ e ^ f ^ g);
	zu_leave(c, below);
	return x;
}

zu_text unsigned long ZU_FN(direct)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(direct);

	x = zu_leaf(c, x);
	x = zu_stackargs(c, x, 1, 2, x, 4, 5, x >> 1);
	x = zu_tiny(c, x);
	zu_yield();
	zu_leave(c, below);
	return x;
}

zu_text unsigned long ZU_FN(pointer)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(pointer);

	x = zu_next(c, x);
	x = zu_next(c, x);
	zu_leave(c, below);
	return x;
}

/* Gone when what it jumps to begins: it leaves the chain before */
zu_text unsigned long ZU_FN(tail)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(tail);

	x = zu_tiny(c, x);
	zu_leave(c, below);
	return zu_pointer(c, x);
}

/* The same without a frame, by pointer */
zu_text unsigned long ZU_FN(jump)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(jump);

	zu_leave(c, below);
	return zu_next(c, x);
}

zu_text unsigned long ZU_FN(big)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(big);
	unsigned long room[48];

	room[x % 48] = x;
	OPTIMIZER_HIDE_VAR(x);
	barrier_data(room);
	x = zu_next(c, x ^ 2) + room[x % 48];
	zu_leave(c, below);
	return x;
}

/* The frame is found by r11 */
zu_text unsigned long ZU_FN(alloca)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(alloca);
	unsigned long *room = __builtin_alloca(8 + x % 256);

	*room = x;
	barrier_data(room);
	x = zu_next(c, x ^ 3) + *room;
	zu_leave(c, below);
	return x;
}

/* An early exit: most calls end before it is on the chain */
zu_text unsigned long ZU_FN(early)(struct zu_chain *c, unsigned long x)
{
	if (unlikely(!(x & 0x7000))) {
		struct zu_mark below = ZU_ENTER(early);

		x = zu_next(c, x);
		x = zu_next(c, x);
		zu_leave(c, below);
	}
	return x + 3;
}

zu_text unsigned long ZU_FN(recurse)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(recurse);

	if (c->left && x & 0x30) {
		c->left--;
		/* Not by its name: gcc would make it another one. */
		x = READ_ONCE(zu_table[ZU_ID_recurse])(c, x ^ zu_random(c));
	} else {
		x = zu_next(c, x);
	}
	zu_leave(c, below);
	return x;
}

/* Calls and returns by expoline thunks, in every kernel */
zu_text __attribute__((indirect_branch("thunk"), function_return("thunk")))
unsigned long ZU_FN(thunk)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(thunk);

	x = zu_next(c, x);
	x = zu_table[ZU_ID_leaf](c, x);
	zu_leave(c, below);
	return x;
}

zu_text unsigned long ZU_FN(many)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(many);
	unsigned int i;

	for (i = 0; i < 16; i++)
		x = zu_tiny(c, x);
	x = zu_next(c, x);
	zu_leave(c, below);
	return x;
}

/* Seldom: chains are to be interrupted rather than asleep */
zu_text unsigned long ZU_FN(sleep)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(sleep);

	if (!(x >> 5 & 0xff))
		schedule_timeout_uninterruptible(1);
	x = zu_next(c, x);
	zu_leave(c, below);
	return x;
}

/* For a user task, asleep in a fault that the kernel takes */
zu_text unsigned long ZU_FN(fault)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(fault);
	u8 byte = 0;

	if (c->pages < c->pages_end) {
		if (copy_from_user(&byte, (void __user *)c->pages, 1))
			byte = 1;
		c->pages += PAGE_SIZE;
	}
	x = zu_next(c, x ^ byte);
	zu_leave(c, below);
	return x;
}

/*
 * For kretprobes, and never patched: what s390 does for a probe on a function's
 * first instruction (kprobe_ftrace_handler()) has it go on in the old version.
 */
zu_text unsigned long ZU_FN(probed)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(probed);

	x = zu_next(c, x);
	x = zu_next(c, x);
	zu_leave(c, below);
	return x;
}

/* What a thread or a system call does with its life */
zu_text unsigned long ZU_FN(main)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(main);
	unsigned int i;

	for (i = 0; i < 8; i++) {
		c->left = 24;
		x = zu_next(c, x);
	}
	zu_leave(c, below);
	return x;
}

/* The next three stay on a stack until they are told to leave. */
zu_text unsigned long ZU_FN(hold_leaf)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(hold_leaf);

	while (READ_ONCE(zu_hold)) {
		zu_spin(100000);
		cond_resched_tasks_rcu_qs();
	}
	zu_leave(c, below);
	return x;
}

zu_text unsigned long ZU_FN(hold_middle)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(hold_middle);
	unsigned int i;

	while (READ_ONCE(zu_hold)) {
		for (i = 0; i < 1000; i++) {
			c->left = 2;
			x = c->hold(c, x);
		}
		cond_resched_tasks_rcu_qs();
	}
	zu_leave(c, below);
	return x;
}

zu_text unsigned long ZU_FN(hold_main)(struct zu_chain *c, unsigned long x)
{
	struct zu_mark below = ZU_ENTER(hold_main);

	x = zu_hold_middle(c, x);
	zu_leave(c, below);
	return x;
}

/* On no stack, ever */
zu_text unsigned long ZU_FN(nobody)(struct zu_chain *c, unsigned long x)
{
	return x + 1;
}
