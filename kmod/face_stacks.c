// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stacks: what `zunwind stacks --format json` says of a dump, of the tasks as
 * they are while one reads, one task a line.
 *
 * Positions are 0 for the head; from 1 on the idle tasks of the possible CPUs;
 * behind them 1 + the ID for all others, so that nothing is held between two
 * tasks; and TAIL.
 */
#include <linux/cpumask.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/utsname.h>

#include "kmod/build_id.h"
#include "kmod/face.h"
#include "kmod/json.h"
#include "kmod/look.h"
#include "kmod/symbols.h"

#define TAIL (1LL << 40)

/* One reading */
struct reading {
	bool head;
	bool tail;
	struct task_struct *task;	/* held */
	const char *comma;
	unsigned long reliable;
	unsigned long unreliable;
	unsigned long running;
	char name[KSYM_NAME_LEN];
	struct zu_look look;
};

static void put_task(struct reading *r)
{
	if (r->task)
		put_task_struct(r->task);
	r->task = NULL;
}

/* The first task with that ID, or the next one */
static struct task_struct *task_from(int *id)
{
	struct task_struct *task = NULL;
	struct pid *pid;

	rcu_read_lock();
	while (!task && (pid = find_ge_pid(*id, &init_pid_ns))) {
		*id = pid_nr(pid);
		task = pid_task(pid, PIDTYPE_PID);
		if (task)
			get_task_struct(task);
		else
			++*id;
	}
	rcu_read_unlock();
	return task;
}

static struct task_struct *idle_from(unsigned int *cpu)
{
	struct task_struct *task;

	for (; *cpu < nr_cpu_ids; ++*cpu) {
		task = cpu_possible(*cpu) ? zu_sym.idle_task(*cpu) : NULL;
		if (task)
			return get_task_struct(task);
	}
	return NULL;
}

/* What is at a position or behind it; moves @pos there */
static void *find(struct reading *r, loff_t *pos)
{
	unsigned int cpu = *pos - 1;
	int id;

	put_task(r);
	r->head = !*pos;
	r->tail = false;
	if (r->head)
		return r;
	if (*pos > TAIL)
		return NULL;
	if (*pos <= nr_cpu_ids) {
		r->task = idle_from(&cpu);
		*pos = cpu + 1;
		if (r->task)
			return r;
	}
	if (*pos < TAIL) {
		id = *pos - nr_cpu_ids;
		r->task = task_from(&id);
		*pos = (loff_t)id + nr_cpu_ids;
	}
	if (!r->task) {
		r->tail = true;
		*pos = TAIL;
	}
	return r;
}

static void *start(struct seq_file *m, loff_t *pos)
{
	return find(m->private, pos);
}

static void *next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return find(m->private, pos);
}

static void stop(struct seq_file *m, void *v)
{
	put_task(m->private);
}

static void show_head(struct seq_file *m)
{
	char hex[ZU_BUILD_ID_HEX];
	struct zu_build_id id;

	zu_build_id_kernel(&id);
	zu_build_id_hex(&id, hex);
	seq_puts(m, "{\"schema\":\"zunwind.stacks/1\",\"source\":{\"kind\":\"module\",\"path\":null},");
	seq_puts(m, "\"kernel\":{\"release\":");
	zu_json_text(m, init_utsname()->release);
	seq_printf(m, ",\"build_id\":\"%s\",\"cpus\":%u},\"rules\":\"strict\",\"tasks\":[",
		   id.len ? hex : "", num_possible_cpus());
}

static void show_tail(struct seq_file *m, const struct reading *r)
{
	seq_printf(m, "],\"summary\":{\"tasks\":%lu,\"reliable\":%lu,\"unreliable\":%lu,\"running\":%lu}}\n",
		   r->reliable + r->unreliable + r->running, r->reliable,
		   r->unreliable, r->running);
}

static const char *word(const struct zu_verdict *v)
{
	if (v->running)
		return "running";
	return v->why ? "unreliable" : "reliable";
}

static void show_verdict(struct seq_file *m, const struct zu_look *l)
{
	const struct zu_verdict *v = &l->strict;

	seq_printf(m, ",\"verdict\":\"%s\",\"reason\":", word(v));
	zu_json_text(m, zu_why_word(v->why));
	if (v->why && v->frame >= 0)
		seq_printf(m, ",\"frame\":%d", v->frame);
	else
		seq_puts(m, ",\"frame\":null");
	if (v->why)
		seq_printf(m, ",\"address\":\"0x%llx\"", v->at);
	else
		seq_puts(m, ",\"address\":null");
	seq_puts(m, ",\"detail\":");
	zu_json_text(m, zu_why_text(v->why));
	seq_printf(m, ",\"kernel_verdict\":\"%s\",\"kernel_reason\":",
		   word(&l->kernel));
	zu_json_text(m, zu_why_word(l->kernel.why));
	seq_printf(m, ",\"kernel_entries\":%u", l->kernel_entries);
}

/* Places that are a function's start and no return address of a call */
static bool is_exact(const struct zu_frame *f)
{
	return f->regs || f->ip == zu_sym.ret_from_fork ||
	       f->ip == zu_sym.return_to_handler ||
	       f->ip == zu_sym.rethook_trampoline;
}

static void show_symbol(struct seq_file *m, const struct zu_frame *f,
			char *buf)
{
	unsigned long size, offset, back = !is_exact(f);
	const char *name;
	char *module;

	name = f->ip ? zu_sym.kallsyms_lookup(f->ip - back, &size, &offset,
					      &module, buf) : NULL;
	if (!name) {
		seq_puts(m, ",\"symbol\":null,\"offset\":null,\"size\":null,\"module\":null");
		return;
	}
	seq_puts(m, ",\"symbol\":");
	zu_json_text(m, name);
	seq_printf(m, ",\"offset\":%lu,\"size\":%lu,\"module\":",
		   offset + back, size);
	zu_json_text(m, module);
}

static void show_frames(struct seq_file *m, struct reading *r)
{
	unsigned int i;

	seq_puts(m, ",\"frames\":[");
	for (i = 0; i < r->look.nr_frames; i++) {
		const struct zu_frame *f = &r->look.frames[i];

		seq_printf(m, "%s{\"ip\":\"0x%llx\",\"sp\":\"0x%llx\"",
			   i ? "," : "", f->ip, f->sp);
		show_symbol(m, f, r->name);
		seq_printf(m, ",\"from\":\"%s\",\"guess\":%s}",
			   zu_from_word(f->from), f->guess ? "true" : "false");
	}
	seq_putc(m, ']');
}

static void count(struct reading *r)
{
	const struct zu_verdict *v = &r->look.strict;

	r->running += v->running;
	r->unreliable += !v->running && v->why;
	r->reliable += !v->running && !v->why;
}

static void show_task(struct seq_file *m, struct reading *r)
{
	const struct zu_look *l = &r->look;

	zu_look(r->task, &r->look);
	seq_printf(m, "%s\n{\"pid\":%d,\"tgid\":%d,\"comm\":", r->comma,
		   l->pid, l->tgid);
	zu_json_text(m, l->comm);
	seq_printf(m, ",\"state\":\"%c\",\"cpu\":%u,\"task\":\"0x%lx\"",
		   l->state, l->cpu, (unsigned long)l->task);
	show_verdict(m, l);
	show_frames(m, r);
	seq_putc(m, '}');
	/* what has no room is shown once more */
	if (seq_has_overflowed(m))
		return;
	r->comma = ",";
	count(r);
}

static int show(struct seq_file *m, void *v)
{
	struct reading *r = v;

	if (r->head) {
		r->comma = "";
		r->reliable = r->unreliable = r->running = 0;
		show_head(m);
	} else if (r->tail) {
		show_tail(m, r);
	} else {
		show_task(m, r);
	}
	return 0;
}

static const struct seq_operations ops = {
	.start = start, .next = next, .stop = stop, .show = show,
};

/* The look is too large for one page, and pages may be scattered. */
static int open(struct inode *inode, struct file *file)
{
	struct reading *r = kvzalloc(sizeof(*r), GFP_KERNEL);
	int err;

	if (!r)
		return -ENOMEM;
	err = seq_open(file, &ops);
	if (err)
		kvfree(r);
	else
		((struct seq_file *)file->private_data)->private = r;
	return err;
}

static int release(struct inode *inode, struct file *file)
{
	kvfree(((struct seq_file *)file->private_data)->private);
	return seq_release(inode, file);
}

/* To be read from its start to its end: there is no seeking in it. */
const struct file_operations zu_face_stacks = {
	.owner = THIS_MODULE,
	.open = open,
	.read = seq_read,
	.release = release,
};
