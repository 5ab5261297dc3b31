// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zunwind in the kernel: doc/kernel.md.
 */
#include <linux/module.h>

#include "kmod/face.h"
#include "kmod/layout.h"
#include "kmod/objects.h"
#include "kmod/redirect.h"
#include "kmod/symbols.h"
#include "kmod/walk.h"

static int __init zunwind_init(void)
{
	int err = zu_symbols_init();

	if (err)
		return err;
	zu_layout_init();
	zu_walk_init();
	err = zu_objects_init();
	if (err)
		return err;
	err = zu_redirect_init();
	if (err) {
		zu_objects_exit();
		return err;
	}
	zu_face_init();
	return 0;
}

static void __exit zunwind_exit(void)
{
	zu_face_exit();
	zu_redirect_exit();
	zu_objects_exit();
}

module_init(zunwind_init);
module_exit(zunwind_exit);

MODULE_DESCRIPTION("Reliable stack traces by back chain, table and call sites");
MODULE_LICENSE("GPL");
