/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is an object's code what its table says? */
#ifndef ZU_KMOD_OBJECT_CHECK_H
#define ZU_KMOD_OBJECT_CHECK_H

struct zu_object;

/**
 * zu_object_check() - compare the code in memory with the table
 * @o: an object with rows, that cannot go away; o->begin is set for modules
 *
 * The build ID says that the table was made of the file that was loaded. This
 * says that the loader put it where the table has it, and that the code there
 * still is what it was: each function that the module's symbols name is one in
 * the table, and at each place where the table has a call there is one.
 *
 * Return: NULL, or what is wrong; static.
 */
const char *zu_object_check(struct zu_object *o);

#endif
