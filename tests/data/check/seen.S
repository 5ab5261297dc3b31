/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shapes first seen in whole kernels (doc/findings.md), each with a neighbour. */
#include "frame.h"
	.text

/* a branch on a condition into its own middle stops; one further does not */
	f	se_trap	/* EXPECT se_trap: ok */
	ltgr	%r2, %r2
	brc	8, .+2
	br	%r14
	end	se_trap

	f	se_trap_far	/* EXPECT se_trap_far: ok */
	ltgr	%r2, %r2
	cgije	%r2, 0, .+2
	br	%r14
	end	se_trap_far

	f	se_no_trap
	ltgr	%r2, %r2
	brcl	8, .+4
	br	%r14
	end	se_no_trap
/* EXPECT se_no_trap+0x8: unknown-instruction */

/* an index that counts from 2048, and one that begins at the frame's own chain */
	f	se_biased	/* EXPECT se_biased: ok */
	enter	6, 184
	lghi	%r6, 2048
1:	brasl	%r14, ext
	sty	%r2, -1868(%r6, %r15)
	aghi	%r6, 4
	clgfi	%r6, 2064
	jl	1b
	leave	6, 184
	end	se_biased

	f	se_unbiased
	enter	6, 184
	lgr	%r6, %r2
	brasl	%r14, ext
	sllg	%r6, %r6, 2
se_unbiased.x:	/* EXPECT se_unbiased.x: chain-written */
	sty	%r2, 152(%r6, %r15)
	leave	6, 184
	end	se_unbiased

/* the element before, by a pointer to variables above the entry's stack pointer */
	f	se_before	/* EXPECT se_before: ok */
	enter	12, 96
	la	%r12, 160(%r15)
	lgr	%r13, %r2
	brasl	%r14, ext
	sllg	%r1, %r13, 3
	stg	%r2, -8(%r1, %r12)
	leave	12, 96
	end	se_before

/* two switch statements that share the load and the jump */
	f	se_shared	/* EXPECT se_shared: ok */
	clgijh	%r2, 1, 3f
	sllg	%r4, %r2, 3
	larl	%r1, se_shared.a
	cgije	%r3, 0, 1f
	larl	%r1, se_shared.b
1:	lg	%r2, 0(%r4, %r1)
	b	0(%r2, %r1)
2:	lghi	%r2, 1
3:	br	%r14
	end	se_shared
	.section .rodata
	.balign	8
se_shared.a:
	.quad	2b - se_shared.a, 3b - se_shared.a
	.quad	0
se_shared.b:
	.quad	3b - se_shared.b, 2b - se_shared.b
	.quad	0
	.text

/* one of them leads out of the function */
	f	se_shared_out
	clgijh	%r2, 1, 3f
	sllg	%r4, %r2, 3
	larl	%r1, se_shared_out.a
	cgije	%r3, 0, 1f
	larl	%r1, se_shared_out.b
1:	lg	%r2, 0(%r4, %r1)
se_shared_out.x:	/* EXPECT se_shared_out.x: indirect-jump */
	b	0(%r2, %r1)
2:	lghi	%r2, 1
3:	br	%r14
	end	se_shared_out
	.section .rodata
	.balign	8
se_shared_out.a:
	.quad	2b - se_shared_out.a, 3b - se_shared_out.a
	.quad	0
se_shared_out.b:
	.quad	3b - se_shared_out.b, se_shared - se_shared_out.b
	.quad	0
	.text

/* a mask bounds the index to more entries than there are: the next table's */
	f	se_side_by_side	/* EXPECT se_side_by_side: ok */
	cgije	%r3, 0, 1f
	clgijh	%r2, 1, 3f
	sllg	%r4, %r2, 3
	larl	%r1, se_side_by_side.b
	lg	%r2, 0(%r4, %r1)
	b	0(%r2, %r1)
1:	risbg	%r4, %r2, 57, 188, 3
	larl	%r1, se_side_by_side.a
	lg	%r2, 0(%r4, %r1)
	b	0(%r2, %r1)
	lay	%r15, -8(%r15)
	br	%r14
	.fill	4, 2, 0x0707
2:	lghi	%r2, 1
3:	br	%r14
	end	se_side_by_side
	.section .rodata
	.balign	8
/* its first entry, taken for one of a's, leads 16 bytes before 2 */
se_side_by_side.a:
	.quad	2b - se_side_by_side.a, 3b - se_side_by_side.a
se_side_by_side.b:
	.quad	2b - se_side_by_side.b, 3b - se_side_by_side.b
	.quad	0
	.text

/* a query leaves registers alone, whatever is named; another function does not */
	f	se_query	/* EXPECT se_query: ok */
	lghi	%r0, 0
	km	%r2, %r12
	br	%r14
	end	se_query

	f	se_no_query
	lghi	%r0, 1
se_no_query.x:
	km	%r2, %r12
	br	%r14
	end	se_no_query
/* EXPECT se_no_query.x+0x4: register-lost */

/* a test of a register, and a load of another one's half */
	f	se_test	/* EXPECT se_test: ok */
	ltr	%r6, %r6
	jle	1f
	enter	6, 120
	brasl	%r14, ext
	leave	6, 120
1:	br	%r14
	end	se_test

	f	se_no_test
	ltr	%r6, %r7
	br	%r14
	end	se_no_test
/* EXPECT se_no_test+0x2: register-lost */

/* a pointer that is 0 on one path, and not jumped to then */
	f	se_null	/* EXPECT se_null: ok */
	lghi	%r1, 0
	cgijne	%r2, 0, 3f
1:	cgije	%r1, 0, 2f
	br	%r1
2:	br	%r14
3:	lg	%r1, 0(%r2)
	j	1b
	end	se_null

	f	se_not_null
	lghi	%r1, 9
	cgije	%r2, 0, 1f
	lghi	%r1, 8
1:	lghi	%r1, 8
se_not_null.x:	/* EXPECT se_not_null.x: bad-target */
	br	%r1
	end	se_not_null

/* BUG at the very end */
	f	se_bug	/* EXPECT se_bug: ok */
	cgije	%r2, 0, 1f
	br	%r14
1:	mc	0, 0
	end	se_bug

/* an address that a variable holds is no restore: the row goes on by the slot */
	f	se_spill	/* EXPECT se_spill: ok */
	enter	14, 184
	stg	%r14, 176(%r15)
	brasl	%r14, ext
	lg	%r14, 176(%r15)
	lgr	%r2, %r14
	brasl	%r14, ext
	leave	14, 184
	end	se_spill
