/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/module_file.h"

#include <stdio.h>
#include <string.h>

#define DEP_MAX (16u << 20)

void zu_module_files_open(const struct zu_root *root, const char *release,
			  struct zu_module_files *ret)
{
	struct zu_path path;
	struct zu_error err;

	memset(ret, 0, sizeof(*ret));
	ret->release = release;
	zu_root_path(root, &path, "/lib/modules/%s/modules.dep", release);
	(void)zu_root_read(&path, DEP_MAX, &ret->dep, &err);
}

void zu_module_files_close(struct zu_module_files *files)
{
	zu_buf_deinit(&files->dep);
}

/* A module's name has '_' where its file may have '-' */
static bool is_file_of(const char *file, size_t len, const char *name)
{
	const char *base = memrchr(file, '/', len);
	const char *end = file + len;

	base = base ? base + 1 : file;
	for (; base < end && *name; base++, name++)
		if (*base != *name && !(*base == '-' && *name == '_') &&
		    !(*base == '_' && *name == '-'))
			return false;
	return !*name && end - base >= 3 && !memcmp(base, ".ko", 3) &&
	       (end - base == 3 || base[3] == '.');
}

bool zu_module_file(const struct zu_module_files *files, const char *name,
		    char *ret, size_t size)
{
	const char *line = files->dep.len ? files->dep.data : "", *end;

	for (; *line; line = end + (*end == '\n')) {
		size_t len = strcspn(line, ":\n");
		int n;

		end = strchrnul(line, '\n');
		if (line[len] != ':' || !is_file_of(line, len, name))
			continue;
		/* what depmod was given by its full name is listed so */
		n = snprintf(ret, size, "%s%s%s%.*s",
			     *line == '/' ? "" : "/lib/modules/",
			     *line == '/' ? "" : files->release,
			     *line == '/' ? "" : "/", (int)len, line);
		return n > 0 && (size_t)n < size && zu_root_is_plain(ret);
	}
	return false;
}
