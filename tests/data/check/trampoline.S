/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trampolines of function tracing, entered in place of a function that goes on
 * where r0 says (samples/ftrace of the kernel), and functions that look alike.
 */
#include "frame.h"
	.text

/* what the kernel's samples do: r0 to r5 in the caller's frame, a frame, a call */
	.macro	tramp_enter
	lgr	%r1, %r15
	stmg	%r0, %r5, 72(%r15)
	stg	%r14, 136(%r15)
	aghi	%r15, -160
	stg	%r1, 152(%r15)
	.endm

	.macro	tramp_leave
	aghi	%r15, 160
	lmg	%r0, %r5, 72(%r15)
	lg	%r14, 136(%r15)
	.endm

	f	tr_sample
	tramp_enter
	brasl	%r14, ext
	tramp_leave
	lgr	%r1, %r0
tr_sample.x:	/* EXPECT tr_sample.x: trampoline */
	br	%r1
	end	tr_sample

/* and one that calls nobody */
	f	tr_leaf
	lgr	%r1, %r0
tr_leaf.x:	/* EXPECT tr_leaf.x: trampoline */
	br	%r1
	end	tr_leaf

	f	tr_r1	/* EXPECT tr_r1+0x0: trampoline */
	br	%r1
	end	tr_r1

	f	tr_cond
	ltgr	%r2, %r2
tr_cond.x:	/* EXPECT tr_cond.x: trampoline */
	ber	%r1
	br	%r14
	end	tr_cond

	f	tr_thunk
	lgr	%r1, %r0
tr_thunk.x:	/* EXPECT tr_thunk.x: trampoline */
	jg	__s390_indirect_jump_r1
	end	tr_thunk

	f	tr_b
	lgr	%r3, %r0
tr_b.x:	/* EXPECT tr_b.x: trampoline */
	b	0(%r3)
	end	tr_b

	f	tr_exrl
	lgr	%r1, %r0
tr_exrl.x:	/* EXPECT tr_exrl.x: trampoline */
	exrl	0, 1f
	j	.
1:	br	%r1
	end	tr_exrl

/* by the usual return register: the caller's is lost, too */
	f	tr_r14
	lgr	%r1, %r14
	lgr	%r14, %r0
tr_r14.x:	/* EXPECT tr_r14.x: trampoline */
	br	%r14
	end	tr_r14

/* kept in a register that calls leave alone */
	f	tr_kept
	enter	8, 160
	lgr	%r8, %r0
	brasl	%r14, ext
	lgr	%r1, %r8
	restore	8, 160
tr_kept.x:	/* EXPECT tr_kept.x: trampoline */
	br	%r1
	end	tr_kept

	f	tr_sum
	la	%r2, 6
	agr	%r2, %r0
tr_sum.x:	/* EXPECT tr_sum.x: trampoline */
	br	%r2
	end	tr_sum

	f	tr_aghik
	aghik	%r1, %r0, 6
tr_aghik.x:	/* EXPECT tr_aghik.x: trampoline */
	br	%r1
	end	tr_aghik

	f	tr_select
	ltg	%r1, 0(%r2)
	locgre	%r1, %r0
tr_select.x:	/* EXPECT tr_select.x: trampoline */
	br	%r1
	end	tr_select

/* on one of two paths, by register and by slot */
	f	tr_path
	lgr	%r1, %r0
	ltgr	%r2, %r2
	je	1f
	lg	%r1, 0(%r3)
1:	lghi	%r2, 1
tr_path.x:	/* EXPECT tr_path.x: trampoline */
	br	%r1
	end	tr_path

	f	tr_path_back
	ltgr	%r2, %r2
	je	1f
	lg	%r1, 0(%r3)
1:	lghi	%r2, 1
tr_path_back.x:	/* EXPECT tr_path_back.x: trampoline */
	br	%r1
	end	tr_path_back

	f	tr_path_late
	lg	%r1, 0(%r3)
	ltgr	%r2, %r2
	je	1f
	lgr	%r1, %r0
1:	lghi	%r2, 1
tr_path_late.x:	/* EXPECT tr_path_late.x: trampoline */
	br	%r1
	end	tr_path_late

	f	tr_path_slot
	enter	14, 176
	ltgr	%r3, %r3
	je	1f
	stg	%r0, 160(%r15)
	j	2f
1:	stg	%r2, 160(%r15)
2:	brasl	%r14, ext
	lg	%r1, 160(%r15)
	restore	14, 176
tr_path_slot.x:	/* EXPECT tr_path_slot.x: trampoline */
	br	%r1
	end	tr_path_slot

/* the path that does not keep it comes first */
	f	tr_path_slot_back
	enter	14, 176
	ltgr	%r3, %r3
	je	1f
	stg	%r2, 160(%r15)
	j	2f
1:	stg	%r0, 160(%r15)
2:	brasl	%r14, ext
	lg	%r1, 160(%r15)
	restore	14, 176
tr_path_slot_back.x:	/* EXPECT tr_path_slot_back.x: trampoline */
	br	%r1
	end	tr_path_slot_back

/* another load, a copy in storage, a place that an index tells */
	f	tr_ltg
	enter	14, 176
	stg	%r0, 160(%r15)
	brasl	%r14, ext
	ltg	%r1, 160(%r15)
	restore	14, 176
tr_ltg.x:	/* EXPECT tr_ltg.x: trampoline */
	br	%r1
	end	tr_ltg

	f	tr_copy
	enter	14, 184
	stg	%r0, 160(%r15)
	brasl	%r14, ext
	mvc	168(8, %r15), 160(%r15)
	lg	%r1, 168(%r15)
	restore	14, 184
tr_copy.x:	/* EXPECT tr_copy.x: trampoline */
	br	%r1
	end	tr_copy

	f	tr_index
	enter	14, 184
	stg	%r0, 160(%r15)
	brasl	%r14, ext
	lg	%r1, 160(%r2, %r15)
	restore	14, 184
tr_index.x:	/* EXPECT tr_index.x: trampoline */
	br	%r1
	end	tr_index

	f	tr_index_back
	enter	14, 184
	stg	%r0, 160(%r15)
	brasl	%r14, ext
	lg	%r1, 160(%r15, %r2)
	restore	14, 184
tr_index_back.x:	/* EXPECT tr_index_back.x: trampoline */
	br	%r1
	end	tr_index_back

	f	tr_float
	ldgr	%f2, %r0
	lgdr	%r1, %f2
tr_float.x:	/* EXPECT tr_float.x: trampoline */
	br	%r1
	end	tr_float

/* the PSW that it goes on by is made on the stack */
	f	tr_psw
	save	15
	lgr	%r1, %r15
	lay	%r15, -176(%r15)
	stg	%r1, 152(%r15)
	epsw	%r2, %r3
	st	%r2, 160(%r15)
	st	%r3, 164(%r15)
	stg	%r0, 168(%r15)
tr_psw.x:	/* EXPECT tr_psw.x: trampoline */
	lpswe	160(%r15)
	end	tr_psw

/* calls the function, and returns by itself: until then that is yet to come */
	f	tr_calls
	enter	8, 160
	lgr	%r8, %r0
	brasl	%r14, ext
tr_calls.x:	/* EXPECT tr_calls.x: trampoline */
	basr	%r14, %r8
	leave	8, 160
	end	tr_calls

	f	tr_calls_thunk
	enter	8, 160
	lgr	%r8, %r0
	brasl	%r14, ext
	lgr	%r1, %r8
tr_calls_thunk.x:	/* EXPECT tr_calls_thunk.x: trampoline */
	brasl	%r14, __s390_indirect_jump_r1
	leave	8, 160
	end	tr_calls_thunk

/* ---- neighbours ---- */

/* the sample, if it returned to its caller: instead of the function */
	f	tn_sample	/* EXPECT tn_sample: ok */
	tramp_enter
	brasl	%r14, ext
	tramp_leave
	lgr	%r1, %r0
	br	%r14
	end	tn_sample

	f	tn_own	/* EXPECT tn_own: ok */
	lg	%r1, 0(%r2)
	lgr	%r0, %r1
	lgr	%r1, %r0
	br	%r1
	end	tn_own

	f	tn_paths	/* EXPECT tn_paths: ok */
	lgr	%r1, %r3
	ltgr	%r2, %r2
	je	1f
	lg	%r1, 0(%r3)
1:	br	%r1
	end	tn_paths

/* r1 is set in the loop only: an index bounded there is bounded */
	f	tn_loop	/* EXPECT tn_loop: ok */
1:	llgc	%r1, 0(%r2)
	la	%r2, 1(%r2)
	cgijlh	%r1, 0, 1b
	br	%r14
	end	tn_loop

/* what a callee leaves in r0 and r1 is its own */
	f	tn_call	/* EXPECT tn_call: ok */
	enter	14, 160
	brasl	%r14, ext
	restore	14, 160
	br	%r1
	end	tn_call

/* a pointer of its own, from its frame */
	f	tn_slot	/* EXPECT tn_slot: ok */
	enter	14, 176
	stg	%r2, 160(%r15)
	brasl	%r14, ext
	lg	%r1, 160(%r15)
	restore	14, 176
	br	%r1
	end	tn_slot

/* r0 is kept, but the pointer comes from elsewhere */
	f	tn_kept	/* EXPECT tn_kept: ok */
	enter	8, 176
	stg	%r0, 160(%r15)
	lgr	%r8, %r2
	brasl	%r14, ext
	lg	%r1, 8(%r8)
	restore	8, 176
	br	%r1
	end	tn_kept

/* a byte, and a word, put into what the register held, go to the stack */
	f	tn_part	/* EXPECT tn_part: ok */
	enter	14, 176
	ic	%r0, 7(%r3)
	stc	%r0, 160(%r15)
	iilf	%r1, 27000000
	st	%r1, 164(%r15)
	brasl	%r14, ext
	lg	%r1, 168(%r15)
	restore	14, 176
	br	%r1
	end	tn_part

	f	tn_overwritten	/* EXPECT tn_overwritten: ok */
	enter	14, 176
	stg	%r0, 160(%r15)
	stg	%r14, 160(%r15)
	lghi	%r0, 0
	lg	%r1, 0(%r2)
	basr	%r14, %r1
	leave	14, 176
	end	tn_overwritten

/* tracing that is switched on where the function begins has used both */
	f	tn_traced	/* EXPECT tn_traced: ok */
	brasl	%r0, ext
	br	%r1
	end	tn_traced

/* r0 and r1 are no saved registers: not where the ABI would have them either */
	f	tn_blame
	stg	%r0, 24(%r15)
	stg	%r2, 24(%r15)
	lghi	%r6, 0
tn_blame.x:	/* EXPECT tn_blame.x: register-lost */
	br	%r14
	end	tn_blame

	f	tn_array	/* EXPECT tn_array: ok */
	enter	6, 160
	stg	%r0, 184(%r15)
	exrl	%r2, 1f
	leave	6, 160
1:	mvc	200(1, %r15), 0(%r3)
	end	tn_array
