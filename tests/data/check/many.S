/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * too-complex: a thousand different rows, and many instructions that may be
 * of any of them, round and round. The same with less of both is no trouble.
 */
#include "frame.h"
	.text

/* rows NAME, DIFFERENT, INSTRUCTIONS */
	.macro	rows name, different, insns
	f	\name
	enter	6, 160
	lgr	%r6, %r14
	lgr	%r7, %r14
	sgr	%r15, %r2
	stg	%r6, 152(%r15)
	.rept	\different
	la	%r7, 8(%r7)
	.endr
1:	lgr	%r0, %r1
	lgr	%r1, %r2
	lgr	%r2, %r3
	lgr	%r3, %r4
	lgr	%r4, %r12
	lgr	%r12, %r5
	.rept	\insns
	lr	%r14, %r5
	.endr
	ltgr	%r5, %r5
	jgne	1b
	lgr	%r15, %r6
	leave	6, 0
	end	\name
	.endm

	rows	tc_rows_ok, 20, 20	/* EXPECT tc_rows_ok: ok */
	rows	tc_rows, 1020, 60000	/* EXPECT tc_rows: too-complex */
