/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/doctor.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/put.h"

const char zu_usage_doctor[] =
	"Usage: zunwind doctor [--root DIR] [--format text|json]\n"
	"\n"
	"Tell what this system lacks for reliable live patching with zunwind.ko,\n"
	"and the next command to type.\n"
	"\n"
	"  --root DIR          look at the system whose files are below DIR\n"
	"  --format text|json  how to show it\n"
	"\n"
	"Exit status: 0 if nothing is left to do, 1 if something is missing, 2 if\n"
	"it could not be told.\n";

enum { OPT_ROOT, OPT_FORMAT };

static const struct option options[] = {
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ NULL, 0, NULL, 0 },
};

/* What the command line asks for */
struct request {
	const char *root;
	void (*show)(const struct zu_doctor *d, struct zu_buf *b);
};

const char *doctor_word(enum zu_need_state state)
{
	static const char *const words[] = {
		[ZU_NEED_OK] = "ok",
		[ZU_NEED_NOTE] = "note",
		[ZU_NEED_MISSING] = "missing",
		[ZU_NEED_UNKNOWN] = "unknown",
	};

	return words[state];
}

/* 0, or the exit status of a misuse that has been told */
static int take_option(struct request *q, int opt)
{
	switch (opt) {
	case OPT_ROOT:
		q->root = optarg;
		/* what is below it is longer */
		return strlen(optarg) < PATH_MAX / 2 ? 0 :
		       cmd_misuse("doctor", "the name of the root is too long");
	case OPT_FORMAT:
		if (!strcmp(optarg, "text"))
			q->show = doctor_text;
		else if (!strcmp(optarg, "json"))
			q->show = doctor_json;
		else
			return cmd_misuse("doctor", "there is no format '%s'",
					  optarg);
		return 0;
	}
	return cmd_misuse("doctor", NULL);
}

static int report(const struct request *q, const struct zu_doctor *d)
{
	static const int status[] = {
		[ZU_NEED_OK] = EXIT_YES,
		[ZU_NEED_MISSING] = EXIT_NO,
		[ZU_NEED_UNKNOWN] = EXIT_CANT,
	};
	struct zu_buf b = { .data = NULL };
	struct zu_error err;
	int code;

	q->show(d, &b);
	code = put_flush(&b, 0, &err);
	zu_buf_deinit(&b);
	return code ? cmd_error(&err) : status[zu_needs_state(&d->needs)];
}

int cmd_doctor(int argc, char **argv)
{
	struct request q = { .root = "", .show = doctor_text };
	struct zu_doctor d = { .is_root = !geteuid() };
	struct zu_error err;
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		ret = take_option(&q, opt);
		if (ret)
			return ret;
	}
	if (optind < argc)
		return cmd_misuse("doctor", "what is '%s'?", argv[optind]);
	d.root.dir = q.root;
	ret = zu_doctor_look(&d, &err) ? cmd_error(&err) : report(&q, &d);
	zu_doctor_deinit(&d);
	return cmd_finish(ret);
}
