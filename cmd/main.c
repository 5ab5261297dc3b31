/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

static const struct command {
	const char *name;
	char *title;	/* what getopt_long() begins its messages with */
	int (*run)(int argc, char **argv);
	const char *text;
	const char *usage;
} commands[] = {
#define ZU_COMMAND(n, function, t)					\
	{ .name = #n, .title = (char []){ "zunwind " #n },		\
	  .run = function, .text = t, .usage = zu_usage_##n },
#include "cmd/commands.def"
#undef ZU_COMMAND
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int help(FILE *to)
{
	size_t i;

	fputs("Usage: zunwind COMMAND [OPTION]... [SOURCE]\n"
	      "\n"
	      "Can the kernel stacks of a Linux system on IBM Z be trusted?\n"
	      "\n"
	      "Commands:\n", to);
	for (i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", commands[i].name,
			commands[i].text);
	fputs("\n"
	      "'zunwind COMMAND --help' tells more. Exit status: 0 yes, 1 no,\n"
	      "2 could not tell.\n", to);
	return EXIT_YES;
}

static const struct command *find(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *c;
	int i;

	if (argc < 2) {
		help(stderr);
		return EXIT_CANT;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help"))
		return cmd_finish(help(stdout));
	if (!strcmp(argv[1], "--version")) {
		puts("zunwind " ZU_VERSION);
		return cmd_finish(EXIT_YES);
	}
	c = find(argv[1]);
	if (!c) {
		fprintf(stderr, "zunwind: there is no command '%s'\n"
			"Try 'zunwind --help'.\n", argv[1]);
		return EXIT_CANT;
	}
	for (i = 2; i < argc && strcmp(argv[i], "--"); i++) {
		if (strcmp(argv[i], "--help") && strcmp(argv[i], "-h"))
			continue;
		fputs(c->usage, stdout);
		return cmd_finish(EXIT_YES);
	}
	argv[1] = c->title;
	return c->run(argc - 1, argv + 1);
}
