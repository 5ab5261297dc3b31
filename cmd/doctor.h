/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of `zunwind doctor` share. */
#ifndef ZU_CMD_DOCTOR_H
#define ZU_CMD_DOCTOR_H

#include "klp/doctor.h"

/**
 * doctor_text() - show what was found, for people
 * @d: what was found
 * @b: where to
 */
void doctor_text(const struct zu_doctor *d, struct zu_buf *b);

/**
 * doctor_json() - show what was found, for programs
 * @d: what was found
 * @b: where to
 */
void doctor_json(const struct zu_doctor *d, struct zu_buf *b);

/**
 * doctor_word() - how it stands, in a word
 * @state: how
 *
 * Return: the word.
 */
const char *doctor_word(enum zu_need_state state);

#endif
