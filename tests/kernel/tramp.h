/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code for ftrace direct calls: entered with r14: the caller, r0: where the
 * traced function goes on. Calls a function with the traced one's arguments, and
 * then goes on there.
 */
#ifndef ZU_TRAMP_H
#define ZU_TRAMP_H

#define ZU_TRAMP(name, function)			\
	void name(void);				\
	asm(".pushsection .text, \"ax\", @progbits\n"	\
	    ".globl " #name "\n"			\
	    ".type " #name ", @function\n"		\
	    #name ":\n"					\
	    "	stmg	%r14,%r15,136(%r15)\n"		\
	    "	lgr	%r1,%r15\n"			\
	    "	lay	%r15,-208(%r15)\n"		\
	    "	stg	%r1,152(%r15)\n"		\
	    "	stmg	%r0,%r5,160(%r15)\n"		\
	    "	brasl	%r14," #function "\n"		\
	    "	lmg	%r0,%r5,160(%r15)\n"		\
	    "	lmg	%r14,%r15,344(%r15)\n"		\
	    "	lgr	%r1,%r0\n"			\
	    "	br	%r1\n"				\
	    ".size " #name ", .-" #name "\n"		\
	    ".popsection\n")

#endif
