/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What usually helps. The kernel tries again once a second. After 15 rounds,
 * and each 15 again, it sends all user tasks that are left a signal that is
 * none, and wakes kernel threads in state S: klp_try_complete_transition() and
 * klp_send_signals() in kernel/livepatch/transition.c, 6.1 to 7.2.
 */
#include "cmd/transition.h"

#define FAKE "after 15 rounds, and each 15 again, the kernel sends it there itself (a signal that is none; system calls are started again)"

#define PROVEN "load zunwind.ko with redirect=1: it sees what the code proves, and the kernel switches the task (zunwind doctor tells what that takes)"

static const char *running(const struct zu_task *task, bool kthread)
{
	if (task->idle)
		return "Wait: the kernel wakes idle CPUs each round.";
	if (kthread)
		return "Wait. If it is found on a CPU each time it never sleeps: "
		       "stop what it works for. If it can be preempted, its stack "
		       "holds registers whenever it is not on a CPU, which the kernel "
		       "refuses; zunwind.ko with redirect=1 sees through them, and has "
		       "the kernel look while the thread is off its CPU.";
	return "Wait: it is switched when it next goes back to user space; "
	       FAKE ".";
}

static const char *unreliable(bool kthread, const struct zu_klp_blocker *b)
{
	if (!zu_klp_blocks(&b->strict))
		return kthread ? PROVEN "." :
		       "Wait: it is switched when it goes back to user space. Or: "
		       PROVEN ".";
	if (kthread)
		return "Wait: it may be elsewhere next time. 'zunwind stacks --pid' "
		       "tells what is wrong with its stack; a thread that stays so has "
		       "to be stopped.";
	return "Wait: going back to user space needs no look at its stack; "
	       FAKE ". 'zunwind stacks --pid' tells what is wrong with the stack.";
}

static const char *user_on_stack(const struct zu_task *task)
{
	switch (task->state) {
	case 'S':
		return "It leaves the function on its way back to user space; "
		       FAKE ". SIGSTOP, then SIGCONT does it at once; SIGCONT alone "
		       "does nothing.";
	case 'T':
	case 't':
		return "Let it go on: SIGCONT, or end what traces it.";
	case 'R':
		return "Wait: it will go on by itself.";
	case 'Z':
	case 'X':
		return "Wait: it is about to end.";
	}
	return "What it waits for (a disk, a server, a lock) has to come: no "
	       "signal wakes it.";
}

static const char *kthread_on_stack(const struct zu_task *task)
{
	switch (task->state) {
	case 'S':
		return "The kernel wakes it after 15 rounds, and each 15 again, which "
		       "helps if it leaves the function then; else give it work, or "
		       "stop it: unload its module, unmount, stop its service.";
	case 'R':
		return "Wait: it is runnable, and may be elsewhere next time; if it "
		       "never leaves the function, stop what it works for.";
	}
	return "The kernel does not wake it: what it waits for has to come, or it "
	       "has to be stopped: unload its module, unmount, stop its service.";
}

const char *transition_help(const struct zu_task *task,
			    const struct zu_klp_blocker *b)
{
	switch (b->kernel.cause) {
	case ZU_KLP_DONE:
		return "Nothing is left to do.";
	case ZU_KLP_RUNNING:
		return running(task, b->klp.kthread);
	case ZU_KLP_UNRELIABLE:
		return unreliable(b->klp.kthread, b);
	case ZU_KLP_ON_STACK:
		return b->klp.kthread ? kthread_on_stack(task) :
					user_on_stack(task);
	case ZU_KLP_UNVISITED:
		break;
	}
	if (zu_klp_blocks(&b->strict))
		return "Turn the transition round before the kernel looks at it again.";
	return "Nothing: it is switched when the kernel looks at it next, within a second.";
}
