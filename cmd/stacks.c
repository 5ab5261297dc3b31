/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fnmatch.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/format.h"
#include "cmd/source.h"

const char zu_usage_stacks[] =
	"Usage: zunwind stacks [OPTION]... [SOURCE]\n"
	"\n"
	"Walk the kernel stack of every task in SOURCE and tell whether it is\n"
	"reliable, and if not, why.\n"
	"\n"
	"SOURCE is a dump of Linux on s390x (ELF as QEMU and kdump write it,\n"
	"kdump-compressed, s390 stand-alone), a capture, live: the kernel that\n"
	"runs here, which root may look at (the default on s390x), or\n"
	"gdb:HOST:PORT, a guest of QEMU, which stands still for that.\n"
	"\n"
	"  --pid N                    only the process or thread N\n"
	"  --comm NAME                only tasks of that name; a shell pattern\n"
	"  --unreliable               only tasks whose stack is unreliable\n"
	"  --rules strict|kernel      judge by zunwind's own rules (the default)\n"
	"                             or by exactly those of this kernel\n"
	"  --format text|json|folded  how to show it\n"
	"  --btf FILE                 take type data from FILE, not from memory\n"
	"  --table PATH               take unwind rows of the kernel from PATH, made\n"
	"                             by zunwind table, not from its code; if it is\n"
	"                             a folder, all rows, as zunwind.ko does\n"
	"\n"
	"Exit status: 0 if the stacks of all tasks shown that are not on a CPU\n"
	"are reliable, 1 if one is not, 2 if it could not be told.\n";

static const struct format *const formats[] = {
	&format_text,
	&format_json,
	&format_folded,
};

/* What the command line asks for */
struct request {
	struct zu_open_options open;
	const struct format *format;
	enum zu_rules rules;
	const char *comm;
	long pid;		/* -1: all */
	bool unreliable;
	bool colour;
};

static bool parse_format(const char *s, const struct format **ret)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(formats[i]->name, s))
			continue;
		*ret = formats[i];
		return true;
	}
	return false;
}

static bool parse_rules(const char *s, enum zu_rules *ret)
{
	if (!strcmp(s, "strict"))
		*ret = ZU_RULES_STRICT;
	else if (!strcmp(s, "kernel"))
		*ret = ZU_RULES_KERNEL;
	else
		return false;
	return true;
}

enum {
	OPT_PID, OPT_COMM, OPT_UNRELIABLE, OPT_RULES, OPT_FORMAT, OPT_BTF,
	OPT_TABLE,
};

static const struct option options[] = {
	{ "pid", required_argument, NULL, OPT_PID },
	{ "comm", required_argument, NULL, OPT_COMM },
	{ "unreliable", no_argument, NULL, OPT_UNRELIABLE },
	{ "rules", required_argument, NULL, OPT_RULES },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "btf", required_argument, NULL, OPT_BTF },
	{ "table", required_argument, NULL, OPT_TABLE },
	{ NULL, 0, NULL, 0 },
};

/* 0, or the exit status of a misuse that has been told */
static int take_option(struct request *q, int opt)
{
	switch (opt) {
	case OPT_PID:
		return cmd_parse_pid(optarg, &q->pid) ? 0 :
		       cmd_misuse("stacks", "'%s' is no process ID", optarg);
	case OPT_COMM:
		q->comm = optarg;
		return 0;
	case OPT_UNRELIABLE:
		q->unreliable = true;
		return 0;
	case OPT_RULES:
		return parse_rules(optarg, &q->rules) ? 0 :
		       cmd_misuse("stacks", "there are no rules '%s'", optarg);
	case OPT_FORMAT:
		return parse_format(optarg, &q->format) ? 0 :
		       cmd_misuse("stacks", "there is no format '%s'", optarg);
	case OPT_BTF:
		q->open.btf_path = optarg;
		return 0;
	case OPT_TABLE:
		q->open.table_path = optarg;
		return 0;
	}
	return cmd_misuse("stacks", NULL);
}

static bool is_wanted(const struct request *q, const struct zu_task *task)
{
	if (q->pid >= 0 && task->pid != q->pid && task->tgid != q->pid)
		return false;
	return !q->comm || !fnmatch(q->comm, task->comm, 0);
}

/* A line on a terminal for work that takes more than a second */
struct progress {
	time_t start;
	time_t shown;
	bool wanted;
};

static void progress_show(struct progress *p, size_t done, size_t all)
{
	time_t now;

	if (!p->wanted || done % 64)
		return;
	now = time(NULL);
	if (now - p->start < 2 || now == p->shown)
		return;
	p->shown = now;
	fprintf(stderr, "\r%zu of %zu tasks\033[K", done, all);
}

static void progress_clear(const struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
}

static int show_task(struct report *r, const struct request *q,
		     const struct zu_task *task, struct zu_trace *t,
		     struct zu_error *err)
{
	enum zu_verdict_kind kind;
	int ret = zu_trace_task(t, r->k, task, err);

	if (ret || t->gone)
		return ret;
	kind = report_verdict(r, t)->kind;
	r->seen[kind]++;
	if (q->unreliable && kind != ZU_UNRELIABLE)
		return 0;
	return cmd_output(q->format->task(r, &t->task, t), err);
}

static int show_tasks(struct report *r, const struct request *q,
		      struct zu_error *err)
{
	size_t n = zu_kernel_task_count(r->k), i;
	struct progress p = {
		.start = time(NULL),
		.wanted = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO),
	};
	struct zu_trace t = { .rules = q->rules };
	struct zu_task task;
	int ret = 0;

	for (i = 0; i < n && !ret; i++) {
		progress_show(&p, i, n);
		ret = zu_kernel_task(r->k, i, &task, err);
		if (!ret && is_wanted(q, &task))
			ret = show_task(r, q, &task, &t, err);
	}
	progress_clear(&p);
	zu_trace_deinit(&t);
	return ret;
}

static bool want_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && (!no || !*no) && term &&
	       strcmp(term, "dumb");
}

static bool is_there(struct zu_kernel *k, const struct request *q)
{
	struct zu_task task;
	struct zu_error err;
	size_t i;

	for (i = 0; i < zu_kernel_task_count(k); i++)
		if (!zu_kernel_task(k, i, &task, &err) && is_wanted(q, &task))
			return true;
	return false;
}

static int report(struct zu_kernel *k, const struct request *q)
{
	struct report r = {
		.k = k, .rules = q->rules, .colour = q->colour,
	};
	struct zu_error err;
	int ret, end;

	if (!is_there(k, q)) {
		fputs("zunwind: there is no such task\n", stderr);
		return EXIT_CANT;
	}
	ret = cmd_output(q->format->begin(&r), &err);
	if (!ret)
		ret = show_tasks(&r, q, &err);
	if (!ret)
		ret = zu_kernel_check(k, &err);
	end = q->format->end(&r, !ret);
	if (!ret)
		ret = cmd_output(end, &err);
	if (ret)
		return cmd_error(&err);
	return r.seen[ZU_UNRELIABLE] ? EXIT_NO : EXIT_YES;
}

int cmd_stacks(int argc, char **argv)
{
	struct request q = { .format = &format_text, .pid = -1 };
	const char *source;
	struct zu_kernel *k;
	struct zu_error err;
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		ret = take_option(&q, opt);
		if (ret)
			return ret;
	}
	source = source_name("stacks", argc, argv);
	if (!source)
		return EXIT_CANT;
	q.colour = want_colour();
	if (source_open(source, &q.open, &k, &err))
		return cmd_error(&err);
	ret = report(k, &q);
	source_close(k);
	return cmd_finish(ret);
}
