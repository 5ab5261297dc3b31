/* SPDX-License-Identifier: GPL-2.0-or-later */
/* zunwind.ko: where it is, what it says, who asks it. */
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "klp/checks.h"
#include "klp/module_file.h"
#include "util/fail.h"

#define SYS "/sys/module/zunwind"
#define MOUNTS_MAX (4u << 20)

void zu_doctor_debugfs(struct zu_doctor *d)
{
	struct zu_buf mounts = { .data = NULL };
	struct zu_path path;
	struct zu_error err;
	struct zu_need *n;

	zu_root_path(&d->root, &path, "/proc/mounts");
	if (zu_root_read(&path, MOUNTS_MAX, &mounts, &err)) {
		zu_doctor_unknown(d, "debugfs", &err, "debugfs");
		return;
	}
	d->debugfs = strstr(mounts.data, " /sys/kernel/debug debugfs ");
	zu_buf_deinit(&mounts);
	if (d->debugfs) {
		zu_need(&d->needs, "debugfs", ZU_NEED_OK,
			"debugfs at /sys/kernel/debug");
		return;
	}
	n = zu_need(&d->needs, "debugfs", ZU_NEED_MISSING,
		    "debugfs at /sys/kernel/debug");
	zu_buf_printf(&n->why, "It is not mounted; zunwind.ko tells there what it found.");
	zu_buf_printf(&n->command,
		      "mount -t debugfs debugfs /sys/kernel/debug");
}

/* Installed, but depmod does not know of it yet */
static bool find_uninstalled(const struct zu_doctor *d, struct zu_path *ret)
{
	static const char *const folders[] = {
		"updates", "updates/dkms", "extra", "kernel",
	};
	static const char *const ends[] = { "", ".xz", ".zst", ".gz" };
	size_t i, j;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		for (j = 0; j < sizeof(ends) / sizeof(ends[0]); j++) {
			zu_root_path(&d->root, ret,
				     "/lib/modules/%s/%s/zunwind.ko%s",
				     d->release, folders[i], ends[j]);
			if (zu_root_has(ret))
				return true;
		}
	}
	return false;
}

void zu_doctor_module(struct zu_doctor *d)
{
	struct zu_module_files files;
	struct zu_path path;
	struct zu_need *n;
	char file[PATH_MAX];

	if (d->loaded) {
		zu_need(&d->needs, "module", ZU_NEED_OK,
			"zunwind.ko is loaded");
		return;
	}
	n = zu_need(&d->needs, "module", ZU_NEED_MISSING,
		    "zunwind.ko is not loaded");
	zu_module_files_open(&d->root, d->release, &files);
	if (zu_module_file(&files, "zunwind", file, sizeof(file))) {
		zu_buf_printf(&n->why, "It is %s.", file);
		zu_buf_printf(&n->command, "modprobe zunwind");
	} else if (find_uninstalled(d, &path)) {
		zu_buf_printf(&n->why, "It is %s, which depmod has not seen yet.",
			      path.inner);
		zu_buf_printf(&n->command, "depmod && modprobe zunwind");
	} else {
		zu_buf_printf(&n->why, "Nor is it in /lib/modules/%s. It is built in the folder of zunwind's\n"
			      "sources; make install-dkms is for good.",
			      d->release);
		zu_buf_printf(&n->command,
			      "make kmod && insmod kmod/zunwind.ko");
	}
	zu_module_files_close(&files);
}

void zu_doctor_redirect(struct zu_doctor *d)
{
	struct zu_path path;
	struct zu_error err;
	struct zu_need *n;
	char word[2];

	if (!d->loaded)
		return;
	zu_root_path(&d->root, &path, SYS "/parameters/redirect");
	if (zu_root_line(&path, word, sizeof(word), &err)) {
		zu_doctor_unknown(d, "redirect", &err,
				  "whether live patching asks zunwind");
		return;
	}
	if (d->redirect) {
		zu_need(&d->needs, "redirect", ZU_NEED_OK,
			"live patching asks zunwind");
		return;
	}
	n = zu_need(&d->needs, "redirect", d->livepatch ? ZU_NEED_MISSING :
		    ZU_NEED_NOTE, "live patching does not ask zunwind");
	if (!d->livepatch)
		return;
	zu_buf_printf(&n->why, "It goes by the kernel's own rules.");
	zu_buf_printf(&n->command, "echo 1 >" SYS "/parameters/redirect");
}

static void tell_patch(struct zu_doctor *d, const char *patch, size_t *open)
{
	struct zu_path path;
	struct zu_error err;
	struct zu_need *n;
	char word[2];

	zu_root_path(&d->root, &path, "/sys/kernel/livepatch/%s/transition",
		     patch);
	/* it may just have gone */
	if (zu_root_line(&path, word, sizeof(word), &err) || *word != '1' ||
	    !zu_root_is_plain(patch))
		return;
	(*open)++;
	n = zu_need(&d->needs, "transition", ZU_NEED_NOTE,
		    "live patch %s is in transition", patch);
	zu_buf_printf(&n->why, "Not all tasks have been switched yet.");
}

void zu_doctor_transition(struct zu_doctor *d)
{
	size_t patches = 0, open = 0;
	struct zu_path path;
	struct dirent *entry;
	DIR *dir;

	if (!d->livepatch)
		return;
	zu_root_path(&d->root, &path, "/sys/kernel/livepatch");
	dir = opendir(path.text);
	if (!dir) {
		struct zu_error err;

		zu_fail(&err, ZU_EIO, "cannot read %s: %s", path.text,
			strerror(errno));
		zu_doctor_unknown(d, "transition", &err, "live patches");
		return;
	}
	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		patches++;
		tell_patch(d, entry->d_name, &open);
	}
	closedir(dir);
	if (!open)
		zu_need(&d->needs, "transition", ZU_NEED_OK,
			"no live patch is in transition, of %zu", patches);
}
