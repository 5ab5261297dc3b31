/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/config.h"

#include <string.h>

#include "klp/gunzip.h"
#include "util/fail.h"

/* Debian's have 250,000 bytes */
#define CONFIG_MAX (4u << 20)

/* @ret->from is set */
static int read_plain(struct zu_config *ret, struct zu_error *err)
{
	return zu_root_read(&ret->from, CONFIG_MAX, &ret->text, err);
}

static int read_packed(struct zu_config *ret, struct zu_error *err)
{
	struct zu_buf packed = { .data = NULL };
	int code;

	code = zu_root_read(&ret->from, CONFIG_MAX, &packed, err);
	if (code)
		return code;
	code = zu_gunzip(&packed, CONFIG_MAX, &ret->text, err);
	zu_buf_deinit(&packed);
	return code ? zu_fail_at(err, "cannot read %s", ret->from.text) : 0;
}

/* Not that each option seems to be missing in a file of another kind */
static int check(struct zu_config *c, struct zu_error *err)
{
	if (strlen(c->text.data) == c->text.len &&
	    strstr(c->text.data, "\nCONFIG_"))
		return 0;
	zu_config_close(c);
	return zu_fail(err, ZU_EFORMAT, "%s is no kernel configuration",
		       c->from.text);
}

enum place { PROC, BOOT, MODULES, PLACES };

static int read_from(const struct zu_root *root, const char *release,
		     enum place place, struct zu_config *ret,
		     struct zu_error *err)
{
	int code;

	if (place == PROC)
		zu_root_path(root, &ret->from, "/proc/config.gz");
	else if (place == BOOT)
		zu_root_path(root, &ret->from, "/boot/config-%s", release);
	else
		zu_root_path(root, &ret->from, "/lib/modules/%s/config",
			     release);
	code = place == PROC ? read_packed(ret, err) : read_plain(ret, err);
	return code ? code : check(ret, err);
}

int zu_config_open(const struct zu_root *root, const char *release,
		   struct zu_config *ret, struct zu_error *err)
{
	struct zu_error why;
	enum place place;
	int code;

	memset(&ret->text, 0, sizeof(ret->text));
	zu_fail(&why, ZU_ENOENT, "there is no /proc/config.gz, /boot/config-%s or /lib/modules/%s/config",
		release, release);
	for (place = PROC; place < PLACES; place++) {
		code = read_from(root, release, place, ret, err);
		if (!code)
			return 0;
		if (code != ZU_ENOENT)
			why = *err;
	}
	*err = why;
	return why.code;
}

void zu_config_close(struct zu_config *c)
{
	zu_buf_deinit(&c->text);
}

char zu_config_get(const struct zu_config *c, const char *name)
{
	const char *line = c->text.data;
	size_t len = strlen(name);

	while (line) {
		line += *line == '\n';
		if (!strncmp(line, "CONFIG_", 7) &&
		    !strncmp(line + 7, name, len) && line[7 + len] == '=') {
			char value = line[7 + len + 1];

			return value == 'y' || value == 'm' ? value : 'n';
		}
		line = strchr(line, '\n');
	}
	return 'n';
}
