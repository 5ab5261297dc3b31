/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What zucycle.ko and its live patches share: which functions can be patched,
 * and the record that every one of them keeps of the versions on its chain.
 *
 * A state of the machine says which version of each function is current. State
 * 0 is the module as it was loaded; in state N > 0 patch N is applied, which
 * has its own version of the functions in zu_set[N] and of no others. Live
 * patching promises that a task never sees two states in one chain of calls.
 * So what is kept is the set of states that all versions on the chain belong
 * to; it may not become empty.
 */
#ifndef ZUCYCLE_H
#define ZUCYCLE_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/sched.h>

#define ZU_STATES 32

/* F(name): the function zu_<name>. What a chain goes on with comes first. */
#define ZU_FUNCTIONS(F) \
	F(direct) F(pointer) F(tail) F(jump) F(leaf) F(big) F(alloca) \
	F(early) F(recurse) F(thunk) F(many) F(sleep) F(fault) F(probed) \
	F(tiny) F(stackargs) F(main) \
	F(hold_main) F(hold_middle) F(hold_leaf) F(nobody)

#define ZU_ID_OF(name) ZU_ID_##name,
enum zu_id {
	ZU_FUNCTIONS(ZU_ID_OF)
	ZU_IDS,
	ZU_NEXT = ZU_ID_tiny,		/* so many are in zu_table */
	ZU_LAST = ZU_ID_main,		/* of those that cycle */
};

/* What is known of the functions on a chain. */
struct zu_mark {
	unsigned long states;		/* that all of them belong to */
	unsigned int who;		/* function and state that left only those */
};

/* Never 0 */
#define ZU_WHO(id, state) (((id) + 1) << 8 | (state))
#define ZU_WHO_NAME(who) zu_names[((who) >> 8) - 1]
#define ZU_WHO_STATE(who) ((who) & 0xff)

struct zu_chain {
	struct zu_mark mark;
	u64 bad;			/* the two who do not fit, or 0 */
	unsigned long random;		/* what it calls next; never 0 */
	unsigned int left;		/* calls that this chain may still make */
	unsigned long pages;		/* user memory to fault on, and its end */
	unsigned long pages_end;
	unsigned long (*hold)(struct zu_chain *c, unsigned long x);
};

#define ZU_CHAIN_INIT(seed) { .mark.states = ~0UL, .random = (seed) | 1 }

typedef unsigned long (*zu_fn)(struct zu_chain *c, unsigned long x);

extern const zu_fn zu_table[ZU_NEXT];
extern const char *const zu_names[ZU_IDS];
extern unsigned int zu_states;		/* so many there are, with state 0 */
extern unsigned long zu_set[ZU_STATES];	/* functions patched in that state */
extern unsigned long zu_plain[ZU_IDS];	/* states in which it is not patched */
extern bool zu_hold;

#define ZU_DECLARE(name) \
	unsigned long zu_##name(struct zu_chain *c, unsigned long x);
#define zu_stackargs zu_stackargs_	/* has more arguments */
ZU_FUNCTIONS(ZU_DECLARE)
#undef zu_stackargs
unsigned long zu_stackargs(struct zu_chain *c, unsigned long x, unsigned long a,
			   unsigned long b, unsigned long d, unsigned long e,
			   unsigned long f, unsigned long g);

void zu_account(struct zu_chain *c);
int zu_states_init(void);
int zu_hold_init(void);
int zu_user_init(void);

/*
 * A function begins: @states are those that its version belongs to. Always
 * inlined and without a call, so that a leaf stays one. Returns what
 * zu_leave() needs.
 */
static __always_inline struct zu_mark
zu_enter(struct zu_chain *c, unsigned int who, unsigned long states)
{
	struct zu_mark below = c->mark;
	unsigned long both = below.states & states;

	if (unlikely(!both)) {
		if (!c->bad)
			c->bad = (u64)below.who << 32 | who;
		both = states;
	}
	if (both != below.states)
		c->mark.who = who;
	c->mark.states = both;
	return below;
}

static __always_inline void zu_leave(struct zu_chain *c, struct zu_mark below)
{
	barrier();
	c->mark = below;
}

static __always_inline unsigned long zu_random(struct zu_chain *c)
{
	unsigned long x = c->random;

	/* Shifts: a literal pool would cost a leaf its simple prologue. */
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	c->random = x;
	return x;
}

/* The chain goes on with any function, if it may. */
static __always_inline unsigned long zu_next(struct zu_chain *c,
					     unsigned long x)
{
	if (!c->left)
		return x;
	c->left--;
	x ^= zu_random(c);
	return zu_table[(c->random >> 33) % ZU_NEXT](c, x);
}

#endif
