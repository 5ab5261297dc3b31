/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/source.h"
#include "zunwind/capture.h"

const char zu_usage_capture[] =
	"Usage: zunwind capture [--btf FILE] SOURCE -o FILE\n"
	"\n"
	"Write a capture of SOURCE: a small file that holds only the memory a\n"
	"walk of every task touches. 'zunwind stacks' says of it what it says\n"
	"of SOURCE. Of an undamaged kernel, no user memory gets into it.\n"
	"SOURCE is a dump, live, or gdb:HOST:PORT, as for 'zunwind stacks'.\n"
	"\n"
	"  -o, --output FILE  the file to write; - is standard output\n"
	"  --btf FILE         take type data from FILE, not from memory\n"
	"\n"
	"Exit status: 0 if the capture was written, 2 if not.\n";

enum { OPT_BTF = 256 };

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "btf", required_argument, NULL, OPT_BTF },
	{ NULL, 0, NULL, 0 },
};

int cmd_capture(int argc, char **argv)
{
	struct zu_open_options open = { .btf_path = NULL };
	const char *source, *output = NULL;
	struct zu_capture_info info;
	struct zu_error err;
	bool to_stdout;
	int ret;
	int opt;

	while ((opt = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		switch (opt) {
		case 'o':
			output = optarg;
			break;
		case OPT_BTF:
			open.btf_path = optarg;
			break;
		default:
			return cmd_misuse("capture", NULL);
		}
	}
	source = source_name("capture", argc, argv);
	if (!source)
		return EXIT_CANT;
	if (!output)
		return cmd_misuse("capture", "name the file to write with -o");
	to_stdout = !strcmp(output, "-");
	source_guard(source);
	ret = zu_capture_make(source, &open,
			      to_stdout ? "/dev/stdout" : output, &info,
			      &err);
	source_unguard();
	if (ret)
		return cmd_error(&err);
	if (to_stdout)
		return EXIT_YES;
	printf("%s: %zu tasks, %zu bytes of kernel memory\n", output,
	       info.tasks, info.bytes);
	return cmd_finish(EXIT_YES);
}
