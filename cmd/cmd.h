/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands share. */
#ifndef ZU_CMD_CMD_H
#define ZU_CMD_CMD_H

#include <stdbool.h>

#include "zunwind/kernel.h"

/* The exit status is the answer. */
enum {
	EXIT_YES = 0,	/* all is well */
	EXIT_NO = 1,	/* it is not */
	EXIT_CANT = 2,	/* could not tell, or wrong usage */
};

#define ZU_COMMAND(name, function, text)				\
	int function(int argc, char **argv);				\
	extern const char zu_usage_##name[];
#include "cmd/commands.def"
#undef ZU_COMMAND

/**
 * cmd_error() - tell why something could not be done
 * @err: the causes
 *
 * Return: EXIT_CANT.
 */
int cmd_error(const struct zu_error *err);

/**
 * cmd_misuse() - tell what is wrong with the command line
 * @command: the subcommand
 * @fmt: printf format; NULL if getopt has told
 *
 * Return: EXIT_CANT.
 */
int cmd_misuse(const char *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * cmd_file() - the one argument
 * @command: the subcommand
 * @what: what to ask for if it is missing
 * @argc: argument count
 * @argv: arguments; optind is at the first that is no option
 *
 * Return: the argument, or NULL: the user has been told.
 */
const char *cmd_file(const char *command, const char *what, int argc,
		     char **argv);

/**
 * cmd_parse_pid() - a process ID from text
 * @s: the text
 * @ret: the ID; 0 or more
 *
 * Return: false if it is none.
 */
bool cmd_parse_pid(const char *s, long *ret);

/**
 * cmd_take_seconds() - a time from text: "30", "30s", "0.5"
 * @command: the subcommand
 * @s: the text
 * @ret: seconds, from a tenth of one to a year
 *
 * Return: 0; or EXIT_CANT: the user has been told.
 */
int cmd_take_seconds(const char *command, const char *s, double *ret);

/**
 * cmd_output() - what a failure to make output means
 * @code: 0, ZU_ENOMEM or ZU_EIO (with errno set)
 * @err: the cause, if it is one
 *
 * Return: @code.
 */
int cmd_output(int code, struct zu_error *err);

/**
 * cmd_finish() - make sure that all output got out
 * @status: exit status if it did
 *
 * Return: @status, or EXIT_CANT.
 */
int cmd_finish(int status);

#endif
