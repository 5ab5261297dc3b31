/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Every number about the layout of an s390x kernel stack, once.
 *
 * The kernel is built with -mpacked-stack -mbackchain: the register save area
 * ends, and the back chain stands, at the top of the 160 bytes that a caller
 * leaves above its stack pointer (struct stack_frame in
 * arch/s390/include/asm/stacktrace.h, checked in 6.1, 6.12 and 7.2; the
 * zSeries ELF ABI supplement has the unpacked form, with the chain at 0).
 */
#ifndef ZU_CORE_FRAME_S390X_H
#define ZU_CORE_FRAME_S390X_H

#include "core/env.h"

/* struct stack_frame */
#define ZU_FRAME_SIZE 160	/* STACK_FRAME_OVERHEAD */
#define ZU_FRAME_GPRS 72	/* r6 to r15 */
#define ZU_FRAME_R14 136	/* return address of the function called from here */
#define ZU_FRAME_R15 144
#define ZU_FRAME_BACK_CHAIN 152

/* struct pt_regs: the part that is the same in every kernel */
#define ZU_REGS_PSW_MASK 8
#define ZU_REGS_PSW_ADDR 16
#define ZU_REGS_GPRS 24
#define ZU_REGS_R15 (ZU_REGS_GPRS + 15 * 8)

/* PSW mask bit 15 (IBM numbering): problem state, that is user space */
#define ZU_PSW_MASK_PSTATE 0x0001000000000000ULL

/* The ABI wants the stack pointer on an 8-byte boundary. */
#define ZU_SP_ALIGN 8

ZU_STATIC_ASSERT(ZU_FRAME_R14 == ZU_FRAME_GPRS + 8 * (14 - 6),
		 "r14 stands where stmg r6,r15 puts it");
ZU_STATIC_ASSERT(ZU_FRAME_R15 == ZU_FRAME_R14 + 8, "r15 follows r14");
ZU_STATIC_ASSERT(ZU_FRAME_BACK_CHAIN == ZU_FRAME_SIZE - 8,
		 "the back chain is the last slot of the frame");

#endif
