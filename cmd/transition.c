/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/transition.h"

#include <getopt.h>
#include <string.h>
#include <time.h>

#include "cmd/cmd.h"
#include "cmd/source.h"
#include "cmd/watch_wait.h"

const char zu_usage_transition[] =
	"Usage: zunwind transition [OPTION]... [SOURCE]\n"
	"\n"
	"Tell which tasks in SOURCE hold up the transition of a live patch, and\n"
	"why; without a transition, which live patches there are. Or which tasks\n"
	"would be in the way of a patch that is not loaded yet.\n"
	"\n"
	"SOURCE is a dump of Linux on s390x (ELF as QEMU and kdump write it,\n"
	"kdump-compressed, s390 stand-alone), a capture, live: the kernel that\n"
	"runs here, which root may look at (the default on s390x), or\n"
	"gdb:HOST:PORT, a guest of QEMU, which stands still for that.\n"
	"\n"
	"  --patch FILE        if this live patch (a .ko) were loaded now\n"
	"  --functions LIST    if these functions were patched now: NAME, MODULE:NAME,\n"
	"                      NAME/2 for the second of that name; commas between\n"
	"  --replace           it replaces all patches before it: what they have patched\n"
	"                      and it has not is undone; --no-replace: it does not.\n"
	"                      Without these it is as FILE says; LIST does not\n"
	"  --for SECONDS       with one of these: look again and again for so long\n"
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
	struct prospect prospect;
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

enum {
	OPT_PID, OPT_FORMAT, OPT_BTF, OPT_TABLE, OPT_PATCH, OPT_FUNCTIONS,
	OPT_FOR, OPT_REPLACE, OPT_NO_REPLACE,
};

static const struct option options[] = {
	{ "pid", required_argument, NULL, OPT_PID },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "btf", required_argument, NULL, OPT_BTF },
	{ "table", required_argument, NULL, OPT_TABLE },
	{ "patch", required_argument, NULL, OPT_PATCH },
	{ "functions", required_argument, NULL, OPT_FUNCTIONS },
	{ "replace", no_argument, NULL, OPT_REPLACE },
	{ "no-replace", no_argument, NULL, OPT_NO_REPLACE },
	{ "for", required_argument, NULL, OPT_FOR },
	{ NULL, 0, NULL, 0 },
};

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
		return cmd_parse_pid(optarg, &q->pid) ? 0 :
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
	case OPT_PATCH:
		q->prospect.path = optarg;
		return 0;
	case OPT_FUNCTIONS:
		q->prospect.names = optarg;
		return 0;
	case OPT_REPLACE:
	case OPT_NO_REPLACE:
		q->prospect.replaces = opt == OPT_REPLACE;
		return 0;
	case OPT_FOR:
		return cmd_take_seconds("transition", optarg,
					&q->prospect.seconds);
	}
	return cmd_misuse("transition", NULL);
}

static bool is_prospect(const struct request *q)
{
	return q->prospect.path || q->prospect.names;
}

static int check_request(const struct request *q)
{
	if (q->prospect.path && q->prospect.names)
		return cmd_misuse("transition",
				  "--patch and --functions at once: name the patch or its functions");
	if (q->prospect.replaces >= 0 && !is_prospect(q))
		return cmd_misuse("transition",
				  "--replace and --no-replace are for --patch and --functions");
	if (q->prospect.seconds > 0 && !is_prospect(q))
		return cmd_misuse("transition",
				  "--for is for --patch and --functions; zunwind watch shows a transition as it goes");
	return 0;
}

static bool is_wanted(const struct request *q, const struct zu_task *task)
{
	return q->pid < 0 || task->pid == q->pid || task->tgid == q->pid;
}

static int look_at_task(struct transition *t, const struct request *q,
			const struct zu_task *task, struct zu_klp_blocker *b,
			struct zu_error *err)
{
	int ret = transition_decide(t, b, task, err);

	if (ret || b->gone)
		return ret;
	if (t->prospect)
		prospect_task(t->prospect, t->k, task, b);
	zu_klp_count_add(&t->count, b);
	if (t->quiet)
		return 0;
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
		if (t->prospect || t->klp.transition != ZU_KLP_NONE)
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

static int find_ranges(struct transition *t, struct zu_error *err)
{
	int ret;

	if (!t->prospect)
		return zu_klp_ranges_transition(&t->ranges, &t->klp, err);
	ret = zu_prospect_ranges(&t->prospect->of, t->k, &t->klp, &t->ranges,
				 err);
	return ret ? ret : prospect_begin(t->prospect, err);
}

static int look(struct transition *t, const struct request *q,
		struct zu_error *err)
{
	struct zu_error unused;
	int ret, end;

	ret = zu_klp_read(t->k, &t->klp, err);
	if (!ret)
		ret = find_ranges(t, err);
	if (!ret && !t->quiet)
		ret = q->format->begin(t, err);
	if (!ret)
		ret = look_at_tasks(t, q, err);
	if (!ret)
		ret = zu_klp_check(&t->klp, t->k, err);
	if (!ret && t->prospect)
		prospect_end(t->prospect);
	if (t->quiet)
		return ret;
	end = q->format->end(t, !ret, ret ? &unused : err);
	if (!ret)
		ret = end;
	/* it reads names, and that one could not be read is no error of its own */
	return ret ? ret : zu_kernel_check(t->k, err);
}

static void forget(struct transition *t)
{
	zu_klp_ranges_deinit(&t->ranges);
	zu_klp_deinit(&t->klp);
	*t = (struct transition){
		.k = t->k, .klp = ZU_KLP_INIT, .prospect = t->prospect,
	};
}

static int look_anew(struct transition *t, struct zu_error *err)
{
	forget(t);
	source_let_go(t->k);
	return source_look(t->k, err);
}

/* Of a system that runs: once more if live patches came or went meanwhile */
static int report(struct transition *t, const struct request *q,
		  struct zu_error *err)
{
	enum { TRIES = 5 };
	int i, ret = ZU_EAGAIN;

	for (i = 0; i < TRIES && ret == ZU_EAGAIN; i++) {
		bool quiet = t->quiet;

		if (i && look_anew(t, err))
			return err->code;
		t->quiet = quiet;
		ret = look(t, q, err);
	}
	return ret;
}

/* So often: what is counted is not for stacks that come and go faster. */
#define INTERVAL 1

/* Looks that are only counted, until the time is over. Then the one that is shown */
static int report_for(struct transition *t, const struct request *q,
		      struct zu_error *err)
{
	const struct timespec pause = { .tv_sec = INTERVAL };
	double end = watch_now() + q->prospect.seconds;
	int ret;

	while (q->prospect.seconds > 0 && watch_now() < end) {
		t->quiet = true;
		ret = report(t, q, err);
		if (ret)
			return ret;
		forget(t);
		source_let_go(t->k);
		nanosleep(&pause, NULL);
		if (source_look(t->k, err))
			return err->code;
	}
	t->quiet = false;
	return report(t, q, err);
}

static int run(struct transition *t, struct request *q)
{
	struct zu_error err;

	if (is_prospect(q)) {
		if (prospect_open(&q->prospect, t->k, &err))
			return cmd_error(&err);
		t->prospect = &q->prospect;
	}
	if (q->prospect.seconds > 0 && !zu_kernel_runs(t->k))
		return cmd_misuse("transition",
				  "--for is for a system that runs");
	if (report_for(t, q, &err))
		return cmd_error(&err);
	return transition_blocks(t) ? EXIT_NO : EXIT_YES;
}

int cmd_transition(int argc, char **argv)
{
	struct request q = {
		.format = &transition_text, .pid = -1,
		.prospect.replaces = -1,
	};
	struct transition t = { .klp = ZU_KLP_INIT };
	struct zu_error err;
	const char *source;
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		ret = take_option(&q, opt);
		if (ret)
			return ret;
	}
	ret = check_request(&q);
	if (ret)
		return ret;
	source = source_name("transition", argc, argv);
	if (!source)
		return EXIT_CANT;
	if (source_open(source, &q.open, &t.k, &err))
		return cmd_error(&err);
	ret = run(&t, &q);
	forget(&t);
	prospect_deinit(&q.prospect);
	source_close(t.k);
	return cmd_finish(ret);
}
