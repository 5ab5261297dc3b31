/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sources as commands use them: what the command line names, opened. */
#ifndef ZU_CMD_SOURCE_H
#define ZU_CMD_SOURCE_H

#include <stdbool.h>

#include "zunwind/kernel.h"

/**
 * source_name() - the one argument that names a source
 * @command: the subcommand
 * @argc: argument count
 * @argv: arguments; optind is at the first that is no option
 *
 * Return: the source; "live" where there is none and the kernel that runs here
 * can be looked at; or NULL: the user has been told.
 */
const char *source_name(const char *command, int argc, char **argv);

/**
 * source_of_code() - the one argument that names a file or source with code
 * @command: the subcommand
 * @argc: argument count
 * @argv: arguments; optind is at the first that is no option
 *
 * To look at all code takes too long for a machine that stands still meanwhile.
 *
 * Return: the argument, or NULL: the user has been told.
 */
const char *source_of_code(const char *command, int argc, char **argv);

/**
 * source_is_held() - does a machine stand still while it is looked at?
 * @source: its name
 *
 * Return: true if it does.
 */
bool source_is_held(const char *source);

/**
 * source_open() - open the kernel in a source
 * @source: its name
 * @options: as for zu_kernel_open()
 * @ret: the kernel; source_close() it
 * @err: the causes
 *
 * A machine that stands still for it is to go on soon, whatever happens: signals
 * that would end the program, and what it prints, wait for source_let_go().
 *
 * Return: as zu_kernel_open().
 */
int source_open(const char *source, const struct zu_open_options *options,
		struct zu_kernel **ret, struct zu_error *err);

/**
 * source_guard() - the same, where something else opens and closes the kernel
 * @source: its name. source_unguard() when it is closed
 */
void source_guard(const char *source);

/**
 * source_unguard() - signals and output are as they were
 */
void source_unguard(void);

/**
 * source_look() - look again: zu_kernel_look()
 * @k: the kernel, let go
 * @err: the causes
 *
 * Return: as zu_kernel_look().
 */
int source_look(struct zu_kernel *k, struct zu_error *err);

/**
 * source_let_go() - a look is over
 * @k: the kernel. What was printed comes out now
 */
void source_let_go(struct zu_kernel *k);

/**
 * source_close() - close it, let go or not
 * @k: the kernel
 */
void source_close(struct zu_kernel *k);

#endif
