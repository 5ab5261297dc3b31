/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions in C whose inline assembler breaks a rule. Each has a neighbour
 * with assembler that looks alike and does not.
 */
/* BUILD -O2 -march=z10 */
/* BUILD -O2 -march=z13 */
/* BUILD -O2 -march=z15 */
/* BUILD -Os -march=z14 */
/* BUILD -O1 -march=z196 */
/* BUILD -O2 -march=z13 -pg -mfentry -mnop-mcount */
/* BUILD -O2 -march=z13 -mindirect-branch=thunk -mfunction-return=thunk */
/* BUILD -O2 -march=z13 -fstack-protector-strong */
/* BUILD -O2 -march=z13 -fasynchronous-unwind-tables */
#include "kernel.h"

/* the back chain */
u64 chain(u64 a)
{
	a = ext(a);
	/* EXPECT chain.x: chain-written */
	asm volatile("chain.x:	xc 152(8,%%r15),152(%%r15)" : : : "memory");
	return ext(a) + 1;
}

u64 chain_ok(u64 a)
{
	a = ext(a);
	asm volatile("xc 144(8,%%r15),144(%%r15)" : : : "memory");
	return ext(a) + 1;
}

/* an operand that is too short: it should have been len bytes long */
u64 chain_by_length(const char *from, u64 len)
{
	use((void *)from);
	/* EXPECT chain_by_length.x: chain-written */
	asm volatile("	larl	1,1f\n"
		     "chain_by_length.x:\n"
		     "	ex	%0,0(1)\n"
		     "	j	2f\n"
		     "1:	mvc	152(1,15),0(%1)\n"
		     "2:" : : "a"(len), "a"(from) : "1", "memory");
	return ext(len) + 1;
}

/* the caller's */
u64 callers_chain(u64 a)
{
	a = ext(a);
	/* EXPECT callers_chain.x: chain-written */
	asm volatile("	lg	1,152(15)\n"
		     "callers_chain.x:\n"
		     "	stg	%0,152(1)" : : "d"(a) : "1", "memory");
	return ext(a) + 1;
}

/* what was saved */
u64 return_address(u64 a)
{
	a = ext(a);
	/* EXPECT return_address.x: save-written */
	asm volatile("	lg	1,152(15)\n"
		     "return_address.x:\n"
		     "	stg	%0,136(1)" : : "d"(a) : "1", "memory");
	return ext(a) + 1;
}

u64 return_address_ok(u64 a)
{
	a = ext(a);
	asm volatile("	lg	1,152(15)\n"
		     "	lg	1,136(1)" : : : "1", "memory");
	return ext(a) + 1;
}

u64 above(u64 a)
{
	a = ext(a);
	/* EXPECT above.x: foreign-written */
	asm volatile("	lg	1,152(15)\n"
		     "above.x:\n"
		     "	mvghi	2000(1),0" : : : "1", "memory");
	return ext(a) + 1;
}

/* calls that the compiler does not know of */
u64 hidden_call(u64 a)
{
	/* EXPECT hidden_call.x: no-frame */
	asm volatile("hidden_call.x:	brasl 14,ext" : : :
		     "0", "1", "2", "3", "4", "5", "memory");
	return a;
}

u64 hidden_call_ok(u64 a)
{
	u64 b = ext(a);

	asm volatile("brasl 14,ext" : : :
		     "0", "1", "2", "3", "4", "5", "14", "memory", "cc");
	return a + b;
}

/* with a frame that it lays by itself, but for the chain */
u64 own_frame(u64 a)
{
	/* EXPECT own_frame.x: no-back-chain */
	asm volatile("	stg	14,136(15)\n"
		     "	aghi	15,-160\n"
		     "own_frame.x:\n"
		     "	brasl	14,ext\n"
		     "	aghi	15,160\n"
		     "	lg	14,136(15)" : : :
		     "0", "1", "2", "3", "4", "5", "memory", "cc");
	return a;
}

u64 own_frame_ok(u64 a)
{
	asm volatile("	stg	14,136(15)\n"
		     "	lgr	1,15\n"
		     "	aghi	15,-160\n"
		     "	stg	1,152(15)\n"
		     "	brasl	14,ext\n"
		     "	aghi	15,160\n"
		     "	lg	14,136(15)" : : :
		     "0", "1", "2", "3", "4", "5", "memory", "cc");
	return a;
}

u64 own_frame_unsaved(u64 a)
{
	/* EXPECT own_frame_unsaved.x: no-return-address */
	asm volatile("	lgr	1,15\n"
		     "	lgr	5,14\n"
		     "	aghi	15,-160\n"
		     "	stg	1,152(15)\n"
		     "own_frame_unsaved.x:\n"
		     "	brasl	14,ext\n"
		     "	aghi	15,160\n"
		     "	lgr	14,5" : : :
		     "0", "1", "2", "3", "4", "5", "memory", "cc");
	return a;
}

u64 own_frame_alone(u64 a)
{
	/* EXPECT own_frame_alone.x: chainless */
	asm volatile("	aghi	15,-160\n"
		     "	stg	2,160(15)\n"
		     "own_frame_alone.x:\n"
		     "	aghi	15,160" : : : "memory", "cc");
	return a;
}

/* the stack pointer */
u64 misaligned(u64 a)
{
	/* EXPECT misaligned.x: stack-align */
	asm volatile("misaligned.x:\n"
		     "	aghi	15,-4\n"
		     "	aghi	15,4" : : : "cc", "memory");
	return a;
}

u64 raised(u64 a)
{
	/* EXPECT raised.x: stack-above */
	asm volatile("raised.x:\n"
		     "	la	15,4088(15)\n"
		     "	lay	15,-4088(15)" : : : "memory");
	return a;
}

u64 rounded(u64 a)
{
	/* EXPECT rounded.x: stack-unknown */
	asm volatile("rounded.x:\n"
		     "	nill	15,0xff00" : : : "cc", "memory");
	return ext(a);
}

/* another stack: the chain of call_on_stack() is the caller's, not r15 */
u64 other_stack(u64 a, u64 stack)
{
	register u64 arg asm("2") = ext(a);

	/* EXPECT other_stack.x: no-back-chain */
	asm volatile("	lgr	11,15\n"
		     "	lgr	15,%1\n"
		     "	stg	11,152(15)\n"
		     "other_stack.x:\n"
		     "	brasl	14,ext\n"
		     "	lgr	15,11\n"
		     : "+d"(arg) : "a"(stack)
		     : "0", "1", "3", "4", "5", "11", "14", "memory", "cc");
	return arg;
}

u64 other_stack_ok(u64 a, u64 stack)
{
	register u64 arg asm("2") = ext(a);

	asm volatile("	lg	1,152(15)\n"
		     "	lgr	11,15\n"
		     "	lgr	15,%1\n"
		     "	stg	1,152(15)\n"
		     "	brasl	14,ext\n"
		     "	lgr	15,11\n"
		     : "+d"(arg) : "a"(stack)
		     : "0", "1", "3", "4", "5", "11", "14", "memory", "cc");
	return arg;
}

u64 never_back(u64 a, u64 stack)
{
	/* EXPECT never_back.x: stack-exit */
	asm volatile("	lgr	1,15\n"
		     "	lgr	15,%0\n"
		     "never_back.x:\n"
		     "	br	14" : : "a"(stack) : "1", "memory");
	return a;
}

u64 no_way_back(u64 a, u64 stack)
{
	/* EXPECT no_way_back.x: stack-unknown */
	asm volatile("no_way_back.x:\n"
		     "	lgr	15,%0" : : "a"(stack) : "memory");
	return a;
}

/* registers that nobody was told of */
void clobbers(void)
{
	/* EXPECT clobbers.x: register-lost */
	asm volatile("	lghi	9,5\n"
		     "clobbers.x:\n"
		     "	br	14");
	__builtin_unreachable();
}

void clobbers_ok(void)
{
	asm volatile("	lghi	5,5\n"
		     "	br	14");
	__builtin_unreachable();
}

void loses(void)
{
	/* EXPECT loses.x: return-lost */
	asm volatile("	lghi	14,5\n"
		     "loses.x:\n"
		     "	br	14");
	__builtin_unreachable();
}

void jumps(u64 a)
{
	/* EXPECT jumps.x: indirect-jump */
	asm volatile("jumps.x:	b 8(%0)" : : "a"(a));
	__builtin_unreachable();
}

void no_code(void)
{
	/* EXPECT no_code.x: unknown-instruction */
	asm volatile("no_code.x:	.short 0");
}

void executes_anything(u64 a)
{
	/* EXPECT executes_anything.x: executed */
	asm volatile("executes_anything.x:	ex 0,0(%0)" : : "a"(a));
}
