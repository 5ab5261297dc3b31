/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Jump tables: bounds by all comparisons that compilers use, entries of 4 and
 * 8 bytes, by address and relative. Behind each table stand bytes that lead
 * nowhere, so that a bound that is lost or too large is found.
 */
#include "frame.h"
	.text

	.macro	entries name, n=3
	.section .rodata
	.balign	8
\name\().t:
	.rept	\n
	.quad	\name\().1
	.endr
	.quad	0
	.text
	.endm

/* bound NAME, COMPARISON: r2 becomes the index; then a good jump */
	.macro	bound name, compare, more=""
	f	\name
	\compare
	\more
	sllg	%r2, %r2, 3
	larl	%r1, \name\().t
	lg	%r1, 0(%r2, %r1)
\name\().x:
	br	%r1
\name\().1:
	lghi	%r2, 1
9:	br	%r14
	end	\name
	entries	\name
	.endm

/* EXPECT tb_clgijh: ok */
	bound	tb_clgijh, "clgijh %r2, 2, 9f"
/* EXPECT tb_clgijnl: ok */
	bound	tb_clgijnl, "clgijnl %r2, 3, 9f"
/* EXPECT tb_clijh: ok */
	bound	tb_clijh, "clijh %r2, 2, 9f", "llgfr %r2, %r2"
/* EXPECT tb_clgfi: ok */
	bound	tb_clgfi, "clgfi %r2, 2", "jh 9f"
/* EXPECT tb_clgfi_ret: ok */
	bound	tb_clgfi_ret, "clgfi %r2, 2", "bhr %r14"
/* EXPECT tb_clgfi_jhe: ok */
	bound	tb_clgfi_jhe, "clgfi %r2, 3", "jhe 9f"
/* EXPECT tb_clgr: ok */
	bound	tb_clgr, "lghi %r3, 2", "clgrjh %r2, %r3, 9f"

/* one entry too many */
/* EXPECT tb_clgijh_3.x: indirect-jump */
	bound	tb_clgijh_3, "clgijh %r2, 3, 9f"
/* EXPECT tb_clgijnl_4.x: indirect-jump */
	bound	tb_clgijnl_4, "clgijnl %r2, 4, 9f"
/* EXPECT tb_clgfi_3.x: indirect-jump */
	bound	tb_clgfi_3, "clgfi %r2, 3", "jh 9f"
/* EXPECT tb_clgfi_jhe_4.x: indirect-jump */
	bound	tb_clgfi_jhe_4, "clgfi %r2, 4", "jhe 9f"
/* EXPECT tb_clgr_3.x: indirect-jump */
	bound	tb_clgr_3, "lghi %r3, 3", "clgrjh %r2, %r3, 9f"

/* no bound: as many entries as lead to the function's own code */
/* EXPECT tb_open: ok */
	bound	tb_open, "nopr"
/* a signed comparison is none */
/* EXPECT tb_signed: ok */
	bound	tb_signed, "cgijh %r2, 7, 9f"
/* nor is one of another register */
/* EXPECT tb_other: ok */
	bound	tb_other, "clgijh %r3, 7, 9f"

/* nor one of what the register held before, nor the other way out of it */
/* EXPECT tb_changed: ok */
	bound	tb_changed, "clgfi %r2, 7", "lgr %r2, %r3; jh 9f"
/* EXPECT tb_high: ok */
	bound	tb_high, "clgijl %r2, 8, 9f"

/* nor one of the low half, where the high one counts, too */
/* EXPECT tb_low: ok */
	bound	tb_low, "clijh %r2, 3, 9f"

/* a frame, and cases that leave it in different ways */
	f	tb_frame	/* EXPECT tb_frame: ok */
	enter	12, 160
	clgijh	%r2, 3, 9f
	sllg	%r1, %r2, 3
	larl	%r3, tb_frame.t
	lg	%r1, 0(%r1, %r3)
	br	%r1
tb_frame.0:
	brasl	%r14, ext
	leave	12, 160
tb_frame.1:
	restore	12, 160
	jg	ext
tb_frame.2:
	brasl	%r14, panic
tb_frame.3:
	brasl	%r14, ext
9:	leave	12, 160
	end	tb_frame
	.section .rodata
tb_frame.t:
	.quad	tb_frame.0, tb_frame.1, tb_frame.2, tb_frame.3, 0
	.text

/* the same, but one case is wrong */
	f	tb_case
	enter	12, 160
	clgijh	%r2, 2, 9f
	sllg	%r1, %r2, 3
	larl	%r3, tb_case.t
	lg	%r1, 0(%r1, %r3)
	br	%r1
tb_case.0:
	brasl	%r14, ext
	leave	12, 160
tb_case.1:
	lg	%r14, 296(%r15)
tb_case.x:	/* EXPECT tb_case.x: stack-exit */
	jg	ext
tb_case.2:
	brasl	%r14, ext
9:	leave	12, 160
	end	tb_case
	.section .rodata
tb_case.t:
	.quad	tb_case.0, tb_case.1, tb_case.2, 0
	.text

/* entries of 4 bytes, relative to the table, as -fPIC has them */
	f	tb_relative	/* EXPECT tb_relative: ok */
	clgijh	%r2, 2, 9f
	sllg	%r2, %r2, 2
	larl	%r1, tb_relative.t
	lgf	%r3, 0(%r2, %r1)
	agr	%r1, %r3
	br	%r1
tb_relative.0:
	lghi	%r2, 0
	br	%r14
tb_relative.1:
	lghi	%r2, 1
9:	br	%r14
	end	tb_relative
	.section .rodata
	.balign	4
tb_relative.t:
	.long	tb_relative.0 - tb_relative.t, tb_relative.1 - tb_relative.t
	.long	tb_relative.0 - tb_relative.t, 1
	.text

/* and by b 0(rX,rY) */
	f	tb_sum	/* EXPECT tb_sum: ok */
	clgijh	%r2, 1, 9f
	sllg	%r2, %r2, 3
	larl	%r1, tb_sum.t
	lg	%r3, 0(%r2, %r1)
	b	0(%r3, %r1)
tb_sum.0:
	lghi	%r2, 0
	br	%r14
tb_sum.1:
	lghi	%r2, 1
9:	br	%r14
	end	tb_sum
	.section .rodata
	.balign	8
tb_sum.t:
	.quad	tb_sum.0 - tb_sum.t, tb_sum.1 - tb_sum.t, 1
	.text

	f	tb_sum_out
	clgijh	%r2, 2, 9f
	sllg	%r2, %r2, 3
	larl	%r1, tb_sum_out.t
	lg	%r3, 0(%r2, %r1)
tb_sum_out.x:	/* EXPECT tb_sum_out.x: indirect-jump */
	b	0(%r3, %r1)
tb_sum_out.0:
	lghi	%r2, 0
9:	br	%r14
	end	tb_sum_out
	.section .rodata
	.balign	8
tb_sum_out.t:
	.quad	tb_sum_out.0 - tb_sum_out.t, tb_sum_out.0 - tb_sum_out.t, 1
	.text

/* index by risbg(n), the comparison of a byte in storage */
	f	tb_storage	/* EXPECT tb_storage: ok */
	cli	7(%r2), 1
	jh	9f
	llgc	%r2, 7(%r2)
	sllg	%r2, %r2, 3
	larl	%r1, tb_storage.t
	lg	%r1, 0(%r2, %r1)
	br	%r1
tb_storage.1:
	lghi	%r2, 1
9:	br	%r14
	end	tb_storage
	entries	tb_storage, 2

	f	tb_storage_2
	cli	7(%r2), 2
	jh	9f
	llgc	%r2, 7(%r2)
	sllg	%r2, %r2, 3
	larl	%r1, tb_storage_2.t
	lg	%r1, 0(%r2, %r1)
tb_storage_2.x:	/* EXPECT tb_storage_2.x: indirect-jump */
	br	%r1
tb_storage_2.1:
	lghi	%r2, 1
9:	br	%r14
	end	tb_storage_2
	entries	tb_storage_2, 2

/* a store in between: what was compared may be another number now */
	f	tb_storage_lost	/* EXPECT tb_storage_lost: ok */
	cli	7(%r2), 2
	jh	9f
	mvi	7(%r3), 200
	llgc	%r2, 7(%r2)
	sllg	%r2, %r2, 3
	larl	%r1, tb_storage_lost.t
	lg	%r1, 0(%r2, %r1)
	br	%r1
tb_storage_lost.1:
	lghi	%r2, 1
9:	br	%r14
	end	tb_storage_lost
	entries	tb_storage_lost, 2

/* the same place, by another pointer */
	f	tb_storage_other	/* EXPECT tb_storage_other: ok */
	cli	7(%r2), 2
	jh	9f
	lgr	%r2, %r3
	llgc	%r2, 7(%r2)
	sllg	%r2, %r2, 3
	larl	%r1, tb_storage_other.t
	lg	%r1, 0(%r2, %r1)
	br	%r1
tb_storage_other.1:
	lghi	%r2, 1
9:	br	%r14
	end	tb_storage_other
	entries	tb_storage_other, 2

	f	tb_risbg	/* EXPECT tb_risbg: ok */
	clijh	%r2, 1, 9f
	risbg	%r2, %r2, 29, 188, 3
	larl	%r1, tb_risbg.t
	lg	%r1, 0(%r2, %r1)
	br	%r1
tb_risbg.1:
	lghi	%r2, 1
9:	br	%r14
	end	tb_risbg
	entries	tb_risbg, 2

	f	tb_risbg_2
	clijh	%r2, 2, 9f
	risbg	%r2, %r2, 29, 188, 3
	larl	%r1, tb_risbg_2.t
	lg	%r1, 0(%r2, %r1)
tb_risbg_2.x:	/* EXPECT tb_risbg_2.x: indirect-jump */
	br	%r1
tb_risbg_2.1:
	lghi	%r2, 1
9:	br	%r14
	end	tb_risbg_2
	entries	tb_risbg_2, 2

/* the high half counts, or the rest of what was there before */
	.macro	rotated name, insn
	f	\name
	clijh	%r2, 2, 9f
	\insn
	larl	%r1, \name\().t
	lg	%r1, 0(%r2, %r1)
	br	%r1
\name\().1:
	lghi	%r2, 1
9:	br	%r14
	end	\name
	entries	\name, 2
	.endm
/* EXPECT tb_risbg_high: ok */
	rotated	tb_risbg_high, "risbg %r2, %r2, 20, 188, 3"
/* EXPECT tb_risbg_kept: ok */
	rotated	tb_risbg_kept, "risbg %r2, %r2, 29, 60, 3"
/* EXPECT tb_sllg_reg: ok */
	rotated	tb_sllg_reg, "sllg %r2, %r2, 3(%r3)"

/* an entry in the middle of an instruction */
	f	tb_middle
	clgijh	%r2, 1, 9f
	sllg	%r2, %r2, 3
	larl	%r1, tb_middle.t
	lg	%r1, 0(%r2, %r1)
tb_middle.x:	/* EXPECT tb_middle.x: indirect-jump */
	br	%r1
tb_middle.1:
	lghi	%r2, 0x7fe
9:	br	%r14
	end	tb_middle
	.section .rodata
	.balign	8
tb_middle.t:
	.quad	tb_middle.1, tb_middle.1 + 2
	.text

/* relative to another table than the one that was read */
	f	tb_other_base
	enter	14, 24
	clgijh	%r2, 1, 9f
	sllg	%r2, %r2, 3
	larl	%r1, tb_other_base.t
	lg	%r3, 0(%r2, %r1)
	larl	%r1, tb_middle.t
	agr	%r3, %r1
tb_other_base.x:	/* EXPECT tb_other_base.x: indirect-jump */
	br	%r3
tb_other_base.1:
	brasl	%r14, ext
9:	leave	14, 24
	end	tb_other_base
	.section .rodata
	.balign	8
tb_other_base.t:
	.quad	tb_other_base.1 - tb_other_base.t
	.quad	tb_other_base.1 - tb_other_base.t
	.text

/* a jump back into the head: the frame of a second round */
	f	tb_round	/* EXPECT tb_round: ok */
	enter	12, 160
	lgr	%r12, %r2
tb_round.0:
	lgr	%r2, %r12
	brasl	%r14, ext
	clgijh	%r2, 1, 9f
	sllg	%r1, %r2, 3
	larl	%r3, tb_round.t
	lg	%r1, 0(%r1, %r3)
	br	%r1
tb_round.1:
	aghi	%r12, -1
	j	tb_round.0
9:	leave	12, 160
	end	tb_round
	.section .rodata
	.balign	8
tb_round.t:
	.quad	tb_round.0, tb_round.1, 0
	.text
