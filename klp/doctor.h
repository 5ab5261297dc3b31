/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Can a system have reliable live patching with zunwind.ko, and what is left
 * to do? Answered by files of /proc, /sys, /lib and /boot.
 *
 * To add a check: a function in checks.h, called in doctor.c.
 */
#ifndef ZU_KLP_DOCTOR_H
#define ZU_KLP_DOCTOR_H

#include "klp/need.h"
#include "klp/object.h"
#include "klp/root.h"

/** ZU_RELEASE - room for a kernel's release: __NEW_UTS_LEN + 1 */
#define ZU_RELEASE 65

/**
 * struct zu_doctor - a look at a system
 * @root: the system; set by the caller
 * @is_root: we may read what only root may; set by the caller
 * @release: of its kernel
 * @livepatch: the kernel takes live patches
 * @loaded: zunwind.ko is loaded
 * @redirect: live patching asks it
 * @debugfs: debugfs is mounted
 * @objects: what is loaded; none if it is not known
 * @needs: what was found
 */
struct zu_doctor {
	struct zu_root root;
	bool is_root;
	char release[ZU_RELEASE];
	bool livepatch;
	bool loaded;
	bool redirect;
	bool debugfs;
	struct zu_objects objects;
	struct zu_needs needs;
};

/**
 * zu_doctor_look() - look at a system
 * @d: zeroed, but for what the caller sets; zu_doctor_deinit() it
 * @err: the causes
 *
 * Return: 0: @d->needs has the answer; ZU_ENOTSUP if it is not an s390x;
 * ZU_ENOENT, ZU_EIO or ZU_EFORMAT if it is not even known what it is;
 * ZU_ENOMEM.
 */
int zu_doctor_look(struct zu_doctor *d, struct zu_error *err);

/**
 * zu_doctor_deinit() - release the memory
 * @d: looked at, successfully or not
 */
void zu_doctor_deinit(struct zu_doctor *d);

#endif
