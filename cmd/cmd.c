/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/cmd.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cmd_error(const struct zu_error *err)
{
	/* if that fails too, one complaint is enough */
	fflush(stdout);
	clearerr(stdout);
	fprintf(stderr, "zunwind: %s\n", err->text);
	return EXIT_CANT;
}

int cmd_output(int code, struct zu_error *err)
{
	if (code == ZU_ENOMEM)
		snprintf(err->text, sizeof(err->text), "out of memory");
	else if (code)
		snprintf(err->text, sizeof(err->text),
			 "cannot write the output: %s", strerror(errno));
	return code;
}

int cmd_misuse(const char *command, const char *fmt, ...)
{
	va_list ap;

	if (fmt) {
		fprintf(stderr, "zunwind %s: ", command);
		va_start(ap, fmt);
		vfprintf(stderr, fmt, ap);
		va_end(ap);
		fputc('\n', stderr);
	}
	fprintf(stderr, "Try 'zunwind %s --help'.\n", command);
	return EXIT_CANT;
}

const char *cmd_file(const char *command, const char *what, int argc,
		     char **argv)
{
	if (optind == argc) {
		cmd_misuse(command, "%s", what);
		return NULL;
	}
	if (argc - optind > 1) {
		cmd_misuse(command, "one source at a time: what is '%s'?",
			   argv[optind + 1]);
		return NULL;
	}
	return argv[optind];
}

bool cmd_parse_pid(const char *s, long *ret)
{
	char *end;

	errno = 0;
	*ret = strtol(s, &end, 10);
	return !errno && *s >= '0' && *s <= '9' && !*end;
}

int cmd_finish(int status)
{
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "zunwind: cannot write the output: %s\n",
			strerror(errno));
		return EXIT_CANT;
	}
	return status;
}
