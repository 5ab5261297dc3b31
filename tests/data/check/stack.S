/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stack pointer: where it may come from and where it may go. Behind each
 * fault stands the same function without it.
 */
#include "frame.h"
	.text

/* ---- stack-unknown ---- */

	f	su_from_storage
	enter	14, 160
su_from_storage.x:	/* EXPECT su_from_storage.x: stack-unknown */
	ag	%r15, 0(%r2)
	brasl	%r14, ext
	leave	14, 160
	end	su_from_storage

	f	su_from_storage_ok	/* EXPECT su_from_storage_ok: ok */
	enter	14, 160
	ag	%r2, 0(%r2)
	brasl	%r14, ext
	leave	14, 160
	end	su_from_storage_ok

/* raised by an unknown length, lowered by it */
	f	su_raised
	enter	11, 160
	lgr	%r11, %r15
su_raised.x:	/* EXPECT su_raised.x: stack-unknown */
	agr	%r15, %r2
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	su_raised

	f	su_lowered	/* EXPECT su_lowered: ok */
	enter	11, 160
	lgr	%r11, %r15
	lg	%r1, 152(%r15)
	sgr	%r15, %r2
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	su_lowered

/* with no copy of the old one, and the chain not there yet */
	f	su_no_way_back
	save	14
su_no_way_back.x:	/* EXPECT su_no_way_back.x: stack-unknown */
	sgr	%r15, %r2
	brasl	%r14, panic
	end	su_no_way_back

	f	su_way_back	/* EXPECT su_way_back: ok */
	save	14
	lgr	%r14, %r15
	aghi	%r15, -160
	stg	%r14, 152(%r15)
	sgr	%r15, %r2
	stg	%r14, 152(%r15)
	brasl	%r14, panic
	end	su_way_back

	f	su_and
	enter	11, 160
	lgr	%r11, %r15
su_and.x:	/* EXPECT su_and.x: stack-unknown */
	nill	%r15, 0xfff8
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	su_and

	f	su_one_path
	enter	11, 160
	lgr	%r11, %r15
	cgije	%r2, 0, 1f
su_one_path.x:	/* EXPECT su_one_path.x: stack-unknown */
	xgr	%r15, %r2
1:	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	su_one_path

/* r13, which was saved beside it */
	f	su_wrong_slot
	enter	13, 160
	brasl	%r14, ext
	lg	%r14, 296(%r15)
su_wrong_slot.x:	/* EXPECT su_wrong_slot.x: stack-unknown */
	lg	%r15, 288(%r15)
	br	%r14
	end	su_wrong_slot

/* the caller's own chain: two frames up */
	f	su_callers_chain
	lgr	%r1, %r15
su_callers_chain.x:	/* EXPECT su_callers_chain.x: stack-unknown */
	lg	%r15, 152(%r15)
	lgr	%r15, %r1
	br	%r14
	end	su_callers_chain

/* lowered by a number that is none */
	f	su_negative
	enter	11, 160
	lgr	%r11, %r15
	sgr	%r15, %r2
	lghi	%r1, -4096
su_negative.x:	/* EXPECT su_negative.x: stack-unknown */
	sgr	%r15, %r1
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	su_negative

	f	su_positive	/* EXPECT su_positive: ok */
	enter	11, 160
	lgr	%r11, %r15
	sgr	%r15, %r2
	stg	%r14, 152(%r15)
	lghi	%r1, 4096
	sgr	%r15, %r1
	stg	%r14, 152(%r15)
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	su_positive

/* half of it is another one */
	f	su_half
	enter	14, 160
su_half.x:	/* EXPECT su_half.x: stack-unknown */
	ahi	%r15, 160
	brasl	%r14, ext
	j	.
	end	su_half

/*
 * A limit: a scope of variable length within another. Where r15 is not known
 * neither is what it goes back to.
 */
	f	su_vla_nested
	enter	10, 160
	lgr	%r11, %r15
	lg	%r1, 152(%r15)
	sgr	%r15, %r2
	stg	%r1, 152(%r15)
	lgr	%r10, %r15
	sgr	%r15, %r3
	stg	%r1, 152(%r15)
	brasl	%r14, ext
su_vla_nested.x:	/* EXPECT su_vla_nested.x: stack-unknown */
	lgr	%r15, %r10
	lmg	%r10, %r15, 264(%r11)
	br	%r14
	end	su_vla_nested

/* ---- stack-align ---- */

	f	sa_lay
	save	14
	lgr	%r1, %r15
sa_lay.x:	/* EXPECT sa_lay.x: stack-align */
	lay	%r15, -164(%r15)
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	leave	14, 164
	end	sa_lay

	f	sa_lay_ok	/* EXPECT sa_lay_ok: ok */
	save	14
	lgr	%r1, %r15
	lay	%r15, -168(%r15)
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	leave	14, 168
	end	sa_lay_ok

	f	sa_odd
sa_odd.x:	/* EXPECT sa_odd.x: stack-align */
	aghi	%r15, -25
	aghi	%r15, 25
	br	%r14
	end	sa_odd

	f	sa_one_path
	save	14
	lgr	%r1, %r15
	cgije	%r2, 0, 1f
sa_one_path.x:	/* EXPECT sa_one_path.x: stack-align */
	aghi	%r15, -28
	j	2f
1:	aghi	%r15, -24
2:	stg	%r1, 152(%r15)
	brasl	%r14, panic
	end	sa_one_path

/* ---- stack-above ---- */

	f	sb_leaf
sb_leaf.x:	/* EXPECT sb_leaf.x: stack-above */
	aghi	%r15, 8
	aghi	%r15, -8
	br	%r14
	end	sb_leaf

	f	sb_frame
	enter	14, 160
	brasl	%r14, ext
	lg	%r14, 296(%r15)
sb_frame.x:	/* EXPECT sb_frame.x: stack-above */
	la	%r15, 168(%r15)
	br	%r14
	end	sb_frame

	f	sb_frame_ok	/* EXPECT sb_frame_ok: ok */
	enter	14, 160
	brasl	%r14, ext
	lg	%r14, 296(%r15)
	la	%r15, 160(%r15)
	br	%r14
	end	sb_frame_ok

	f	sb_one_path
	ltgr	%r2, %r2
	je	1f
sb_one_path.x:	/* EXPECT sb_one_path.x: stack-above */
	lay	%r15, 4096(%r15)
	br	%r14
1:	lghi	%r2, 1
	br	%r14
	end	sb_one_path

/* ---- stack-mismatch ---- */

	f	sm_frame_or_none
	cgije	%r2, 0, 1f
	enter	14, 160
	brasl	%r14, ext
sm_frame_or_none.x:	/* EXPECT sm_frame_or_none.x: stack-mismatch */
1:	lghi	%r2, 0
	br	%r14
	end	sm_frame_or_none

	f	sm_frame_or_none_ok	/* EXPECT sm_frame_or_none_ok: ok */
	cgije	%r2, 0, 1f
	enter	14, 160
	brasl	%r14, ext
	restore	14, 160
1:	lghi	%r2, 0
	br	%r14
	end	sm_frame_or_none_ok

/* two sizes, and r15 alone knows which */
	f	sm_sizes
	save	14
	cgije	%r2, 0, 1f
	lay	%r15, -168(%r15)
	j	sm_sizes.x
1:	lay	%r15, -160(%r15)
sm_sizes.x:	/* EXPECT sm_sizes.x: stack-mismatch */
	lghi	%r2, 0
	brasl	%r14, panic
	end	sm_sizes

/* here r11 knows */
	f	sm_sizes_ok	/* EXPECT sm_sizes_ok: ok */
	save	11
	lgr	%r11, %r15
	cgije	%r2, 0, 1f
	lay	%r15, -168(%r15)
	j	2f
1:	lay	%r15, -160(%r15)
2:	stg	%r11, 152(%r15)
	brasl	%r14, ext
	lgr	%r15, %r11
	lmg	%r11, %r15, 112(%r15)
	br	%r14
	end	sm_sizes_ok

/* a loop that goes further down each time */
	f	sm_loop
	save	14
sm_loop.x:	/* EXPECT sm_loop.x: stack-mismatch */
1:	aghi	%r15, -160
	brctg	%r2, 1b
	brasl	%r14, panic
	end	sm_loop

/* and one that comes back to where it was */
	f	sm_loop_ok	/* EXPECT sm_loop_ok: ok */
	save	14
	lgr	%r1, %r15
1:	lay	%r15, -160(%r15)
	stg	%r1, 152(%r15)
	aghi	%r15, 160
	brctg	%r2, 1b
	br	%r14
	end	sm_loop_ok

/* ---- stack-exit ---- */

	f	sx_kept
	enter	14, 160
	brasl	%r14, ext
	lg	%r14, 296(%r15)
sx_kept.x:	/* EXPECT sx_kept.x: stack-exit */
	br	%r14
	end	sx_kept

	f	sx_less
	enter	14, 160
	brasl	%r14, ext
	lg	%r14, 296(%r15)
	aghi	%r15, 152
sx_less.x:	/* EXPECT sx_less.x: stack-exit */
	br	%r14
	end	sx_less

	f	sx_tail_call
	enter	14, 160
	brasl	%r14, ext
	lg	%r14, 296(%r15)
sx_tail_call.x:	/* EXPECT sx_tail_call.x: stack-exit */
	jg	ext
	end	sx_tail_call

	f	sx_tail_call_ok	/* EXPECT sx_tail_call_ok: ok */
	enter	14, 160
	brasl	%r14, ext
	restore	14, 160
	jg	ext
	end	sx_tail_call_ok

	f	sx_cond
	enter	14, 160
	lgr	%r1, %r15
	lg	%r14, 296(%r15)
	ltgr	%r2, %r2
sx_cond.x:	/* EXPECT sx_cond.x: stack-exit */
	ber	%r14
	leave	14, 160
	end	sx_cond

	f	sx_cond_ok	/* EXPECT sx_cond_ok: ok */
	enter	14, 160
	restore	14, 160
	ltgr	%r2, %r2
	ber	%r14
	br	%r14
	end	sx_cond_ok

/* another stack, and no way back from it */
	f	sx_switch
	enter	10, 160
	lgr	%r10, %r15
	lgr	%r15, %r2
	stg	%r10, 152(%r15)
	lmg	%r10, %r14, 264(%r10)
sx_switch.x:	/* EXPECT sx_switch.x: stack-exit */
	br	%r14
	end	sx_switch

/* by early load, as code for z10 returns */
	f	sx_early
	enter	12, 160
	brasl	%r14, ext
	lg	%r4, 296(%r15)
	lmg	%r12, %r14, 280(%r15)
sx_early.x:	/* EXPECT sx_early.x: stack-exit */
	br	%r4
	end	sx_early

/* ---- chainless ---- */

	f	cl_leaf
	stg	%r15, 144(%r15)
	lay	%r15, -168(%r15)
	stg	%r2, 160(%r15)
cl_leaf.x:	/* EXPECT cl_leaf.x: chainless */
	lg	%r15, 312(%r15)
	br	%r14
	end	cl_leaf

	f	cl_leaf_ok	/* EXPECT cl_leaf_ok: ok */
	stg	%r15, 144(%r15)
	lgr	%r1, %r15
	lay	%r15, -168(%r15)
	stg	%r1, 152(%r15)
	stg	%r2, 160(%r15)
	lg	%r15, 312(%r15)
	br	%r14
	end	cl_leaf_ok

	f	cl_one_path
	save	14
	lgr	%r1, %r15
	lay	%r15, -24(%r15)
	cgije	%r2, 0, 1f
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	j	2f
cl_one_path.x:	/* EXPECT cl_one_path.x: chainless */
1:	aghi	%r15, 24
	br	%r14
2:	leave	14, 24
	end	cl_one_path

/* the chain of chacha20_vx: where the other ABI has it */
	f	cl_unpacked
	lgr	%r1, %r15
	aghi	%r15, -160
	stg	%r1, 0(%r15)
cl_unpacked.x:	/* EXPECT cl_unpacked.x: chainless */
	aghi	%r15, 160
	br	%r14
	end	cl_unpacked
