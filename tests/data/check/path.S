/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where control goes. Behind most faults stands the same function without it.
 */
#include "frame.h"
	.text

/* ---- unknown-instruction ---- */

	f	ui_straight
	lghi	%r2, 0
ui_straight.x:	/* EXPECT ui_straight.x: unknown-instruction */
	.short	0x0000
	br	%r14
	end	ui_straight

	f	ui_one_path
	ltgr	%r2, %r2
	ber	%r14
ui_one_path.x:	/* EXPECT ui_one_path.x: unknown-instruction */
	.short	0xe3ff, 0xffff, 0xffff
	br	%r14
	end	ui_one_path

/* nobody comes there */
	f	ui_passed	/* EXPECT ui_passed: ok */
	j	1f
	.short	0x0000
1:	br	%r14
	end	ui_passed

/* a breakpoint of kprobes: the rest of the instruction follows */
	f	ui_kprobe
	lghi	%r2, 1
ui_kprobe.x:	/* EXPECT ui_kprobe.x: unknown-instruction */
	.short	0x0002, 0xf098, 0x0024
	br	%r14
	end	ui_kprobe

/* ---- truncated ---- */

	f	tr_straight
	lghi	%r2, 0
tr_straight.x:	/* EXPECT tr_straight.x: truncated */
	.short	0xc0f4, 0x0000
	end	tr_straight

	f	tr_one_path
	ltgr	%r2, %r2
	je	tr_one_path.x
	lghi	%r2, 0
	br	%r14
tr_one_path.x:	/* EXPECT tr_one_path.x: truncated */
	.short	0xe320
	end	tr_one_path

	f	tr_passed	/* EXPECT tr_passed: ok */
	br	%r14
	.short	0xe320
	end	tr_passed

/* ---- overlap ---- */

/* into the operand of lghi, which reads as br %r14 there */
	f	ov_forward
	cgije	%r2, 0, ov_forward.x
	.short	0xa719
ov_forward.x:	/* EXPECT ov_forward.x: overlap */
	br	%r14
	br	%r14
	end	ov_forward

	f	ov_forward_ok	/* EXPECT ov_forward_ok: ok */
	cgije	%r2, 0, 1f
	lghi	%r1, 0x7fe
1:	br	%r14
	end	ov_forward_ok

	f	ov_backward
	.short	0xa719
ov_backward.x:	/* EXPECT ov_backward.x: overlap */
	.short	0x0707
	brctg	%r2, ov_backward.x
	br	%r14
	end	ov_backward

/* ---- fall-through: padding counts as the function's own ---- */

	f	ft_straight
	lghi	%r2, 0
ft_straight.x:	/* EXPECT ft_straight.x: fall-through */
	lghi	%r3, 0
	end	ft_straight

/* into the padding, and on to the next function */
	f	ft_padding
	lghi	%r3, 0
	end	ft_padding
	nopr
	nopr
/* EXPECT ft_padding+0x6: fall-through */

	f	ft_cond
	ltgr	%r2, %r2
	ber	%r14
ft_cond.x:	/* EXPECT ft_cond.x: fall-through */
	bnher	%r14
	end	ft_cond

	f	ft_cond_ok	/* EXPECT ft_cond_ok: ok */
	ltgr	%r2, %r2
	ber	%r14
	br	%r14
	end	ft_cond_ok

/* register 0 is no target: a barrier is no return */
	f	ft_barrier
	lghi	%r2, 0
	lghi	%r3, 0
	lghi	%r4, 0
	nopr
ft_barrier.x:	/* EXPECT ft_barrier.x: fall-through */
	bcr	15, %r0
	end	ft_barrier

	f	ft_call
	enter	14, 24
	lghi	%r2, 0
ft_call.x:	/* EXPECT ft_call.x: fall-through */
	brasl	%r14, ext
	end	ft_call

	f	ft_call_own
	enter	14, 24
	lghi	%r2, 0
ft_call_own.x:	/* EXPECT ft_call_own.x: fall-through */
	brasl	%r14, may_return
	end	ft_call_own

	f	ft_call_reg
	enter	14, 24
ft_call_reg.x:	/* EXPECT ft_call_reg.x: fall-through */
	basr	%r14, %r2
	end	ft_call_reg

	f	ft_noreturn	/* EXPECT ft_noreturn: ok */
	enter	14, 24
	brasl	%r14, panic
	end	ft_noreturn

/* that these don't come back is in their code */
	f	ft_noreturn_own	/* EXPECT ft_noreturn_own: ok */
	enter	14, 24
	brasl	%r14, spins
	end	ft_noreturn_own

	f	ft_noreturn_deep	/* EXPECT ft_noreturn_deep: ok */
	enter	14, 24
	brasl	%r14, ft_noreturn_own
	end	ft_noreturn_deep

	f	ft_jump_label
	enter	14, 24
	brasl	%r14, ext
	restore	14, 24
ft_jump_label.x:	/* EXPECT ft_jump_label.x: fall-through */
	brcl	0, ft_jump_label
	end	ft_jump_label

	f	spins	/* EXPECT spins: ok */
1:	nopr
	j	1b
	end	spins

	f	may_return	/* EXPECT may_return: ok */
	ltgr	%r2, %r2
	ber	%r14
	jg	spins
	end	may_return

/* ---- bad-target ---- */

	f	bt_middle
	ltgr	%r2, %r2
bt_middle.x:	/* EXPECT bt_middle.x: bad-target */
	jgne	ft_cond_ok + 4
	br	%r14
	end	bt_middle

	f	bt_middle_ok	/* EXPECT bt_middle_ok: ok */
	ltgr	%r2, %r2
	jgne	ft_cond_ok
	br	%r14
	end	bt_middle_ok

	f	bt_padding
bt_padding.x:	/* EXPECT bt_padding.x: bad-target */
	j	ft_padding + 4
	end	bt_padding

	f	bt_data
bt_data.x:	/* EXPECT bt_data.x: bad-target */
	jg	data
	end	bt_data
	.section .rodata
	.balign	8
data:	.quad	4711
	.text

/* ---- indirect-jump ---- */

	f	ij_in_frame
	enter	14, 160
	brasl	%r14, ext
ij_in_frame.x:	/* EXPECT ij_in_frame.x: indirect-jump */
	br	%r2
	end	ij_in_frame

	f	ij_out_of_frame	/* EXPECT ij_out_of_frame: ok */
	enter	14, 160
	brasl	%r14, ext
	restore	14, 160
	br	%r2
	end	ij_out_of_frame

	f	ij_sum
	sllg	%r2, %r2, 3
ij_sum.x:	/* EXPECT ij_sum.x: indirect-jump */
	b	0(%r2, %r3)
	end	ij_sum

	f	ij_offset
ij_offset.x:	/* EXPECT ij_offset.x: indirect-jump */
	b	8(%r2)
	end	ij_offset

	f	ij_loaded
ij_loaded.x:	/* EXPECT ij_loaded.x: indirect-jump */
	bi	0(%r2)
	end	ij_loaded

	f	ij_cond
	ltgr	%r2, %r2
ij_cond.x:	/* EXPECT ij_cond.x: indirect-jump */
	be	0(%r3)
	br	%r14
	end	ij_cond

	f	ij_link
ij_link.x:	/* EXPECT ij_link.x: indirect-jump */
	brasl	%r1, ext
	br	%r14
	end	ij_link

	f	ij_link_0
	lghi	%r1, 0
ij_link_0.x:	/* EXPECT ij_link_0.x: indirect-jump */
	brasl	%r0, ext
	br	%r14
	end	ij_link_0

/* a table of which one entry leads elsewhere */
	f	ij_table
	clgijh	%r2, 2, 1f
	sllg	%r2, %r2, 3
	larl	%r1, ij_table_entries
	lg	%r1, 0(%r2, %r1)
ij_table.x:	/* EXPECT ij_table.x: indirect-jump */
	br	%r1
ij_table.1:
	lghi	%r2, 1
1:	br	%r14
	end	ij_table

	f	ij_table_ok	/* EXPECT ij_table_ok: ok */
	clgijh	%r2, 1, 1f
	sllg	%r2, %r2, 3
	larl	%r1, ij_table_ok_entries
	lg	%r1, 0(%r2, %r1)
	br	%r1
ij_table_ok.1:
	lghi	%r2, 1
1:	br	%r14
	end	ij_table_ok
	.section .rodata
ij_table_entries:
	.quad	ij_table.1, ij_table.1, 0
ij_table_ok_entries:
	.quad	ij_table_ok.1, ij_table_ok.1, 0
	.text

/* an index that is no multiple of an entry's length */
	f	ij_index
	clgijh	%r2, 2, 1f
	sllg	%r2, %r2, 1
	larl	%r1, ij_index_entries
	lg	%r1, 0(%r2, %r1)
ij_index.x:	/* EXPECT ij_index.x: indirect-jump */
	br	%r1
ij_index.1:
	lghi	%r2, 1
1:	br	%r14
	end	ij_index
	.section .rodata
ij_index_entries:
	.quad	ij_index.1, ij_index.1
	.text

/* ---- executed ---- */

	f	ex_unknown_place
ex_unknown_place.x:	/* EXPECT ex_unknown_place.x: executed */
	ex	%r2, 0(%r3)
	br	%r14
	end	ex_unknown_place

	f	ex_known_place	/* EXPECT ex_known_place: ok */
	larl	%r3, 1f
	ex	%r2, 0(%r3)
	br	%r14
1:	mvc	0(1, %r4), 0(%r5)
	end	ex_known_place

	f	ex_unknown
ex_unknown.x:	/* EXPECT ex_unknown.x: executed */
	exrl	%r2, 1f
	br	%r14
1:	.short	0x0000, 0x0000, 0x0000
	end	ex_unknown

/* the register changes which registers are loaded */
	f	ex_changed
ex_changed.x:	/* EXPECT ex_changed.x: executed */
	exrl	%r2, 1f
	br	%r14
1:	lgr	%r1, %r3
	end	ex_changed

	f	ex_unchanged	/* EXPECT ex_unchanged: ok */
	exrl	0, 1f
	br	%r14
1:	lgr	%r1, %r3
	end	ex_unchanged

	f	ex_of_ex
ex_of_ex.x:	/* EXPECT ex_of_ex.x: executed */
	exrl	0, 1f
	br	%r14
1:	exrl	0, 2f
2:	lgr	%r1, %r3
	end	ex_of_ex

/* relative to where it lies, or to where it is executed? */
	f	ex_relative
ex_relative.x:	/* EXPECT ex_relative.x: executed */
	exrl	0, 1f
	br	%r14
1:	j	ex_relative
	end	ex_relative

	f	ex_call
	enter	14, 24
ex_call.x:	/* EXPECT ex_call.x: executed */
	exrl	0, 1f
	leave	14, 24
1:	basr	%r14, %r2
	end	ex_call

/* what an executed instruction loads counts */
	f	ex_load
	enter	14, 24
	brasl	%r14, ext
	exrl	0, 1f
ex_load.x:	/* EXPECT ex_load.x: stack-exit */
	br	%r14
1:	lmg	%r14, %r14, 160(%r15)
	end	ex_load

	f	ex_load_ok	/* EXPECT ex_load_ok: ok */
	enter	14, 24
	brasl	%r14, ext
	exrl	0, 1f
	br	%r14
1:	lmg	%r14, %r15, 160(%r15)
	end	ex_load_ok
