/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/table_place.h"

#include <stdio.h>
#include <string.h>

#include "kern/table_file.h"
#include "util/fail.h"

/* fw_path[] in drivers/base/firmware_loader/main.c, without @param if empty */
static bool folder(const struct zu_doctor *d, unsigned int i,
		   const char *param, char *ret, size_t size)
{
	switch (i) {
	case 0:
		return snprintf(ret, size, "%s", param) > 0;
	case 1:
		return snprintf(ret, size, "/lib/firmware/updates/%s",
				d->release) > 0;
	case 2:
		return snprintf(ret, size, "/lib/firmware/updates") > 0;
	case 3:
		return snprintf(ret, size, "/lib/firmware/%s",
				d->release) > 0;
	}
	return snprintf(ret, size, "/lib/firmware") > 0;
}

#define FOLDERS 5
#define FOLDER_MAX 256

static void read_param(const struct zu_doctor *d, char *ret)
{
	struct zu_path path;
	struct zu_error err;

	zu_root_path(&d->root, &path,
		     "/sys/module/firmware_class/parameters/path");
	if (zu_root_line(&path, ret, FOLDER_MAX, &err))
		*ret = '\0';
}

/* All folders for one ending before the next ending: _request_firmware() */
static bool find(const struct zu_doctor *d, const struct zu_object *o,
		 const char *end, struct zu_path *ret)
{
	char param[FOLDER_MAX], dir[FOLDER_MAX];
	unsigned int i;

	read_param(d, param);
	for (i = 0; i < FOLDERS; i++) {
		if (!folder(d, i, param, dir, sizeof(dir)))
			continue;
		zu_root_path(&d->root, ret, "%s/zunwind/%s.zut%s", dir,
			     o->build_id, end);
		if (zu_root_has(ret))
			return true;
	}
	return false;
}

static bool is_of(const struct zu_table *t, const struct zu_object *o)
{
	struct zu_table_object part;
	char id[2 * ZU_TABLE_BUILD_ID + 1];
	uint32_t i, j;

	for (i = 0; i < t->nr_objects; i++) {
		zu_table_object(t, i, &part);
		*id = '\0';
		for (j = 0; j < part.build_id_len; j++)
			snprintf(id + 2 * j, 3, "%02x", part.build_id[j]);
		if (!part.name[0] == o->kernel && !strcmp(id, o->build_id))
			return true;
	}
	return false;
}

enum zu_table_place zu_table_look(const struct zu_doctor *d,
				  const struct zu_object *o,
				  struct zu_path *ret, struct zu_error *err)
{
	struct zu_table_file file;
	bool right;
	int code;

	if (!find(d, o, "", ret))
		return find(d, o, ".zst", ret) || find(d, o, ".xz", ret) ?
		       ZU_TABLE_PACKED : ZU_TABLE_ABSENT;
	code = zu_table_open(ret->text, &file, err);
	if (code == ZU_EIO || code == ZU_ENOMEM)
		return ZU_TABLE_UNKNOWN;
	if (code)
		return ZU_TABLE_BAD;
	right = is_of(&file.table, o);
	zu_table_close(&file);
	if (right)
		return ZU_TABLE_FINE;
	zu_fail(err, ZU_EINVAL, "%s was made for another build of it",
		ret->text);
	return ZU_TABLE_BAD;
}
