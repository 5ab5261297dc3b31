/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/object.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/notes.h"
#include "util/fail.h"
#include "util/grow.h"

#define NT_GNU_BUILD_ID 3
#define NOTES_MAX 65536
#define MODULES_MAX (4u << 20)

static int find_build_id(const struct zu_buf *notes, char *ret,
			 struct zu_error *err)
{
	struct zu_notes it = {
		.data = (const uint8_t *)notes->data, .len = notes->len,
	};
	struct zu_note note;
	size_t i;
	int code;

	while (!(code = zu_notes_next(&it, &note, err))) {
		if (note.type != NT_GNU_BUILD_ID || note.name_len != 3 ||
		    memcmp(note.name, "GNU", 3) || !note.desc_len)
			continue;
		if (note.desc_len > ZU_TABLE_BUILD_ID)
			return zu_fail(err, ZU_EFORMAT,
				       "a build-id of %zu bytes is too long",
				       note.desc_len);
		for (i = 0; i < note.desc_len; i++)
			snprintf(ret + 2 * i, 3, "%02x", note.desc[i]);
		return 0;
	}
	return code == ZU_ENOENT ?
	       zu_fail(err, code, "it has no build-id") : code;
}

static int read_build_id(const struct zu_path *path, char *ret,
			 struct zu_error *err)
{
	struct zu_buf notes = { .data = NULL };
	int code;

	code = zu_root_read(path, NOTES_MAX, &notes, err);
	if (code)
		return code;
	code = find_build_id(&notes, ret, err);
	zu_buf_deinit(&notes);
	return code ? zu_fail_at(err, "cannot use %s", path->text) : 0;
}

static struct zu_object *add(struct zu_objects *o, const char *name,
			     size_t len)
{
	struct zu_object *p = zu_grow(o->object, o->nr, &o->cap, sizeof(*p));

	if (!p)
		return NULL;
	o->object = p;
	p += o->nr++;
	memset(p, 0, sizeof(*p));
	memcpy(p->name, name, len);
	return p;
}

static int add_kernel(const struct zu_root *root, struct zu_objects *o,
		      struct zu_error *err)
{
	struct zu_object *kernel = add(o, ZU_OBJECT_KERNEL,
				       strlen(ZU_OBJECT_KERNEL));
	struct zu_path path;

	if (!kernel)
		return zu_fail_nomem(err);
	kernel->kernel = true;
	zu_root_path(root, &path, "/sys/kernel/notes");
	return read_build_id(&path, kernel->build_id, err);
}

/* What may be part of a file's name, and be shown */
static bool is_name(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_' &&
		    name[i] != '-')
			return false;
	return len && len < ZU_OBJECT_NAME;
}

static int add_module(const struct zu_root *root, struct zu_objects *o,
		      const char *name, size_t len, struct zu_error *err)
{
	struct zu_object *module;
	struct zu_path path;
	int code;

	if (!is_name(name, len))
		return zu_fail(err, ZU_EFORMAT,
			       "module %zu has no proper name", o->nr);
	module = add(o, name, len);
	if (!module)
		return zu_fail_nomem(err);
	zu_root_path(root, &path, "/sys/module/%s", module->name);
	if (!zu_root_has(&path)) {
		/* it went meanwhile */
		o->nr--;
		return 0;
	}
	zu_root_path(root, &path, "/sys/module/%s/notes/.note.gnu.build-id",
		     module->name);
	code = read_build_id(&path, module->build_id, err);
	return code == ZU_ENOENT ? 0 : code;
}

static int add_modules(const struct zu_root *root, struct zu_objects *o,
		       struct zu_error *err)
{
	struct zu_buf list = { .data = NULL };
	const char *line, *end;
	struct zu_path path;
	int code;

	zu_root_path(root, &path, "/proc/modules");
	code = zu_root_read(&path, MODULES_MAX, &list, err);
	/* a kernel without modules has no such file */
	if (code == ZU_ENOENT)
		return 0;
	if (code)
		return code;
	for (line = list.data; *line && !code; line = end + (*end == '\n')) {
		end = strchrnul(line, '\n');
		code = add_module(root, o, line, strcspn(line, " \n"), err);
	}
	zu_buf_deinit(&list);
	return code ? zu_fail_at(err, "cannot use %s", path.text) : 0;
}

int zu_objects_read(const struct zu_root *root, struct zu_objects *ret,
		    struct zu_error *err)
{
	struct zu_objects o = { .object = NULL };
	int code;

	code = add_kernel(root, &o, err);
	if (!code)
		code = add_modules(root, &o, err);
	if (code)
		zu_objects_deinit(&o);
	else
		*ret = o;
	return code;
}

void zu_objects_deinit(struct zu_objects *o)
{
	free(o->object);
	memset(o, 0, sizeof(*o));
}
