/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions of call.S, chain.S and save.S, without their fault: the nearest
 * that is as it should be.
 */
#include "frame.h"
	.text

/* ---- no-back-chain ---- */

	f	ne_nc_loop	/* EXPECT ne_nc_loop: ok */
	save	12
	lgr	%r13, %r15
	lay	%r15, -160(%r15)
	lghi	%r12, 5
1:	stg	%r13, 152(%r15)
	brasl	%r14, ext
	brctg	%r12, 1b
	leave	12, 160
	end	ne_nc_loop

/* the other register of the pair */
	f	ne_nc_pair	/* EXPECT ne_nc_pair: ok */
	save	10
	lgr	%r11, %r15
	lay	%r15, -160(%r15)
	mlgr	%r12, %r2
	stg	%r11, 152(%r15)
	brasl	%r14, ext
	leave	10, 160
	end	ne_nc_pair

	f	ne_nc_moved_on	/* EXPECT ne_nc_moved_on: ok */
	enter	14, 24
	aghi	%r15, -160
	stg	%r14, 152(%r15)
	brasl	%r14, ext
	leave	14, 184
	end	ne_nc_moved_on

	f	ne_nc_switch	/* EXPECT ne_nc_switch: ok */
	enter	10, 160
	lgr	%r10, %r15
	lgr	%r15, %r2
	stg	%r14, 152(%r15)
	brasl	%r14, ext
	lgr	%r15, %r10
	leave	10, 160
	end	ne_nc_switch

/* ---- no-return-address ---- */

	f	ne_nr_clobbered	/* EXPECT ne_nr_clobbered: ok */
	save	14
	lgr	%r14, %r15
	lay	%r15, -24(%r15)
	stg	%r14, 152(%r15)
	brasl	%r14, panic
	end	ne_nr_clobbered

/* by a copy, from another register, in another order */
	f	ne_nr_copy	/* EXPECT ne_nr_copy: ok */
	lgr	%r1, %r14
	basr	%r14, %r0
	lgr	%r3, %r15
	aghi	%r15, -160
	stg	%r3, 152(%r15)
	stg	%r1, 136(%r3)
	brasl	%r14, ext
	lg	%r14, 296(%r15)
	aghi	%r15, 160
	br	%r14
	end	ne_nr_copy

	f	ne_nr_moved	/* EXPECT ne_nr_moved: ok */
	stg	%r14, 128(%r15)
	mvc	136(8, %r15), 128(%r15)
	lgr	%r1, %r15
	aghi	%r15, -160
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	lg	%r14, 296(%r15)
	aghi	%r15, 160
	br	%r14
	end	ne_nr_moved

/* mvc goes byte by byte: from four bytes before it copies half of it twice */
	f	ne_nr_smeared	/* EXPECT ne_nr_smeared+0x6: save-written */
	stg	%r14, 132(%r15)
	mvc	136(8, %r15), 132(%r15)
	lgr	%r1, %r15
	aghi	%r15, -160
	stg	%r1, 152(%r15)
	brasl	%r14, panic
	end	ne_nr_smeared

/* ---- no-frame: 24 bytes are one ---- */

	f	ne_nf_small	/* EXPECT ne_nf_small: ok */
	save	14
	lgr	%r1, %r15
	lay	%r15, -24(%r15)
	stg	%r1, 152(%r15)
	brasl	%r14, ext
	leave	14, 24
	end	ne_nf_small

	f	ne_nf_wrapped	/* EXPECT ne_nf_wrapped: ok */
	ltgr	%r2, %r2
	jne	1f
	br	%r14
1:	enter	14, 24
	brasl	%r14, ext
	leave	14, 24
	end	ne_nf_wrapped

/* ---- chain-written: the bytes on both sides ---- */

	.macro	beside name, insn
	f	\name
	enter	14, 512
	\insn
	brasl	%r14, ext
	leave	14, 512
	end	\name
	.endm
/* EXPECT ne_cw_stc_below: ok */
	beside	ne_cw_stc_below, "stc %r2, 151(%r15)"
/* EXPECT ne_cw_stc_above: ok */
	beside	ne_cw_stc_above, "stc %r2, 160(%r15)"
/* EXPECT ne_cw_mvc_below: ok */
	beside	ne_cw_mvc_below, "mvc 100(52, %r15), 0(%r2)"
/* EXPECT ne_cw_mvc_above: ok */
	beside	ne_cw_mvc_above, "mvc 160(256, %r15), 0(%r2)"
/* EXPECT ne_cw_stmg_below: ok */
	beside	ne_cw_stmg_below, "stmg %r0, %r3, 120(%r15)"
/* EXPECT ne_cw_mvo: ok */
	beside	ne_cw_mvo, "mvo 148(4, %r15), 0(4, %r2)"
/* EXPECT ne_cw_stcm: ok */
	beside	ne_cw_stcm, "stcm %r2, 1, 151(%r15)"
/* EXPECT ne_cw_stpq: ok */
	beside	ne_cw_stpq, "stpq %r2, 160(%r15)"
/* EXPECT ne_cw_vst: ok */
	beside	ne_cw_vst, "vst %v0, 136(%r15)"
/* EXPECT ne_cw_load: ok */
	beside	ne_cw_load, "mvc 160(8, %r15), 152(%r15)"
/* EXPECT ne_cw_compare: ok */
	beside	ne_cw_compare, "clc 152(8, %r15), 0(%r2)"
/* EXPECT ne_cw_tm: ok */
	beside	ne_cw_tm, "tm 152(%r15), 1"
/* EXPECT ne_cw_address: ok */
	beside	ne_cw_address, "la %r1, 152(%r15)"

/* the caller's */
	f	ne_cc_leaf	/* EXPECT ne_cc_leaf: ok */
	stg	%r2, 144(%r15)
	stg	%r2, 160(%r15)
	br	%r14
	end	ne_cc_leaf

	f	ne_cc_exrl	/* EXPECT ne_cc_exrl: ok */
	enter	14, 256
	exrl	%r2, 1f
	brasl	%r14, ext
	leave	14, 256
1:	mvc	160(1, %r15), 0(%r3)
	end	ne_cc_exrl

/* ---- save-written: before it is saved, after it was loaded, between ---- */

	f	ne_sw_before	/* EXPECT ne_sw_before: ok */
	stg	%r2, 136(%r15)
	lg	%r3, 136(%r15)
	enter	14, 160
	brasl	%r14, ext
	leave	14, 160
	end	ne_sw_before

	f	ne_sw_after	/* EXPECT ne_sw_after: ok */
	enter	13, 160
	brasl	%r14, ext
	restore	13, 160
	stg	%r2, 128(%r15)
	stg	%r2, 136(%r15)
	br	%r14
	end	ne_sw_after

	f	ne_sw_between	/* EXPECT ne_sw_between: ok */
	stmg	%r6, %r7, 72(%r15)
	stmg	%r13, %r15, 128(%r15)
	lgr	%r1, %r15
	lay	%r15, -160(%r15)
	stg	%r1, 152(%r15)
	mvc	248(40, %r15), 0(%r2)
	brasl	%r14, ext
	lmg	%r6, %r7, 232(%r15)
	lmg	%r13, %r15, 288(%r15)
	br	%r14
	end	ne_sw_between

/* saved, lost, but not changed: nothing is missed */
	f	ne_sw_unneeded	/* EXPECT ne_sw_unneeded: ok */
	enter	12, 160
	brasl	%r14, ext
	stg	%r2, 280(%r15)
	lmg	%r13, %r15, 288(%r15)
	br	%r14
	end	ne_sw_unneeded

/* saved again, and it is the same */
	f	ne_sw_again	/* EXPECT ne_sw_again: ok */
	enter	12, 160
	brasl	%r14, ext
	stmg	%r12, %r13, 280(%r15)
	leave	12, 160
	end	ne_sw_again

/* ---- register-lost ---- */

	f	ne_rl_half	/* EXPECT ne_rl_half: ok */
	stmg	%r6, %r7, 72(%r15)
	lr	%r6, %r2
	stfh	%r7, 64(%r15)
	lmg	%r6, %r7, 72(%r15)
	br	%r14
	end	ne_rl_half

	f	ne_rl_elsewhere	/* EXPECT ne_rl_elsewhere: ok */
	stg	%r6, 0(%r15)
	lgr	%r0, %r7
	lghi	%r6, 1
	lghi	%r7, 1
	lgr	%r7, %r0
	lg	%r6, 0(%r15)
	br	%r14
	end	ne_rl_elsewhere

/* a callee may write to all below its back chain */
	f	ne_rl_callee	/* EXPECT ne_rl_callee: ok */
	save	14
	lgr	%r1, %r15
	lay	%r15, -176(%r15)
	stg	%r1, 152(%r15)
	stg	%r6, 160(%r15)
	lghi	%r6, 1
	brasl	%r14, ext
	lg	%r6, 160(%r15)
	leave	14, 176
	end	ne_rl_callee

	f	ne_rl_callee_wrote
	save	14
	lgr	%r1, %r15
	lay	%r15, -176(%r15)
	stg	%r1, 152(%r15)
	stg	%r6, 144(%r15)
	lghi	%r6, 1
	brasl	%r14, ext
	lg	%r6, 144(%r15)
	restore	14, 176
ne_rl_callee_wrote.x:	/* EXPECT ne_rl_callee_wrote.x: register-lost */
	br	%r14
	end	ne_rl_callee_wrote

/* nobody is owed the ones from r0 to r5 */
	f	ne_rl_volatile	/* EXPECT ne_rl_volatile: ok */
	lghi	%r0, 0
	lghi	%r1, 1
	lghi	%r3, 3
	lghi	%r4, 4
	lghi	%r5, 5
	br	%r14
	end	ne_rl_volatile

/* ---- return-lost ---- */

	f	ne_tl_cond	/* EXPECT ne_tl_cond: ok */
	lgr	%r1, %r14
	ltgr	%r2, %r2
	ber	%r1
	lghi	%r2, 0
	br	%r14
	end	ne_tl_cond

	f	ne_tl_moved	/* EXPECT ne_tl_moved: ok */
	stg	%r14, 136(%r15)
	basr	%r14, %r0
	lg	%r3, 136(%r15)
	br	%r3
	end	ne_tl_moved

/* ---- foreign-written: arguments end 32 words above P + 160 ---- */

	f	ne_fw_last	/* EXPECT ne_fw_last: ok */
	stg	%r2, 408(%r15)
	br	%r14
	end	ne_fw_last

	f	ne_fw_first
ne_fw_first.x:	/* EXPECT ne_fw_first.x: foreign-written */
	stg	%r2, 416(%r15)
	br	%r14
	end	ne_fw_first

	f	ne_fw_reaches
ne_fw_reaches.x:	/* EXPECT ne_fw_reaches.x: foreign-written */
	mvc	400(17, %r15), 0(%r2)
	br	%r14
	end	ne_fw_reaches

	f	ne_fw_read	/* EXPECT ne_fw_read: ok */
	lg	%r2, 1000(%r15)
	br	%r14
	end	ne_fw_read

	f	ne_fw_array	/* EXPECT ne_fw_array: ok */
	la	%r4, 408(%r15)
	exrl	%r2, 1f
	br	%r14
1:	mvc	0(1, %r4), 0(%r3)
	end	ne_fw_array

	f	ne_fw_array_first
	la	%r4, 416(%r15)
ne_fw_array_first.x:	/* EXPECT ne_fw_array_first.x: foreign-written */
	exrl	%r2, 1f
	br	%r14
1:	mvc	0(1, %r4), 0(%r3)
	end	ne_fw_array_first
