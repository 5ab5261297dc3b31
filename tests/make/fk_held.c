/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/make/fk_held.h"

#include <stdio.h>
#include <string.h>

#include "tests/make/fk_livepatch.h"

#define FUNCTIONS 8u
#define SIZE 64u

static void function_name(char *s, size_t size, unsigned int i)
{
	/* the first one does not fit into any window */
	snprintf(s, size, "held_%0*u", i ? 1 : 200, i);
}

static void add_functions(struct fk *fk, struct fk_module *m, uint64_t patch,
			  uint64_t new)
{
	uint64_t object = fk_klp_object(fk, patch, "zuheld", true);
	char name[256];
	unsigned int i;

	for (i = 0; i < FUNCTIONS; i++) {
		function_name(name, sizeof(name), i);
		fk_klp_push(fk, object,
			    fk_klp_func(fk, object, name, m->text + i * SIZE,
					new + i * SIZE, SIZE));
	}
}

static void add_sleepers(struct fk *fk, struct fk_module *m,
			 struct fk_task **t)
{
	char name[32];
	unsigned int i;

	for (i = 0; i < FK_HELD_TASKS; i++) {
		snprintf(name, sizeof(name), "sleeper-no-%04u", i);
		t[i] = fk_task(fk, name, 1000 + (int)i);
		fk_frame(t[i], "system_call");
		fk_frame(t[i], "__do_syscall");
		/* more in the first functions */
		fk_frame_at(t[i], m->text + (i * i % FUNCTIONS + i % 3) %
			    FUNCTIONS * SIZE + 0x20, 160);
		fk_frame(t[i], "schedule");
		fk_frame(t[i], "__schedule");
	}
}

void fk_held(struct fk *fk, enum fk_moment moment)
{
	struct fk_task *t[FK_HELD_TASKS];
	struct fk_module m, news;
	uint64_t patch[2];
	char name[256];
	unsigned int i;

	fk_livepatch(fk);
	fk_module(fk, &m, "zuheld");
	for (i = 0; i < FUNCTIONS; i++) {
		function_name(name, sizeof(name), i);
		fk_module_func(&m, name, m.text + i * SIZE, SIZE);
	}
	fk_module(fk, &news, "zunews");
	patch[0] = fk_klp_patch(fk, "fix_one");
	add_functions(fk, &m, patch[0], news.text);
	patch[1] = fk_klp_patch(fk, "fix_two");
	add_functions(fk, &m, patch[1], news.text + FUNCTIONS * SIZE);
	add_sleepers(fk, &m, t);
	if (moment == FK_HELD_OVER)
		return;
	fk_klp_transition(fk, patch[moment == FK_HELD_NEXT],
			  moment != FK_HELD_BACK);
	for (i = 0; i < FK_HELD_TASKS; i++)
		if (moment == FK_HELD_BACK ||
		    (moment == FK_HELD_LESS && i % 3))
			fk_set_task(t[i], "patch_state", 1);
}
