/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files with something of all that the ELF loader and the analysis know
 * of. tests/make/mkcodeseeds.sh makes them, one for each SEED_*.
 */
	.macro	f name
	.balign	8
	.globl	\name
	.type	\name, @function
\name:
	.endm

	.macro	end name
	.size	\name, . - \name
	.endm

	.macro	enter size
	stmg	%r11, %r15, 112(%r15)
	lgr	%r14, %r15
	lay	%r15, -\size(%r15)
	stg	%r14, 152(%r15)
	lgr	%r11, %r15
	.endm

	.macro	leave size
	lmg	%r11, %r15, \size+112(%r11)
	br	%r14
	.endm

#ifdef SEED_MODULE
/* relocations, an undefined symbol, BUG and WARN, init text, notes */
	.section .note.gnu.build-id, "a", @note
	.long	4, 20, 3
	.asciz	"GNU"
	.fill	20, 1, 0xa5
	.section .modinfo, "a"
	.asciz	"license=GPL"
	.asciz	"name=seed"
	.text
	f	first
	enter	160
	brasl	%r14, outside
	lgrl	%r1, outside_data@GOTENT
	ltg	%r2, 0(%r1)
	jne	1f
bug:	mc	0, 0
1:
warn:	mc	1, 0
	brasl	%r14, never
	leave	160
	end	first
	.balign	8
	.type	never, @function
never:	enter	160
	brasl	%r14, panic
	end	never
	.section .init.text, "ax"
	f	begin
	enter	168
	brasl	%r14, first
	leave	168
	end	begin
	.section __bug_table, "aw"
	.long	bug - ., 0
	.short	1, 0
	.long	warn - ., 0
	.short	2, 1
#endif

#ifdef SEED_TABLE
/* a jump table, an expoline thunk, alternatives, a symbol that is late */
	.text
	f	choose
	clgijh	%r2, 3, .Lno
	sllg	%r2, %r2, 3
	larl	%r1, .Ltable
	lg	%r1, 0(%r2, %r1)
	jg	__s390_indirect_jump_r1
.Lone:	jg	".klp.sym.vmlinux.late,0"
.Lno:	br	%r14
	end	choose
	.section .altinstr_replacement, "ax"
	nopr	%r7
	.section .text.__s390_indirect_jump_r1, "axG", @progbits, __s390_indirect_jump_r1, comdat
	.hidden	__s390_indirect_jump_r1
	f	__s390_indirect_jump_r1
	exrl	%r0, .Lex
	j	.
.Lex:	br	%r1
	end	__s390_indirect_jump_r1
	.section .rodata, "a"
	.balign	8
.Ltable:
	.quad	.Lone, .Lno, .Lno, .Lone
	.bss
	.fill	64
#endif

#ifdef SEED_EMPTY
/* no function at all */
	.data
	.globl	number
number:	.long	1
#endif

#ifdef SEED_KERNEL
/* linked: _stext, entry code by its hint, labels, code that is elsewhere */
	.text
	.globl	_stext
_stext:
	f	system_call
	stmg	%r8, %r15, 0x200
	stpt	0x228
	lg	%r15, 0x310
	xc	152(8, %r15), 152(%r15)
	stmg	%r0, %r7, 176(%r15)
	brasl	%r14, chained
	lmg	%r0, %r15, 176(%r15)
	lpswe	0x2b0
	end	system_call
	f	chained
	enter	176
	brasl	%r14, leaf
	mc	0, 0
	leave	176
	end	chained
	.globl	alias, __end_of_it
	.set	alias, leaf
	f	leaf
	brcl	0, 1f
	la	%r2, 1(%r2)
1:	br	%r14
	end	leaf
__end_of_it:
	.section .amode31.text, "ax"
	f	low
	br	%r14
	end	low
	.section __bug_table, "aw"
	.globl	__start___bug_table, __stop___bug_table
__start___bug_table:
	.long	chained + 28 - ., 0
	.short	1, 0
__stop___bug_table:
#endif

#ifdef SEED_SWITCH
/* one function: a bounded jump table of its own, and a thunk */
	f	fn
	clgfi	%r2, 2
	brcl	2, 3f
	larl	%r1, 4f
	sllg	%r3, %r2, 3
	lg	%r1, 0(%r3, %r1)
	br	%r1
1:	lghi	%r2, 1
	br	%r14
2:	lghi	%r2, 2
3:	jg	others+0x10
	.balign	8
4:	.quad	1b, 2b, 3b
	end	fn
#endif

#ifdef SEED_CALLS
/* calls, alloca, a loop, stores into the frame, one of no return */
	f	fn
	enter	200
	lgr	%r10, %r2
1:	stg	%r2, 160(%r11)
	mvc	168(8, %r11), 0(%r3)
	brasl	%r14, others+0x200
	brctg	%r10, 1b
	lgr	%r1, %r15
	sgr	%r15, %r2
	stg	%r1, 152(%r15)
	brasl	%r14, others+0x180
	ltgr	%r2, %r2
	jne	2f
	leave	200
2:	mc	0, 0
	brasl	%r14, others+0x140
	end	fn
#endif

#ifdef SEED_STACK
/* call_on_stack: another stack, the back chain leads to this one */
	f	fn
	enter	160
	lgr	%r1, %r15
	lgr	%r15, %r3
	aghi	%r15, -160
	stg	%r1, 152(%r15)
	basr	%r14, %r2
	lg	%r15, 152(%r15)
	ex	%r2, 1f-fn(%r9)
	exrl	%r0, 1f
	leave	160
1:	mvc	160(1, %r15), 0(%r3)
	end	fn
#endif

#ifdef SEED_WIDE
/*
 * for a table only: more different rows than a byte has numbers, calls, and
 * ways out of all kinds
 */
	.text
	f	deep
	lgr	%r1, %r15
	.rept	258
	aghi	%r15, -8
	.endr
	stg	%r1, 152(%r15)
	aghi	%r15, 258 * 8
	br	%r14
	end	deep
	f	caller
	enter	160
	brasl	%r14, deep
	brasl	%r14, thunk
	basr	%r14, %r2
	leave	160
	end	caller
	f	tail
	ltgr	%r2, %r2
	jge	deep
	jgl	others
	jg	thunk
	end	tail
	f	thunk
	exrl	%r0, 1f
0:	j	0b
1:	br	%r1
	end	thunk
#endif
