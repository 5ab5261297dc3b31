/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Return addresses that tracing replaced. Both functions do what the kernel's
 * own do, for every layout of their records since 6.1.
 */
#ifndef ZU_KERN_RECOVER_H
#define ZU_KERN_RECOVER_H

#include "core/unwind.h"
#include "kern/kernel.h"

/**
 * zu_fgraph_recover() - ask the function graph shadow stack
 * @k: the kernel
 * @task: address of the task
 * @cursor: position in the shadow stack, 0 at the start of a walk
 * @sp: the frame whose return address is return_to_handler
 * @ret: the return address; return_to_handler itself if no record fits
 *
 * As ftrace_graph_ret_addr() in kernel/trace/fgraph.c: 6.1 keeps an array of
 * structures, 6.11 and newer words.
 *
 * Return: 0; ZU_EFAULT if the shadow stack can't be read.
 */
int zu_fgraph_recover(const struct zu_kernel *k, uint64_t task,
		      uint64_t *cursor, uint64_t sp, uint64_t *ret);

/**
 * zu_rethook_recover() - ask the records of return probes
 * @k: the kernel
 * @task: address of the task
 * @current: it is what the walk's own CPU runs: the kernel looks for that,
 *	but for no other task that may be running
 * @cursor: the record used last, 0 at the start of a walk
 * @sp: the frame whose return address is the trampoline
 * @trampoline: address of the trampoline
 * @ret: the return address; 0 if no record fits
 *
 * As rethook_find_ret_addr() in kernel/trace/rethook.c, and in 6.1
 * kretprobe_find_ret_addr() in kernel/kprobes.c.
 *
 * Return: 0; ZU_EFAULT if the records can't be read; ZU_EFORMAT if they run
 * in a circle.
 */
int zu_rethook_recover(const struct zu_kernel *k, uint64_t task,
		       bool current, uint64_t *cursor, uint64_t sp,
		       uint64_t trampoline, uint64_t *ret);

/**
 * zu_rethook_trampoline() - the return probe trampoline of this kernel
 * @k: the kernel
 *
 * Return: its address, or 0 if the kernel has none.
 */
uint64_t zu_rethook_trampoline(const struct zu_kernel *k);

#endif
