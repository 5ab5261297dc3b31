/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel thread that has a CPU for itself is never preempted there, so that
 * live patching finds it running each time it looks, from another CPU. It looks
 * from a work item: which is sent to that CPU. While it runs there the thread
 * doesn't, and its stack can be judged.
 */
#ifndef ZU_KMOD_KICK_H
#define ZU_KMOD_KICK_H

/**
 * zu_kick_begin() - live patching asks: there may be a transition
 *
 * In any context, also under a run queue's lock.
 */
void zu_kick_begin(void);

/**
 * zu_kick_stop() - nothing is sent any more
 *
 * Sleeps. Nobody may call zu_kick_begin() any more.
 */
void zu_kick_stop(void);

#endif
