/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores over a back chain: the function's own, or its caller's. */
#include "frame.h"
	.text

/* over NAME, INSTRUCTION: a good frame of 256 bytes, one store, a call */
	.macro	over name, insn
	f	\name
	enter	14, 256
\name\().x:
	\insn
	brasl	%r14, ext
	leave	14, 256
	end	\name
	.endm

/* the caller's */
	f	cc_before_lay
	save	14
	lgr	%r1, %r15
cc_before_lay.x:	/* EXPECT cc_before_lay.x: chain-written */
	stg	%r1, 152(%r15)
	lay	%r15, -24(%r15)
	brasl	%r14, ext
	leave	14, 24
	end	cc_before_lay

	f	cc_leaf
cc_leaf.x:	/* EXPECT cc_leaf.x: chain-written */
	stg	%r2, 152(%r15)
	br	%r14
	end	cc_leaf

	f	cc_wrapped
	ltgr	%r2, %r2
	ber	%r14
cc_wrapped.x:	/* EXPECT cc_wrapped.x: chain-written */
	xc	152(8, %r15), 152(%r15)
	br	%r14
	end	cc_wrapped

	f	cc_by_copy
	enter	14, 160
	brasl	%r14, ext
	la	%r1, 160(%r15)
cc_by_copy.x:	/* EXPECT cc_by_copy.x: chain-written */
	stg	%r2, 152(%r1)
	leave	14, 160
	end	cc_by_copy

	f	cc_from_frame
	enter	11, 160
	lgr	%r11, %r15
cc_from_frame.x:	/* EXPECT cc_from_frame.x: chain-written */
	mvghi	312(%r11), 0
	brasl	%r14, ext
	leave	11, 160
	end	cc_from_frame

/* the saved registers and eight bytes more */
	f	cc_stmg
cc_stmg.x:	/* EXPECT cc_stmg.x: chain-written */
	stmg	%r14, %r0, 136(%r15)
	lay	%r15, -160(%r15)
	lmg	%r14, %r15, 296(%r15)
	br	%r14
	end	cc_stmg

	f	cc_loop
	lghi	%r1, 4
	la	%r4, 144(%r15)
cc_loop.x:	/* EXPECT cc_loop.x: chain-written */
1:	mvc	0(16, %r4), 0(%r2)
	aghi	%r2, 16
	brct	%r1, 1b
	br	%r14
	end	cc_loop

/* through a stack pointer of one path */
	f	cc_one_path
	ltgr	%r2, %r2
	je	1f
	lgr	%r4, %r15
cc_one_path.x:	/* EXPECT cc_one_path.x: chain-written */
	stg	%r2, 152(%r4)
1:	br	%r14
	end	cc_one_path

/* r15 is not known there, r11 is */
	f	cc_dynamic
	enter	11, 160
	lgr	%r11, %r15
	lg	%r1, 152(%r15)
	sgr	%r15, %r2
	stg	%r1, 152(%r15)
	brasl	%r14, ext
cc_dynamic.x:	/* EXPECT cc_dynamic.x: chain-written */
	stg	%r2, 312(%r11)
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	cc_dynamic

/*
 * By r15, which is only known to be at most P - 160: what it may reach, and
 * what not even from there.
 */
	.macro	below name, insn
	f	\name
	enter	11, 160
	lgr	%r11, %r15
	sgr	%r15, %r2
	stg	%r14, 152(%r15)
	brasl	%r14, ext
\name\().x:
	\insn
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	\name
	.endm
/* EXPECT cc_below.x: chain-written */
	below	cc_below, "stg %r2, 312(%r15)"
/* EXPECT cc_below_byte.x: chain-written */
	below	cc_below_byte, "stc %r2, 312(%r15)"
/* EXPECT cc_below_index.x: chain-written */
	below	cc_below_index, "stg %r2, 306(%r1, %r15)"
/* EXPECT cc_below_saved.x: save-written */
	below	cc_below_saved, "stg %r2, 304(%r15)"
/* EXPECT cc_below_first.x: save-written */
	below	cc_below_first, "stc %r2, 272(%r15)"
/* EXPECT cc_below_object: ok */
	below	cc_below_object, "stg %r2, 264(%r15)"
/* EXPECT oc_below.x: chain-written */
	below	oc_below, "stg %r2, 152(%r15)"
/* EXPECT oc_below_half.x: chain-written */
	below	oc_below_half, "st %r2, 156(%r15)"
/* EXPECT oc_below_self.x: chain-written */
	below	oc_below_self, "stg %r15, 152(%r15)"
/* EXPECT oc_below_beside: ok */
	below	oc_below_beside, "mvc 144(8, %r15), 0(%r2)"
/* EXPECT oc_below_object: ok */
	below	oc_below_object, "mvc 160(104, %r15), 0(%r2)"

/* with no call left: an interrupt can come */
	f	oc_below_no_call
	enter	11, 160
	lgr	%r11, %r15
	sgr	%r15, %r2
	stg	%r14, 152(%r15)
	brasl	%r14, ext
oc_below_no_call.x:	/* EXPECT oc_below_no_call.x: chain-written */
	stc	%r2, 159(%r15)
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	oc_below_no_call

/* the same again is no change; on another stack, either */
	f	oc_below_same	/* EXPECT oc_below_same: ok */
	enter	10, 160
	lgr	%r11, %r15
	lgr	%r10, %r14
	sgr	%r15, %r2
	stg	%r14, 152(%r15)
	brasl	%r14, ext
	stg	%r10, 152(%r15)
	brasl	%r14, ext
	lmg	%r10, %r15, 264(%r11)
	br	%r14
	end	oc_below_same

	f	oc_other_stack
	enter	10, 160
	lgr	%r10, %r15
	lgr	%r15, %r2
	stg	%r14, 152(%r15)
	brasl	%r14, ext
oc_other_stack.x:	/* EXPECT oc_other_stack.x: chain-written */
	xc	152(8, %r15), 152(%r15)
	lgr	%r15, %r10
	leave	10, 160
	end	oc_other_stack

/* down by unknown lengths, and by known ones: P - 160 - 16 at most */
	f	cc_below_steps
	enter	11, 160
	lgr	%r11, %r15
	sgr	%r15, %r2
	aghi	%r15, -16
	stg	%r14, 152(%r15)
cc_below_steps.x:	/* EXPECT cc_below_steps.x: chain-written */
	stg	%r2, 328(%r15)
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	cc_below_steps

	f	cc_below_steps_saved
	enter	11, 160
	lgr	%r11, %r15
	sgr	%r15, %r2
	slgfi	%r15, 16
	stg	%r14, 152(%r15)
cc_below_steps_saved.x:	/* EXPECT cc_below_steps_saved.x: save-written */
	stc	%r2, 288(%r15)
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	cc_below_steps_saved

	f	cc_below_steps_ok	/* EXPECT cc_below_steps_ok: ok */
	enter	11, 160
	lgr	%r11, %r15
	sgr	%r15, %r2
	lay	%r15, -16(%r15)
	stg	%r14, 152(%r15)
	stg	%r2, 280(%r15)
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	cc_below_steps_ok

/* two ways down meet: the higher one counts */
	f	cc_below_meet
	enter	11, 160
	lgr	%r11, %r15
	sgr	%r15, %r2
	cgije	%r3, 0, 1f
	aghi	%r15, -16
1:	stg	%r14, 152(%r15)
cc_below_meet.x:	/* EXPECT cc_below_meet.x: save-written */
	stg	%r2, 280(%r15)
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	cc_below_meet

	f	cc_below_meet_late
	enter	11, 160
	lgr	%r11, %r15
	sgr	%r15, %r2
	cgije	%r3, 0, 1f
	aghi	%r15, -16
	j	2f
1:	lghi	%r2, 0
2:	stg	%r14, 152(%r15)
cc_below_meet_late.x:	/* EXPECT cc_below_meet_late.x: save-written */
	stg	%r2, 280(%r15)
	brasl	%r14, ext
	lmg	%r11, %r15, 272(%r11)
	br	%r14
	end	cc_below_meet_late

/*
 * The own one, by all that writes to storage.
 */
/* EXPECT oc_stg.x: chain-written */
	over	oc_stg, "stg %r2, 152(%r15)"
/* EXPECT oc_st.x: chain-written */
	over	oc_st, "st %r2, 156(%r15)"
/* EXPECT oc_sth.x: chain-written */
	over	oc_sth, "sth %r2, 158(%r15)"
/* EXPECT oc_stc.x: chain-written */
	over	oc_stc, "stc %r2, 152(%r15)"
/* EXPECT oc_sty.x: chain-written */
	over	oc_sty, "sty %r2, 152(%r15)"
/* EXPECT oc_stcm.x: chain-written */
	over	oc_stcm, "stcm %r2, 5, 151(%r15)"
/* EXPECT oc_stcmh.x: chain-written */
	over	oc_stcmh, "stcmh %r2, 15, 150(%r15)"
/* EXPECT oc_stfh.x: chain-written */
	over	oc_stfh, "stfh %r2, 152(%r15)"
/* EXPECT oc_strvg.x: chain-written */
	over	oc_strvg, "strvg %r2, 152(%r15)"
/* EXPECT oc_stocg.x: chain-written */
	over	oc_stocg, "stocge %r2, 152(%r15)"
/* EXPECT oc_stmg.x: chain-written */
	over	oc_stmg, "stmg %r0, %r3, 136(%r15)"
/* EXPECT oc_stmg_wraps.x: chain-written */
	over	oc_stmg_wraps, "stmg %r15, %r0, 144(%r15)"
/* EXPECT oc_stm.x: chain-written */
	over	oc_stm, "stm %r0, %r5, 136(%r15)"
/* EXPECT oc_stmh.x: chain-written */
	over	oc_stmh, "stmh %r2, %r2, 152(%r15)"
/* EXPECT oc_stpq.x: chain-written */
	over	oc_stpq, "stpq %r2, 144(%r15)"
/* EXPECT oc_mvi.x: chain-written */
	over	oc_mvi, "mvi 159(%r15), 0"
/* EXPECT oc_mviy.x: chain-written */
	over	oc_mviy, "mviy 152(%r15), 0"
/* EXPECT oc_mvghi.x: chain-written */
	over	oc_mvghi, "mvghi 152(%r15), 0"
/* EXPECT oc_mvhi.x: chain-written */
	over	oc_mvhi, "mvhi 156(%r15), 1"
/* EXPECT oc_mvhhi.x: chain-written */
	over	oc_mvhhi, "mvhhi 152(%r15), -1"
/* EXPECT oc_oi.x: chain-written */
	over	oc_oi, "oi 152(%r15), 1"
/* EXPECT oc_ni.x: chain-written */
	over	oc_ni, "ni 152(%r15), 1"
/* EXPECT oc_xiy.x: chain-written */
	over	oc_xiy, "xiy 159(%r15), 1"
/* EXPECT oc_ts.x: chain-written */
	over	oc_ts, "ts 152(%r15)"
/* EXPECT oc_agsi.x: chain-written */
	over	oc_agsi, "agsi 152(%r15), 8"
/* EXPECT oc_asi.x: chain-written */
	over	oc_asi, "asi 156(%r15), 1"
/* EXPECT oc_algsi.x: chain-written */
	over	oc_algsi, "algsi 152(%r15), 1"
/* EXPECT oc_mvc.x: chain-written */
	over	oc_mvc, "mvc 152(8, %r15), 0(%r2)"
/* EXPECT oc_mvc_reaches.x: chain-written */
	over	oc_mvc_reaches, "mvc 100(53, %r15), 0(%r2)"
/* EXPECT oc_mvcin.x: chain-written */
	over	oc_mvcin, "mvcin 152(8, %r15), 7(%r2)"
/* EXPECT oc_mvn.x: chain-written */
	over	oc_mvn, "mvn 152(8, %r15), 0(%r2)"
/* EXPECT oc_mvo.x: chain-written */
	over	oc_mvo, "mvo 150(4, %r15), 0(4, %r2)"
/* EXPECT oc_unpk.x: chain-written */
	over	oc_unpk, "unpk 144(9, %r15), 0(5, %r2)"
/* EXPECT oc_pack.x: chain-written */
	over	oc_pack, "pack 152(8, %r15), 0(16, %r2)"
/* EXPECT oc_zap.x: chain-written */
	over	oc_zap, "zap 152(8, %r15), 0(4, %r2)"
/* EXPECT oc_ap.x: chain-written */
	over	oc_ap, "ap 152(8, %r15), 0(4, %r2)"
/* EXPECT oc_xc.x: chain-written */
	over	oc_xc, "xc 144(16, %r15), 144(%r15)"
/* EXPECT oc_nc.x: chain-written */
	over	oc_nc, "nc 152(1, %r15), 0(%r2)"
/* EXPECT oc_oc.x: chain-written */
	over	oc_oc, "oc 120(40, %r15), 0(%r2)"
/* EXPECT oc_tr.x: chain-written */
	over	oc_tr, "tr 152(8, %r15), 0(%r2)"
/* EXPECT oc_ed.x: chain-written */
	over	oc_ed, "ed 150(8, %r15), 0(%r2)"
/* EXPECT oc_cs.x: chain-written */
	over	oc_cs, "cs %r2, %r3, 152(%r15)"
/* EXPECT oc_csg.x: chain-written */
	over	oc_csg, "csg %r2, %r3, 152(%r15)"
/* EXPECT oc_cdsg.x: chain-written */
	over	oc_cdsg, "cdsg %r2, %r4, 144(%r15)"
/* EXPECT oc_laag.x: chain-written */
	over	oc_laag, "laag %r2, %r3, 152(%r15)"
/* EXPECT oc_lanl.x: chain-written */
	over	oc_lanl, "lan %r2, %r3, 152(%r15)"
/* EXPECT oc_stck.x: chain-written */
	over	oc_stck, "stck 152(%r15)"
/* EXPECT oc_stckf.x: chain-written */
	over	oc_stckf, "stckf 152(%r15)"
/* EXPECT oc_stcke.x: chain-written */
	over	oc_stcke, "stcke 144(%r15)"
/* EXPECT oc_stpt.x: chain-written */
	over	oc_stpt, "stpt 152(%r15)"
/* EXPECT oc_stap.x: chain-written */
	over	oc_stap, "stap 154(%r15)"
/* EXPECT oc_stidp.x: chain-written */
	over	oc_stidp, "stidp 152(%r15)"
/* EXPECT oc_stnsm.x: chain-written */
	over	oc_stnsm, "stnsm 159(%r15), 0xfc"
/* EXPECT oc_stctg.x: chain-written */
	over	oc_stctg, "stctg %c0, %c1, 144(%r15)"
/* EXPECT oc_stam.x: chain-written */
	over	oc_stam, "stam %a0, %a15, 96(%r15)"
/* EXPECT oc_stfle.x: chain-written */
	over	oc_stfle, "stfle 152(%r15)"
/* EXPECT oc_stfpc.x: chain-written */
	over	oc_stfpc, "stfpc 152(%r15)"
/* EXPECT oc_std.x: chain-written */
	over	oc_std, "std %f0, 152(%r15)"
/* EXPECT oc_ste.x: chain-written */
	over	oc_ste, "ste %f0, 152(%r15)"
/* EXPECT oc_vst.x: chain-written */
	over	oc_vst, "vst %v0, 144(%r15)"
/* EXPECT oc_vstm.x: chain-written */
	over	oc_vstm, "vstm %v16, %v23, 64(%r15)"
/* EXPECT oc_vsteg.x: chain-written */
	over	oc_vsteg, "vsteg %v0, 152(%r15), 1"
/* EXPECT oc_vsteb.x: chain-written */
	over	oc_vsteb, "vsteb %v0, 152(%r15), 1"
/* EXPECT oc_vstl.x: chain-written */
	over	oc_vstl, "vstl %v0, %r2, 152(%r15)"
/* EXPECT oc_vstrl.x: chain-written */
	over	oc_vstrl, "vstrl %v0, 152(%r15), 7"
/* EXPECT oc_vstbrg.x: chain-written */
	over	oc_vstbrg, "vstbrg %v0, 144(%r15)"
/* EXPECT oc_mvcos.x: chain-written */
	over	oc_mvcos, "mvcos 152(%r15), 0(%r2), %r3"
/* EXPECT oc_mvck.x: chain-written */
	over	oc_mvck, "mvck 152(%r1, %r15), 0(%r2), %r3"
/* EXPECT oc_mvcp.x: chain-written */
	over	oc_mvcp, "mvcp 152(%r1, %r15), 0(%r2), %r3"
/* EXPECT oc_stsch.x: chain-written */
	over	oc_stsch, "stsch 144(%r15)"

/* the base and the index have changed places */
	f	oc_index
	enter	14, 256
oc_index.x:	/* EXPECT oc_index.x: chain-written */
	stg	%r2, 152(%r15, %r0)
	brasl	%r14, ext
	leave	14, 256
	end	oc_index

	f	oc_index_known
	enter	14, 256
	lghi	%r1, 152
oc_index_known.x:	/* EXPECT oc_index_known.x: chain-written */
	stg	%r2, 0(%r15, %r1)
	brasl	%r14, ext
	leave	14, 256
	end	oc_index_known

	f	oc_base_known
	enter	14, 256
	lghi	%r1, 100
oc_base_known.x:	/* EXPECT oc_base_known.x: chain-written */
	stg	%r2, 52(%r1, %r15)
	brasl	%r14, ext
	leave	14, 256
	end	oc_base_known

/* aliases of the slot */
	f	oc_alias
	enter	14, 160
	la	%r1, 152(%r15)
oc_alias.x:	/* EXPECT oc_alias.x: chain-written */
	xc	0(8, %r1), 0(%r1)
	brasl	%r14, ext
	leave	14, 160
	end	oc_alias

	f	oc_alias_sum
	enter	14, 160
	lgr	%r1, %r15
	aghi	%r1, 100
	lghi	%r3, 52
	agr	%r1, %r3
oc_alias_sum.x:	/* EXPECT oc_alias_sum.x: chain-written */
	mvi	0(%r1), 0
	brasl	%r14, ext
	leave	14, 160
	end	oc_alias_sum

/* the old stack pointer leads to the slot, too: P - 160 + 152 */
	f	oc_alias_old
	enter	14, 160
oc_alias_old.x:	/* EXPECT oc_alias_old.x: chain-written */
	stg	%r2, -8(%r14)
	brasl	%r14, ext
	leave	14, 160
	end	oc_alias_old

	f	oc_alias_kept
	enter	13, 160
	aghik	%r13, %r15, 152
	brasl	%r14, ext
oc_alias_kept.x:	/* EXPECT oc_alias_kept.x: chain-written */
	stg	%r2, 0(%r13)
	leave	13, 160
	end	oc_alias_kept

/* lengths in registers: it begins where no array can be */
	f	oc_exrl
	enter	14, 256
oc_exrl.x:	/* EXPECT oc_exrl.x: chain-written */
	exrl	%r2, 1f
	brasl	%r14, ext
	leave	14, 256
1:	mvc	136(1, %r15), 0(%r3)
	end	oc_exrl

	f	oc_exrl_xc
	enter	14, 256
	la	%r4, 152(%r15)
	larl	%r1, 1f
oc_exrl_xc.x:	/* EXPECT oc_exrl_xc.x: chain-written */
	ex	%r2, 0(%r1)
	brasl	%r14, ext
	leave	14, 256
1:	xc	0(1, %r4), 0(%r4)
	end	oc_exrl_xc

	f	oc_exrl_stg
	enter	14, 256
oc_exrl_stg.x:	/* EXPECT oc_exrl_stg.x: chain-written */
	exrl	0, 1f
	brasl	%r14, ext
	leave	14, 256
1:	stg	%r2, 152(%r15)
	end	oc_exrl_stg

	f	oc_mvcl
	enter	14, 256
	la	%r2, 128(%r15)
oc_mvcl.x:	/* EXPECT oc_mvcl.x: chain-written */
	mvcl	%r2, %r4
	brasl	%r14, ext
	leave	14, 256
	end	oc_mvcl

	f	oc_mvcle
	enter	14, 256
	la	%r2, 152(%r15)
oc_mvcle.x:	/* EXPECT oc_mvcle.x: chain-written */
	mvcle	%r2, %r4, 0
	jo	1f
	brasl	%r14, ext
1:	leave	14, 256
	end	oc_mvcle

/* On later rounds the pointer may be anything; what the first one does counts. */
	f	oc_mvcle_loop
	enter	14, 256
	la	%r2, 152(%r15)
oc_mvcle_loop.x:	/* EXPECT oc_mvcle_loop.x: chain-written */
1:	mvcle	%r2, %r4, 0
	jo	1b
	brasl	%r14, ext
	leave	14, 256
	end	oc_mvcle_loop

	f	oc_mvst
	enter	14, 256
	la	%r2, 145(%r15)
	lghi	%r0, 0
oc_mvst.x:	/* EXPECT oc_mvst.x: chain-written */
	mvst	%r2, %r3
	brasl	%r14, ext
	leave	14, 256
	end	oc_mvst

	f	oc_clear_256
	enter	14, 512
	la	%r1, 100(%r15)
oc_clear_256.x:	/* EXPECT oc_clear_256.x: chain-written */
	xc	0(256, %r1), 0(%r1)
	brasl	%r14, ext
	leave	14, 512
	end	oc_clear_256

/* with no call left it is wrong all the same: an interrupt can come */
	f	oc_no_call
	enter	14, 160
	lghi	%r2, 0
oc_no_call.x:	/* EXPECT oc_no_call.x: chain-written */
	stg	%r2, 152(%r15)
	leave	14, 160
	end	oc_no_call

	f	oc_one_path
	enter	13, 160
	lgr	%r13, %r2
	cgijne	%r2, 0, 1f
	brasl	%r14, ext
	j	2f
oc_one_path.x:	/* EXPECT oc_one_path.x: chain-written */
1:	stmg	%r2, %r5, 144(%r15)
2:	leave	13, 160
	end	oc_one_path

	f	oc_loop
	enter	12, 160
	lgr	%r12, %r2
1:	brasl	%r14, ext
	ltgr	%r2, %r2
	je	2f
oc_loop.x:	/* EXPECT oc_loop.x: chain-written */
	agsi	152(%r15), 1
2:	brctg	%r12, 1b
	leave	12, 160
	end	oc_loop

	f	oc_wrapped
	cghi	%r2, 0
	bler	%r14
	enter	13, 168
	lgr	%r13, %r2
oc_wrapped.x:	/* EXPECT oc_wrapped.x: chain-written */
	vst	%v0, 152(%r15)
	brasl	%r14, ext
	leave	13, 168
	end	oc_wrapped

/* two faults on two paths: both are told */
	f	oc_twice
	enter	14, 160
	ltgr	%r2, %r2
	je	1f
oc_twice.x:	/* EXPECT oc_twice.x: chain-written */
	stg	%r2, 152(%r15)
	j	2f
oc_twice.y:	/* EXPECT oc_twice.y: chain-written */
1:	stc	%r2, 155(%r15)
2:	leave	14, 160
	end	oc_twice
