// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A thread asleep in an ftrace direct call: zu_direct_traced has been called
 * and will go on, but what runs in its place is called by a trampoline that
 * knows only its caller. So it is not on the stack.
 */
#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/version.h>

#include "zuscen.h"

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define register_ftrace_direct register_ftrace_direct_multi
#endif

void zu_direct_tramp(void);
void zu_direct_instead(unsigned long x);

/* Entered with r14: the caller, r0: where the traced function goes on. */
asm(".pushsection .text, \"ax\", @progbits\n"
    ".globl zu_direct_tramp\n"
    ".type zu_direct_tramp, @function\n"
    "zu_direct_tramp:\n"
    "	stmg	%r14,%r15,136(%r15)\n"
    "	lgr	%r1,%r15\n"
    "	lay	%r15,-208(%r15)\n"
    "	stg	%r1,152(%r15)\n"
    "	stmg	%r0,%r5,160(%r15)\n"
    "	brasl	%r14,zu_direct_instead\n"
    "	lmg	%r0,%r5,160(%r15)\n"
    "	lmg	%r14,%r15,344(%r15)\n"
    "	lgr	%r1,%r0\n"
    "	br	%r1\n"
    ".size zu_direct_tramp, .-zu_direct_tramp\n"
    ".popsection\n");

zuscen_fn void zu_direct_instead(unsigned long x)
{
	if (x)
		zuscen_sleep();
}

static zuscen_fn unsigned long zu_direct_traced(unsigned long x)
{
	barrier();
	return x + 1;
}

static zuscen_fn unsigned long zu_direct_caller(unsigned long x)
{
	return zu_direct_traced(x) + 1;
}

static zuscen_fn int zu_direct(void *unused)
{
	return zu_direct_caller(1) & 1;
}

static struct ftrace_ops ops;

int zuscen_direct(void)
{
	int rc;

	rc = ftrace_set_filter_ip(&ops, (unsigned long)zu_direct_traced, 0, 0);
	if (!rc)
		rc = register_ftrace_direct(&ops,
					    (unsigned long)zu_direct_tramp);
	if (rc)
		return rc;
	return PTR_ERR_OR_ZERO(zuscen_thread(zu_direct, NULL, -1, "zu-direct"));
}

#else

int zuscen_direct(void)
{
	return -EOPNOTSUPP;
}

#endif
