/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/transition.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/source.h"

const char zu_usage_transition[] =
	"Usage: zunwind transition [OPTION]... SOURCE\n"
	"\n"
	"Tell which tasks in SOURCE hold up the transition of a live patch, and\n"
	"why; without a transition, which live patches there are.\n"
	"\n"
	"SOURCE is a dump of Linux on s390x (ELF as QEMU and kdump write it,\n"
	"kdump-compressed, s390 stand-alone), a capture, or live: the kernel that\n"
	"runs here (the default on s390x; needs root).\n"
	"\n"
	"  --pid N             only the process or thread N\n"
	"  --format text|json  how to show it\n"
	"  --btf FILE          take type data from FILE, not from memory\n"
	"  --table PATH        take unwind rows of the kernel from PATH, as for\n"
	"                      zunwind stacks\n"
	"\n"
	"Exit status: 0 if no task is in the way (or no transition goes on), 1 if\n"
	"one is, 2 if it could not be told.\n";

static const struct transition_format *const formats[] = {
	&transition_text,
	&transition_json,
};

/* What the command line asks for */
struct request {
	struct zu_open_options open;
	const struct transition_format *format;
	long pid;		/* -1: all */
};

const char *transition_target(enum zu_klp_state state)
{
	switch (state) {
	case ZU_KLP_PATCHED:
		return "patched";
	case ZU_KLP_UNPATCHED:
		return "unpatched";
	default:
		return NULL;
	}
}

enum { OPT_PID, OPT_FORMAT, OPT_BTF, OPT_TABLE };

static const struct option options[] = {
	{ "pid", required_argument, NULL, OPT_PID },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "btf", required_argument, NULL, OPT_BTF },
	{ "table", required_argument, NULL, OPT_TABLE },
	{ NULL, 0, NULL, 0 },
};

static bool parse_pid(const char *s, long *ret)
{
	char *end;

	errno = 0;
	*ret = strtol(s, &end, 10);
	return !errno && *s >= '0' && *s <= '9' && !*end;
}

static bool parse_format(const char *s, const struct transition_format **ret)
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

/* 0, or the exit status of a misuse that has been told */
static int take_option(struct request *q, int opt)
{
	switch (opt) {
	case OPT_PID:
		return parse_pid(optarg, &q->pid) ? 0 :
		       cmd_misuse("transition", "'%s' is no process ID",
				  optarg);
	case OPT_FORMAT:
		return parse_format(optarg, &q->format) ? 0 :
		       cmd_misuse("transition", "there is no format '%s'",
				  optarg);
	case OPT_BTF:
		q->open.btf_path = optarg;
		return 0;
	case OPT_TABLE:
		q->open.table_path = optarg;
		return 0;
	}
	return cmd_misuse("transition", NULL);
}

static bool is_wanted(const struct request *q, const struct zu_task *task)
{
	return q->pid < 0 || task->pid == q->pid || task->tgid == q->pid;
}

static int look_at_task(struct transition *t, const struct request *q,
			const struct zu_task *task, struct zu_klp_blocker *b,
			struct zu_error *err)
{
	int ret = zu_klp_blocker_look(b, t->k, t->klp.target, &t->ranges, task,
				      err);

	if (ret || b->gone)
		return ret;
	t->seen[b->kernel.cause]++;
	t->strict_seen[b->strict.cause]++;
	t->could += zu_klp_blocks(&b->kernel) && !zu_klp_blocks(&b->strict);
	t->hidden += !zu_klp_blocks(&b->kernel) && zu_klp_blocks(&b->strict);
	/* as it was then, if its stack was looked at */
	return q->format->task(t, b->kernel_trace.task.address ==
			       task->address ? &b->kernel_trace.task : task,
			       b, err);
}

static int look_at_tasks(struct transition *t, const struct request *q,
			 struct zu_error *err)
{
	struct zu_klp_blocker b = ZU_KLP_BLOCKER_INIT;
	size_t n = zu_kernel_task_count(t->k), i, wanted = 0;
	struct zu_task task;
	int ret = 0;

	for (i = 0; i < n && !ret; i++) {
		ret = zu_kernel_task(t->k, i, &task, err);
		if (ret || !is_wanted(q, &task))
			continue;
		wanted++;
		if (t->klp.transition != ZU_KLP_NONE)
			ret = look_at_task(t, q, &task, &b, err);
	}
	zu_klp_blocker_deinit(&b);
	if (!ret && !wanted) {
		*err = (struct zu_error){
			.code = ZU_ENOENT, .text = "there is no such task",
		};
		ret = ZU_ENOENT;
	}
	return ret;
}

/* Is what was read first still so? */
static int check_state(struct transition *t, struct zu_error *err)
{
	struct zu_klp now = ZU_KLP_INIT;
	int ret = 0;

	if (!zu_kernel_changes(t->k))
		return 0;
	ret = zu_klp_read(t->k, &now, err);
	if (!ret && !zu_klp_is_same(&now, &t->klp)) {
		*err = (struct zu_error){
			.code = ZU_EAGAIN,
			.text = "live patches came or went each time they were looked at",
		};
		ret = ZU_EAGAIN;
	}
	zu_klp_deinit(&now);
	return ret;
}

static int look(struct transition *t, const struct request *q,
		struct zu_error *err)
{
	struct zu_error unused;
	int ret, end;

	ret = zu_klp_read(t->k, &t->klp, err);
	if (!ret)
		ret = zu_klp_ranges_transition(&t->ranges, &t->klp, err);
	if (ret)
		return ret;
	ret = q->format->begin(t, err);
	if (!ret)
		ret = look_at_tasks(t, q, err);
	if (!ret)
		ret = check_state(t, err);
	end = q->format->end(t, !ret, ret ? &unused : err);
	return ret ? ret : end;
}

static void forget(struct transition *t)
{
	zu_klp_ranges_deinit(&t->ranges);
	zu_klp_deinit(&t->klp);
	*t = (struct transition){ .k = t->k, .klp = ZU_KLP_INIT };
}

/* Of a system that runs: once more if live patches came or went meanwhile */
static int report(struct transition *t, const struct request *q,
		  struct zu_error *err)
{
	enum { TRIES = 5 };
	int i, ret = ZU_EAGAIN;

	for (i = 0; i < TRIES && ret == ZU_EAGAIN; i++) {
		if (i) {
			forget(t);
			source_let_go(t->k);
			if (source_look(t->k, err))
				return err->code;
		}
		ret = look(t, q, err);
	}
	return ret;
}

int cmd_transition(int argc, char **argv)
{
	struct request q = { .format = &transition_text, .pid = -1 };
	struct transition t = { .klp = ZU_KLP_INIT };
	struct zu_error err;
	const char *source;
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		ret = take_option(&q, opt);
		if (ret)
			return ret;
	}
	source = source_name("transition", argc, argv);
	if (!source)
		return EXIT_CANT;
	if (source_open(source, &q.open, &t.k, &err))
		return cmd_error(&err);
	if (report(&t, &q, &err))
		ret = cmd_error(&err);
	else
		ret = transition_blocks(&t) ? EXIT_NO : EXIT_YES;
	forget(&t);
	source_close(t.k);
	return cmd_finish(ret);
}
