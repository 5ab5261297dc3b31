/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/watch_wait.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

static const int stops[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static volatile sig_atomic_t stop, suspend, resize;

static void note(int sig)
{
	if (sig == SIGWINCH)
		resize = 1;
	else if (sig == SIGTSTP)
		suspend = 1;
	else
		stop = 1;
}

/* One that is ignored stays so: nohup, a job in the background */
static void catch(int sig)
{
	struct sigaction act = { .sa_handler = note, .sa_flags = SA_RESTART };
	struct sigaction old;

	if (!sigaction(sig, NULL, &old) && old.sa_handler == SIG_IGN)
		return;
	sigaction(sig, &act, NULL);
}

void watch_wait_init(bool terminal)
{
	size_t i;

	for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		catch(stops[i]);
	if (!terminal)
		return;
	catch(SIGTSTP);
	catch(SIGWINCH);
}

double watch_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/*
 * As if it had not been caught: where no shell could let it go on, the kernel
 * does not stop it.
 */
void watch_suspend(void)
{
	struct sigaction act = { .sa_handler = SIG_DFL }, old;

	sigaction(SIGTSTP, &act, &old);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &old, NULL);
}

bool watch_stopped(void)
{
	return stop;
}

/* None may come between the question and the wait. */
static void block(sigset_t *old)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		sigaddset(&set, stops[i]);
	sigaddset(&set, SIGTSTP);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, old);
}

/* Until a signal comes, or it is time, which is said */
static bool wait_for_one(double until, const sigset_t *old)
{
	double left = until - watch_now();
	struct timespec t = { .tv_sec = (time_t)left };

	if (left <= 0)
		return true;
	t.tv_nsec = (long)((left - (double)t.tv_sec) * 1e9);
	ppoll(NULL, 0, &t, old);
	return false;
}

bool watch_pause(double until)
{
	sigset_t old;

	block(&old);
	while (!stop && !wait_for_one(until, &old))
		;
	sigprocmask(SIG_SETMASK, &old, NULL);
	return !stop;
}

enum watch_event watch_wait(double until)
{
	enum watch_event event;
	sigset_t old;

	block(&old);
	while (!stop && !suspend && !resize && !wait_for_one(until, &old))
		;
	event = stop ? WATCH_STOP : suspend ? WATCH_SUSPEND :
		resize ? WATCH_RESIZE : WATCH_TIME;
	suspend = resize = 0;
	sigprocmask(SIG_SETMASK, &old, NULL);
	return event;
}
