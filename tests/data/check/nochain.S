/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code without a back chain (-mno-backchain -mpacked-stack): r14 goes to P +
 * 144, r15 to P + 152, and there is no rule about slot 152.
 */
/* CHECK --no-back-chain */
#include "frame.h"
	.text

	.macro	save8 n
	stmg	%r\n, %r15, 32 + 8 * \n(%r15)
	.endm
	.macro	leave8 n, size
	lmg	%r\n, %r15, \size + 32 + 8 * \n(%r15)
	br	%r14
	.endm

	.macro	saves8 n
	f	n8_saves_\n
	save8	\n
	lay	%r15, -160(%r15)
	brasl	%r14, ext
	leave8	\n, 160
	end	n8_saves_\n
	.endm
	.irp	n, 6, 7, 8, 9, 10, 11, 12, 13, 14
	saves8	\n
	.endr
/* EXPECT n8_saves_6: ok */
/* EXPECT n8_saves_7: ok */
/* EXPECT n8_saves_8: ok */
/* EXPECT n8_saves_9: ok */
/* EXPECT n8_saves_10: ok */
/* EXPECT n8_saves_11: ok */
/* EXPECT n8_saves_12: ok */
/* EXPECT n8_saves_13: ok */
/* EXPECT n8_saves_14: ok */

/* 16 bytes are a frame; 8 are not, nor are none */
	f	n8_smallest	/* EXPECT n8_smallest: ok */
	save8	14
	lay	%r15, -16(%r15)
	brasl	%r14, ext
	leave8	14, 16
	end	n8_smallest

	f	n8_small
	save8	14
	lay	%r15, -8(%r15)
n8_small.x:	/* EXPECT n8_small.x: no-frame */
	brasl	%r14, ext
	leave8	14, 8
	end	n8_small

	f	n8_no_frame
	save8	14
n8_no_frame.x:	/* EXPECT n8_no_frame.x: no-frame */
	brasl	%r14, ext
	leave8	14, 0
	end	n8_no_frame

	f	n8_not_saved
	lay	%r15, -160(%r15)
n8_not_saved.x:	/* EXPECT n8_not_saved.x: no-return-address */
	brasl	%r14, panic
	end	n8_not_saved

/* nobody needs it to be in one place: rows tell where it is */
	f	n8_other_slot	/* EXPECT n8_other_slot: ok */
	stg	%r14, 136(%r15)
	aghi	%r15, -168
	brasl	%r14, ext
	lg	%r14, 304(%r15)
	aghi	%r15, 168
	br	%r14
	end	n8_other_slot

	f	n8_saved_written
	save8	13
	lay	%r15, -160(%r15)
	brasl	%r14, ext
n8_saved_written.x:	/* EXPECT n8_saved_written.x: save-written */
	stg	%r2, 304(%r15)
	leave8	13, 160
	end	n8_saved_written

/* what would be the chain is the function's own; the caller's is r15's slot */
	f	n8_slot_152	/* EXPECT n8_slot_152: ok */
	save8	13
	lay	%r15, -160(%r15)
	brasl	%r14, ext
	stg	%r2, 152(%r15)
	lmg	%r13, %r14, 296(%r15)
	la	%r15, 160(%r15)
	br	%r14
	end	n8_slot_152

/* but a callee may write there, 160 bytes from r15 on */
	f	n8_callee_wrote
	save8	14
	lay	%r15, -176(%r15)
	stg	%r6, 152(%r15)
	lghi	%r6, 1
	brasl	%r14, ext
	lg	%r6, 152(%r15)
	lmg	%r14, %r15, 320(%r15)
n8_callee_wrote.x:	/* EXPECT n8_callee_wrote.x: register-lost */
	br	%r14
	end	n8_callee_wrote

	f	n8_callee_above	/* EXPECT n8_callee_above: ok */
	save8	14
	lay	%r15, -176(%r15)
	stg	%r6, 160(%r15)
	lghi	%r6, 1
	brasl	%r14, ext
	lg	%r6, 160(%r15)
	leave8	14, 176
	end	n8_callee_above

	f	n8_leaf	/* EXPECT n8_leaf: ok */
	stg	%r15, 152(%r15)
	lay	%r15, -168(%r15)
	stg	%r2, 160(%r15)
	lg	%r15, 320(%r15)
	br	%r14
	end	n8_leaf

/* by r11 the frame can be found, without it not */
	f	n8_alloca	/* EXPECT n8_alloca: ok */
	save8	11
	lay	%r15, -160(%r15)
	lgr	%r11, %r15
	sgr	%r15, %r2
	brasl	%r14, ext
	lmg	%r11, %r15, 280(%r11)
	br	%r14
	end	n8_alloca

	f	n8_alloca_lost
	save8	14
	lay	%r15, -160(%r15)
n8_alloca_lost.x:	/* EXPECT n8_alloca_lost.x: stack-unknown */
	sgr	%r15, %r2
	brasl	%r14, panic
	end	n8_alloca_lost

	f	n8_exit
	save8	14
	lay	%r15, -160(%r15)
	brasl	%r14, ext
	lg	%r14, 304(%r15)
n8_exit.x:	/* EXPECT n8_exit.x: stack-exit */
	br	%r14
	end	n8_exit

	f	n8_early	/* EXPECT n8_early: ok */
	save8	12
	lay	%r15, -160(%r15)
	brasl	%r14, ext
	lg	%r4, 304(%r15)
	lmg	%r12, %r15, 288(%r15)
	br	%r4
	end	n8_early

	f	n8_varargs	/* EXPECT n8_varargs: ok */
	stmg	%r3, %r15, 56(%r15)
	lay	%r15, -192(%r15)
	la	%r3, 352(%r15)
	stg	%r3, 184(%r15)
	brasl	%r14, ext
	lmg	%r6, %r15, 272(%r15)
	br	%r14
	end	n8_varargs
