/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/table.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/source.h"

const char zu_usage_table[] =
	"Usage: zunwind table [--sframe] FILE|SOURCE -o OUT\n"
	"       zunwind table --dump [--function NAME] TABLE|FILE|SOURCE\n"
	"\n"
	"Write a table that tells, for each instruction, where the caller's frame,\n"
	"the return address and register 11 are, and where functions, calls and\n"
	"tail calls are; or show one.\n"
	"\n"
	"FILE is s390x code: a vmlinux, a kernel module, an object file. SOURCE is\n"
	"a dump of Linux on s390x, of whose kernel and modules one table is made.\n"
	"TABLE is a table made before.\n"
	"\n"
	"  -o, --output OUT  the file to write; - is standard output. Into a folder a\n"
	"                    table is written for each object, as BUILD-ID.zut\n"
	"  --sframe          write an SFrame section, for binutils' tools\n"
	"  --dump            show what it says, of code or of a table\n"
	"  --function NAME   only of functions of that name; a shell pattern\n"
	"\n"
	"Exit status: 0 if all functions have rows, 1 if rows are missing, 2 if\n"
	"there is no table.\n";

enum { OPT_SFRAME = 256, OPT_DUMP, OPT_FUNCTION };

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "sframe", no_argument, NULL, OPT_SFRAME },
	{ "dump", no_argument, NULL, OPT_DUMP },
	{ "function", required_argument, NULL, OPT_FUNCTION },
	{ NULL, 0, NULL, 0 },
};

static int take_option(struct table_request *q, int opt)
{
	switch (opt) {
	case 'o':
		q->output = optarg;
		return 0;
	case OPT_SFRAME:
		q->sframe = true;
		return 0;
	case OPT_DUMP:
		q->dump = true;
		return 0;
	case OPT_FUNCTION:
		q->function = optarg;
		return 0;
	}
	return cmd_misuse("table", NULL);
}

/* 0, or the exit status of a misuse that has been told */
static int check_request(const struct table_request *q)
{
	if (q->dump && (q->output || q->sframe))
		return cmd_misuse("table", "--dump shows rows: it goes without %s",
				  q->output ? "-o" : "--sframe");
	if (!q->dump && q->function)
		return cmd_misuse("table", "--function goes with --dump");
	if (!q->dump && !q->output)
		return cmd_misuse("table", "name the file to write with -o");
	return 0;
}

int cmd_table(int argc, char **argv)
{
	struct table_request q = { .path = NULL };
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		ret = take_option(&q, opt);
		if (ret)
			return ret;
	}
	q.path = source_of_code("table", argc, argv);
	if (!q.path)
		return EXIT_CANT;
	ret = check_request(&q);
	if (!ret)
		ret = q.dump ? table_dump(&q) : table_make(&q);
	return ret;
}
