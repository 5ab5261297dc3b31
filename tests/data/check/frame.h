/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shapes that the functions in assembler share. See README.md. */

/* f NAME, end NAME: enclose a function */
	.macro	f name
	.balign	8
	.globl	\name
	.type	\name, @function
\name:
	.endm

	.macro	end name
	.size	\name, . - \name
	.endm

/* save N: registers N to 15 go to their slots; restore N, SIZE: come back */
	.macro	save n
	stmg	%r\n, %r15, 24 + 8 * \n(%r15)
	.endm

	.macro	restore n, size
	lmg	%r\n, %r15, \size + 24 + 8 * \n(%r15)
	.endm

/* enter N, SIZE: save, a frame of SIZE bytes, its back chain; leave N, SIZE */
	.macro	enter n, size
	save	\n
	lgr	%r14, %r15
	lay	%r15, -\size(%r15)
	stg	%r14, 152(%r15)
	.endm

	.macro	leave n, size
	restore	\n, \size
	br	%r14
	.endm
