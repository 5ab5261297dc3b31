/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/functions.h"

#include <stdlib.h>
#include <string.h>

#include "util/fail.h"
#include "util/grow.h"

int zu_patch_functions_add(struct zu_patch_functions *list, const char *object,
			   const char *name, uint64_t sympos,
			   struct zu_error *err)
{
	size_t name_size = strlen(name) + 1;
	size_t object_size = object ? strlen(object) + 1 : 0;
	struct zu_patch_function *p;
	char *text;

	if (list->nr == ZU_PATCH_FUNCTIONS)
		return zu_fail(err, ZU_EFORMAT,
			       "more than %d functions are too many",
			       ZU_PATCH_FUNCTIONS);
	p = zu_grow(list->function, list->nr, &list->cap, sizeof(*p));
	if (!p)
		return zu_fail_nomem(err);
	list->function = p;
	text = malloc(name_size + object_size);
	if (!text)
		return zu_fail_nomem(err);
	memcpy(text, name, name_size);
	if (object)
		memcpy(text + name_size, object, object_size);
	p[list->nr++] = (struct zu_patch_function){
		.object = object ? text + name_size : NULL,
		.name = text,
		.sympos = sympos,
		.text = text,
	};
	return 0;
}

void zu_patch_functions_deinit(struct zu_patch_functions *list)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		free(list->function[i].text);
	free(list->function);
	memset(list, 0, sizeof(*list));
}
