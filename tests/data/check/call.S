/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that find no frame, no return address in its slot, or no back chain. */
#include "frame.h"
	.text

/* ---- no-back-chain ---- */

	f	nc_straight
	save	14
	lay	%r15, -24(%r15)
nc_straight.x:	/* EXPECT nc_straight.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 24
	end	nc_straight

	f	nc_one_path
	save	14
	lgr	%r14, %r15
	lay	%r15, -24(%r15)
	ltgr	%r2, %r2
	je	1f
	stg	%r14, 152(%r15)
1:	lghi	%r2, 1
nc_one_path.x:	/* EXPECT nc_one_path.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 24
	end	nc_one_path

/* two calls, each on a path of its own: only one is wrong */
	f	nc_other_path
	save	14
	lgr	%r1, %r15
	lay	%r15, -24(%r15)
	cgije	%r2, 3, 1f
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	j	2f
nc_other_path.x:	/* EXPECT nc_other_path.x: no-back-chain */
1:	brasl	%r14, ext
2:	leave	14, 24
	end	nc_other_path

/* what the one path lacks is not missed again where they meet */
	f	nc_meets
	save	14
	lgr	%r1, %r15
	lay	%r15, -24(%r15)
	cgije	%r2, 3, 1f
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	j	2f
nc_meets.x:	/* EXPECT nc_meets.x: no-back-chain */
1:	brasl	%r14, ext
2:	brasl	%r14, ext
	leave	14, 24
	end	nc_meets

/* the first round of the loop calls before the chain is there */
	f	nc_loop
	save	12
	lgr	%r13, %r15
	lay	%r15, -160(%r15)
	lghi	%r12, 5
nc_loop.x:	/* EXPECT nc_loop.x: no-back-chain */
1:	brasl	%r14, ext
	stg	%r13, 152(%r15)
	brctg	%r12, 1b
	leave	12, 160
	end	nc_loop

	f	nc_wrapped
	ltgr	%r2, %r2
	ber	%r14
	cghi	%r2, 100
	jh	1f
	lghi	%r2, 0
	br	%r14
1:	save	13
	lay	%r15, -64(%r15)
	lgr	%r13, %r2
nc_wrapped.x:	/* EXPECT nc_wrapped.x: no-back-chain */
	basr	%r14, %r13
	leave	13, 64
	end	nc_wrapped

/* only if a jump label is on, only if it is off */
	f	nc_label_on
	save	14
	lgr	%r1, %r15
	lay	%r15, -24(%r15)
	brcl	0, 1f
	stg	%r1, 152(%r15)
1:	lghi	%r2, 1
nc_label_on.x:	/* EXPECT nc_label_on.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 24
	end	nc_label_on

	f	nc_label_off
	save	14
	lgr	%r1, %r15
	lay	%r15, -24(%r15)
	brcl	15, 1f
nc_label_off.x:	/* EXPECT nc_label_off.x: no-back-chain */
	brasl	%r14, ext
	j	.
1:	stg	%r1, 152(%r15)
	brasl	%r14, ext
	leave	14, 24
	end	nc_label_off

/* the value: the new frame itself, something above, zero, half, anything */
	f	nc_self
	save	14
	lay	%r15, -24(%r15)
	lgr	%r14, %r15
	stg	%r14, 152(%r15)
nc_self.x:	/* EXPECT nc_self.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 24
	end	nc_self

	f	nc_above
	save	14
	la	%r1, 8(%r15)
	lay	%r15, -24(%r15)
	stg	%r1, 152(%r15)
nc_above.x:	/* EXPECT nc_above.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 24
	end	nc_above

	f	nc_zero
	save	14
	lay	%r15, -24(%r15)
	xc	152(8, %r15), 152(%r15)
nc_zero.x:	/* EXPECT nc_zero.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 24
	end	nc_zero

	f	nc_half
	save	14
	lgr	%r14, %r15
	lay	%r15, -24(%r15)
	st	%r14, 156(%r15)
nc_half.x:	/* EXPECT nc_half.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 24
	end	nc_half

	f	nc_from_storage
	save	14
	lay	%r15, -24(%r15)
	lg	%r1, 0(%r2)
	stg	%r1, 152(%r15)
nc_from_storage.x:	/* EXPECT nc_from_storage.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 24
	end	nc_from_storage

/* the old stack pointer is lost between its copy and the store */
	f	nc_clobbered
	save	14
	lgr	%r14, %r15
	lay	%r15, -24(%r15)
	lghi	%r14, 4711
	stg	%r14, 152(%r15)
nc_clobbered.x:	/* EXPECT nc_clobbered.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 24
	end	nc_clobbered

/* a pair of registers is written, though only the even one is named */
	f	nc_pair
	save	12
	lgr	%r13, %r15
	lay	%r15, -160(%r15)
	mlgr	%r12, %r2
	stg	%r13, 152(%r15)
nc_pair.x:	/* EXPECT nc_pair.x: no-back-chain */
	brasl	%r14, ext
	leave	12, 160
	end	nc_pair

/* the copy is taken after a first step down */
	f	nc_two_steps
	save	14
	aghi	%r15, -24
	lgr	%r1, %r15
	aghi	%r15, -160
	stg	%r1, 152(%r15)
nc_two_steps.x:	/* EXPECT nc_two_steps.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 184
	end	nc_two_steps

/* a copy that is made on a condition */
	f	nc_maybe_copy
	save	14
	lghi	%r1, 0
	ltgr	%r2, %r2
	locgrne	%r1, %r15
	lay	%r15, -24(%r15)
	stg	%r1, 152(%r15)
nc_maybe_copy.x:	/* EXPECT nc_maybe_copy.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 24
	end	nc_maybe_copy

/* a store that is made on a condition */
	f	nc_maybe_store
	save	14
	lgr	%r1, %r15
	lay	%r15, -24(%r15)
	ltgr	%r2, %r2
	stocgne	%r1, 152(%r15)
nc_maybe_store.x:	/* EXPECT nc_maybe_store.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 24
	end	nc_maybe_store

/* the slot of the other ABI, as chacha20_vx has it */
	f	nc_unpacked
	save	14
	lgr	%r1, %r15
	aghi	%r15, -160
	stg	%r1, 0(%r15)
nc_unpacked.x:	/* EXPECT nc_unpacked.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 160
	end	nc_unpacked

/* set, then the stack pointer moves on */
	f	nc_moved_on
	enter	14, 24
	aghi	%r15, -160
nc_moved_on.x:	/* EXPECT nc_moved_on.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 184
	end	nc_moved_on

/* alloca that leaves the chain behind */
	f	nc_alloca
	enter	11, 160
	lgr	%r11, %r15
	nill	%r2, 0xfff8
	sgr	%r15, %r2
	la	%r2, 160(%r15)
nc_alloca.x:	/* EXPECT nc_alloca.x: no-back-chain */
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	nc_alloca

/* alloca that copies the slot below it */
	f	nc_alloca_wrong
	enter	11, 160
	lgr	%r11, %r15
	lg	%r1, 144(%r15)
	sgr	%r15, %r2
	stg	%r1, 152(%r15)
nc_alloca_wrong.x:	/* EXPECT nc_alloca_wrong.x: no-back-chain */
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	nc_alloca_wrong

/* alloca on one path, and the chain copied before the step */
	f	nc_alloca_late
	enter	11, 160
	lgr	%r11, %r15
	cgijl	%r2, 0, 1f
	lg	%r1, 152(%r15)
	stg	%r1, 152(%r15)
	sgr	%r15, %r2
1:	lgr	%r3, %r15
nc_alloca_late.x:	/* EXPECT nc_alloca_late.x: no-back-chain */
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	nc_alloca_late

/* another stack, without a way back for those who look */
	f	nc_switch
	enter	10, 160
	lgr	%r10, %r15
	lgr	%r15, %r2
nc_switch.x:	/* EXPECT nc_switch.x: no-back-chain */
	brasl	%r14, ext
	lgr	%r15, %r10
	leave	10, 160
	end	nc_switch

/* to this stack, but to a frame in which no return address was saved */
	f	nc_switch_own
	enter	10, 160
	lgr	%r10, %r15
	lgr	%r15, %r2
	stg	%r10, 152(%r15)
nc_switch_own.x:	/* EXPECT nc_switch_own.x: no-back-chain */
	brasl	%r14, ext
	lgr	%r15, %r10
	leave	10, 160
	end	nc_switch_own

/* after the call it is too late, and calls have three forms */
	f	nc_late
	save	13
	lgr	%r13, %r15
	lay	%r15, -64(%r15)
nc_late.x:	/* EXPECT nc_late.x: no-back-chain */
	basr	%r14, %r2
	stg	%r13, 152(%r15)
	brasl	%r14, ext
	leave	13, 64
	end	nc_late

	f	nc_bas
	save	14
	lay	%r15, -24(%r15)
nc_bas.x:	/* EXPECT nc_bas.x: no-back-chain */
	bas	%r14, 0(%r2)
	leave	14, 24
	end	nc_bas

	f	nc_bras
	save	14
	lay	%r15, -24(%r15)
nc_bras.x:	/* EXPECT nc_bras.x: no-back-chain */
	bras	%r14, nc_bas
	leave	14, 24
	end	nc_bras

/* the frame is popped and laid again for a second call */
	f	nc_second_frame
	enter	14, 24
	brasl	%r14, ext
	restore	14, 24
	save	14
	lay	%r15, -160(%r15)
nc_second_frame.x:	/* EXPECT nc_second_frame.x: no-back-chain */
	brasl	%r14, ext
	leave	14, 160
	end	nc_second_frame

/* a function that does not return is called like any other */
	f	nc_panic
	ltgr	%r2, %r2
	bner	%r14
	save	14
	lay	%r15, -24(%r15)
nc_panic.x:	/* EXPECT nc_panic.x: no-back-chain */
	brasl	%r14, panic
	end	nc_panic

/* a case of a switch */
	f	nc_case
	save	14
	lgr	%r14, %r15
	lay	%r15, -24(%r15)
	clgfi	%r2, 2
	jh	nc_case.2
	larl	%r1, nc_case_table
	sllg	%r2, %r2, 3
	lg	%r1, 0(%r2, %r1)
	br	%r1
nc_case.0:
	stg	%r14, 152(%r15)
	brasl	%r14, ext
	j	3f
nc_case.1:
	lghi	%r2, 0
nc_case.x:	/* EXPECT nc_case.x: no-back-chain */
	brasl	%r14, ext
	j	3f
nc_case.2:
	stg	%r14, 152(%r15)
3:	leave	14, 24
	end	nc_case
	.section .rodata
	.balign	8
nc_case_table:
	.quad	nc_case.0, nc_case.1, nc_case.2
	.text

/* ---- no-return-address ---- */

	f	nr_straight
	lgr	%r14, %r15
	lay	%r15, -24(%r15)
	stg	%r14, 152(%r15)
nr_straight.x:	/* EXPECT nr_straight.x: no-return-address */
	brasl	%r14, panic
	end	nr_straight

	f	nr_wrong_slot
	stmg	%r14, %r15, 128(%r15)
	lgr	%r1, %r15
	lay	%r15, -32(%r15)
	stg	%r1, 152(%r15)
nr_wrong_slot.x:	/* EXPECT nr_wrong_slot.x: no-return-address */
	brasl	%r14, ext
	lmg	%r14, %r15, 160(%r15)
	br	%r14
	end	nr_wrong_slot

/* slots as code without a back chain has them */
	f	nr_slot_above
	stg	%r14, 144(%r15)
	lgr	%r1, %r15
	aghi	%r15, -160
	stg	%r1, 152(%r15)
nr_slot_above.x:	/* EXPECT nr_slot_above.x: no-return-address */
	brasl	%r14, ext
	aghi	%r15, 160
	lg	%r14, 144(%r15)
	br	%r14
	end	nr_slot_above

/* saved after it was used for something else */
	f	nr_clobbered
	lgr	%r14, %r15
	save	14
	lay	%r15, -24(%r15)
	stg	%r14, 152(%r15)
nr_clobbered.x:	/* EXPECT nr_clobbered.x: no-return-address */
	brasl	%r14, panic
	end	nr_clobbered

	f	nr_clobbered_path
	cgijne	%r2, 0, 1f
	lghi	%r14, 12
1:	enter	14, 24
nr_clobbered_path.x:	/* EXPECT nr_clobbered_path.x: no-return-address */
	brasl	%r14, ext
	brasl	%r14, panic
	end	nr_clobbered_path

	f	nr_one_path
	lgr	%r1, %r15
	ltgr	%r2, %r2
	jl	1f
	stg	%r14, 136(%r15)
1:	lay	%r15, -24(%r15)
	stg	%r1, 152(%r15)
nr_one_path.x:	/* EXPECT nr_one_path.x: no-return-address */
	brasl	%r14, ext
	j	.
	end	nr_one_path

/* and the other way round: saved on both, but late on one */
	f	nr_meets
	stmg	%r12, %r13, 120(%r15)
	stg	%r15, 144(%r15)
	lgr	%r13, %r15
	lgr	%r12, %r14
	lay	%r15, -64(%r15)
	stg	%r13, 152(%r15)
	cgije	%r2, 3, 1f
	stg	%r12, 136(%r13)
	brasl	%r14, ext
	j	2f
nr_meets.x:	/* EXPECT nr_meets.x: no-return-address */
1:	brasl	%r14, ext
2:	brasl	%r14, ext
	leave	12, 64
	end	nr_meets

	f	nr_half
	lgr	%r1, %r15
	st	%r14, 140(%r15)
	lay	%r15, -24(%r15)
	stg	%r1, 152(%r15)
nr_half.x:	/* EXPECT nr_half.x: no-return-address */
	brasl	%r14, panic
	end	nr_half

/* saved, but below the new stack pointer's 160 bytes */
	f	nr_after_lay
	lgr	%r1, %r15
	lay	%r15, -160(%r15)
	stg	%r14, 136(%r15)
	stg	%r1, 152(%r15)
nr_after_lay.x:	/* EXPECT nr_after_lay.x: no-return-address */
	brasl	%r14, ext
	lg	%r14, 136(%r15)
	aghi	%r15, 160
	br	%r14
	end	nr_after_lay

/* in a local variable: the compiler could, the unwinder can't */
	f	nr_local
	lgr	%r1, %r15
	lay	%r15, -168(%r15)
	stg	%r14, 160(%r15)
	stg	%r1, 152(%r15)
nr_local.x:	/* EXPECT nr_local.x: no-return-address */
	brasl	%r14, ext
	lg	%r14, 160(%r15)
	aghi	%r15, 168
	br	%r14
	end	nr_local

/* in a register that callees keep: the same */
	f	nr_register
	stmg	%r12, %r13, 120(%r15)
	lgr	%r12, %r14
	lgr	%r1, %r15
	lay	%r15, -64(%r15)
	stg	%r1, 152(%r15)
nr_register.x:	/* EXPECT nr_register.x: no-return-address */
	brasl	%r14, ext
	lgr	%r14, %r12
	lmg	%r12, %r13, 184(%r15)
	aghi	%r15, 64
	br	%r14
	end	nr_register

/* the first round finds it unsaved; r13 is the old stack pointer */
	f	nr_loop
	stmg	%r12, %r13, 120(%r15)
	stg	%r15, 144(%r15)
	lgr	%r13, %r15
	lgr	%r12, %r14
	lay	%r15, -160(%r15)
	stg	%r13, 152(%r15)
nr_loop.x:	/* EXPECT nr_loop.x: no-return-address */
1:	brasl	%r14, ext
	stg	%r12, 136(%r13)
	brct	%r2, 1b
	leave	12, 160
	end	nr_loop

	f	nr_wrapped
	clgfi	%r2, 4095
	jh	1f
	sllg	%r2, %r2, 12
	br	%r14
1:	stmg	%r12, %r13, 120(%r15)
	stg	%r15, 144(%r15)
	lgr	%r1, %r15
	lay	%r15, -160(%r15)
	stg	%r1, 152(%r15)
nr_wrapped.x:	/* EXPECT nr_wrapped.x: no-return-address */
	brasl	%r14, ext
	leave	12, 160
	end	nr_wrapped

/* the caller's slots of the wrong registers: r13 and r14, one slot too high */
	f	nr_stmg_shifted
	stmg	%r13, %r14, 136(%r15)
	lgr	%r1, %r15
	lay	%r15, -24(%r15)
	stg	%r1, 152(%r15)
nr_stmg_shifted.x:	/* EXPECT nr_stmg_shifted.x: no-return-address */
	brasl	%r14, panic
	end	nr_stmg_shifted

/* a link without a call overwrites it */
	f	nr_basr_0
	basr	%r14, %r0
	enter	14, 24
nr_basr_0.x:	/* EXPECT nr_basr_0.x: no-return-address */
	brasl	%r14, panic
	end	nr_basr_0

/* ---- no-frame ---- */

	f	nf_straight
	save	14
nf_straight.x:	/* EXPECT nf_straight.x: no-frame */
	brasl	%r14, ext
	lmg	%r14, %r15, 136(%r15)
	br	%r14
	end	nf_straight

	f	nf_nothing
nf_nothing.x:	/* EXPECT nf_nothing.x: no-frame */
	brasl	%r14, panic
	end	nf_nothing

/* a frame that the callee's saved registers reach out of */
	f	nf_small
	save	14
	lgr	%r1, %r15
	lay	%r15, -16(%r15)
nf_small.x:	/* EXPECT nf_small.x: no-frame */
	brasl	%r14, ext
	leave	14, 16
	end	nf_small

	f	nf_popped
	enter	6, 160
	lgr	%r6, %r2
	brasl	%r14, ext
	lgr	%r2, %r6
	restore	6, 160
nf_popped.x:	/* EXPECT nf_popped.x: no-frame */
	brasl	%r14, ext
	lg	%r14, 136(%r15)
	br	%r14
	end	nf_popped

	f	nf_one_path
	cgijne	%r2, 0, 1f
nf_one_path.x:	/* EXPECT nf_one_path.x: no-frame */
	brasl	%r14, ext
	j	2f
1:	enter	14, 24
	brasl	%r14, ext
	leave	14, 24
2:	j	2b
	end	nf_one_path

	f	nf_loop
	stmg	%r12, %r14, 120(%r15)
	lghi	%r12, 10
	lgr	%r13, %r2
nf_loop.x:	/* EXPECT nf_loop.x: no-frame */
1:	basr	%r14, %r13
	brctg	%r12, 1b
	lmg	%r12, %r14, 120(%r15)
	br	%r14
	end	nf_loop

	f	nf_wrapped
	ltgr	%r2, %r2
	jne	1f
	br	%r14
nf_wrapped.x:	/* EXPECT nf_wrapped.x: no-frame */
1:	brasl	%r14, ext
	enter	14, 24
	brasl	%r14, ext
	leave	14, 24
	end	nf_wrapped

/* r14 both holds the target and takes the link */
	f	nf_basr_14
	lg	%r1, 0(%r2)
	lgr	%r14, %r1
nf_basr_14.x:	/* EXPECT nf_basr_14.x: no-frame */
	basr	%r14, %r14
	j	.
	end	nf_basr_14
