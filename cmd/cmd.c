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

/* Digits and a point: no sign, no exponent, no "nan"; "s" as in sleep(1) */
static bool parse_seconds(const char *s, double *ret)
{
	size_t n = strspn(s, "0123456789.");
	char *end;

	if (!n || strcmp(s + n + (s[n] == 's'), ""))
		return false;
	errno = 0;
	*ret = strtod(s, &end);
	return !errno && end == s + n && *ret >= 0.1 && *ret <= 366.0 * 86400;
}

int cmd_take_seconds(const char *command, const char *s, double *ret)
{
	return parse_seconds(s, ret) ? 0 :
	       cmd_misuse(command, "'%s' is no number of seconds from 0.1 to 31622400",
			  s);
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
