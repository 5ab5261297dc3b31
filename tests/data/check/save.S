/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a function owes its caller: its return address, registers 6 to 13, and
 * the caller's own storage.
 */
#include "frame.h"
	.text

/* ---- save-written ---- */

	f	sw_straight
	enter	14, 160
	brasl	%r14, ext
sw_straight.x:	/* EXPECT sw_straight.x: save-written */
	stg	%r2, 296(%r15)
	leave	14, 160
	end	sw_straight

	f	sw_before_lay
	save	14
	lgr	%r1, %r15
sw_before_lay.x:	/* EXPECT sw_before_lay.x: save-written */
	mvghi	136(%r15), 0
	lay	%r15, -24(%r15)
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	leave	14, 24
	end	sw_before_lay

	f	sw_one_path
	enter	6, 160
	lgr	%r6, %r2
	brasl	%r14, ext
	cgije	%r2, 0, 1f
sw_one_path.x:	/* EXPECT sw_one_path.x: save-written */
	stg	%r2, 232(%r15)
1:	leave	6, 160
	end	sw_one_path

	f	sw_wrapped
	ltgr	%r2, %r2
	ber	%r14
	enter	10, 200
	lgr	%r10, %r2
sw_wrapped.x:	/* EXPECT sw_wrapped.x: save-written */
	mvc	300(8, %r15), 0(%r2)
	brasl	%r14, ext
	lgr	%r2, %r10
	leave	10, 200
	end	sw_wrapped

	f	sw_loop
	enter	12, 168
	lghi	%r12, 4
1:	brasl	%r14, ext
sw_loop.x:	/* EXPECT sw_loop.x: save-written */
	st	%r2, 292(%r15)
	brctg	%r12, 1b
	leave	12, 168
	end	sw_loop

	f	sw_byte
	enter	14, 24
	brasl	%r14, ext
sw_byte.x:	/* EXPECT sw_byte.x: save-written */
	stc	%r2, 167(%r15)
	leave	14, 24
	end	sw_byte

	f	sw_alias
	enter	6, 160
	lgr	%r6, %r2
	la	%r1, 232(%r15)
sw_alias.x:	/* EXPECT sw_alias.x: save-written */
	xc	0(64, %r1), 0(%r1)
	brasl	%r14, ext
	leave	6, 160
	end	sw_alias

	f	sw_stmg
	enter	6, 160
	lgr	%r6, %r2
	brasl	%r14, ext
sw_stmg.x:	/* EXPECT sw_stmg.x: save-written */
	stmg	%r0, %r9, 160(%r15)
	leave	6, 160
	end	sw_stmg

	f	sw_vector
	enter	13, 160
	lgr	%r13, %r2
sw_vector.x:	/* EXPECT sw_vector.x: save-written */
	vst	%v0, 280(%r15)
	brasl	%r14, ext
	leave	13, 160
	end	sw_vector

	f	sw_old_sp
	enter	14, 160
sw_old_sp.x:	/* EXPECT sw_old_sp.x: save-written */
	stg	%r2, 136(%r14)
	brasl	%r14, ext
	leave	14, 160
	end	sw_old_sp

	f	sw_frame_pointer
	enter	11, 160
	lgr	%r11, %r15
	lg	%r1, 152(%r15)
	sgr	%r15, %r2
	stg	%r1, 152(%r15)
	brasl	%r14, ext
sw_frame_pointer.x:	/* EXPECT sw_frame_pointer.x: save-written */
	stg	%r2, 272(%r11)
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	sw_frame_pointer

/* saved again, but not the same */
	f	sw_again
	enter	12, 160
	lgr	%r12, %r2
	brasl	%r14, ext
sw_again.x:	/* EXPECT sw_again.x: save-written */
	stmg	%r12, %r13, 280(%r15)
	leave	12, 160
	end	sw_again

/* arrays that begin among saved registers, lengths in registers and in loops */
	f	sw_exrl
	enter	13, 160
	la	%r1, 296(%r15)
sw_exrl.x:	/* EXPECT sw_exrl.x: save-written */
	exrl	%r2, 1f
	brasl	%r14, ext
	leave	13, 160
1:	xc	0(1, %r1), 0(%r1)
	end	sw_exrl

	f	sw_clear_256
	enter	6, 256
	lgr	%r6, %r2
	la	%r1, 336(%r15)
sw_clear_256.x:	/* EXPECT sw_clear_256.x: save-written */
	xc	0(256, %r1), 0(%r1)
	brasl	%r14, ext
	leave	6, 256
	end	sw_clear_256

/* at the first one, where an array of no elements could be, behind the others */
	f	sw_array_behind
	enter	6, 256
	lgr	%r6, %r2
	la	%r1, 328(%r15)
sw_array_behind.x:	/* EXPECT sw_array_behind.x: save-written */
	exrl	%r2, 1f
	brasl	%r14, ext
	leave	6, 256
1:	xc	0(1, %r1), 0(%r1)
	end	sw_array_behind

	f	sw_index
	enter	14, 160
	brasl	%r14, ext
sw_index.x:	/* EXPECT sw_index.x: save-written */
	stg	%r2, 296(%r15, %r0)
	leave	14, 160
	end	sw_index

/* kept in an object of its own, which a pointer leads to */
	f	sw_object
	enter	14, 176
	stg	%r6, 160(%r15)
	la	%r1, 160(%r15)
	lghi	%r6, 0
sw_object.x:	/* EXPECT sw_object.x: save-written */
	stg	%r2, 0(%r1)
	brasl	%r14, ext
	lg	%r6, 160(%r15)
	leave	14, 176
	end	sw_object

/* ---- register-lost ---- */

	f	rl_leaf
	lghi	%r6, 0
rl_leaf.x:	/* EXPECT rl_leaf.x: register-lost */
	br	%r14
	end	rl_leaf

	f	rl_one_path
	ltgr	%r2, %r2
	je	1f
	lgr	%r13, %r2
rl_one_path.x:	/* EXPECT rl_one_path.x: register-lost */
1:	br	%r14
	end	rl_one_path

	f	rl_wrapped
	ltgr	%r2, %r2
	ber	%r14
	lhi	%r8, 3
	agr	%r2, %r8
rl_wrapped.x:	/* EXPECT rl_wrapped.x: register-lost */
	br	%r14
	end	rl_wrapped

	f	rl_loop
1:	mvi	0(%r2), 0
	aghi	%r2, 1
	ltgr	%r3, %r3
rl_loop.x:	/* EXPECT rl_loop.x: register-lost */
	ber	%r14
	brct	%r6, 1b
	j	.
	end	rl_loop

	f	rl_one_less
	enter	6, 160
	lgr	%r6, %r2
	lgr	%r7, %r3
	brasl	%r14, ext
	lmg	%r7, %r15, 240(%r15)
rl_one_less.x:	/* EXPECT rl_one_less.x: register-lost */
	br	%r14
	end	rl_one_less

/* each register from the next one's slot; r15 by a sum */
	f	rl_wrong_slot
	enter	10, 160
	lgr	%r10, %r2
	brasl	%r14, ext
	lg	%r14, 296(%r15)
	lmg	%r10, %r13, 272(%r15)
	aghi	%r15, 160
rl_wrong_slot.x:	/* EXPECT rl_wrong_slot.x: register-lost */
	br	%r14
	end	rl_wrong_slot

	f	rl_swapped
	enter	12, 160
	brasl	%r14, ext
	lg	%r12, 288(%r15)
	lg	%r13, 280(%r15)
	lmg	%r14, %r15, 296(%r15)
rl_swapped.x:	/* EXPECT rl_swapped.x: register-lost */
	br	%r14
	end	rl_swapped

	f	rl_half
	enter	12, 160
	lgr	%r12, %r2
	brasl	%r14, ext
	l	%r12, 284(%r15)
	lmg	%r13, %r15, 288(%r15)
rl_half.x:	/* EXPECT rl_half.x: register-lost */
	br	%r14
	end	rl_half

	f	rl_high_half
	stmg	%r12, %r13, 120(%r15)
	lm	%r12, %r13, 0(%r2)
	lmh	%r12, %r13, 120(%r15)
rl_high_half.x:	/* EXPECT rl_high_half.x: register-lost */
	br	%r14
	end	rl_high_half

/* saved when it was already something else */
	f	rl_saved_late
	aghi	%r8, 1
	enter	8, 160
	brasl	%r14, ext
	restore	8, 160
rl_saved_late.x:	/* EXPECT rl_saved_late.x: register-lost */
	br	%r14
	end	rl_saved_late

	f	rl_tail_call
	enter	11, 160
	lgr	%r11, %r2
	brasl	%r14, ext
	lgr	%r2, %r11
	restore	12, 160
rl_tail_call.x:	/* EXPECT rl_tail_call.x: register-lost */
	jg	ext
	end	rl_tail_call

	f	rl_tail_call_reg
	enter	7, 160
	lgr	%r7, %r2
	brasl	%r14, ext
	lgr	%r1, %r7
	restore	8, 160
rl_tail_call_reg.x:	/* EXPECT rl_tail_call_reg.x: register-lost */
	br	%r1
	end	rl_tail_call_reg

/* the callee may use the slot: it lies below the frame's 152 bytes */
	f	rl_callee_wrote
	stg	%r13, 80(%r15)
	save	14
	lgr	%r1, %r15
	lay	%r15, -24(%r15)
	stg	%r1, 152(%r15)
	lgr	%r13, %r2
	brasl	%r14, ext
	lg	%r13, 104(%r15)
	restore	14, 24
rl_callee_wrote.x:	/* EXPECT rl_callee_wrote.x: register-lost */
	br	%r14
	end	rl_callee_wrote

/* the caller of a frame pointer's user does not get it back */
/* below a stack pointer that is not known: what a callee has for its own */
	f	rl_below
	enter	10, 160
	lgr	%r11, %r15
	lgr	%r1, %r14
	sgr	%r15, %r2
	stg	%r1, 152(%r15)
	stg	%r9, -8(%r11)
	lghi	%r9, 0
	brasl	%r14, ext
	lg	%r9, -8(%r11)
	lmg	%r10, %r15, 264(%r11)
rl_below.x:	/* EXPECT rl_below.x: register-lost */
	br	%r14
	end	rl_below

/* in each register that callees may change */
	.macro	volatile reg
	f	rl_volatile_\reg
	enter	14, 24
	lgr	%r\reg, %r6
	lghi	%r6, 0
	brasl	%r14, ext
	lgr	%r6, %r\reg
	restore	14, 24
rl_volatile_\reg\().x:
	br	%r14
	end	rl_volatile_\reg
	.endm
	.irp	n, 0, 1, 2, 3, 4, 5, 14
	volatile	\n
	.endr
/* EXPECT rl_volatile_0.x: register-lost */
/* EXPECT rl_volatile_1.x: register-lost */
/* EXPECT rl_volatile_2.x: register-lost */
/* EXPECT rl_volatile_3.x: register-lost */
/* EXPECT rl_volatile_4.x: register-lost */
/* EXPECT rl_volatile_5.x: register-lost */
/* EXPECT rl_volatile_14.x: register-lost */

/* in a frame that was given up: it is laid again, but not the same */
	f	rl_popped
	save	14
	lgr	%r1, %r15
	lay	%r15, -176(%r15)
	stg	%r1, 152(%r15)
	stg	%r6, 160(%r15)
	lghi	%r6, 0
	aghi	%r15, 176
	aghi	%r15, -176
	stg	%r1, 152(%r15)
	lg	%r6, 160(%r15)
	restore	14, 176
rl_popped.x:	/* EXPECT rl_popped.x: register-lost */
	br	%r14
	end	rl_popped

	f	rl_frame_pointer
	save	14
	lgr	%r11, %r15
	lgr	%r1, %r15
	lay	%r15, -160(%r15)
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	lmg	%r14, %r15, 136(%r11)
rl_frame_pointer.x:	/* EXPECT rl_frame_pointer.x: register-lost */
	br	%r14
	end	rl_frame_pointer

/* pair NAME, INSTRUCTION: it writes r13, or another, without naming it */
	.macro	pair name, insn
	f	\name
	\insn
\name\().x:
	br	%r14
	end	\name
	.endm

/* EXPECT rl_flogr.x: register-lost */
	pair	rl_flogr, "flogr %r12, %r2"
/* EXPECT rl_mlgr.x: register-lost */
	pair	rl_mlgr, "mlgr %r12, %r2"
/* EXPECT rl_mgrk.x: register-lost */
	pair	rl_mgrk, "mgrk %r12, %r2, %r3"
/* EXPECT rl_mlg.x: register-lost */
	pair	rl_mlg, "mlg %r12, 0(%r2)"
/* EXPECT rl_dlgr.x: register-lost */
	pair	rl_dlgr, "dlgr %r12, %r2"
/* EXPECT rl_dsgf.x: register-lost */
	pair	rl_dsgf, "dsgf %r12, 0(%r2)"
/* EXPECT rl_dr.x: register-lost */
	pair	rl_dr, "dr %r12, %r2"
/* EXPECT rl_m.x: register-lost */
	pair	rl_m, "m %r12, 0(%r2)"
/* EXPECT rl_srda.x: register-lost */
	pair	rl_srda, "srda %r12, 4"
/* EXPECT rl_sldl.x: register-lost */
	pair	rl_sldl, "sldl %r12, 4"
/* EXPECT rl_lpq.x: register-lost */
	pair	rl_lpq, "lpq %r12, 0(%r2)"
/* EXPECT rl_lpdg.x: register-lost */
	pair	rl_lpdg, "lpdg %r12, 0(%r2), 8(%r2)"
/* EXPECT rl_cdsg.x: register-lost */
	pair	rl_cdsg, "cdsg %r12, %r2, 0(%r4)"
/* EXPECT rl_cs.x: register-lost */
	pair	rl_cs, "cs %r13, %r2, 0(%r4)"
/* EXPECT rl_laa.x: register-lost */
	pair	rl_laa, "laa %r13, %r2, 0(%r4)"
/* EXPECT rl_mvcl.x: register-lost */
	pair	rl_mvcl, "mvcl %r2, %r12"
/* EXPECT rl_mvcle.x: register-lost */
	pair	rl_mvcle, "mvcle %r12, %r2, 0"
/* EXPECT rl_clcl.x: register-lost */
	pair	rl_clcl, "clcl %r2, %r12"
/* EXPECT rl_clcle.x: register-lost */
	pair	rl_clcle, "clcle %r12, %r2, 0"
/* EXPECT rl_srst.x: register-lost */
	pair	rl_srst, "srst %r13, %r2"
/* EXPECT rl_clst.x: register-lost */
	pair	rl_clst, "clst %r2, %r13"
/* EXPECT rl_cksm.x: register-lost */
	pair	rl_cksm, "cksm %r2, %r12"
/* EXPECT rl_cuse.x: register-lost */
	pair	rl_cuse, "cuse %r2, %r12"
/* EXPECT rl_cu12.x: register-lost */
	pair	rl_cu12, "cu12 %r2, %r12"
/* EXPECT rl_tre.x: register-lost */
	pair	rl_tre, "tre %r12, %r2"
/* EXPECT rl_troo.x: register-lost */
	pair	rl_troo, "troo %r12, %r2"
/* EXPECT rl_km.x: register-lost */
	pair	rl_km, "km %r2, %r12"
/* EXPECT rl_klmd.x: register-lost */
	pair	rl_klmd, "klmd %r2, %r12"
/* EXPECT rl_epsw.x: register-lost */
	pair	rl_epsw, "epsw %r2, %r13"
/* EXPECT rl_iske.x: register-lost */
	pair	rl_iske, "iske %r13, %r2"
/* EXPECT rl_ipm.x: register-lost */
	pair	rl_ipm, "ipm %r13"
/* EXPECT rl_ear.x: register-lost */
	pair	rl_ear, "ear %r13, %a0"
/* EXPECT rl_lgdr.x: register-lost */
	pair	rl_lgdr, "lgdr %r13, %f0"
/* EXPECT rl_vlgvg.x: register-lost */
	pair	rl_vlgvg, "vlgvg %r13, %v0, 0"
/* EXPECT rl_cgdbr.x: register-lost */
	pair	rl_cgdbr, "cgdbr %r13, 0, %f0"
/* EXPECT rl_popcnt.x: register-lost */
	pair	rl_popcnt, "popcnt %r13, %r2"
/* EXPECT rl_risbhg.x: register-lost */
	pair	rl_risbhg, "risbhg %r13, %r2, 0, 31, 0"
/* EXPECT rl_locghi.x: register-lost */
	pair	rl_locghi, "locghie %r13, 1"
/* EXPECT rl_selgr.x: register-lost */
	pair	rl_selgr, "selgre %r13, %r2, %r3"
/* EXPECT rl_locfhr.x: register-lost */
	pair	rl_locfhr, "locfhre %r13, %r2"
/* EXPECT rl_icm.x: register-lost */
	pair	rl_icm, "icm %r13, 1, 0(%r2)"
/* EXPECT rl_ic.x: register-lost */
	pair	rl_ic, "ic %r13, 0(%r2)"
/* EXPECT rl_lmd.x: register-lost */
	pair	rl_lmd, "lmd %r12, %r13, 0(%r2), 8(%r3)"
/* EXPECT rl_bctgr.x: register-lost */
	pair	rl_bctgr, "bctgr %r13, %r0"
/* EXPECT rl_basr.x: register-lost */
	pair	rl_basr, "basr %r13, %r0"
/* EXPECT rl_efpc.x: register-lost */
	pair	rl_efpc, "efpc %r13"
/* EXPECT rl_lura.x: register-lost */
	pair	rl_lura, "lura %r13, %r2"
/* EXPECT rl_lra.x: register-lost */
	pair	rl_lra, "lra %r13, 0(%r2)"
/* EXPECT rl_sigp.x: register-lost */
	pair	rl_sigp, "sigp %r12, %r2, 0"
/* EXPECT rl_lcbb.x: register-lost */
	pair	rl_lcbb, "lcbb %r13, 0(%r2), 0"

/* ---- return-lost ---- */

	f	tl_leaf
	lgr	%r14, %r2
tl_leaf.x:	/* EXPECT tl_leaf.x: return-lost */
	br	%r14
	end	tl_leaf

	f	tl_basr
	basr	%r14, %r0
	lg	%r2, 10(%r14)
tl_basr.x:	/* EXPECT tl_basr.x: return-lost */
	br	%r14
	end	tl_basr

/* four bytes behind the call */
	f	tl_skip
	la	%r14, 4(%r14)
tl_skip.x:	/* EXPECT tl_skip.x: return-lost */
	br	%r14
	end	tl_skip

	f	tl_one_path
	ltgr	%r2, %r2
	jne	1f
	lghi	%r14, 0
tl_one_path.x:	/* EXPECT tl_one_path.x: return-lost */
1:	br	%r14
	end	tl_one_path

	f	tl_wrapped
	ltgr	%r2, %r2
	ber	%r14
	llgtr	%r14, %r14
tl_wrapped.x:	/* EXPECT tl_wrapped.x: return-lost */
	br	%r14
	end	tl_wrapped

	f	tl_loop
	lgr	%r1, %r14
1:	cli	0(%r2), 0
tl_loop.x:	/* EXPECT tl_loop.x: return-lost */
	ber	%r14
	la	%r14, 1
	la	%r2, 1(%r2)
	brct	%r3, 1b
	br	%r1
	end	tl_loop

/* scratch, and a conditional return */
	f	tl_cond
	llgc	%r14, 0(%r2)
	cghi	%r14, 7
tl_cond.x:	/* EXPECT tl_cond.x: return-lost */
	bhr	%r14
	lghi	%r2, 0
	j	.
	end	tl_cond

	f	tl_not_loaded
	enter	6, 160
	lgr	%r6, %r2
	brasl	%r14, ext
	lmg	%r6, %r13, 232(%r15)
	aghi	%r15, 160
tl_not_loaded.x:	/* EXPECT tl_not_loaded.x: return-lost */
	br	%r14
	end	tl_not_loaded

/* the slot of the frame below, where the callee saved its own */
	f	tl_callees
	enter	14, 160
	brasl	%r14, ext
	lg	%r14, 136(%r15)
	aghi	%r15, 160
tl_callees.x:	/* EXPECT tl_callees.x: return-lost */
	br	%r14
	end	tl_callees

	f	tl_one_off
	enter	12, 160
	lgr	%r12, %r2
	brasl	%r14, ext
	lmg	%r12, %r13, 280(%r15)
	lg	%r14, 304(%r15)
	aghi	%r15, 160
tl_one_off.x:	/* EXPECT tl_one_off.x: return-lost */
	br	%r14
	end	tl_one_off

/* early, as for z10, but from the wrong slot */
	f	tl_early
	enter	12, 160
	lgr	%r12, %r2
	brasl	%r14, ext
	lg	%r4, 288(%r15)
	lmg	%r12, %r13, 280(%r15)
	aghi	%r15, 160
tl_early.x:	/* EXPECT tl_early.x: return-lost */
	br	%r4
	end	tl_early

	f	tl_early_clobbered
	enter	12, 160
	lg	%r4, 296(%r15)
	brasl	%r14, ext
	lmg	%r12, %r13, 280(%r15)
	aghi	%r15, 160
tl_early_clobbered.x:	/* EXPECT tl_early_clobbered.x: return-lost */
	br	%r4
	end	tl_early_clobbered

	f	tl_tail_call
	enter	14, 160
	brasl	%r14, ext
	aghi	%r15, 160
tl_tail_call.x:	/* EXPECT tl_tail_call.x: return-lost */
	jg	ext
	end	tl_tail_call

	f	tl_tail_call_reg
	enter	14, 160
	lgr	%r2, %r14
	brasl	%r14, ext
	lgr	%r1, %r2
	lg	%r15, 304(%r15)
tl_tail_call_reg.x:	/* EXPECT tl_tail_call_reg.x: return-lost */
	br	%r1
	end	tl_tail_call_reg

	f	tl_tail_call_cond
	lgr	%r14, %r15
	ltgr	%r2, %r2
tl_tail_call_cond.x:	/* EXPECT tl_tail_call_cond.x: return-lost */
	jgne	ext
	br	%r14
	end	tl_tail_call_cond

/* saved, then changed where it was saved: told at the store */
	f	tl_slot_written
	stg	%r14, 136(%r15)
	basr	%r14, %r0
tl_slot_written.x:	/* EXPECT tl_slot_written.x: save-written */
	agsi	136(%r15), 2
	lg	%r14, 136(%r15)
	br	%r14
	end	tl_slot_written

	f	tl_atomic
	lghi	%r0, 1
	csg	%r14, %r0, 0(%r2)
tl_atomic.x:	/* EXPECT tl_atomic.x: return-lost */
	br	%r14
	end	tl_atomic

/* ---- foreign-written ---- */

	f	fw_leaf
fw_leaf.x:	/* EXPECT fw_leaf.x: foreign-written */
	stg	%r2, 1000(%r15)
	br	%r14
	end	fw_leaf

	f	fw_frame
	enter	14, 160
	brasl	%r14, ext
fw_frame.x:	/* EXPECT fw_frame.x: foreign-written */
	mvc	700(8, %r15), 0(%r2)
	leave	14, 160
	end	fw_frame

	f	fw_one_path
	enter	13, 168
	lgr	%r13, %r2
	brasl	%r14, ext
	cgijl	%r2, 0, 1f
fw_one_path.x:	/* EXPECT fw_one_path.x: foreign-written */
	mvghi	2000(%r15), 1
1:	leave	13, 168
	end	fw_one_path

	f	fw_loop
	la	%r4, 512(%r15)
fw_loop.x:	/* EXPECT fw_loop.x: foreign-written */
1:	stg	%r2, 0(%r4)
	brctg	%r2, 1b
	br	%r14
	end	fw_loop

	f	fw_wrapped
	ltgr	%r2, %r2
	ber	%r14
	lgr	%r4, %r15
	aghi	%r4, 4000
fw_wrapped.x:	/* EXPECT fw_wrapped.x: foreign-written */
	stmg	%r2, %r3, 0(%r4)
	br	%r14
	end	fw_wrapped

	f	fw_exrl
	la	%r4, 1600(%r15)
fw_exrl.x:	/* EXPECT fw_exrl.x: foreign-written */
	exrl	%r2, 1f
	br	%r14
1:	mvc	0(1, %r4), 0(%r3)
	end	fw_exrl

	f	fw_vector
fw_vector.x:	/* EXPECT fw_vector.x: foreign-written */
	vstm	%v0, %v15, 400(%r15)
	br	%r14
	end	fw_vector
