/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for the next look, or for a signal. */
#ifndef ZU_CMD_WATCH_WAIT_H
#define ZU_CMD_WATCH_WAIT_H

#include <stdbool.h>

/**
 * enum watch_event - why the wait is over
 * @WATCH_TIME: it is time
 * @WATCH_STOP: a signal that ends the program came (Ctrl-C)
 * @WATCH_SUSPEND: a signal that stops it came (Ctrl-Z)
 * @WATCH_RESIZE: the window has another size
 */
enum watch_event {
	WATCH_TIME,
	WATCH_STOP,
	WATCH_SUSPEND,
	WATCH_RESIZE,
};

/**
 * watch_wait_init() - signals are caught from now on
 * @terminal: also those that matter for a window
 */
void watch_wait_init(bool terminal);

/**
 * watch_wait() - wait
 * @until: watch_now() then
 *
 * Return: why it is over.
 */
enum watch_event watch_wait(double until);

/**
 * watch_pause() - wait before there is anything to show
 * @until: watch_now() then
 *
 * What asks for WATCH_SUSPEND or WATCH_RESIZE is left for watch_wait().
 *
 * Return: false if a signal came that ends the program.
 */
bool watch_pause(double until);

/**
 * watch_suspend() - what WATCH_SUSPEND asks for
 *
 * Returns when the program goes on.
 */
void watch_suspend(void);

/**
 * watch_stopped() - did a signal come that ends the program?
 *
 * Return: true if so.
 */
bool watch_stopped(void);

/**
 * watch_now() - the time
 *
 * Return: seconds since the system started.
 */
double watch_now(void);

#endif
