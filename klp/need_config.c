/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel was built with. */
#include "klp/checks.h"
#include "klp/config.h"

/*
 * What zunwind.ko cannot do without
 * @name: the option
 * @other: one that does as well, or NULL
 * @why: what for
 */
static const struct option {
	const char *name;
	const char *other;
	const char *why;
} options[] = {
	{ "MODULES", NULL, "zunwind.ko is a module." },
	{ "KALLSYMS", NULL,
	  "zunwind.ko finds by it what the kernel does not export." },
	{ "KPROBES", NULL,
	  "zunwind.ko finds the kernel's symbols by a probe." },
	{ "DYNAMIC_FTRACE_WITH_ARGS", "DYNAMIC_FTRACE_WITH_REGS",
	  "It is how zunwind.ko is asked in place of the kernel." },
	{ "FW_LOADER", NULL, "zunwind.ko gets its tables by it." },
	{ "DEBUG_FS", NULL, "zunwind.ko tells there what it found." },
};

static void check_option(struct zu_doctor *d, const struct zu_config *c,
			 const struct option *o)
{
	const char *name = o->name;
	struct zu_need *n;

	if (o->other && zu_config_get(c, name) == 'n')
		name = o->other;
	if (zu_config_get(c, name) != 'n') {
		zu_need(&d->needs, "config", ZU_NEED_OK, "CONFIG_%s=%c", name,
			zu_config_get(c, name));
		return;
	}
	n = zu_need(&d->needs, "config", ZU_NEED_MISSING, "CONFIG_%s",
		    o->name);
	n->hard = true;
	zu_buf_printf(&n->why, "%s %s says that it is not set.", o->why,
		      c->from.inner);
}

/*
 * klp_try_switch_task() cannot look at a task that runs, and the kernel's own
 * rules refuse one that was preempted: it has an exception frame.
 */
static void tell_preemption(struct zu_doctor *d, const struct zu_config *c)
{
	bool preemption = zu_config_get(c, "PREEMPTION") != 'n';
	struct zu_need *n = zu_need(&d->needs, "preemption", ZU_NEED_NOTE,
				    "CONFIG_PREEMPTION%s",
				    preemption ? "=y" : " is not set");

	zu_buf_printf(&n->why, "%s", preemption ?
		      "Tasks are preempted in kernel code, which by the kernel's own rules keeps a\n"
		      "live patch from being finished; by zunwind's it need not." :
		      "Tasks are not preempted in kernel code. Page faults there are what is left\n"
		      "for zunwind to see through.");
}

/* klp_init() in kernel/livepatch/core.c makes the folder */
static void check_livepatch(struct zu_doctor *d)
{
	struct zu_path path;
	struct zu_need *n;

	zu_root_path(&d->root, &path, "/sys/kernel/livepatch");
	d->livepatch = zu_root_has(&path);
	if (d->livepatch) {
		zu_need(&d->needs, "livepatch", ZU_NEED_OK,
			"CONFIG_LIVEPATCH=y");
		return;
	}
	n = zu_need(&d->needs, "livepatch", ZU_NEED_MISSING,
		    "CONFIG_LIVEPATCH");
	zu_buf_printf(&n->why, "%s", "This kernel takes no live patches: /sys/kernel/livepatch is not there.\n"
		      "zunwind.ko can report on its stacks, no more.");
}

void zu_doctor_config(struct zu_doctor *d)
{
	struct zu_config c;
	struct zu_error err;
	struct zu_need *n;
	size_t i;

	check_livepatch(d);
	if (zu_config_open(&d->root, d->release, &c, &err)) {
		n = zu_doctor_unknown(d, "config", &err,
				      "the kernel's configuration");
		/* it works, so it was built with what that takes */
		if (d->redirect) {
			n->state = ZU_NEED_NOTE;
			n->command.len = 0;
		}
		return;
	}
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		check_option(d, &c, &options[i]);
	tell_preemption(d, &c);
	zu_config_close(&c);
}
