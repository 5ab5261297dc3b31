/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A transition that is held, moment by moment, for those who watch it. */
#ifndef ZU_TESTS_MAKE_FK_HELD_H
#define ZU_TESTS_MAKE_FK_HELD_H

#include "tests/make/fakekernel.h"

/**
 * enum fk_moment - the same kernel, with all of it at the same place, and
 * @FK_HELD: all tasks are pending in the transition of the patch fix_one
 * @FK_HELD_LESS: two of three are switched
 * @FK_HELD_BACK: it was turned round
 * @FK_HELD_NEXT: that of fix_two goes on
 * @FK_HELD_OVER: none goes on
 */
enum fk_moment {
	FK_HELD,
	FK_HELD_LESS,
	FK_HELD_BACK,
	FK_HELD_NEXT,
	FK_HELD_OVER,
};

/** FK_HELD_TASKS - how many tasks sleep in a function that is to change */
#define FK_HELD_TASKS 240u

/**
 * fk_held() - two patches of eight functions of a module, and who sleeps in them
 * @fk: a kernel; nothing may be added to it afterwards
 * @moment: which moment
 *
 * The module's names are on pages of their own, which nothing else is on: they are
 * read last.
 */
void fk_held(struct fk *fk, enum fk_moment moment);

#endif
