/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks of zu_doctor_look(), in the order of their calls. Each adds to
 * d->needs what it finds, also that it could not look.
 */
#ifndef ZU_KLP_CHECKS_H
#define ZU_KLP_CHECKS_H

#include "klp/doctor.h"

/** ZU_FIRMWARE - where tables go that are made */
#define ZU_FIRMWARE "/lib/firmware/zunwind"

/**
 * zu_doctor_unknown() - add that something could not be told
 * @d: the look
 * @check: its word; static
 * @err: why
 * @text: what it was about
 *
 * Return: the element.
 */
struct zu_need *zu_doctor_unknown(struct zu_doctor *d, const char *check,
				  const struct zu_error *err,
				  const char *text);

/**
 * zu_doctor_config() - what the kernel was built with
 * @d: the look
 */
void zu_doctor_config(struct zu_doctor *d);

/**
 * zu_doctor_tables() - tables of the kernel and the modules, in files
 * @d: the look
 */
void zu_doctor_tables(struct zu_doctor *d);

/**
 * zu_doctor_debugfs() - is debugfs mounted
 * @d: the look
 */
void zu_doctor_debugfs(struct zu_doctor *d);

/**
 * zu_doctor_module() - is zunwind.ko loaded
 * @d: the look
 */
void zu_doctor_module(struct zu_doctor *d);

/**
 * zu_doctor_loaded() - what zunwind.ko says of its tables
 * @d: the look
 */
void zu_doctor_loaded(struct zu_doctor *d);

/**
 * zu_doctor_redirect() - does live patching ask it
 * @d: the look
 */
void zu_doctor_redirect(struct zu_doctor *d);

/**
 * zu_doctor_transition() - live patches that tasks are being switched to
 * @d: the look
 */
void zu_doctor_transition(struct zu_doctor *d);

#endif
