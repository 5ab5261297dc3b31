# SPDX-License-Identifier: GPL-2.0-or-later
# Frames that gcc makes seldom or never: what the flexible type is there for,
# large offsets, long functions. A register is said to be elsewhere as late as
# possible, like in our rows.
	.cfi_sections .debug_frame
	.text
	.macro	begin name
	.balign	8
	.globl	\name
	.type	\name, @function
\name:
	.cfi_startproc
	.endm
	.macro	end name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	begin	ra_in_r1
	lgr	%r1, %r14
	lghi	%r14, 0
	.cfi_register 14, 1
	br	%r1
	end	ra_in_r1

	begin	fp_in_r0
	lgr	%r0, %r11
	lghi	%r11, 0
	.cfi_register 11, 0
	lgr	%r11, %r0
	.cfi_restore 11
	br	%r14
	end	fp_in_r0

	begin	both
	lgr	%r0, %r11
	lgr	%r1, %r14
	lghi	%r11, 0
	.cfi_register 11, 0
	lghi	%r14, 0
	.cfi_register 14, 1
	lgr	%r11, %r0
	.cfi_restore 11
	br	%r1
	end	both

	begin	large_frame
	stmg	%r14, %r15, 136(%r15)
	.cfi_offset 14, -24
	lgr	%r1, %r15
	lay	%r15, -2000(%r15)
	.cfi_def_cfa_offset 2160
	stg	%r1, 152(%r15)
	brasl	%r14, printk
	lmg	%r14, %r15, 2136(%r15)
	.cfi_restore 14
	.cfi_def_cfa_offset 160
	br	%r14
	end	large_frame

	begin	huge_frame
	stmg	%r11, %r15, 112(%r15)
	.cfi_offset 11, -48
	.cfi_offset 14, -24
	lgr	%r1, %r15
	lay	%r15, -65536(%r15)
	.cfi_def_cfa_offset 65696
	stg	%r1, 152(%r15)
	lay	%r15, -400000(%r15)
	.cfi_def_cfa_offset 465696
	stg	%r1, 152(%r15)
	lghi	%r11, 0
	brasl	%r14, printk
	lg	%r15, 152(%r15)
	.cfi_def_cfa_offset 160
	lmg	%r11, %r14, 112(%r15)
	.cfi_restore 11
	.cfi_restore 14
	br	%r14
	end	huge_frame

	begin	late
	.rept	100
	lghi	%r2, 0
	.endr
	stmg	%r14, %r15, 136(%r15)
	.cfi_offset 14, -24
	lgr	%r1, %r15
	lay	%r15, -24(%r15)
	.cfi_def_cfa_offset 184
	stg	%r1, 152(%r15)
	brasl	%r14, printk
	lmg	%r14, %r15, 160(%r15)
	.cfi_restore 14
	.cfi_def_cfa_offset 160
	br	%r14
	end	late

	begin	later
	.rept	16500
	lghi	%r2, 0
	.endr
	stmg	%r14, %r15, 136(%r15)
	.cfi_offset 14, -24
	lgr	%r1, %r15
	lay	%r15, -24(%r15)
	.cfi_def_cfa_offset 184
	stg	%r1, 152(%r15)
	brasl	%r14, printk
	lmg	%r14, %r15, 160(%r15)
	.cfi_restore 14
	.cfi_def_cfa_offset 160
	br	%r14
	end	later
