/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Live patching asks zunwind: stack_trace_save_tsk_reliable() is redirected to
 * the strict walk, by ftrace, as a live patch would do it.
 *
 * Once attached the function stays attached until the module goes; switching
 * redirection off takes effect at once, by a flag. Detaching waits for every
 * task to sleep or to be in user space once (synchronize_rcu_tasks()), which a
 * busy kernel thread may put off for long.
 */
#ifndef ZU_KMOD_REDIRECT_H
#define ZU_KMOD_REDIRECT_H

#include <linux/types.h>

struct task_struct;

/**
 * zu_save_reliable() - what live patching calls instead
 * @task: the current task, or one that can't run meanwhile
 * @store: for addresses
 * @size: room for that many
 *
 * As stack_trace_save_tsk_reliable() in kernel/stacktrace.c, 6.12 to 7.2: a
 * walk that fills @store is refused. What is stored is the same, but for a
 * return address that is the start of another function, behind a call that does
 * not come back: that is stored less 1, so that the function it is in is found.
 *
 * Return: how many; -EINVAL if the stack is not reliable.
 */
int zu_save_reliable(struct task_struct *task, unsigned long *store,
		     unsigned int size);

/**
 * zu_save_by_kernel_rules() - the same by the kernel's own rules
 * @task: another task, that can't run meanwhile
 * @store: for addresses
 * @size: room for that many
 *
 * For measurements: what core/'s walk costs without witnesses.
 *
 * Return: as zu_save_reliable().
 */
int zu_save_by_kernel_rules(struct task_struct *task, unsigned long *store,
			    unsigned int size);

/**
 * zu_redirect_init() - from now on it can be switched
 *
 * If it was asked for by the module parameter it is switched on.
 *
 * Return: 0; what ftrace returns.
 */
int zu_redirect_init(void);

/**
 * zu_redirect_exit() - detach, if attached
 *
 * When it returns nobody is in zu_save_reliable() or will be.
 */
void zu_redirect_exit(void);

/**
 * zu_redirect_is_on() - does live patching ask zunwind?
 *
 * Return: true if it does.
 */
bool zu_redirect_is_on(void);

#endif
