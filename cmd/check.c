/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/check.h"

#include <fnmatch.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "check/built.h"
#include "cmd/cmd.h"
#include "cmd/source.h"
#include "cmd/put.h"

const char zu_usage_check[] =
	"Usage: zunwind check [OPTION]... FILE|SOURCE\n"
	"\n"
	"Prove from machine code that every function keeps the rules by which its\n"
	"stack frames are found, on every path, and tell where one does not.\n"
	"\n"
	"FILE is s390x code: a vmlinux, a kernel module, an object file. SOURCE is\n"
	"a dump of Linux on s390x: its kernel and modules are looked at as they\n"
	"are in memory.\n"
	"\n"
	"  --function NAME     only functions of that name; a shell pattern\n"
	"  --hints             list functions that are described by hand, too\n"
	"  --no-back-chain     the code is built without a back chain\n"
	"  --format text|json  how to show it\n"
	"\n"
	"Exit status: 0 if there are no findings, 1 if there are, 2 if it could\n"
	"not be told.\n";

static const struct check_format *const formats[] = {
	&check_text,
	&check_json,
};

/* What the command line asks for */
struct request {
	const struct check_format *format;
	const char *function;
	bool hints;
	bool no_back_chain;
};

/* A run of the command, for the functions that are called back */
struct run {
	const struct request *q;
	struct check_report r;
};

enum { OPT_FUNCTION, OPT_HINTS, OPT_NO_BACK_CHAIN, OPT_FORMAT };

static const struct option options[] = {
	{ "function", required_argument, NULL, OPT_FUNCTION },
	{ "hints", no_argument, NULL, OPT_HINTS },
	{ "no-back-chain", no_argument, NULL, OPT_NO_BACK_CHAIN },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ NULL, 0, NULL, 0 },
};

static bool parse_format(const char *s, const struct check_format **ret)
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
	case OPT_FUNCTION:
		q->function = optarg;
		return 0;
	case OPT_HINTS:
		q->hints = true;
		return 0;
	case OPT_NO_BACK_CHAIN:
		q->no_back_chain = true;
		return 0;
	case OPT_FORMAT:
		return parse_format(optarg, &q->format) ? 0 :
		       cmd_misuse("check", "there is no format '%s'", optarg);
	}
	return cmd_misuse("check", NULL);
}

static bool want(void *ctx, const char *name)
{
	struct run *run = ctx;

	return !fnmatch(run->q->function, name, 0);
}

static int each(void *ctx, struct zu_code *c, const struct zu_code_func *f,
		const struct zu_flow *flow, struct zu_error *err)
{
	struct run *run = ctx;

	run->q->format->func(&run->r, c, f, flow);
	return put_flush(&run->r.out.out, PUT_CHUNK, err);
}

static int check_objects(struct run *run, struct zu_error *err)
{
	const struct check_format *format = run->q->format;
	struct zu_check_ops ops = {
		.ctx = run,
		.want = run->q->function ? want : NULL,
		.each = each,
		.no_back_chain = run->q->no_back_chain,
	};
	struct check_report *r = &run->r;
	struct zu_check_sum sum;
	size_t i;
	int ret;

	for (i = 0; i < r->set->nr; i++) {
		format->object(r, &r->set->code[i]);
		ret = zu_check_run(&r->set->code[i], &ops, &sum, err);
		if (ret)
			return ret;
		format->object_end(r, &r->set->code[i], &sum);
		zu_check_add(&r->total, &sum);
	}
	return 0;
}

/* What stands against a look at all; NULL if nothing does */
static const char *objection(const struct zu_code_set *set,
			     const char *function)
{
	bool named = false;
	size_t i, n;

	for (i = 0; i < set->nr; i++) {
		struct zu_code *c = &set->code[i];

		for (n = 0; n < c->nr_func; n++) {
			if (function && fnmatch(function, c->names +
						c->func[n].name, 0))
				continue;
			named = true;
			if (c->ops->bytes(c, c->func[n].addr, 1))
				return NULL;
		}
	}
	return named ? "the code of its functions is not there" :
	       function ? "there is no such function" :
	       "there are no functions in it";
}

/* All that stands against an answer but findings */
static int answer(const struct run *run)
{
	const struct zu_check_sum *s = &run->r.total;

	if (s->findings && !run->q->no_back_chain &&
	    !zu_code_back_chain(&run->r.set->code[0]))
		fputs("zunwind: this code looks built without a back chain: --no-back-chain checks it so\n",
		      stderr);
	if (s->verdict[ZU_FLOW_UNPROVEN])
		return EXIT_NO;
	if (!s->unread)
		return EXIT_YES;
	fprintf(stderr, "zunwind: cannot check all of %s: the code of %llu function%s is not there\n",
		run->r.path, (unsigned long long)s->unread,
		s->unread == 1 ? "" : "s");
	return EXIT_CANT;
}

static int report(struct run *run)
{
	struct check_report *r = &run->r;
	const char *why = objection(r->set, run->q->function);
	struct zu_error err;
	int ret;

	if (why) {
		fprintf(stderr, "zunwind: cannot check %s: %s\n", r->path, why);
		return EXIT_CANT;
	}
	run->q->format->begin(r);
	ret = check_objects(run, &err);
	if (!ret)
		run->q->format->end(r);
	if (!ret)
		ret = put_flush(&r->out.out, 0, &err);
	zu_buf_deinit(&r->out.out);
	zu_buf_deinit(&r->hinted.out);
	return ret ? cmd_error(&err) : answer(run);
}

int cmd_check(int argc, char **argv)
{
	struct request q = { .format = &check_text };
	struct run run = { .q = &q };
	struct zu_code_set set;
	struct zu_error err;
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		ret = take_option(&q, opt);
		if (ret)
			return ret;
	}
	run.r.path = source_of_code("check", argc, argv);
	if (!run.r.path)
		return EXIT_CANT;
	if (zu_code_open(run.r.path, &set, &err))
		return cmd_error(&err);
	run.r.set = &set;
	run.r.hints = q.hints;
	run.r.some = q.function;
	ret = report(&run);
	zu_code_close(&set);
	return cmd_finish(ret);
}
