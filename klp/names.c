/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/names.h"

#include <stdlib.h>
#include <string.h>

#include "klp/object.h"
#include "klp/patch_make.h"
#include "util/fail.h"

/* Positions: more digits than any kernel has symbols */
#define DIGITS_MAX 9

/* What the user wrote, as far as it can be shown */
#define SHOWN 64

static int fail_name(struct zu_error *err, const char *p, size_t len,
		     const char *why)
{
	return zu_fail(err, ZU_EINVAL, "\"%.*s%s\": %s",
		       (int)(len < SHOWN ? len : SHOWN), p,
		       len < SHOWN ? "" : "...", why);
}

/* Names of symbols and of modules: printable, and none of our own marks */
static bool is_name(const char *p, size_t len, size_t max)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (p[i] <= ' ' || p[i] >= 0x7f || strchr(":/\"\\", p[i]))
			return false;
	return len && len <= max;
}

static bool parse_position(const char *p, size_t len, uint64_t *ret)
{
	size_t i;

	*ret = 0;
	for (i = 0; i < len; i++) {
		if (p[i] < '0' || p[i] > '9' || i == DIGITS_MAX)
			return false;
		*ret = *ret * 10 + (uint64_t)(p[i] - '0');
	}
	return *ret;
}

/* As in the kernel, whose modules have no '-' */
static void copy_module(char *to, const char *from, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = from[i] == '-' ? '_' : from[i];
	to[len] = '\0';
}

static int add(const char *p, size_t len, struct zu_patch_functions *list,
	       struct zu_error *err)
{
	const char *colon = memchr(p, ':', len), *slash = memrchr(p, '/', len);
	const char *name = colon ? colon + 1 : p;
	size_t name_len = (size_t)((slash ? slash : p + len) - name);
	char module[ZU_OBJECT_NAME] = "", function[ZU_PATCH_NAME + 1];
	uint64_t sympos = 0;

	if (!len)
		return zu_fail(err, ZU_EINVAL, "the list of functions lacks a name");
	/* after it there is no ':', so the name ends at '/' */
	if (slash && !parse_position(slash + 1, (size_t)(p + len - slash - 1),
				     &sympos))
		return fail_name(err, p, len,
				 "behind '/' belongs a position, from 1");
	if (colon && !is_name(p, (size_t)(colon - p), sizeof(module) - 1))
		return fail_name(err, p, len, "there is no such module name");
	if (!is_name(name, name_len, ZU_PATCH_NAME))
		return fail_name(err, p, len,
				 "a function is [MODULE:]NAME[/POSITION]");
	if (colon)
		copy_module(module, p, (size_t)(colon - p));
	memcpy(function, name, name_len);
	function[name_len] = '\0';
	return zu_patch_functions_add(list, module[0] &&
				      strcmp(module, ZU_OBJECT_KERNEL) ?
				      module : NULL, function, sympos, err);
}

int zu_patch_names(const char *text, struct zu_patch_functions *ret,
		   struct zu_error *err)
{
	struct zu_patch_functions list = { .nr = 0 };
	const char *end;
	int code;

	do {
		end = strchrnul(text, ',');
		code = add(text, (size_t)(end - text), &list, err);
		text = end + 1;
	} while (!code && *end);
	if (code)
		zu_patch_functions_deinit(&list);
	else
		*ret = list;
	return code;
}
