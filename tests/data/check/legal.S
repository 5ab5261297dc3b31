/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shapes that compilers and the kernel's own assembler make: nothing is found
 * in any of them.
 */
#include "frame.h"
	.text

/* ---- prologues: what is saved, and which register has the old r15 ---- */

	.macro	saves n
	f	lg_saves_\n
	enter	\n, 160
	brasl	%r14, ext
	leave	\n, 160
	end	lg_saves_\n
	.endm
	.irp	n, 6, 7, 8, 9, 10, 11, 12, 13, 14
	saves	\n
	.endr
/* EXPECT lg_saves_6: ok */
/* EXPECT lg_saves_7: ok */
/* EXPECT lg_saves_8: ok */
/* EXPECT lg_saves_9: ok */
/* EXPECT lg_saves_10: ok */
/* EXPECT lg_saves_11: ok */
/* EXPECT lg_saves_12: ok */
/* EXPECT lg_saves_13: ok */
/* EXPECT lg_saves_14: ok */

	.macro	old reg
	f	lg_old_\reg
	save	6
	lgr	%r\reg, %r15
	lay	%r15, -168(%r15)
	stg	%r\reg, 152(%r15)
	brasl	%r14, ext
	leave	6, 168
	end	lg_old_\reg

	f	lg_old_first_\reg
	lgr	%r\reg, %r15
	stmg	%r12, %r15, 120(%r15)
	lay	%r15, -168(%r15)
	stg	%r\reg, 152(%r15)
	brasl	%r14, ext
	leave	12, 168
	end	lg_old_first_\reg
	.endm
	.irp	n, 0, 1, 2, 3, 4, 5
	old	\n
	.endr
/* EXPECT lg_old_0: ok */
/* EXPECT lg_old_1: ok */
/* EXPECT lg_old_2: ok */
/* EXPECT lg_old_3: ok */
/* EXPECT lg_old_4: ok */
/* EXPECT lg_old_5: ok */
/* EXPECT lg_old_first_0: ok */
/* EXPECT lg_old_first_1: ok */
/* EXPECT lg_old_first_2: ok */
/* EXPECT lg_old_first_3: ok */
/* EXPECT lg_old_first_4: ok */
/* EXPECT lg_old_first_5: ok */

	.macro	kept reg
	f	lg_kept_\reg	/* a register that callees keep */
	save	6
	lgr	%r\reg, %r15
	lay	%r15, -168(%r15)
	stg	%r\reg, 152(%r15)
	brasl	%r14, ext
	leave	6, 168
	end	lg_kept_\reg
	.endm
	.irp	n, 6, 7, 8, 9, 10, 11, 12, 13
	kept	\n
	.endr
/* EXPECT lg_kept_6: ok */
/* EXPECT lg_kept_7: ok */
/* EXPECT lg_kept_8: ok */
/* EXPECT lg_kept_9: ok */
/* EXPECT lg_kept_10: ok */
/* EXPECT lg_kept_11: ok */
/* EXPECT lg_kept_12: ok */
/* EXPECT lg_kept_13: ok */

/* the smallest frame, and steps by other instructions */
	f	lg_smallest	/* EXPECT lg_smallest: ok */
	enter	14, 24
	brasl	%r14, ext
	leave	14, 24
	end	lg_smallest

	f	lg_aghi	/* EXPECT lg_aghi: ok */
	save	14
	lgr	%r14, %r15
	aghi	%r15, -160
	stg	%r14, 152(%r15)
	brasl	%r14, ext
	aghi	%r15, 160
	lg	%r14, 136(%r15)
	br	%r14
	end	lg_aghi

	f	lg_agfi	/* EXPECT lg_agfi: ok */
	save	14
	lgr	%r14, %r15
	agfi	%r15, -40000
	stg	%r14, 152(%r15)
	brasl	%r14, ext
	agfi	%r15, 40000
	lg	%r14, 136(%r15)
	br	%r14
	end	lg_agfi

	f	lg_aghik	/* EXPECT lg_aghik: ok */
	save	14
	lgr	%r14, %r15
	aghik	%r15, %r14, -160
	stg	%r14, 152(%r15)
	brasl	%r14, ext
	leave	14, 160
	end	lg_aghik

/* the chain by its negative displacement from the old one */
	f	lg_chain_by_old	/* EXPECT lg_chain_by_old: ok */
	save	14
	lgr	%r1, %r15
	lay	%r15, -160(%r15)
	stg	%r1, -8(%r1)
	brasl	%r14, ext
	leave	14, 160
	end	lg_chain_by_old

/* eleven instructions between the new stack pointer and its chain */
	f	lg_eleven	/* EXPECT lg_eleven: ok */
	save	6
	lgr	%r14, %r15
	lay	%r15, -200(%r15)
	lgr	%r6, %r2
	lgr	%r7, %r3
	llgf	%r8, 0(%r2)
	lg	%r9, 8(%r2)
	lghi	%r10, 0
	ltgr	%r3, %r3
	la	%r11, 160(%r15)
	larl	%r12, ext
	mvghi	160(%r15), 0
	stg	%r3, 168(%r15)
	lgr	%r13, %r4
	stg	%r14, 152(%r15)
	brasl	%r14, ext
	lgr	%r2, %r10
	leave	6, 200
	end	lg_eleven

/* and a branch among them, to before the store */
	f	lg_branch_before_chain	/* EXPECT lg_branch_before_chain: ok */
	save	13
	lgr	%r14, %r15
	lay	%r15, -160(%r15)
	cgije	%r2, 0, 1f
	lghi	%r2, 7
1:	stg	%r14, 152(%r15)
	brasl	%r14, ext
	leave	13, 160
	end	lg_branch_before_chain

/* each path has its own store */
	f	lg_chain_on_each	/* EXPECT lg_chain_on_each: ok */
	save	14
	lgr	%r14, %r15
	lay	%r15, -24(%r15)
	cgije	%r2, 0, 1f
	stg	%r14, 152(%r15)
	brasl	%r14, ext
	j	2f
1:	stg	%r14, 152(%r15)
2:	leave	14, 24
	end	lg_chain_on_each

/* r15 alone: a leaf with local variables */
	f	lg_leaf_locals	/* EXPECT lg_leaf_locals: ok */
	stg	%r15, 144(%r15)
	lgr	%r1, %r15
	lay	%r15, -176(%r15)
	stg	%r1, 152(%r15)
	stg	%r2, 160(%r15)
	mvc	168(8, %r15), 0(%r2)
	lg	%r2, 168(%r15)
	lg	%r15, 320(%r15)
	br	%r14
	end	lg_leaf_locals

	f	lg_leaf_two_ends	/* EXPECT lg_leaf_two_ends: ok */
	stg	%r15, 144(%r15)
	lgr	%r1, %r15
	lay	%r15, -168(%r15)
	stg	%r1, 152(%r15)
	stg	%r2, 160(%r15)
	clgijh	%r2, 5, 1f
	lg	%r15, 312(%r15)
	br	%r14
1:	lghi	%r2, -22
	lg	%r15, 312(%r15)
	br	%r14
	end	lg_leaf_two_ends

/* the caller's 160 bytes are a leaf's to use */
	f	lg_leaf_area	/* EXPECT lg_leaf_area: ok */
	stmg	%r6, %r13, 72(%r15)
	stg	%r2, 0(%r15)
	mvc	8(32, %r15), 0(%r2)
	lgr	%r6, %r3
	lg	%r2, 0(%r15)
	lmg	%r6, %r13, 72(%r15)
	br	%r14
	end	lg_leaf_area

	f	lg_nothing	/* EXPECT lg_nothing: ok */
	br	%r14
	end	lg_nothing

/* a range that does not have r14 and r15: each by itself */
	f	lg_by_parts	/* EXPECT lg_by_parts: ok */
	stmg	%r9, %r11, 96(%r15)
	stg	%r14, 136(%r15)
	lgr	%r1, %r15
	lay	%r15, -160(%r15)
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	lmg	%r9, %r11, 256(%r15)
	lg	%r14, 296(%r15)
	la	%r15, 160(%r15)
	br	%r14
	end	lg_by_parts

/* ---- large frames ---- */

	f	lg_lay_most	/* EXPECT lg_lay_most: ok */
	save	14
	lgr	%r14, %r15
	lay	%r15, -524288(%r15)
	stg	%r14, 152(%r15)
	brasl	%r14, ext
	lay	%r1, 524280(%r15)
	lmg	%r14, %r15, 144(%r1)
	br	%r14
	end	lg_lay_most

	f	lg_slgfi	/* EXPECT lg_slgfi: ok */
	stmg	%r13, %r15, 128(%r15)
	lgr	%r1, %r15
	larl	%r13, lg_slgfi_literals
	slgfi	%r15, 600000
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	ag	%r15, lg_slgfi_size - lg_slgfi_literals(%r13)
	lmg	%r13, %r15, 128(%r15)
	br	%r14
	end	lg_slgfi
	.section .rodata
	.balign	8
lg_slgfi_literals:
	.quad	1
lg_slgfi_size:
	.quad	600000
	.text

/* a literal pool among the code, its address by bras */
	f	lg_bras	/* EXPECT lg_bras: ok */
	save	13
	bras	%r13, 1f
	.quad	-700000, 700000
1:	lgr	%r1, %r15
	ag	%r15, 0(%r13)
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	ag	%r15, 8(%r13)
	lmg	%r13, %r15, 128(%r15)
	br	%r14
	end	lg_bras

	f	lg_bras_leaf	/* EXPECT lg_bras_leaf: ok */
	bras	%r1, 1f
	.quad	ext
1:	lg	%r1, 0(%r1)
	br	%r1
	end	lg_bras_leaf

/* ---- shrink-wrapped ---- */

	f	lg_wrapped	/* EXPECT lg_wrapped: ok */
	ltgr	%r2, %r2
	ber	%r14
	clgijl	%r2, 8, 1f
	enter	12, 160
	lgr	%r12, %r2
	brasl	%r14, ext
	lgr	%r2, %r12
	leave	12, 160
1:	lghi	%r2, -1
	br	%r14
	end	lg_wrapped

	f	lg_wrapped_twice	/* EXPECT lg_wrapped_twice: ok */
	cgije	%r2, 0, 1f
	enter	14, 24
	brasl	%r14, ext
	leave	14, 24
1:	enter	6, 168
	brasl	%r14, ext
	leave	6, 168
	end	lg_wrapped_twice

/* a frame, and another one behind it */
	f	lg_frame_again	/* EXPECT lg_frame_again: ok */
	enter	14, 24
	brasl	%r14, ext
	restore	14, 24
	cgije	%r2, 0, 1f
	enter	13, 160
	brasl	%r14, ext
	restore	13, 160
1:	br	%r14
	end	lg_frame_again

/* conditional returns, all that there are */
	f	lg_cond_returns	/* EXPECT lg_cond_returns: ok */
	clgr	%r2, %r3
	ber	%r14
	bhr	%r14
	ltgr	%r4, %r4
	bler	%r14
	bnor	%r14
	clgr	%r4, %r3
	bner	%r14
	bnher	%r14
	blr	%r14
	br	%r14
	end	lg_cond_returns

/* ---- alloca and arrays of variable length ---- */

	f	lg_alloca	/* EXPECT lg_alloca: ok */
	enter	11, 160
	lgr	%r11, %r15
	la	%r2, 7(%r2)
	nill	%r2, 0xfff8
	lg	%r1, 152(%r15)
	sgr	%r15, %r2
	stg	%r1, 152(%r15)
	la	%r2, 160(%r15)
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	lg_alloca

	f	lg_alloca_path	/* EXPECT lg_alloca_path: ok */
	enter	11, 160
	lgr	%r11, %r15
	cgijle	%r2, 0, 1f
	lg	%r1, 152(%r15)
	slgr	%r15, %r2
	stg	%r1, 152(%r15)
1:	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	lg_alloca_path

	f	lg_alloca_loop	/* EXPECT lg_alloca_loop: ok */
	enter	10, 160
	lgr	%r11, %r15
	lgr	%r10, %r2
1:	lg	%r1, 152(%r15)
	sgr	%r15, %r10
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	brctg	%r10, 1b
	lmg	%r10, %r15, 264(%r11)
	br	%r14
	end	lg_alloca_loop

/* the end of a scope: back to what r15 was */
	f	lg_vla	/* EXPECT lg_vla: ok */
	enter	9, 160
	lgr	%r11, %r15
	lgr	%r10, %r15
	lg	%r1, 152(%r15)
	sgr	%r15, %r2
	stg	%r1, 152(%r15)
	la	%r2, 160(%r15)
	brasl	%r14, ext
	lg	%r1, 152(%r15)
	lgr	%r15, %r10
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	lmg	%r9, %r15, 256(%r11)
	br	%r14
	end	lg_vla

/* the kernel's random offset, as in __do_syscall */
	f	lg_kstack_offset	/* EXPECT lg_kstack_offset: ok */
	enter	10, 160
	lgr	%r11, %r15
	lgrl	%r1, ext
	risbg	%r1, %r1, 54, 188, 0
	aghi	%r1, 15
	nill	%r1, 0xfff0
	lg	%r2, 152(%r15)
	sgr	%r15, %r1
	stg	%r2, 152(%r15)
	brasl	%r14, ext
	lmg	%r10, %r15, 264(%r11)
	br	%r14
	end	lg_kstack_offset

/* ---- code tuned for z10: the return address is loaded early ---- */

	.macro	early reg
	f	lg_early_\reg
	enter	12, 160
	lgr	%r12, %r2
	brasl	%r14, ext
	lg	%r\reg, 296(%r15)
	lgr	%r2, %r12
	lmg	%r12, %r15, 280(%r15)
	br	%r\reg
	end	lg_early_\reg
	.endm
	.irp	n, 0, 1, 2, 3, 4, 5
	.if	\n
	early	\n
	.endif
	.endr
/* EXPECT lg_early_1: ok */
/* EXPECT lg_early_2: ok */
/* EXPECT lg_early_3: ok */
/* EXPECT lg_early_4: ok */
/* EXPECT lg_early_5: ok */

	f	lg_early_cond	/* EXPECT lg_early_cond: ok */
	enter	12, 160
	lgr	%r12, %r2
	brasl	%r14, ext
	lg	%r4, 296(%r15)
	ltgr	%r12, %r12
	lmg	%r12, %r15, 280(%r15)
	ber	%r4
	lghi	%r2, 0
	br	%r4
	end	lg_early_cond

	f	lg_early_leaf	/* EXPECT lg_early_leaf: ok */
	lgr	%r4, %r14
	basr	%r14, %r0
	lghi	%r2, 0
	br	%r4
	end	lg_early_leaf

/* ---- variable arguments: their area begins at r2 to r5 ---- */

	.macro	varargs reg
	f	lg_varargs_\reg
	stmg	%r\reg, %r15, 24 + 8 * \reg(%r15)
	lgr	%r1, %r15
	lay	%r15, -192(%r15)
	stg	%r1, 152(%r15)
	la	%r3, 352(%r15)
	stg	%r3, 184(%r15)
	mvghi	160(%r15), 1
	la	%r2, 160(%r15)
	brasl	%r14, ext
	lmg	%r6, %r15, 264(%r15)
	br	%r14
	end	lg_varargs_\reg
	.endm
	.irp	n, 2, 3, 4, 5
	varargs	\n
	.endr
/* EXPECT lg_varargs_2: ok */
/* EXPECT lg_varargs_3: ok */
/* EXPECT lg_varargs_4: ok */
/* EXPECT lg_varargs_5: ok */

/* arguments that came on the stack: read, and written to */
	f	lg_stack_args	/* EXPECT lg_stack_args: ok */
	enter	14, 160
	lg	%r1, 320(%r15)
	agsi	328(%r15), 1
	brasl	%r14, ext
	leave	14, 160
	end	lg_stack_args

/* and passed on */
	f	lg_pass_args	/* EXPECT lg_pass_args: ok */
	enter	14, 184
	mvghi	160(%r15), 6
	stg	%r6, 168(%r15)
	brasl	%r14, ext
	leave	14, 184
	end	lg_pass_args

/*
 * ---- call_on_stack, as gcc compiles it: the chain of the other stack leads
 * to the caller, since nothing saved a return address below that ----
 */

	f	lg_call_on_stack	/* EXPECT lg_call_on_stack: ok */
	enter	10, 160
	lg	%r1, 896
	lgr	%r3, %r14
	lgr	%r10, %r15
	lgr	%r15, %r1
	stg	%r3, 152(%r15)
	brasl	%r14, ext
	lgr	%r15, %r10
	leave	10, 160
	end	lg_call_on_stack

/* the old one has been spilled: "lg %r15" takes the new one */
	f	lg_call_on_stack_lg	/* EXPECT lg_call_on_stack_lg: ok */
	enter	9, 176
	stg	%r2, 160(%r15)
	lg	%r1, 152(%r15)
	lgr	%r9, %r15
	lg	%r15, 160(%r15)
	stg	%r1, 152(%r15)
	basr	%r14, %r3
	lgr	%r15, %r9
	leave	9, 176
	end	lg_call_on_stack_lg

	f	lg_call_on_stack_r11	/* EXPECT lg_call_on_stack_r11: ok */
	enter	8, 160
	lgr	%r11, %r2
	la	%r1, 160(%r15)
	lgr	%r8, %r15
	lgr	%r15, %r11
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	brasl	%r14, ext
	lgr	%r15, %r8
	brasl	%r14, ext
	leave	8, 160
	end	lg_call_on_stack_r11

/* ---- ex and exrl with a length in a register ---- */

	f	lg_exrl	/* EXPECT lg_exrl: ok */
	exrl	%r4, 1f
	exrl	%r4, 2f
	exrl	%r4, 3f
	br	%r14
1:	mvc	0(1, %r2), 0(%r3)
2:	xc	0(1, %r2), 0(%r2)
3:	clc	0(1, %r2), 0(%r3)
	end	lg_exrl

	f	lg_ex	/* EXPECT lg_ex: ok */
	enter	14, 424
	larl	%r5, 1f
	la	%r2, 160(%r15)
	ex	%r4, 0(%r5)
	ex	%r4, 2f - 1f(%r5)
	brasl	%r14, ext
	leave	14, 424
1:	mvc	0(1, %r2), 0(%r3)
2:	xc	160(1, %r15), 160(%r15)
	end	lg_ex

	f	lg_exrl_loop	/* EXPECT lg_exrl_loop: ok */
	enter	14, 424
	la	%r2, 160(%r15)
	srlg	%r5, %r4, 8
	ltgr	%r5, %r5
	je	2f
1:	mvc	0(256, %r2), 0(%r3)
	la	%r2, 256(%r2)
	la	%r3, 256(%r3)
	brctg	%r5, 1b
2:	exrl	%r4, 3f
	brasl	%r14, ext
	leave	14, 424
3:	mvc	0(1, %r2), 0(%r3)
	end	lg_exrl_loop

/* ---- tail calls ---- */

	f	lg_tail	/* EXPECT lg_tail: ok */
	lghi	%r2, 1
	jg	ext
	end	lg_tail

	f	lg_tail_cond	/* EXPECT lg_tail_cond: ok */
	ltgr	%r2, %r2
	jgne	ext
	br	%r14
	end	lg_tail_cond

	f	lg_tail_short	/* EXPECT lg_tail_short: ok */
	clgijne	%r2, 0, lg_tail
	j	lg_tail_cond
	end	lg_tail_short

	f	lg_tail_reg	/* EXPECT lg_tail_reg: ok */
	enter	13, 160
	lgr	%r13, %r3
	brasl	%r14, ext
	lgr	%r1, %r13
	restore	13, 160
	br	%r1
	end	lg_tail_reg

	f	lg_tail_itself	/* EXPECT lg_tail_itself: ok */
	enter	13, 160
	brasl	%r14, ext
	restore	13, 160
	cgijne	%r2, 0, lg_tail_itself
	br	%r14
	end	lg_tail_itself

/* a table of functions is no table of the function's own places */
	f	lg_tail_table	/* EXPECT lg_tail_table: ok */
	clgijh	%r2, 1, 1f
	sllg	%r2, %r2, 3
	larl	%r1, lg_tail_functions
	lg	%r1, 0(%r2, %r1)
	br	%r1
1:	br	%r14
	end	lg_tail_table
	.section .data.rel.ro, "aw"
	.balign	8
lg_tail_functions:
	.quad	lg_tail, lg_tail_cond
	.text

/* ---- ends that are none ---- */

	f	lg_noreturn	/* EXPECT lg_noreturn: ok */
	ltgr	%r2, %r2
	bner	%r14
	enter	14, 24
	brasl	%r14, panic
	end	lg_noreturn

	f	lg_noreturn_middle	/* EXPECT lg_noreturn_middle: ok */
	enter	12, 160
	cgije	%r2, 0, 1f
	brasl	%r14, __stack_chk_fail
1:	leave	12, 160
	end	lg_noreturn_middle

	f	lg_spin	/* EXPECT lg_spin: ok */
	j	.
	end	lg_spin

/* BUG: a monitor call that ends a path, and WARN, that does not */
	f	lg_bug	/* EXPECT lg_bug: ok */
	ltgr	%r2, %r2
	bner	%r14
	mc	0, 0
	j	.
	end	lg_bug

	f	lg_warn	/* EXPECT lg_warn: ok */
	enter	14, 24
	mc	0, 0
	brasl	%r14, ext
	leave	14, 24
	end	lg_warn

	f	lg_trap	/* EXPECT lg_trap: ok */
	cgite	%r2, 0
	crte	%r2, %r3
	br	%r14
	end	lg_trap

/* the compiler's own: a jump into its second half */
	f	lg_builtin_trap	/* EXPECT lg_builtin_trap: ok */
	ltgr	%r2, %r2
	bner	%r14
	j	.+2
	end	lg_builtin_trap

/* ---- nops, barriers, switches that patching turns ---- */

	f	lg_barriers	/* EXPECT lg_barriers: ok */
	bcr	15, %r0
	bcr	14, %r0
	bcr	7, %r0
	nopr
	nop	0
	brc	0, lg_barriers
	jgnop	lg_barriers
	br	%r14
	end	lg_barriers

	f	lg_label_off	/* EXPECT lg_label_off: ok */
	enter	14, 24
	brcl	0, 1f
	brasl	%r14, ext
	leave	14, 24
1:	brasl	%r14, ext
	leave	14, 24
	end	lg_label_off

	f	lg_label_on	/* EXPECT lg_label_on: ok */
	enter	14, 24
	brcl	15, 1f
	brasl	%r14, ext
	leave	14, 24
1:	brasl	%r14, ext
	leave	14, 24
	end	lg_label_on

/* the entries of tracing: as built, and as a kernel has them that runs */
	.macro	traced name, insn
	f	\name
	\insn
	enter	14, 24
	brasl	%r14, ext
	leave	14, 24
	end	\name
	.endm
/* EXPECT lg_ftrace_nop: ok */
	traced	lg_ftrace_nop, "brcl 0, lg_ftrace_nop"
/* EXPECT lg_ftrace_off: ok */
	traced	lg_ftrace_off, "brcl 0, hotpatch"
/* EXPECT lg_ftrace_on: ok */
	traced	lg_ftrace_on, "brcl 15, hotpatch"
/* EXPECT lg_ftrace_call: ok */
	traced	lg_ftrace_call, "brasl %r0, ftrace_caller"
	f	hotpatch	/* EXPECT hotpatch: indirect-jump */
	brasl	%r1, ext
	.quad	0, 0
	end	hotpatch

/* .altinstructions: as the file has it, either way through */
	f	lg_alternative	/* EXPECT lg_alternative: ok */
	enter	14, 24
661:	llilh	%r1, 0
662:	lg	%r2, 904(%r1)
	brasl	%r14, ext
	leave	14, 24
	end	lg_alternative
	.section .altinstructions, "a"
	.long	661b - ., 663f - .
	.short	0
	.byte	662b - 661b, 0
	.section .altinstr_replacement, "ax"
663:	lghi	%r1, 0
	.text

/* ---- what only looks like the frame's ---- */

/* the same value again, and zero to what is not yet the chain */
	f	lg_chain_again	/* EXPECT lg_chain_again: ok */
	enter	13, 160
	lgr	%r13, %r14
	brasl	%r14, ext
	stg	%r13, 152(%r15)
	brasl	%r14, ext
	leave	13, 160
	end	lg_chain_again

/* the bytes beside it */
	f	lg_beside	/* EXPECT lg_beside: ok */
	enter	14, 256
	mvc	144(8, %r15), 0(%r2)
	mvc	160(96, %r15), 0(%r2)
	stmg	%r2, %r5, 120(%r15)
	xc	0(152, %r15), 0(%r15)
	brasl	%r14, ext
	leave	14, 256
	end	lg_beside

/* slots of the caller's frame that are not in use */
	f	lg_free_slots	/* EXPECT lg_free_slots: ok */
	enter	14, 160
	stg	%r2, 160(%r15)
	stg	%r3, 288(%r15)
	brasl	%r14, ext
	lg	%r2, 160(%r15)
	leave	14, 160
	end	lg_free_slots

/* read, never written */
	f	lg_reads	/* EXPECT lg_reads: ok */
	enter	14, 160
	lg	%r1, 152(%r15)
	lg	%r1, 152(%r1)
	clc	152(8, %r15), 0(%r2)
	tm	296(%r15), 1
	cg	%r1, 312(%r15)
	brasl	%r14, ext
	leave	14, 160
	end	lg_reads

/* __builtin_return_address, and the frame's */
	f	lg_return_address	/* EXPECT lg_return_address: ok */
	lgr	%r2, %r14
	lgr	%r3, %r15
	br	%r14
	end	lg_return_address

/* r14 after it was saved is a register like any other */
	f	lg_r14_free	/* EXPECT lg_r14_free: ok */
	enter	14, 24
	lghi	%r14, 5
	agr	%r2, %r14
	basr	%r14, %r14
	leave	14, 24
	end	lg_r14_free

	f	lg_swapped_back	/* EXPECT lg_swapped_back: ok */
	lgr	%r0, %r6
	lgr	%r1, %r7
	lgr	%r6, %r2
	lgr	%r7, %r3
	agr	%r6, %r7
	lgr	%r2, %r6
	lgr	%r7, %r1
	lgr	%r6, %r0
	br	%r14
	end	lg_swapped_back

/* gathered from where an interrupt has put them: a variable of its own */
	f	lg_list	/* EXPECT lg_list: ok */
	enter	12, 184
	la	%r1, 160(%r15)
	stg	%r1, 160(%r15)
	stg	%r1, 168(%r15)
	lgr	%r12, %r2
	brasl	%r14, ext
	lg	%r1, 168(%r15)
	lg	%r3, 160(%r15)
	stg	%r1, 8(%r3)
	stg	%r3, 0(%r1)
	leave	12, 184
	end	lg_list

/* copy_from_user(): behind the copy the length may be smaller than it was */
	f	lg_mvcos	/* EXPECT lg_mvcos: ok */
	stg	%r15, 144(%r15)
	lgr	%r1, %r15
	lay	%r15, -32(%r15)
	stg	%r1, 152(%r15)
	lghi	%r1, 16
	la	%r5, 160(%r15)
	lhi	%r0, 129
	mvcos	160(%r15), 0(%r3), %r1
	agr	%r5, %r1
	exrl	%r4, 1f
	lg	%r15, 176(%r15)
	br	%r14
1:	xc	0(1, %r5), 0(%r5)
	end	lg_mvcos
