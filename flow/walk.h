/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ZU_FLOW_WALK_H
#define ZU_FLOW_WALK_H

#include <stdbool.h>

struct zu_run;

/**
 * zu_flow_walk() - follow all paths of a function
 * @r: the look at it; its scratch memory holds the result
 *
 * Return: false if there is no memory.
 */
bool zu_flow_walk(struct zu_run *r);

#endif
