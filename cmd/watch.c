/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/watch.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/source.h"
#include "cmd/watch_wait.h"

const char zu_usage_watch[] =
	"Usage: zunwind watch [OPTION]... [SOURCE]\n"
	"\n"
	"Show a transition of a live patch as it goes, until it has ended: how many\n"
	"tasks are pending, why, and who has been there the longest. In a terminal\n"
	"that is one screen, elsewhere a line when something has changed.\n"
	"\n"
	"SOURCE is live: the kernel that runs here, which root may look at (the\n"
	"default on s390x), or gdb:HOST:PORT, a guest of QEMU, which stands still\n"
	"for each look. Of a dump or a capture there is one look.\n"
	"\n"
	"  --interval SECONDS  time from look to look (1)\n"
	"  --for SECONDS       end after that long, if the transition has not\n"
	"  --prometheus FILE   look once, and write metrics for node_exporter\n"
	"  --btf FILE          take type data from FILE, not from memory\n"
	"  --table PATH        take unwind rows of the kernel from PATH, as for\n"
	"                      zunwind stacks\n"
	"\n"
	"Exit status: 0 if the transition has ended, or there is none, or in the one\n"
	"look no task was in the way; 1 if not; 2 if it could not be told.\n";

struct request {
	struct zu_open_options open;
	const char *prometheus;
	struct watch_times times;
};

enum { OPT_INTERVAL, OPT_FOR, OPT_PROMETHEUS, OPT_BTF, OPT_TABLE };

static const struct option options[] = {
	{ "interval", required_argument, NULL, OPT_INTERVAL },
	{ "for", required_argument, NULL, OPT_FOR },
	{ "prometheus", required_argument, NULL, OPT_PROMETHEUS },
	{ "btf", required_argument, NULL, OPT_BTF },
	{ "table", required_argument, NULL, OPT_TABLE },
	{ NULL, 0, NULL, 0 },
};

static int take_option(struct request *q, int opt)
{
	switch (opt) {
	case OPT_INTERVAL:
		return cmd_take_seconds("watch", optarg, &q->times.interval);
	case OPT_FOR:
		return cmd_take_seconds("watch", optarg, &q->times.seconds);
	case OPT_PROMETHEUS:
		q->prometheus = optarg;
		return 0;
	case OPT_BTF:
		q->open.btf_path = optarg;
		return 0;
	case OPT_TABLE:
		q->open.table_path = optarg;
		return 0;
	}
	return cmd_misuse("watch", NULL);
}

static bool is_window(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

static int run_watch(const char *source, const struct request *q)
{
	bool window = is_window();
	const struct watch_view *view = window ? &watch_window : &watch_lines;
	struct watch w = { .now = WATCH_LOOK_INIT };
	struct zu_error err;
	int ret, status;

	if (source_open(source, &q->open, &w.k, &err))
		return cmd_error(&err);
	w.again = zu_kernel_changes(w.k) || source_is_held(source);
	watch_wait_init(window);
	ret = watch_run(&w, view, &q->times, &status, &err);
	view->end(&w);
	watch_look_deinit(&w.now);
	source_close(w.k);
	return cmd_finish(ret ? cmd_error(&err) : status);
}

/* The metrics say also that it could not be told; if not even that, it's told here. */
static int write_metrics(const struct request *q, const struct zu_kernel *k,
			 const struct watch_look *l)
{
	struct zu_error err;

	return watch_write_prometheus(q->prometheus, k, l, &err) ?
	       cmd_error(&err) : EXIT_YES;
}

static int run_prometheus(const char *source, const struct request *q)
{
	struct watch w = { .now = WATCH_LOOK_INIT };
	struct zu_error err;
	int ret, status = EXIT_CANT;

	if (source_open(source, &q->open, &w.k, &err)) {
		cmd_error(&err);
		write_metrics(q, NULL, NULL);
		return EXIT_CANT;
	}
	ret = watch_take_look(&w, true, &err);
	if (ret && zu_klp_known(w.k) && !zu_klp_there(w.k)) {
		/* the file says it: nothing to tell a fleet's operator of */
		status = write_metrics(q, w.k, NULL);
	} else if (ret) {
		cmd_error(&err);
		write_metrics(q, w.k, NULL);
	} else {
		status = write_metrics(q, w.k, &w.now);
		if (status == EXIT_YES && watch_look_blocks(&w.now))
			status = EXIT_NO;
	}
	watch_look_deinit(&w.now);
	source_close(w.k);
	return status;
}

int cmd_watch(int argc, char **argv)
{
	struct request q = { .times = { .interval = 1 } };
	const char *source;
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		ret = take_option(&q, opt);
		if (ret)
			return ret;
	}
	source = source_name("watch", argc, argv);
	if (!source)
		return EXIT_CANT;
	return q.prometheus ? run_prometheus(source, &q) :
	       run_watch(source, &q);
}
