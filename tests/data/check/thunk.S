/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expoline: branches by thunks, which are told by their code or their name. */
#include "frame.h"
	.text

	.macro	thunk reg
	f	__s390_indirect_jump_r\reg
	exrl	0, 1f
	j	.
1:	br	%r\reg
	end	__s390_indirect_jump_r\reg
	.endm
	thunk	1
	thunk	14
/* EXPECT __s390_indirect_jump_r1: hinted */
/* EXPECT __s390_indirect_jump_r14: ok */

/* before z10: larl and ex; named like no thunk */
	f	by_ex	/* EXPECT by_ex: hinted */
	larl	%r1, 1f
	ex	0, 0(%r1)
	j	.
1:	br	%r4
	end	by_ex

/* these look like some, but change what they execute, or execute what else */
	f	no_thunk	/* EXPECT no_thunk+0x0: executed */
	exrl	%r2, 1f
	j	.
1:	br	%r1
	end	no_thunk

	f	no_thunk_ex	/* EXPECT no_thunk_ex+0x6: executed */
	larl	%r3, 1f
	ex	0, 0(%r2)
	j	.
1:	br	%r1
	end	no_thunk_ex

	f	th_none
	lgr	%r1, %r14
	lghi	%r14, 0
th_none.x:	/* EXPECT th_none.x: return-lost */
	jg	no_thunk
	end	th_none

	f	th_none_ex
	lgr	%r1, %r14
	lghi	%r14, 0
th_none_ex.x:	/* EXPECT th_none_ex.x: return-lost */
	jg	no_thunk_ex
	end	th_none_ex

	f	th_return	/* EXPECT th_return: ok */
	enter	14, 24
	brasl	%r14, ext
	restore	14, 24
	jg	__s390_indirect_jump_r14
	end	th_return

	f	th_return_lost
	enter	14, 24
	brasl	%r14, ext
	aghi	%r15, 24
th_return_lost.x:	/* EXPECT th_return_lost.x: return-lost */
	jg	__s390_indirect_jump_r14
	end	th_return_lost

	f	th_return_exit
	enter	14, 24
	brasl	%r14, ext
	lg	%r14, 160(%r15)
th_return_exit.x:	/* EXPECT th_return_exit.x: stack-exit */
	jg	__s390_indirect_jump_r14
	end	th_return_exit

/* return by a thunk of another object: the name tells */
	f	th_extern	/* EXPECT th_extern: ok */
	enter	12, 160
	brasl	%r14, ext
	lg	%r4, 296(%r15)
	restore	12, 160
	jg	__s390_indirect_jump_r4
	end	th_extern

	f	th_extern_lost
	lghi	%r6, 0
th_extern_lost.x:	/* EXPECT th_extern_lost.x: register-lost */
	jg	__s390_indirect_jump_r14use_r1
	end	th_extern_lost

	f	th_cond	/* EXPECT th_cond: ok */
	ltgr	%r2, %r2
	jge	__s390_indirect_jump_r14
	lghi	%r2, 1
	jg	__s390_indirect_jump_r14
	end	th_cond

	f	th_tail	/* EXPECT th_tail: ok */
	enter	13, 160
	lgr	%r13, %r3
	brasl	%r14, ext
	lgr	%r1, %r13
	restore	13, 160
	jg	__s390_indirect_jump_r1
	end	th_tail

	f	th_tail_exit
	enter	13, 160
	lgr	%r13, %r3
	brasl	%r14, ext
	lgr	%r1, %r13
	lg	%r14, 296(%r15)
th_tail_exit.x:	/* EXPECT th_tail_exit.x: indirect-jump */
	jg	__s390_indirect_jump_r1
	end	th_tail_exit

	f	th_call	/* EXPECT th_call: ok */
	enter	14, 24
	lgr	%r1, %r2
	brasl	%r14, __s390_indirect_jump_r1
	leave	14, 24
	end	th_call

	f	th_call_bare
	save	14
	lay	%r15, -24(%r15)
	lgr	%r1, %r2
th_call_bare.x:	/* EXPECT th_call_bare.x: no-back-chain */
	brasl	%r14, __s390_indirect_jump_r1
	leave	14, 24
	end	th_call_bare

/* inline, as code for modules and z10 has it */
	f	th_inline	/* EXPECT th_inline: ok */
	enter	14, 24
	brasl	%r14, ext
	restore	14, 24
	exrl	0, 1f
	j	.
1:	br	%r14
	end	th_inline

	f	th_inline_lost
	enter	14, 24
	brasl	%r14, ext
	aghi	%r15, 24
th_inline_lost.x:	/* EXPECT th_inline_lost.x: return-lost */
	exrl	0, 1f
	j	.
1:	br	%r14
	end	th_inline_lost

/* a switch whose jump goes by a thunk */
	f	th_table	/* EXPECT th_table: ok */
	enter	14, 24
	clgijh	%r2, 1, th_table.1
	sllg	%r2, %r2, 3
	larl	%r1, th_table_entries
	lg	%r1, 0(%r2, %r1)
	jg	__s390_indirect_jump_r1
th_table.0:
	brasl	%r14, ext
th_table.1:
	leave	14, 24
	end	th_table
	.section .rodata
	.balign	8
th_table_entries:
	.quad	th_table.0, th_table.1
	.text
