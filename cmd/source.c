/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/source.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/cmd.h"

/* One at a time: it is about the process, its signals and its output. */
static struct {
	bool wanted;	/* the source is a machine that stands still */
	bool held;
	sigset_t signals;	/* as they were */
	int out;	/* standard output as it was, or -1 */
} hold = { .out = -1 };

bool source_is_held(const char *source)
{
	return !strncmp(source, "gdb:", 4);
}

const char *source_name(const char *command, int argc, char **argv)
{
#ifdef __s390x__
	if (optind == argc)
		return "live";
#endif
	return cmd_file(command,
			"name a source: a dump, a capture, or gdb:HOST:PORT",
			argc, argv);
}

const char *source_of_code(const char *command, int argc, char **argv)
{
	const char *source = cmd_file(command,
				      "name a file with s390x code, or a dump",
				      argc, argv);

	if (source && !strcmp(source, "live")) {
		cmd_misuse(command,
			   "code of the kernel that runs is not read yet: name its vmlinux, or a dump");
		return NULL;
	}
	if (!source || !source_is_held(source))
		return source;
	cmd_misuse(command,
		   "a machine would stand still too long: take a dump of it first");
	return NULL;
}

static void block_signals(void)
{
	static const int ends[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGALRM,
	};
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, &hold.signals);
}

/* Into memory: who reads it may take his time. If that fails, as it goes. */
static void keep_output(void)
{
	int memory;

	fflush(stdout);
	memory = memfd_create("output", MFD_CLOEXEC);
	if (memory < 0)
		return;
	hold.out = dup(STDOUT_FILENO);
	if (hold.out >= 0 && dup2(memory, STDOUT_FILENO) < 0) {
		close(hold.out);
		hold.out = -1;
	}
	close(memory);
}

static void release_output(void)
{
	char buf[65536];
	int memory;
	ssize_t n;

	if (hold.out < 0)
		return;
	fflush(stdout);
	memory = dup(STDOUT_FILENO);
	dup2(hold.out, STDOUT_FILENO);
	close(hold.out);
	hold.out = -1;
	if (memory < 0)
		return;
	lseek(memory, 0, SEEK_SET);
	/* errors show up in stdout, as ever */
	while ((n = read(memory, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, (size_t)n, stdout);
	fflush(stdout);
	close(memory);
}

static void begin_look(void)
{
	if (!hold.wanted || hold.held)
		return;
	hold.held = true;
	block_signals();
	keep_output();
}

static void end_look(void)
{
	if (!hold.held)
		return;
	hold.held = false;
	/* a signal that waited ends the program now: then nobody wants output */
	sigprocmask(SIG_SETMASK, &hold.signals, NULL);
	release_output();
}

void source_guard(const char *source)
{
	hold.wanted = source_is_held(source);
	begin_look();
}

void source_unguard(void)
{
	end_look();
}

int source_open(const char *source, const struct zu_open_options *options,
		struct zu_kernel **ret, struct zu_error *err)
{
	int code;

	source_guard(source);
	code = zu_kernel_open(source, options, ret, err);
	if (code)
		source_unguard();
	return code;
}

int source_look(struct zu_kernel *k, struct zu_error *err)
{
	begin_look();
	return zu_kernel_look(k, err);
}

void source_let_go(struct zu_kernel *k)
{
	zu_kernel_let_go(k);
	end_look();
}

void source_close(struct zu_kernel *k)
{
	zu_kernel_close(k);
	end_look();
}
